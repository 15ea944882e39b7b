import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFilterOff, IconHistory } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useConnections, usePages, useSyncs } from '@/backend';
import {
  EmptyState,
  ErrorNotice,
  formatCount,
  formatCountOf,
  PageBody,
  PageHead,
  SkeletonRows,
  VirtualTable,
} from '@/components';
import { COLUMNS, NARROW } from './columns';
import { Drawer } from './Drawer';
import { Filters } from './Filters';
import { EVERYTHING, type Filter, requestOf } from './filter';
import css from './history.module.css';

/** A run that writes changes its figures; so often they are asked for again. */
const LOOK_AGAIN = 3_000;

/** Every run and every undo, newest first, each with whether it adds up. */
export function HistoryPage() {
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [search] = useDebouncedValue(filter.search, 120);
  const [selected, setSelected] = useState<number | null>(null);
  const open = Number(params.get('run')) || null;
  const table = useRef<HTMLDivElement>(null);
  const request = useMemo(() => requestOf({ ...filter, search }), [filter, search]);
  const pages = usePages('history_list', request, { pageSize: 100 });
  const syncs = useSyncs().data ?? [];
  const orgs = (useConnections().data ?? []).filter((one) => one.provider === 'salesforce');
  const page = pages.first;

  const running = page?.rows.some((run) => run.status === 'running') ?? false;
  const again = useRef(pages.refetch);
  useEffect(() => {
    again.current = pages.refetch;
  });
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => again.current(), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [running]);

  const show = (run: number | null) => setParams(run === null ? {} : { run: String(run) }, { replace: true });
  const change = (next: Filter) => {
    setFilter(next);
    setSelected(null);
  };
  const pick = (index: number) => {
    setSelected(index);
    const run = pages.getRow(index);
    if (run) show(run.run);
  };
  const step = (by: 1 | -1) => {
    if (selected !== null) pick(Math.max(0, Math.min(pages.totalRows - 1, selected + by)));
  };
  const toTable = () => table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();

  const body = () => {
    if (pages.error && !page) {
      return <ErrorNotice error={pages.error} retry={pages.refetch} />;
    }
    if (!page) {
      return (
        <SkeletonRows
          rows={14}
          rowHeight={44}
          columns="172px 1fr 1fr 2fr 68px 92px 76px"
          sentence="Reading the history"
        />
      );
    }
    if (page.all === 0) {
      const sync = syncs[0];
      return (
        <EmptyState
          icon={IconHistory}
          title="No run yet"
          actions={
            <Button variant="filled" onClick={() => navigate(sync ? `/sync/${sync.id}/preview` : '/sync/new')}>
              {sync ? `Preview ${sync.name}` : 'Make a sync'}
            </Button>
          }
        >
          Every run and every undo is kept here, with each record before and after. Nothing is written before you have
          seen its preview.
        </EmptyState>
      );
    }
    if (page.total === 0) {
      return (
        <EmptyState
          icon={IconFilterOff}
          title="Nothing matches"
          actions={<Button onClick={() => change(EVERYTHING)}>Clear the filter</Button>}
        >
          None of {formatCountOf(page.all, 'run')} has these words and values.
        </EmptyState>
      );
    }
    return (
      <div ref={table} className={css.table} data-before={pages.isPrevious || undefined}>
        <VirtualTable
          label="Runs"
          columns={open === null ? COLUMNS : NARROW}
          rowHeight={44}
          totalRows={pages.totalRows}
          getRow={pages.getRow}
          onRange={pages.onRange}
          selected={selected}
          onSelect={(index, column) => (open !== null || column !== null ? pick(index) : setSelected(index))}
          onOpen={(_run, index) => pick(index)}
          onKey={(event) => {
            if (event.key === 'Escape' && open !== null) {
              show(null);
              return true;
            }
            return undefined;
          }}
          minWidth={open === null ? 960 : 602}
          resetKey={JSON.stringify(request)}
        />
      </div>
    );
  };

  return (
    <>
      <PageHead
        title="History"
        meta={
          page && page.all > 0 ? (
            <span data-testid="history-shown">
              {page.total === page.all
                ? formatCountOf(page.all, 'run')
                : `${formatCount(page.total)} of ${formatCountOf(page.all, 'run')}`}
            </span>
          ) : undefined
        }
      />
      <PageBody flush>
        {page && page.all > 0 ? (
          <Filters filter={filter} syncs={syncs} orgs={orgs} onFilter={change} onLeaveSearch={toTable} />
        ) : null}
        {pages.error && page ? <ErrorNotice inline error={pages.error} retry={pages.refetch} /> : null}
        <div className={css.split} data-drawer={open !== null || undefined}>
          <div className={css.left}>{body()}</div>
          {open === null ? null : (
            <Drawer
              key={open}
              run={open}
              onStep={selected === null ? null : step}
              onRun={show}
              onClose={() => {
                show(null);
                toTable();
              }}
            />
          )}
        </div>
      </PageBody>
    </>
  );
}
