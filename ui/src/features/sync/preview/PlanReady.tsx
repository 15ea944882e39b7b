import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCircleCheck, IconFilterOff } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import {
  type PlanView,
  type SyncView,
  useConnections,
  usePages,
  usePlanLinks,
  useRunStart,
  type WayView,
} from '@/backend';
import { EmptyState, ErrorNotice, formatAge, formatCountOf, SkeletonRows, StaleStrip } from '@/components';
import { PlanLinks } from '../links/PlanLinks';
import { runPath } from '../shared/paths';
import { ActionBar } from './ActionBar';
import { EVERYTHING, inOrder, narrows, type PlanFilter, rowsRequest } from './filter';
import { GroupBar } from './GroupBar';
import { Halts } from './Halts';
import { type Pilot, PilotDialog } from './PilotDialog';
import { type Cursor, PlanTable } from './PlanTable';
import { PlanTools } from './PlanTools';
import { ProductionDialog } from './ProductionDialog';
import css from './preview.module.css';
import { UndoStrip } from './UndoStrip';
import { useDecide } from './useDecide';
import { WhyPanel } from './WhyPanel';
import { linksWritten } from './writeWords';

interface Props {
  sync: SyncView;
  plan: PlanView;
  busy: boolean;
  onAgain: () => void;
}

/** Why a plan cannot be written at the moment; `null` when it can. */
export function hindranceOf(
  plan: PlanView,
  accepted: ReadonlyArray<string>,
  links = 0,
  readOnly = false,
): string | null {
  if (plan.status === 'stale') {
    return 'The mapping, a setting or a choice changed since this preview. Preview again first.';
  }
  if (plan.status === 'used') {
    return 'A run was made of this preview. Preview again for the next one.';
  }
  if (readOnly) {
    return 'This org is read-only. Switch that off on the Connections screen first.';
  }
  if (plan.tally.to_write === 0 && links === 0) {
    return 'Nothing to write: every change is held, or both sides agree.';
  }
  const open = plan.halts.filter((halt) => !accepted.includes(halt.name)).length;
  return open > 0 ? `Tick ${formatCountOf(open, 'unusual thing')} above first.` : null;
}

