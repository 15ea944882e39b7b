import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import {
  type BillingEventView,
  type OperationBatchView,
  type OperationRowView,
  useAction,
  useCommand,
} from '@/backend';
import { CopyButton, ErrorNotice, formatMoment, SkeletonRows, StatusWord } from '@/components';
import css from './operations.module.css';
import { useHere } from './place';
import { eventText, OUTCOMES, outcomeMeaning, SENDING, standing } from './words';

interface Props {
  batch: OperationBatchView;
  /** The line of the terminal that does the same, where it is known. */
  command?: string | null;
  onAgain?: (() => void) | null;
  onChanged: (batch: OperationBatchView) => void;
}

/** What became of one operation, and where to go from there. */
export function Result({ batch, command = null, onAgain = null, onChanged }: Props) {
  const { go, listSubscriptions } = useHere();
  const rows = useCommand('operation_rows', { batch: batch.id, outcome: null, search: '', offset: 0, limit: 1 });
  const resume = useAction('operation_run');
  const place = useRef<HTMLElement>(null);
  const row = rows.data?.rows[0];
  useEffect(() => place.current?.focus(), []);

  const look = row?.outcome ? OUTCOMES[row.outcome] : batch.status === 'running' ? SENDING : standing(batch);
  const user = row ? userOf(row) : null;
  return (
    <section ref={place} tabIndex={-1} className={css.result} aria-label="Result" data-testid="result">
      <header>
        {rows.isPending ? null : (
          <StatusWord tone={look.tone} icon={look.icon} variant="badge">
            <span data-testid="result-word">{look.word}</span>
          </StatusWord>
        )}
        <span className="quiet">
          {formatMoment(row?.ended_at ?? batch.finished_at ?? batch.created_at)}
          {batch.who ? ` by ${batch.who}` : ''}, operation {batch.id}
        </span>
      </header>
      {rows.error ? <ErrorNotice inline error={rows.error} retry={() => void rows.refetch()} /> : null}
      {rows.isPending ? <SkeletonRows rows={2} columns="1fr" sentence="Reading the result" /> : null}
      {row ? (
        <>
          <p className={css.sentence}>{row.sentence || batch.title}</p>
          {row.outcome ? <p>{outcomeMeaning(row.outcome, batch.provider)}</p> : null}
          <RowDetails row={row} />
        </>
      ) : null}
      {batch.reason ? <p>{batch.reason}</p> : null}
      {batch.open > 0 && batch.status !== 'running' && batch.status !== null ? (
        <div className={css.step}>
          <p>
            It is not settled yet. Resuming looks first whether it was carried out, and sends it only if it was not.
          </p>
          <Button
            variant="filled"
            disabled={resume.isPending || batch.confirm !== null}
            onClick={() => resume.mutate({ batch: batch.id, confirm: null }, { onSuccess: onChanged })}
          >
            {resume.isPending ? 'Resuming' : 'Resume'}
          </Button>
          {resume.error ? <ErrorNotice inline error={resume.error} action={null} /> : null}
        </div>
      ) : null}
      <footer className={css.next}>
        {onAgain ? (
          <Button variant="filled" onClick={onAgain} data-testid="again">
            {row?.outcome === 'rejected' || row?.outcome === 'blocked' ? 'Back to the form' : 'Do another one'}
          </Button>
        ) : null}
        {user ? <Button onClick={() => listSubscriptions(user)}>List the user’s subscriptions</Button> : null}
        {row && (row.kind === 'create_plan' || row.kind === 'update_plan') ? (
          <Button onClick={() => go('list_plans')}>List the plans</Button>
        ) : null}
        {command ? <CopyButton text={command} label="Copy as CLI command" compact={false} /> : null}
        {onAgain ? (
          <Button variant="quiet" onClick={() => go('journal', { batch: batch.id })}>
            See it in the history
          </Button>
        ) : null}
      </footer>
    </section>
  );
}

/** Whose subscriptions tell more. A user that was deleted has none. */
function userOf(row: OperationRowView): string | null {
  if (row.code === 'not_found') return null;
  if (row.kind === 'delete_user') return row.outcome === 'done' || row.outcome === 'already' ? null : row.subject;
  if (row.kind === 'update_user') return row.subject;
  return row.after?.user_id ?? row.after?.user_alias ?? null;
}

/** What the billing system said about a row, and what stood there before and after. */
export function RowDetails({ row }: { row: OperationRowView }) {
  return (
    <>
      {row.problems.length > 0 ? (
        <ul className={css.problems}>
          {row.problems.map((one) => (
            <li key={`${one.field}-${one.message}`}>
              {one.field ? <b>{one.field}</b> : null} {one.message}
            </li>
          ))}
        </ul>
      ) : null}
      {row.message ? (
        <blockquote className={css.said} data-outcome={row.outcome ?? undefined} data-testid="said">
          {row.message}
          {row.code ? <code>{row.code}</code> : null}
        </blockquote>
      ) : null}
      {row.before.length > 0 || row.after || row.links_after.length > 0 ? (
        <dl className={css.states}>
          {row.before.length > 0 ? (
            <>
              <dt>Before</dt>
              {row.before.map((line) => (
                <dd key={line}>{line}</dd>
              ))}
            </>
          ) : null}
          {row.after ? (
            <>
              <dt>Afterwards</dt>
              <dd data-testid="after">{afterText(row.after)}</dd>
            </>
          ) : null}
          {row.links_after.length > 0 ? (
            <>
              <dt>Afterwards</dt>
              {row.links_after.map((line) => (
                <dd key={line} data-testid="after">
                  {line}
                </dd>
              ))}
            </>
          ) : null}
        </dl>
      ) : null}
    </>
  );
}

function afterText(event: BillingEventView): string {
  const alias = event.subscription_alias ? ` (${event.subscription_alias})` : '';
  return `${event.subscription_id}${alias}: ${eventText(event)}`;
}
