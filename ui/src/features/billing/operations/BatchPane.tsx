import { Button, Progress } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type OperationBatchView, type OperationKindView, outdate, useAction, useCommand } from '@/backend';
import {
  ErrorNotice,
  formatCount,
  formatCountOf,
  formatMoment,
  formatSeconds,
  SkeletonRows,
  StatusWord,
} from '@/components';
import { PRODUCTS } from '../products';
import { BatchDialog } from './BatchDialog';
import { BatchRows } from './BatchRows';
import { doingOf } from './catalogue';
import css from './operations.module.css';
import { Result } from './Result';
import { ORIGINS, OUTCOME_ORDER, OUTCOMES, standing } from './words';

/** How often a batch under way is looked at. */
const LOOK_AGAIN = 700;

/** A batch from its preview to its end. */
export function BatchPane({ id, onBack, backLabel }: { id: number; onBack: () => void; backLabel: string }) {
  const client = useQueryClient();
  const batch = useCommand('operation_get', { batch: id });
  const rows = useCommand('operation_rows', { batch: id, outcome: null, search: '', offset: 0, limit: 1 });
  const run = useAction('operation_run');
  const stop = useAction('operation_stop');
  const [asked, setAsked] = useState(false);
  const [stopping, setStopping] = useState(false);
  const view = batch.data;
  const running = run.isPending || view?.status === 'running';
  const kind = rows.data?.rows[0]?.kind;

  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void outdate(client, ['operation_get', 'operation_rows']), LOOK_AGAIN);
    return () => {
      clearInterval(timer);
      setStopping(false);
      void outdate(client, ['operation_get', 'operation_rows', 'operation_list']);
    };
  }, [running, client]);

  const begin = (confirm: string | null) => {
    setAsked(false);
    run.mutate({ batch: id, confirm });
  };

  if (batch.error && !view) return <ErrorNotice error={batch.error} retry={() => void batch.refetch()} />;
  if (!view || !kind) {
    if (rows.error) return <ErrorNotice error={rows.error} retry={() => void rows.refetch()} />;
    return <SkeletonRows rows={10} rowHeight={44} columns="56px 120px 1fr" sentence="Reading the rows" />;
  }
  const look = running ? { ...standing({ ...view, status: 'running' }) } : standing(view);
  const single = view.origin === 'form';
  return (
    <div className={css.batch} data-testid="batch">
      <header className={css.batchHead}>
        <Button
          size="compact-sm"
          variant="quiet"
          leftSection={<IconArrowLeft size={14} stroke={1.9} aria-hidden />}
          onClick={onBack}
        >
          {backLabel}
        </Button>
        <h2 className="ellipsis" title={view.title}>
          {view.title}
        </h2>
        <StatusWord tone={look.tone} icon={look.icon}>
          <span data-testid="batch-status">{look.word}</span>
        </StatusWord>
        <span className={css.grow} />
        <span className="quiet">
          {ORIGINS[view.origin]}, {formatMoment(view.started_at ?? view.created_at)}
          {view.who ? ` by ${view.who}` : ''}
        </span>
      </header>
      {single ? (
        <div className={css.scroll}>
          <Result batch={view} onChanged={() => void batch.refetch()} />
        </div>
      ) : (
        <>
          <Standing
            batch={view}
            kind={kind}
            running={running}
            stopping={stopping}
            onStop={() => {
              setStopping(true);
              stop.mutate({ batch: id });
            }}
            onBegin={() => setAsked(true)}
          />
          {run.error ? <ErrorNotice inline error={run.error} action={null} /> : null}
          {stop.error ? <ErrorNotice inline error={stop.error} action={null} /> : null}
          <BatchRows batch={view} running={running} />
        </>
      )}
      {asked ? <BatchDialog batch={view} kind={kind} onClose={() => setAsked(false)} onBegin={begin} /> : null}
    </div>
  );
}

interface StandingProps {
  batch: OperationBatchView;
  kind: OperationKindView;
  running: boolean;
  stopping: boolean;
  onStop: () => void;
  onBegin: () => void;
}

/** Where a batch stands: what would be sent, how far it is, or what came of it, and the one next step. */
function Standing({ batch, kind, running, stopping, onStop, onBegin }: StandingProps) {
  const settled = batch.rows - batch.open;
  const unsent = batch.rows - batch.sendable;
  const resumable = batch.status !== null && !running && batch.status !== 'finished';
  const about = batch.seconds_left > 0 ? `about ${formatSeconds(batch.seconds_left)}` : 'a moment';
  const nothing = batch.sendable === 0;
  return (
    <section className={css.standing} aria-label="How it stands">
      <div className={css.standingWords} aria-live="polite">
        {batch.status === null && !running ? (
          <>
            <p className={css.figure} data-testid="batch-sendable">
              {nothing ? 'Nothing can be sent' : `${formatCountOf(batch.sendable, 'row')} can be sent`}
            </p>
            <p className="quiet">
              {unsent > 0
                ? `${formatCountOf(unsent, 'row')} with problems ${unsent === 1 ? 'is' : 'are'} left out. `
                : ''}
              {nothing
                ? 'Put the rows right in the file and read it again.'
                : `At ${PRODUCTS[batch.provider]}’s pace it takes ${about}. Nothing has been sent yet.`}
            </p>
          </>
        ) : (
          <>
            <p className={css.figure} data-testid="batch-settled">
              {formatCount(settled)} of {formatCountOf(batch.rows, 'row')} settled
            </p>
            <p className="quiet">
              {running
                ? stopping
                  ? 'Stopping: the call under way is finished and recorded first.'
                  : batch.open > 0
                    ? `${doingOf(kind)}, ${about} left. You can leave this screen.`
                    : `${doingOf(kind)}.`
                : batch.status === 'finished'
                  ? batch.adds_up
                    ? 'Every row has its outcome.'
                    : 'It does not add up: look at the rows without an outcome.'
                  : `${formatCountOf(batch.open, 'row')} not sent yet, ${about}. Resuming sends nothing twice.`}
            </p>
            <Progress
              value={batch.rows > 0 ? (100 * settled) / batch.rows : 0}
              size={4}
              transitionDuration={0}
              aria-label="Rows settled"
            />
          </>
        )}
        {batch.reason && !running ? <p className={css.reason}>{batch.reason}</p> : null}
        {batch.refused && batch.status !== 'finished' ? <p className={css.reason}>{batch.refused}</p> : null}
      </div>
      {batch.status !== null || running ? (
        <dl className={css.counts}>
          {OUTCOME_ORDER.map((outcome) => (
            <div key={outcome} data-none={batch.counts[outcome] === 0 || undefined}>
              <dt>
                <StatusWord tone={OUTCOMES[outcome].tone} icon={OUTCOMES[outcome].icon}>
                  {OUTCOMES[outcome].word}
                </StatusWord>
              </dt>
              <dd data-testid={`count-${outcome}`}>{formatCount(batch.counts[outcome])}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      <div className={css.act}>
        {running ? (
          <Button onClick={onStop} disabled={stopping} data-testid="batch-stop">
            {stopping ? 'Stopping' : 'Stop'}
          </Button>
        ) : batch.status === null || resumable ? (
          <Button
            variant={batch.confirm === null ? 'filled' : 'danger'}
            disabled={batch.refused !== null || nothing}
            onClick={onBegin}
            data-testid="batch-begin"
          >
            {resumable
              ? `Resume ${formatCountOf(batch.open, 'row')}…`
              : `Send ${formatCountOf(batch.sendable, 'row')}…`}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
