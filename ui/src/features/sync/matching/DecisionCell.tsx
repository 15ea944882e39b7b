import { IconArrowBackUp, IconCircleCheck } from '@tabler/icons-react';
import { type MatchDecisionView, type MatchView, type SyncView, useMatchSearch } from '@/backend';
import { StatusWord } from '@/components';
import { contradicted, leftOpen } from './decisions';
import css from './matching.module.css';
import { decisionWord, recordName } from './words';

/** The record a customer was given: of its proposals, or looked up when it was chosen elsewhere. */
export function useGivenRecord(sync: number, row: MatchView) {
  const id = row.decision?.kind === 'accept' ? row.decision.record : null;
  const known = [row.record, ...row.proposals.map((proposal) => proposal.record)].find((one) => one?.id === id);
  const looked = useMatchSearch(sync, id !== null && !known ? id : '');
  if (id === null) {
    return null;
  }
  return known ?? looked.data?.find((one) => one.id === id) ?? { id, name: null, url: null };
}

/** A decision as a word with its colour and icon. */
export function DecisionWord({ decision, sobject }: { decision: MatchDecisionView; sobject: string }) {
  const word = decisionWord(decision, sobject);
  switch (decision.kind) {
    case 'accept':
      return (
        <StatusWord tone="create" icon={IconCircleCheck}>
          {word}
        </StatusWord>
      );
    case 'create_new':
      return <StatusWord status="create">{word}</StatusWord>;
    case 'ignore':
      return <StatusWord status="skipped">{word}</StatusWord>;
  }
}

/** What was decided about a customer, and that the next preview follows it. */
export function DecisionCell({ sync, row }: { sync: SyncView; row: MatchView }) {
  const given = useGivenRecord(sync.id, row);
  const { decision } = row;
  if (decision === null) {
    if (row.state === 'apart') {
      return (
        <>
          <StatusWord tone="held" icon={IconArrowBackUp}>
            Taken back
          </StatusWord>
          <span className={css.under}>The next preview follows</span>
        </>
      );
    }
    return leftOpen(row) ? <StatusWord status="decide" /> : <span className={css.under}>none</span>;
  }
  // A record that was found by this very decision is nothing that still has to follow.
  const followed = row.state === 'found' && given !== null && given.id === row.record?.id;
  const elsewhere = given !== null && !followed && given.id !== row.proposals[0]?.record.id;
  const under = contradicted(row)
    ? 'Makes the conflict'
    : row.state === 'apart' && given === null
      ? 'Until taken back'
      : followed
        ? 'Followed by the last preview'
        : elsewhere
          ? recordName(given)
          : 'The next preview follows';
  return (
    <>
      <DecisionWord decision={decision} sobject={sync.sobject} />
      <span className={css.under} title={under}>
        {under}
      </span>
    </>
  );
}
