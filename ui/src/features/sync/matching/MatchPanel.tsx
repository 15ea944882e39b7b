import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react';
import type { MatchDecisionView, MatchView, RecordView, SyncView } from '@/backend';
import { ExternalLink } from '@/components';
import panel from '../preview/panel.module.css';
import { ActButton } from './ActButton';
import { DecisionWord, useGivenRecord } from './DecisionCell';
import { accepts, contradicted, likeliest, makesRecords } from './decisions';
import css from './matching.module.css';
import { ProposalCard } from './ProposalCard';
import { RecordChooser } from './RecordChooser';
import { decisionEffect, recordName, withoutRecord } from './words';

interface Props {
  sync: SyncView;
  row: MatchView;
  /** Whether another record is looked for. */
  choosing: boolean;
  onChoose: () => void;
  /** Decides; `null` takes the decision back. */
  onDecide: (decision: MatchDecisionView | null) => void;
  /** A record was found by the search and chosen. */
  onPick: (record: RecordView) => void;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}

/** One customer, what may be its record, and what a person can decide. */
export function MatchPanel({ sync, row, choosing, onChoose, onDecide, onPick, onStep, onClose }: Props) {
  const best = likeliest(row);
  return (
    <aside className={panel.panel} aria-label={`Match: ${row.name}`} data-testid="match-panel">
      <div className={panel.head}>
        <div className={panel.title}>
          <h2 title={row.name}>{row.name}</h2>
          <ActionIcon size={24} aria-label="Previous customer" onClick={() => onStep(-1)}>
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon size={24} aria-label="Next customer" onClick={() => onStep(1)}>
            <IconChevronRight size={16} />
          </ActionIcon>
          <ActionIcon size={24} aria-label="Close" onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </div>
        <div className={css.source}>
          <span>{sync.source_name}</span>
          <span className={panel.api} data-testid="match-customer">
            {row.customer}
          </span>
        </div>
      </div>
      <div className={panel.body}>
        {row.decision ? (
          <Decided sync={sync} row={row} decision={row.decision} onTakeBack={() => onDecide(null)} />
        ) : null}
        {choosing ? <RecordChooser key={row.customer} sync={sync} onPick={onPick} /> : null}
        <Findings sync={sync} row={row} />
        {row.proposals.length > 0 ? (
          <ol className={css.proposals} aria-label={`What may be its ${sync.sobject}`}>
            {row.proposals.map((proposal, place) => (
              <ProposalCard
                key={proposal.record.id}
                proposal={proposal}
                hint={proposal === best ? 'A' : String(place + 1)}
                primary={proposal === best && row.decision === null && !choosing}
                accepted={accepts(row.decision, proposal.record.id)}
                onAccept={() => onDecide({ kind: 'accept', record: proposal.record.id })}
              />
            ))}
          </ol>
        ) : null}
        {choosing ? null : (
          <div className={css.choose}>
            <ActButton hint="C" onClick={onChoose} data-testid="match-choose">
              {row.proposals.length > 0 || row.record ? 'Choose another…' : 'Choose one…'}
            </ActButton>
          </div>
        )}
      </div>
      <div className={css.foot}>
        {makesRecords(sync) ? (
          <ActButton hint="R" onClick={() => onDecide({ kind: 'create_new' })} data-testid="match-create">
            Create new
          </ActButton>
        ) : null}
        <ActButton hint="L" onClick={() => onDecide({ kind: 'ignore' })} data-testid="match-leave">
          Leave out
        </ActButton>
      </div>
    </aside>
  );
}

/** The decision, what follows from it, and the way back. */
function Decided(props: { sync: SyncView; row: MatchView; decision: MatchDecisionView; onTakeBack: () => void }) {
  const { sync, row, decision } = props;
  const given = useGivenRecord(sync.id, row);
  return (
    <div className={panel.section} data-testid="match-decision">
      <h3>Decided</h3>
      <div className={css.decided}>
        <DecisionWord decision={decision} sobject={sync.sobject} />
        <ActButton hint="T" onClick={props.onTakeBack} data-testid="match-take-back">
          Take back
        </ActButton>
      </div>
      {given ? (
        <div>{given.url ? <ExternalLink href={given.url}>{recordName(given)}</ExternalLink> : recordName(given)}</div>
      ) : null}
      {row.takeover ? <p data-testid="match-taken-over">{row.takeover.message}</p> : null}
      <p>
        {contradicted(row)
          ? `The conflict is about this ${sync.sobject}, and stays until another is chosen or the decision is taken back.`
          : decisionEffect(decision, sync.sobject)}
      </p>
    </div>
  );
}

/** What matching found, where that is no list of proposals. */
function Findings({ sync, row }: { sync: SyncView; row: MatchView }) {
  const carried = makesRecords(sync)
    ? `in the external ID field of an existing ${sync.sobject}`
    : `on a Contact of an ${sync.sobject}`;
  const stronger = `A customer id ${carried} goes before any decision but Leave out.`;
  switch (row.state) {
    case 'proposed':
      return null;
    case 'conflict':
      return (
        <div className={panel.section}>
          <h3>What contradicts itself</h3>
          <div>{row.problem}</div>
          <p>{stronger}</p>
        </div>
      );
    case 'found':
      return (
        <div className={panel.section}>
          <h3>Its {sync.sobject}</h3>
          {row.record ? (
            <>
              <div>
                {row.record.url ? (
                  <ExternalLink href={row.record.url}>{recordName(row.record)}</ExternalLink>
                ) : (
                  recordName(row.record)
                )}
              </div>
              <div className={panel.api}>{row.record.id}</div>
            </>
          ) : (
            <div>It is no longer among the records that were read.</div>
          )}
          <p>{row.matched_by}.</p>
          <p>{stronger}</p>
        </div>
      );
    case 'not_found':
      return (
        <div className={panel.section}>
          <h3>No record</h3>
          <div>{withoutRecord(sync)}</div>
        </div>
      );
    case 'apart':
      return (
        <div className={panel.section}>
          <h3>Set apart</h3>
          <div>At the last preview this customer was linked to no {sync.sobject}, because a person decided so.</div>
          {row.decision === null ? <p>That was taken back; the next preview looks for its record again.</p> : null}
        </div>
      );
  }
}
