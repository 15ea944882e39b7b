import type { MatchCountsView, MatchView, ProposalView } from '@/backend';

/** Data for tests of the review queue. */

export function proposalOf(more: Partial<ProposalView> = {}): ProposalView {
  return {
    record: { id: '001A', name: 'Alder Outdoor', url: 'https://fernhill.my.salesforce.com/001A' },
    score: 91,
    evidence: ['the name “Alder Outdoor”', 'the domain alder-outdoor.example'],
    taken_by: null,
    takeover: null,
    ...more,
  };
}

export function matchOf(more: Partial<MatchView> = {}): MatchView {
  return {
    customer: 'rPOtaT2k',
    name: 'Alder Outdoor Ltda.',
    state: 'proposed',
    record: null,
    matched_by: null,
    proposals: [proposalOf()],
    problem: null,
    decision: null,
    takeover: null,
    ...more,
  };
}

export function countsOf(more: Partial<MatchCountsView> = {}): MatchCountsView {
  return { found: 0, not_found: 0, proposed: 0, conflicts: 0, apart: 0, decided: 0, ...more };
}