/** A plan to look at, decide on and approve. */
export function PlanReady({ sync, plan, busy, onAgain }: Props) {
  const navigate = useNavigate();
  const left = useRef<HTMLDivElement>(null);
  const open = plan.status === 'ready';
  const [chosen, setFilter] = useState<PlanFilter>(EVERYTHING);
  // A plan that cannot be written shows no halts, and so none whose rows could be left again.
  const filter = open ? chosen : { ...chosen, halt: null };
  const [search] = useDebouncedValue(filter.search, 150);
  const [cursor, setCursor] = useState<Cursor>({ row: 0, column: -1 });
  const [why, setWhy] = useState<{ field: string | null } | null>(null);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const [accepted, setAccepted] = useState<Array<string>>([]);
  const [dialog, setDialog] = useState<'pilot' | 'production' | null>(null);
  const [pilot, setPilot] = useState<Pilot | null>(null);
  const [way, setWay] = useState<WayView | null>(null);
  const columns = useMemo(() => inOrder(plan.columns), [plan.columns]);
  const { offset: _, limit: __, ...asked } = rowsRequest(plan.id, { ...filter, search: search.trim() }, 0, 0);
  const pages = usePages('plan_rows', asked, { pageSize: 200 });
  const decide = useDecide(plan.id, plan.columns);
  const run = useRunStart();
  const links = usePlanLinks(plan.id);
  const toLink = linksWritten(links.data);
  const connections = useConnections();
  const connection = connections.data?.find((one) => one.id === sync.org);
  const org = connection?.org ?? null;

  const change = (next: PlanFilter) => {
    setFilter(next);
    setCursor({ row: 0, column: -1 });
  };
  const onRange = useMemo(
    () => (first: number, last: number) => {
      setRange({ first, last });
      pages.onRange(first, last);
    },
    [pages.onRange],
  );
  const row = pages.getRow(cursor.row);
  const write = (part: Pilot | null, confirm: string | null) =>
    run.mutate(
      { plan: plan.id, confirm, limit: part?.limit ?? null, only: part?.only ?? null, way, accept: accepted },
      { onSuccess: (made) => navigate(runPath(made.sync, made.id)) },
    );
  const begin = (part: Pilot | null) => {
    run.reset();
    setPilot(part);
    if (sync.environment === 'production') {
      setDialog('production');
    } else {
      write(part, null);
    }
  };
  const agrees = plan.counts.create + plan.counts.update + plan.counts.delete === 0;
  const used = sync.latest_run?.plan === plan.id ? sync.latest_run : null;

  return (
    <>
      {plan.status === 'stale' ? (
        <StaleStrip readAt={plan.finished_at} retry={onAgain} retryLabel={busy ? 'Starting' : 'Preview again'}>
          {plan.mapping_version === sync.mapping_version
            ? 'A setting of the sync, or which subscription speaks, changed since this preview.'
            : `The mapping changed since this preview (it was made with version ${plan.mapping_version}).`}{' '}
          It cannot be written.
        </StaleStrip>
      ) : null}
      {plan.status === 'used' ? (
        <StaleStrip readAt={plan.finished_at} retry={onAgain} retryLabel="Preview again">
          A run was made of this preview{used ? ': ' : '.'}
          {used ? (
            <Link to={runPath(sync.id, used.id)} style={{ textDecoration: 'underline' }}>
              open run {used.id}
            </Link>
          ) : null}
        </StaleStrip>
      ) : null}
      {plan.offline && plan.status === 'ready' ? (
        <StaleStrip readAt={plan.offline.org_at} retry={onAgain} retryLabel="Preview again">
          Made offline, from what was read before: the source {formatAge(plan.offline.source_at)}, the org{' '}
          {formatAge(plan.offline.org_at)}. Records changed there since are held back when it is written.
        </StaleStrip>
      ) : null}
      {plan.undoes === null ? null : <UndoStrip sync={sync} plan={plan} run={plan.undoes} />}
      <GroupBar sync={sync} plan={plan} filter={filter} onFilter={change} />
      {links.error ? (
        <div className={css.notice}>
          <ErrorNotice inline error={links.error} retry={() => void links.refetch()} />
        </div>
      ) : (
        <PlanLinks links={links.data} undo={plan.undoes !== null} />
      )}
      {plan.note ? (
        <p className={css.notice} data-testid="plan-note">
          {plan.note}
        </p>
      ) : null}
      {open ? (
        <Halts
          halts={plan.halts}
          accepted={accepted}
          onAccept={setAccepted}
          shown={filter.halt}
          onShow={(halt) => change({ ...EVERYTHING, sort: filter.sort, halt })}
        />
      ) : null}
      {decide.error || (run.error && dialog === null) ? (
        <div className={css.notice}>
          <ErrorNotice inline error={decide.error ?? run.error} />
        </div>
      ) : null}
      {agrees && !narrows(filter) ? (
        <div className={css.agree} data-testid="nothing-to-write">
          <IconCircleCheck size={16} color="var(--db-create)" aria-hidden />
          <b>{plan.undoes === null ? 'Nothing to write: both sides agree.' : 'Nothing to put back.'}</b>
          <span className={css.quiet}>
            {formatCountOf(plan.counts.unchanged, sync.sobject, sync.sobject_plural)} hold what the mapping asks for
            {plan.counts.blocked > 0
              ? `; ${formatCountOf(plan.counts.blocked, 'customer is', 'customers are')} blocked`
              : ''}
            .
          </span>
        </div>
      ) : null}
      <div className={css.split} data-panel={(why !== null && row !== undefined) || undefined}>
        <div ref={left} className={css.left}>
          <PlanTools
            columns={columns}
            filter={filter}
            onFilter={change}
            sobject={sync.sobject}
            first={range.first}
            last={range.last}
            total={pages.totalRows}
          />
          {pages.error ? (
            <ErrorNotice error={pages.error} retry={pages.refetch} />
          ) : pages.isPending ? (
            <SkeletonRows rows={12} rowHeight={44} columns="70px 240px 1fr 1fr 1fr 1fr" sentence="Reading the rows" />
          ) : pages.totalRows === 0 ? (
            <EmptyState
              icon={IconFilterOff}
              title={narrows(filter) ? 'No record matches' : 'No customers were read'}
              actions={narrows(filter) ? <Button onClick={() => change(EVERYTHING)}>Show all records</Button> : null}
            >
              {narrows(filter)
                ? 'The filter leaves nothing of this preview.'
                : `${sync.source_name} gave no customer, so there is nothing to compare.`}
            </EmptyState>
          ) : (
            <PlanTable
              label={`Preview of ${sync.name}`}
              sobject={sync.sobject}
              open={open}
              columns={columns}
              total={pages.totalRows}
              rowAt={pages.getRow}
              cursor={cursor}
              onCursor={(next) => {
                setCursor(next);
                if (why) {
                  setWhy({ field: columns[next.column]?.field ?? null });
                }
              }}
              onRange={onRange}
              onDecide={(one, field, hold) => void decide.send(one, field, hold)}
              onWhy={(_row, field) => setWhy({ field })}
              onClose={() => setWhy(null)}
              resetKey={JSON.stringify(asked)}
            />
          )}
        </div>
        {why && row ? (
          <WhyPanel
            sync={sync.id}
            plan={plan.id}
            undoes={plan.undoes}
            row={row}
            field={why.field}
            sourceName={sync.source_name}
            sobject={sync.sobject}
            open={open}
            onField={(field) => {
              setWhy({ field });
              setCursor({ row: cursor.row, column: columns.findIndex((column) => column.field === field) });
            }}
            onStep={(by) => {
              setCursor({ row: Math.max(0, Math.min(pages.totalRows - 1, cursor.row + by)), column: -1 });
              setWhy({ field: null });
            }}
            onDecide={(field, hold) => void decide.send(row, field, hold)}
            onClose={() => {
              setWhy(null);
              // It was asked from the table, where the keyboard goes on.
              left.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
            }}
          />
        ) : null}
      </div>
      <ActionBar
        sync={sync}
        plan={plan}
        hindrance={hindranceOf(plan, accepted, toLink, connection?.read_only)}
        busy={run.isPending}
        way={way}
        onWay={setWay}
        links={toLink}
        onPilot={() => setDialog('pilot')}
        onWrite={() => begin(null)}
      />
      <PilotDialog
        opened={dialog === 'pilot'}
        sync={sync}
        toWrite={plan.tally.to_write}
        toDelete={plan.tally.to_delete}
        links={toLink}
        undoes={plan.undoes}
        busy={run.isPending}
        onPilot={(part) => {
          setDialog(null);
          begin(part);
        }}
        onClose={() => setDialog(null)}
      />
      {sync.environment === 'production' ? (
        <ProductionDialog
          opened={dialog === 'production'}
          sync={sync}
          plan={plan}
          org={org}
          records={pilot?.limit ?? pilot?.only?.length ?? plan.tally.to_write}
          links={toLink}
          accepted={accepted}
          onAccept={setAccepted}
          busy={run.isPending}
          error={run.error}
          onPilot={pilot === null ? () => setDialog('pilot') : null}
          onWrite={(confirm) => write(pilot, confirm)}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </>
  );
}
