import type {
  MatchCountsView,
  MatchDecisionView,
  MatchListView,
  MatchStateView,
  MatchView,
  ProposalView,
  SyncView,
} from '@/backend';

/** How matching ended, in the order of the group buttons: what a person has to do first. */
export const GROUPS: ReadonlyArray<MatchStateView> = ['proposed', 'conflict', 'found', 'not_found', 'apart'];

/** Whether a customer may get a record of its own: an Account that several share is nobody's to make. */
export function makesRecords(sync: Pick<SyncView, 'pack'>): boolean {
  return sync.pack !== 'profitwell_account';
}

/** How many customers stand in a group. */
export function countOf(counts: MatchCountsView, group: MatchStateView): number {
  return group === 'conflict' ? counts.conflicts : counts[group];
}

/** How many customers matching has read. */
export function sumOf(counts: MatchCountsView): number {
  return GROUPS.reduce((sum, group) => sum + countOf(counts, group), 0);
}

/** How many customers still wait for a person. */
export function openOf(counts: MatchCountsView): number {
  return Math.max(0, counts.proposed + counts.conflicts - counts.decided);
}

/** Whether matching left the customer to a person; the backend counts the decisions about these. */
export function leftOpen(row: MatchView): boolean {
  return row.state === 'proposed' || row.state === 'conflict';
}

/** Whether the customer's conflict is about the very record it was given: that decision settles nothing. */
export function contradicted(row: MatchView): boolean {
  const { decision, problem, state } = row;
  return state === 'conflict' && decision?.kind === 'accept' && (problem ?? '').includes(decision.record);
}

/** Whether a person could still decide about the customer: what is found or set apart is settled. */
export function undecided(row: MatchView): boolean {
  return (row.decision === null || contradicted(row)) && row.state !== 'found' && row.state !== 'apart';
}

/** Whether a record may become the customer's: one that carries another customer's id is that customer's. */
export function acceptable(proposal: ProposalView): boolean {
  return proposal.taken_by === null;
}

/** The proposal that a plain “accept” means. */
export function likeliest(row: MatchView): ProposalView | undefined {
  return row.proposals.find(acceptable);
}

/** Whether a decision says that the customer's record is this one. */
export function accepts(decision: MatchDecisionView | null, record: string): boolean {
  return decision?.kind === 'accept' && decision.record === record;
}

/** Whether two decisions say the same. */
export function sameDecision(one: MatchDecisionView | null, other: MatchDecisionView | null): boolean {
  if (one?.kind === 'accept') {
    return accepts(other, one.record);
  }
  return one?.kind === other?.kind;
}

/** A page after a decision about a customer, before the answer comes; its counts follow on every page. */
export function decidedIn(page: MatchListView, row: MatchView, decision: MatchDecisionView | null): MatchListView {
  const more = leftOpen(row) ? Number(decision !== null) - Number(row.decision !== null) : 0;
  return {
    ...page,
    rows: page.rows.map((one) => (one.customer === row.customer ? { ...one, decision } : one)),
    counts: { ...page.counts, decided: page.counts.decided + more },
  };
}

/** Changes the backend does not count among the decided: what the decision was before, by customer. */
export type Settled = Readonly<Record<string, MatchDecisionView | null>>;

/** The same after one more decision; one that is back to what it was no longer counts. */
export function settledAfter(settled: Settled, row: MatchView, decision: MatchDecisionView | null): Settled {
  const { [row.customer]: known, ...others } = settled;
  if (leftOpen(row)) {
    // The backend counts every decision about these; only one that made a conflict and is taken back is none.
    return decision === null && contradicted(row) ? { ...others, [row.customer]: row.decision } : others;
  }
  const before = known === undefined ? row.decision : known;
  return sameDecision(before, decision) ? others : { ...others, [row.customer]: before };
}

/** What a key asks for. */
export type Act = 'accept' | 'choose' | 'create' | 'leave' | 'take_back' | 'next' | 'find' | 'close';

const ACTS: Readonly<Record<string, Act>> = {
  a: 'accept',
  c: 'choose',
  r: 'create',
  l: 'leave',
  t: 'take_back',
  n: 'next',
  '/': 'find',
  Escape: 'close',
};

/** The action of a key; a figure accepts the proposal with that number. */
export function actOf(key: string): Act | { accept: number } | null {
  if (/^[1-9]$/.test(key)) {
    return { accept: Number(key) - 1 };
  }
  return ACTS[key] ?? ACTS[key.toLowerCase()] ?? null;
}

/** The next index after `from` whose row is wanted, once around; `null` when there is none. */
export async function nextWhere<R>(
  from: number,
  total: number,
  rowAt: (index: number) => R | undefined | Promise<R | undefined>,
  wanted: (row: R) => boolean,
): Promise<number | null> {
  for (let step = 1; step <= total; step += 1) {
    const index = (from + step) % total;
    const row = await rowAt(index);
    if (row !== undefined && wanted(row)) {
      return index;
    }
  }
  return null;
}
