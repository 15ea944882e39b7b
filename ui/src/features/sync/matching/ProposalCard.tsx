import { IconCircleCheck } from '@tabler/icons-react';
import type { ProposalView } from '@/backend';
import { ExternalLink, StatusWord } from '@/components';
import { ActButton } from './ActButton';
import { sentence } from './columns';
import { acceptable } from './decisions';
import css from './matching.module.css';
import { Score } from './Score';
import { acceptWord, recordName } from './words';

interface Props {
  proposal: ProposalView;
  /** The key that accepts it. */
  hint: string;
  primary: boolean;
  accepted: boolean;
  onAccept: () => void;
}

/** A record that may be the customer's: how likely, what both share, and whether it can be accepted. */
export function ProposalCard({ proposal, hint, primary, accepted, onAccept }: Props) {
  const { record } = proposal;
  const name = recordName(record);
  return (
    <li className={css.card} data-accepted={accepted || undefined} data-testid="match-proposal">
      <div className={css.cardHead}>
        <div className={css.cardName}>
          {record.url ? <ExternalLink href={record.url}>{name}</ExternalLink> : <b>{name}</b>}
          <div className={css.id}>{record.id}</div>
        </div>
        <Score score={proposal.score} />
      </div>
      {proposal.takeover ? (
        <p className={css.takeover} data-testid="match-takeover">
          {proposal.takeover.message}
        </p>
      ) : null}
      <div className={css.label}>What both share</div>
      <ul className={css.evidence} aria-label="What both share">
        {proposal.evidence.map((clue) => (
          <li key={clue}>{sentence(clue)}</li>
        ))}
      </ul>
      {acceptable(proposal) ? (
        accepted ? (
          <StatusWord tone="create" icon={IconCircleCheck}>
            {proposal.takeover ? 'Link taken over' : 'Accepted'}
          </StatusWord>
        ) : (
          <ActButton hint={hint} variant={primary ? 'filled' : 'default'} onClick={onAccept} data-testid="match-accept">
            {acceptWord(proposal)}
            <span className="unseen"> {name}</span>
          </ActButton>
        )
      ) : (
        <div data-testid="match-taken">
          <StatusWord status="blocked">
            Carries the id of <span className="mono">{proposal.taken_by}</span> already
          </StatusWord>
          <p className={css.why}>
            A record belongs to one customer, so it cannot be accepted. If that id is wrong, clear it on the record,
            then preview again.
          </p>
        </div>
      )}
    </li>
  );
}
