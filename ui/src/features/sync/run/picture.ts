import type { PhaseView, PlanView, ProgressView, RunStatusView, RunView } from '@/backend';
import { formatCount, formatCountOf } from '@/components';
import { plural, sumOfOutcomes } from '../shared/words';

/** Whether every record read has its place: never `right` unless the figures shown add up themselves. */
export type Balance = 'right' | 'open' | 'wrong';

export function balanceOf(run: RunView): Balance {
  if (sumOfOutcomes(run.counts) + run.still_to_write !== run.read) {
    return 'wrong';
  }
  if (run.adds_up) {
    return 'right';
  }
  return run.status === 'finished' ? 'wrong' : 'open';
}

/** Whether a finished run leaves nothing for a person to look at: only then is it green. */
export function isClean(run: RunView): boolean {
  const { rejected, unknown } = run.counts;
  return run.status === 'finished' && balanceOf(run) === 'right' && rejected + unknown + run.differs === 0;
}

/** Whether a run can be taken up again. */
export function resumable(status: RunStatusView): boolean {
  return status === 'interrupted' || status === 'stopped' || status === 'halted';
}

/** Records sent and answered: live while the run writes, from the stored counts afterwards. */
export function sentOf(run: RunView, progress: ProgressView | null): number {
  const { created, updated, rejected, unknown, deleted } = run.counts;
  return progress ? progress.sent : created + updated + rejected + unknown + deleted;
}

/** A run with the counts of its live picture: two figures on one screen must not differ. */
export function countedLive(run: RunView, progress: ProgressView | null): RunView {
  if (!progress) {
    return run;
  }
  const { counts } = progress;
  return { ...run, counts, still_to_write: Math.max(0, run.read - sumOfOutcomes(counts)) };
}

/** The phases of a run that is not watched: told by its stored counts and its plan. */
export function phasesOf(run: RunView, plan: PlanView | undefined): Array<PhaseView> {
  const done = (name: PhaseView['name'], detail: string | null): PhaseView => ({
    name,
    state: 'done',
    done: run.read,
    total: run.read,
    detail,
  });
  const sent = sentOf(run, null);
  const ended = run.status === 'finished';
  // An undo starts from what its run wrote.
  const toUndo = run.undoes !== null;
  return [
    ...(toUndo ? [] : [done('pull', formatCountOf(run.read, 'customer'))]),
    done('read', plan ? formatCountOf(plan.records, run.sobject, plural(run.sobject)) : plural(run.sobject)),
    ...(toUndo ? [] : [done('match', 'Customers to records')]),
    done('plan', `${formatCount(run.to_write)} to write`),
    done('review', 'Approved'),
    {
      name: 'write',
      state: run.status === 'running' ? 'running' : ended || run.still_to_write === 0 ? 'done' : 'stopped',
      done: sent,
      total: run.to_write,
      detail: `${formatCount(sent)} of ${formatCount(run.to_write)}`,
    },
    {
      name: 'verify',
      state: ended ? 'done' : run.status === 'running' ? 'waiting' : 'stopped',
      done: run.verified,
      total: run.to_write,
      detail: run.verified > 0 ? `${formatCount(run.verified)} read back` : 'Reads back all rows',
    },
  ];
}

/** The live phases; what a phase does not tell of itself comes from the run. */
export function livePhases(live: ReadonlyArray<PhaseView>, stored: ReadonlyArray<PhaseView>): Array<PhaseView> {
  if (live.length === 0) {
    return [...stored];
  }
  return live
    .filter((phase) => stored.some((one) => one.name === phase.name))
    .map((phase) => {
      const known = stored.find((one) => one.name === phase.name);
      const silent = phase.state === 'done' && phase.detail === null && phase.total === null && phase.done === 0;
      return silent && known ? { ...phase, detail: known.detail } : phase;
    });
}
