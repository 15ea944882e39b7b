import type { HistoryRowView } from '@/backend';
import { formatSeconds, STATUS, type Tone } from '@/components';
import { OUTCOME_WORDS, OUTCOMES } from '../sync/shared/words';

/** One term of an equation; with a colour where a person must look. */
export interface Term {
  count: number;
  word: string;
  tone?: Tone;
}

/** What was read, and what became of it. */
export interface Sum {
  read: number;
  terms: Array<Term>;
}

/** The colour of an outcome that waits for a person. */
export const troubleOf = (outcome: string): { tone?: Tone } =>
  outcome === 'rejected' || outcome === 'unknown' ? { tone: STATUS[outcome].tone } : {};

/** The equation of a run. */
export function sumOf(run: HistoryRowView): Sum {
  const terms = OUTCOMES.map(
    (outcome): Term => ({
      count: run.counts[outcome],
      word: OUTCOME_WORDS[outcome].toLowerCase(),
      ...troubleOf(outcome),
    }),
  );
  return { read: run.read, terms: [...terms, { count: run.still_to_write, word: 'still to write' }] };
}

/** How long a run took. */
export function tookOf(run: HistoryRowView): string {
  return run.seconds < 1 ? 'under 1 s' : formatSeconds(run.seconds);
}

/** `Run 12`, or what it takes back. */
export function titleOf(run: HistoryRowView): string {
  return run.undoes === null ? `Run ${run.run}` : `Run ${run.run}, undo of run ${run.undoes}`;
}
