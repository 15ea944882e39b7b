import type { DifferenceKindView, MappingProblemView, RuleDraft, SeverityView } from '@/backend';
import { BLANK_WORDS, LENGTH_WORDS, WRITE_WORDS } from '../shared/words';

export const SEVERITY_WORDS: Record<SeverityView, string> = {
  stops: 'Keeps previews from being made',
  blocks: 'Blocks records',
  warns: 'Worth a look',
};

export const DIFFERENCE_WORDS: Record<DifferenceKindView, string> = {
  added: 'Added',
  removed: 'Removed',
  changed: 'Changed',
};

/** A problem with its step, as one text. */
export function problemWords(problem: MappingProblemView): string {
  return `${problem.message} ${problem.next_step}`;
}

/** The three policies of a rule in a few words. */
export function policyWords(rule: RuleDraft): string {
  return [
    `write ${WRITE_WORDS[rule.write].toLowerCase()}`,
    `if blank ${BLANK_WORDS[rule.blank].toLowerCase()}`,
    `if too long ${LENGTH_WORDS[rule.length].toLowerCase()}`,
  ].join(', ');
}
