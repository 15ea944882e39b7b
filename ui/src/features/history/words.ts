import type { HistoryRowView } from '@/backend';
import { formatCount, formatSeconds } from '@/components';
import { OUTCOME_WORDS, OUTCOMES } from '../sync/shared/words';

/** The equation in a line, without the terms that are nothing: `60 = 12 created + 48 updated`. */
export function equationOf(run: HistoryRowView): string {
  const terms = OUTCOMES.filter((outcome) => run.counts[outcome] > 0).map(
    (outcome) => `${formatCount(run.counts[outcome])} ${OUTCOME_WORDS[outcome].toLowerCase()}`,
  );
  if (run.still_to_write > 0) terms.push(`${formatCount(run.still_to_write)} still to write`);
  return `${formatCount(run.read)} = ${terms.length > 0 ? terms.join(' + ') : '0'}`;
}

/** How long a run took. */
export function tookOf(run: HistoryRowView): string {
  return run.seconds < 1 ? 'under 1 s' : formatSeconds(run.seconds);
}

/** `Run 12`, or what it takes back. */
export function titleOf(run: HistoryRowView): string {
  return run.undoes === null ? `Run ${run.run}` : `Run ${run.run}, undo of run ${run.undoes}`;
}
