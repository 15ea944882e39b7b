import { Button } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { IconFilterOff, IconHistory } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { type HistoryEntryView, useConnections, usePages, useSyncs } from '@/backend';
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
import { COLUMNS, NARROW, SLIM } from './columns';
import { EntryDrawer } from './EntryDrawer';
import { type EntryKey, keyIn, keyOf } from './entry';
import { Filters } from './Filters';
import { EVERYTHING, type Filter, requestOf } from './filter';
import css from './history.module.css';
import { RunDrawer } from './RunDrawer';

/** A run that writes changes its figures; so often they are asked for again. */
const LOOK_AGAIN = 3_000;

/** Height of a row, in pixels: the longest equation has room in the narrowest window. */
const ROW = 60;

/** Everything that was sent to either side, newest first: runs and undos, operations, imports and calls by hand. */
export function HistoryPage() {
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [search] = useDebouncedValue(filter.search, 120);
  const [selected, setSelected] = useState<number | null>(null);
  const slim = useMediaQuery('(max-width: 1200px)');
  const open = keyIn(params);
  const table = useRef<HTMLDivElement>(null);
  const request = useMemo(() => requestOf({ ...filter, search }), [filter, search]);
  const pages = usePages('history_list', request, { pageSize: 100 });
  const syncs = useSyncs().data ?? [];
  const connections = useConnections().data ?? [];
  const orgs = connections.filter((one) => one.provider === 'salesforce');
  const sources = connections.filter((one) => one.provider !== 'salesforce');
  const page = pages.first;

  const running = page?.rows.some(isRunning) ?? false;
  const again = useRef(pages.refetch);
  useEffect(() => {
    again.current = pages.refetch;
  });
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => again.current(), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [running]);

  const show = (key: EntryKey | null) =>
    setParams(key === null ? {} : { [key.kind]: String(key.id) }, { replace: true });
  const change = (next: Filter) => {
    setFilter(next);
    setSelected(null);
  };
  const pick = (index: number) => {
    setSelected(index);
    const entry = pages.getRow(index);
    if (entry) show(keyOf(entry));
  };
  const step = (by: 1 | -1) => {
    if (selected !== null) pick(Math.max(0, Math.min(pages.totalRows - 1, selected + by)));
  };
  const toTable = () => table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();

  const close = () => {
    show(null);
    toTable();
  };

  const body = () => {
    if (pages.error && !page) {
      return <ErrorNotice error={pages.error} retry={pages.refetch} />;
    }
    if (!page) {
      return (
        <SkeletonRows rows={14} rowHeight={ROW} columns="184px 1fr 1fr 2.4fr 88px" sentence="Reading the history" />
      );
    }
    if (page.all === 0) {
      const sync = syncs[0];
      return (
        <EmptyState
          icon={IconHistory}
          title="Nothing was sent yet"
          actions={
            <Button variant="filled" onClick={() => navigate(sync ? `/sync/${sync.id}/preview` : '/sync/new')}>
              {sync ? `Preview ${sync.name}` : 'Make a sync'}
            </Button>
          }
        >
          Every run and undo, operation, import and API call is kept here, with what was there before and after. Nothing
          is written before you have seen its preview.
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
          None of {formatCountOf(page.all, 'entry', 'entries')} has these words and values.
        </EmptyState>
      );
    }
    return (
      <div ref={table} className={css.table} data-before={pages.isPrevious || undefined}>
        <VirtualTable
          label="History"
          columns={open !== null ? NARROW : slim ? SLIM : COLUMNS}
          rowHeight={ROW}
          totalRows={pages.totalRows}
          getRow={pages.getRow}
          onRange={pages.onRange}
          selected={selected}
          onSelect={(index, column) => (open !== null || column !== null ? pick(index) : setSelected(index))}
          onOpen={(_entry, index) => pick(index)}
          onKey={(event) => {
            if (event.key === 'Escape' && open !== null) {
              show(null);
              return true;
            }
            return undefined;
          }}
          minWidth={open === null ? 824 : 602}
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
                ? formatCountOf(page.all, 'entry', 'entries')
                : `${formatCount(page.total)} of ${formatCountOf(page.all, 'entry', 'entries')}`}
            </span>
          ) : undefined
        }
      />
      <PageBody flush>
        {page && page.all > 0 ? (
          <Filters
            filter={filter}
            syncs={syncs}
            orgs={orgs}
            sources={sources}
            onFilter={change}
            onLeaveSearch={toTable}
          />
        ) : null}
        {pages.error && page ? <ErrorNotice inline error={pages.error} retry={pages.refetch} /> : null}
        <div className={css.split} data-drawer={open !== null || undefined}>
          <div className={css.left}>{body()}</div>
          {open === null ? null : open.kind === 'run' ? (
            <RunDrawer
              key={open.id}
              run={open.id}
              onStep={selected === null ? null : step}
              onRun={(run) => show({ kind: 'run', id: run })}
              onClose={close}
            />
          ) : (
            <EntryDrawer
              key={`${open.kind} ${open.id}`}
              entry={open}
              onStep={selected === null ? null : step}
              onClose={close}
            />
          )}
        </div>
      </PageBody>
    </>
  );
}

/** Whether its figures still change. */
function isRunning(entry: HistoryEntryView): boolean {
  return entry.kind === 'call' ? entry.state === 'under_way' : entry.status === 'running';
}
