import {
  IconAlertTriangle,
  IconCircleCheck,
  IconHandStop,
  IconLinkOff,
  IconPlayerSkipForward,
} from '@tabler/icons-react';
import type {
  MatchCountsView,
  MatchDecisionView,
  MatchStateView,
  MatchView,
  ProposalView,
  RecordView,
  SyncView,
} from '@/backend';
import { formatCount, formatCountOf, type IconType, type Tone } from '@/components';
import { openOf } from './decisions';

/** How a group is called and looks. */
export const GROUP_WORDS: Readonly<Record<MatchStateView, { word: string; tone: Tone; icon: IconType }>> = {
  proposed: { word: 'Needs a decision', tone: 'held', icon: IconHandStop },
  conflict: { word: 'Conflicts', tone: 'blocked', icon: IconAlertTriangle },
  found: { word: 'Found', tone: 'create', icon: IconCircleCheck },
  not_found: { word: 'No record', tone: 'unchanged', icon: IconLinkOff },
  apart: { word: 'Set apart', tone: 'skipped', icon: IconPlayerSkipForward },
};

/** What a person reads first. */
export function headline(counts: MatchCountsView): string {
  const open = openOf(counts);
  if (open > 0) {
    return `${formatCountOf(open, 'customer waits', 'customers wait')} for a decision.`;
  }
  return counts.decided > 0 ? 'Every customer here has a decision.' : 'Nothing to decide.';
}

/** How far the queue is. */
export function progressWords(counts: MatchCountsView, sync: SyncView): string {
  const all = counts.proposed + counts.conflicts;
  if (all === 0) {
    return `Every customer of ${sync.source_name} either has its ${sync.sobject} or has none that could be its own.`;
  }
  return `${formatCount(counts.decided)} of ${formatCount(all)} decided. A decision writes nothing: the next preview shows what follows from it.`;
}

/** `3 decisions wait for the next preview` */
export function waitingWords(waiting: number): string {
  return `${formatCountOf(waiting, 'decision waits', 'decisions wait')} for the next preview`;
}

/** What a decision is called, once made. */
export function decisionWord(decision: MatchDecisionView, sobject: string): string {
  switch (decision.kind) {
    case 'accept':
      return 'Accepted';
    case 'create_new':
      return `New ${sobject}`;
    case 'ignore':
      return 'Left out';
  }
}

/** What the next preview makes of a decision. */
export function decisionEffect(decision: MatchDecisionView, sobject: string): string {
  switch (decision.kind) {
    case 'accept':
      return `The next preview updates this ${sobject}.`;
    case 'create_new':
      return `The next preview creates a new ${sobject} for it.`;
    case 'ignore':
      return 'The next preview leaves this customer out.';
  }
}

/** What accepting a proposal is called: a record that carries another's id goes over from a customer that is gone. */
export function acceptWord(proposal: ProposalView): string {
  return proposal.takeover ? 'Take over the link' : 'Accept';
}

/** A record's name, or its id when it was read without one. */
export function recordName(record: RecordView): string {
  return record.name ?? record.id;
}

/** What becomes of a customer without a record as long as nothing is decided. */
export function withoutRecord(sync: SyncView): string {
  return sync.create_records
    ? `No ${sync.sobject} could be its own. This sync creates one for it.`
    : `No ${sync.sobject} could be its own. This sync only updates existing ones, so it is left alone.`;
}

/** What a screen reader is told after a decision. */
export function told(row: MatchView, decision: MatchDecisionView | null, sobject: string): string {
  return decision === null
    ? `${row.name}: decision taken back.`
    : `${row.name}: ${decisionWord(decision, sobject)}. The next preview follows it.`;
}

/** Why a group is empty, and what that means. */
export const EMPTY_WORDS: Readonly<Record<MatchStateView, { title: string; sentence: string }>> = {
  proposed: {
    title: 'Nothing to decide',
    sentence: 'No customer has records that only may be its own.',
  },
  conflict: {
    title: 'No conflicts',
    sentence: 'No customer has two records, and no record has two customers.',
  },
  found: { title: 'No record was found', sentence: 'No customer found its record for certain.' },
  not_found: { title: 'No customer is without a record', sentence: 'Each has one, or has some to choose from.' },
  apart: {
    title: 'Nobody is set apart',
    sentence: 'Customers that get a new record, or are left out, stand here after the next preview.',
  },
};
