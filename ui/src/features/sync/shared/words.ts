import type {
  ActionView,
  BlankPolicyView,
  CountsView,
  EnvironmentView,
  LengthPolicyView,
  OutcomeView,
  PhaseName,
  PlanCountsView,
  WritePolicyView,
} from '@/backend';

/** The word of an environment, as it stands on every badge and button. */
export function environmentWord(environment: EnvironmentView): string {
  return environment === 'production' ? 'PRODUCTION' : 'SANDBOX';
}

/** The plural of an sObject, for sentences: `Accounts`. */
export function plural(sobject: string): string {
  return sobject.endsWith('s') ? sobject : `${sobject}s`;
}

/** The actions of a plan, in the order of the group buttons. */
export const ACTIONS: ReadonlyArray<ActionView> = ['create', 'update', 'delete', 'unchanged', 'skipped', 'blocked'];

/** The actions a plan shows: what only an undo does, and what is rare, where there is any. */
export function actionsOf(counts: PlanCountsView): Array<ActionView> {
  return ACTIONS.filter((action) => (action !== 'skipped' && action !== 'delete') || counts[action] > 0);
}

export const ACTION_WORDS: Record<ActionView, string> = {
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  unchanged: 'Unchanged',
  skipped: 'Skipped',
  blocked: 'Blocked',
};

/** The outcomes of a run, in the order of the equation. */
export const OUTCOMES: ReadonlyArray<OutcomeView> = [
  'created',
  'updated',
  'unchanged',
  'skipped',
  'blocked',
  'rejected',
  'held',
  'unknown',
  'deleted',
];

/** The terms of a run's equation: only an undo deletes. */
export function termsOf(counts: CountsView): Array<OutcomeView> {
  return OUTCOMES.filter((outcome) => outcome !== 'deleted' || counts.deleted > 0);
}

export const OUTCOME_WORDS: Record<OutcomeView, string> = {
  created: 'Created',
  updated: 'Updated',
  unchanged: 'Unchanged',
  skipped: 'Skipped',
  blocked: 'Blocked',
  rejected: 'Rejected',
  held: 'Held',
  unknown: 'Unknown',
  deleted: 'Deleted',
};

export const PHASE_WORDS: Record<PhaseName, string> = {
  pull: 'Pull',
  read: 'Read',
  match: 'Match',
  plan: 'Plan',
  review: 'Review',
  write: 'Write',
  verify: 'Verify',
};

export const WRITE_WORDS: Record<WritePolicyView, string> = {
  always: 'Always',
  if_empty: 'Only if empty',
  if_unchanged: 'Only if unchanged',
  never: 'Never',
};

export const BLANK_WORDS: Record<BlankPolicyView, string> = {
  leave: 'Leave',
  clear: 'Clear',
};

export const LENGTH_WORDS: Record<LengthPolicyView, string> = {
  block: 'Block',
  shorten: 'Shorten',
};

/** Everything a run has an outcome for. */
export function sumOfOutcomes(counts: CountsView): number {
  return OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
}

/** Every row of a plan. */
export function sumOfActions(counts: PlanCountsView): number {
  return ACTIONS.reduce((sum, action) => sum + counts[action], 0);
}
