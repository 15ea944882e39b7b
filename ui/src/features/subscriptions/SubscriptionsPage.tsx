import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChartBar, IconClock, IconFilterOff, IconPlugConnected, IconRefresh, IconTable } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { type SourceAge, useConnections, usePages, useSourcePull, useSubscriptionFacets } from '@/backend';
import {
  EmptyState,
  ErrorNotice,
  formatAge,
  PageBody,
  PageHead,
  SkeletonRows,
  StaleStrip,
  VirtualTable,
} from '@/components';
import { oldestReading, staleSources } from './age';
import { CustomerDrawer } from './CustomerDrawer';
import { columnsOf } from './columns';
import { Filters } from './Filters';
import { EVERYTHING, type Filter, filterOf, pathWith, requestOf } from './filter';
import css from './subscriptions.module.css';
import { Totals } from './Totals';
import { useChartsKey } from './useChartsKey';

/** Every customer and subscription of every source, with totals that follow the filter. */
export function SubscriptionsPage() {
  const [params] = useSearchParams();
  // A link that names a customer starts the page afresh at that customer.
  return <Subscriptions key={params.toString()} params={params} />;
}

function Subscriptions({ params }: { params: URLSearchParams }) {
  const navigate = useNavigate();
  const linked = params.get('customer');
  const linkedSource = Number(params.get('source')) || null;
  const [filter, setFilter] = useState<Filter>(() => filterOf(params));
  const [search] = useDebouncedValue(filter.search, 120);
  const [selected, setSelected] = useState<number | null>(null);
  const [open, setOpen] = useState<{ source: number; customer: string } | null>(
    linked && linkedSource ? { source: linkedSource, customer: linked } : null,
  );
  const table = useRef<HTMLDivElement>(null);
  const request = useMemo(() => requestOf({ ...filter, search }), [filter, search]);
  const pages = usePages('subscription_list', request, { pageSize: 200 });
  const facets = useSubscriptionFacets();
  const connections = useConnections();
  const readAgain = useSourcePull();
  const page = pages.first;
  const sources = page?.sources ?? [];
  const stale = staleSources(sources);
  const unreachable = stale.filter((one) => !one.reachable);
  const pulled = sources.filter((one) => one.pulled_at !== null);
  const read = oldestReading(pulled);

  const change = (next: Filter) => {
    setFilter(next);
    setSelected(null);
  };
  const columns = useMemo(() => columnsOf(filter, change), [filter]);
  const pick = (index: number) => {
    const row = pages.getRow(index);
    setSelected(index);
    if (row) {
      setOpen({ source: row.source, customer: row.customer });
    }
  };
  const step = (by: 1 | -1) => {
    if (selected !== null) {
      pick(Math.max(0, Math.min(pages.totalRows - 1, selected + by)));
    }
  };
  const pull = (some: SourceAge[]) => {
    for (const one of some) {
      readAgain.mutate({ connection: one.source });
    }
  };
  const reading = readAgain.isPending;
  const toCharts = () => {
    // Whoever comes back finds the table as it was.
    navigate(pathWith('/subscriptions', filter), { replace: true });
    navigate(pathWith('/subscriptions/charts', filter));
  };
  useChartsKey(toCharts);

  const billing = connections.data?.some((one) => one.provider !== 'salesforce');
  const body = () => {
    if (pages.error && !page) {
      return <ErrorNotice error={pages.error} retry={pages.refetch} />;
    }
    if (!page) {
      return (
        <SkeletonRows
          rows={24}
          rowHeight={24}
          columns="minmax(180px, 1fr) 98px 112px 94px 100px 104px 104px"
          sentence="Reading subscriptions"
        />
      );
    }
    if (page.all === 0 && (billing === false || sources.length === 0)) {
      return (
        <EmptyState
          icon={IconPlugConnected}
          title="No billing source is connected yet"
          actions={
            <Button variant="filled" onClick={() => navigate('/connections')}>
              Connect a source
            </Button>
          }
        >
          Connect Alguna or ProfitWell to see its customers and subscriptions here, offline too.
        </EmptyState>
      );
    }
    if (page.all === 0) {
      return (
        <EmptyState
          icon={IconTable}
          title="Nothing was read yet"
          actions={
            <Button variant="filled" loading={reading} onClick={() => pull(sources)} data-testid="subscriptions-read">
              {`Read from ${sources.map((one) => one.name).join(' and ')}`}
            </Button>
          }
        >
          {sources.map((one) => one.name).join(' and ')} {sources.length === 1 ? 'is' : 'are'} connected. Customers and
          subscriptions are read into this computer, to be browsed offline too. Nothing is written.
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
          No customer or subscription has these words and values.
        </EmptyState>
      );
    }
    return (
      <div ref={table} className={css.table} data-before={pages.isPrevious || undefined}>
        <VirtualTable
          label="Subscriptions"
          dense
          columns={columns}
          rowHeight={24}
          headHeight={28}
          totalRows={pages.totalRows}
          getRow={pages.getRow}
          onRange={pages.onRange}
          selected={selected}
          // A click names its cell and opens the drawer; the arrow keys only lead an open one along.
          onSelect={(index, column) => (open || column !== null ? pick(index) : setSelected(index))}
          onOpen={(_row, index) => pick(index)}
          onKey={(event) => {
            if (event.key === 'Escape' && open) {
              setOpen(null);
              return true;
            }
            return undefined;
          }}
          minWidth={798}
          resetKey={JSON.stringify(request)}
        />
      </div>
    );
  };

  return (
    <>
      <PageHead title="Subscriptions">
        {read ? (
          <span className={css.read}>
            <IconClock size={14} stroke={1.9} aria-hidden />
            Read from {pulled.map((one) => one.name).join(' and ')} {formatAge(read)}
          </span>
        ) : null}
        <Button
          leftSection={<IconChartBar size={16} stroke={1.75} aria-hidden />}
          onClick={toCharts}
          aria-keyshortcuts="C"
          title="Charts (C)"
          data-testid="subscriptions-charts"
        >
          Charts
        </Button>
        {read ? (
          <Button
            loading={reading}
            leftSection={<IconRefresh size={16} stroke={1.75} aria-hidden />}
            onClick={() => pull(sources)}
          >
            Read again
          </Button>
        ) : null}
      </PageHead>
      <PageBody flush>
        <Filters
          filter={filter}
          facets={facets.data}
          sources={sources}
          onFilter={change}
          onLeaveSearch={() => table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()}
        />
        {stale.length > 0 ? (
          <StaleStrip readAt={oldestReading(stale)} retry={() => pull(stale)}>
            {unreachable.length > 0
              ? `${unreachable.map((one) => one.name).join(' and ')} cannot be reached; what was read before stays.`
              : `${stale.map((one) => one.name).join(' and ')} was not read for a day.`}
          </StaleStrip>
        ) : null}
        {readAgain.error ? <ErrorNotice inline error={readAgain.error} retry={() => pull(sources)} /> : null}
        {pages.error && page ? <ErrorNotice inline error={pages.error} retry={pages.refetch} /> : null}
        <div className={css.split} data-drawer={open !== null || undefined}>
          <div className={css.left}>
            {body()}
            {page && page.all > 0 ? (
              <Totals page={page} oldSince={stale.length > 0 ? oldestReading(stale) : undefined} />
            ) : null}
          </div>
          {open ? (
            <CustomerDrawer
              key={`${open.source}-${open.customer}`}
              source={open.source}
              customer={open.customer}
              age={sources.find((one) => one.source === open.source)}
              onStep={selected === null ? null : step}
              onClose={() => setOpen(null)}
            />
          ) : null}
        </div>
      </PageBody>
    </>
  );
}
