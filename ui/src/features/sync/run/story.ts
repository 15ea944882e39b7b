import type { RunView } from '@/backend';
import { formatCount, formatCountOf, type StatusKey } from '@/components';
import { balanceOf, isClean } from './picture';

/** The newest run that takes this one back, found as History finds it: the list names what each run undoes. */
export function undoOf(run: RunView, runs: ReadonlyArray<RunView>): RunView | null {
  return runs.filter((one) => one.undoes === run.id).reduce<RunView | null>((a, b) => (a && a.id > b.id ? a : b), null);
}

/** The word of a run in a list and on its own page: the two must not differ. */
export function standingOf(run: RunView, undo: RunView | null): { status: StatusKey; word?: string } {
  if (run.status !== 'finished') {
    return { status: run.status };
  }
  if (balanceOf(run) === 'wrong') {
    return { status: 'halted', word: 'Does not add up' };
  }
  if (!isClean(run)) {
    return { status: 'warning', word: 'Finished' };
  }
  return { status: undo?.status === 'finished' ? 'undone' : 'finished' };
}

/** A reason as a sentence: those that come from an error have no full stop. */
export function sentenceOf(reason: string): string {
  const text = reason.trim();
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** `12 records wait.` */
export function waitingOf(run: RunView): string {
  return run.still_to_write === 0
    ? 'No record waits to be written.'
    : `${formatCountOf(run.still_to_write, 'record waits', 'records wait')}.`;
}

/** Whether it was cut off by the end of Drawbridge itself: nothing has to be put right before it is resumed. */
function endedWithDrawbridge(reason: string | null): boolean {
  return reason === null || /^Drawbridge (closed|ended) /.test(reason);
}

function finishedStory(run: RunView): string {
  const { counts } = run;
  const written = formatCountOf(run.undoes === null ? counts.created + counts.updated : counts.updated, 'record');
  return `${[
    ...(balanceOf(run) === 'wrong' ? ['Its figures do not add up: do not rely on it'] : []),
    run.undoes === null
      ? `${written} written`
      : // Only where no field was held is a record as it was.
        run.fields_held === 0
        ? `${written} put back as before run ${run.undoes}`
        : `${written} written to take back run ${run.undoes}`,
    ...(run.fields_held > 0 ? [`${formatCount(run.fields_held)} of them except for fields held back`] : []),
    ...(counts.deleted > 0 ? [`${formatCountOf(counts.deleted, 'record')} that it created deleted`] : []),
    ...(counts.rejected > 0 ? [`${formatCountOf(counts.rejected, 'record')} rejected by Salesforce`] : []),
    ...(counts.unknown > 0 ? [`${formatCountOf(counts.unknown, 'answer')} missing`] : []),
    ...(run.differs > 0 ? [`${formatCountOf(run.differs, 'record')} read back differently from what was sent`] : []),
  ].join(', ')}.`;
}

/** How a run that no longer writes came out, why, and what to do: whole sentences. */
export function storyOf(run: RunView): string {
  const reason = run.reason === null ? [] : [sentenceOf(run.reason)];
  const { created, updated, deleted } = run.counts;
  if (run.superseded_by !== null && run.status !== 'finished') {
    return [
      `Run ${run.superseded_by} came after it, so it cannot be resumed: what it left is in newer previews.`,
      ...reason,
    ].join(' ');
  }
  switch (run.status) {
    case 'interrupted':
      return [
        ...(run.reason === null ? ['It did not come to its end.'] : reason),
        waitingOf(run),
        endedWithDrawbridge(run.reason)
          ? 'Resume reads back what was in flight before anything is sent again.'
          : 'Resume it when that is over: what was in flight is read back before anything is sent again.',
      ].join(' ');
    case 'stopped':
      return [
        `A person stopped it. ${formatCountOf(created + updated + deleted, 'record was', 'records were')} written and stay.`,
        waitingOf(run),
        ...reason,
      ].join(' ');
    case 'halted':
      return [
        ...(run.reason === null ? ['It stopped by itself to be safe.'] : reason),
        waitingOf(run),
        'Look at the problems first, then resume or preview again.',
      ].join(' ');
    default:
      return [finishedStory(run), ...reason].join(' ');
  }
}
