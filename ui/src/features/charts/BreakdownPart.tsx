import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconFilterOff, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { type BreakdownView, type CurrencyBreakdownView, useCommand } from '@/backend';
import {
  Card,
  EmptyState,
  ErrorNotice,
  formatCount,
  formatCountOf,
  formatMoney,
  SkeletonBar,
  StaleStrip,
} from '@/components';
import { oldestReading, staleSources } from '@/features/subscriptions/age';
import { EVERYTHING, type Filter, narrowingOf, narrows, pathWith } from '@/features/subscriptions/filter';
import { statusWord } from '@/features/subscriptions/Status';
import css from './charts.module.css';
import { SharesCard } from './SharesCard';

/** More currencies than this are chosen from a list. */
const TABS = 5;

/** The cached subscriptions of the table's filter, by plan and by status. */
export function BreakdownPart({ filter, onFilter }: { filter: Filter; onFilter: (filter: Filter) => void }) {
  const navigate = useNavigate();
  const query = useCommand('subscription_breakdown', narrowingOf(filter), { keepPrevious: true });
  const [chosen, setChosen] = useState<string | null>(null);
  const view = query.data;
  const current = view?.currencies.find((one) => one.currency === chosen) ?? view?.currencies[0];
  const stale = staleSources(view?.sources ?? []);

  const body = () => {
    if (query.error && !view) {
      return (
        <Card>
          <ErrorNotice error={query.error} retry={() => void query.refetch()} />
        </Card>
      );
    }
    if (!view) return <SharesSkeleton />;
    if (view.all === 0) {
      return (
        <Card>
          <EmptyState
            icon={IconTable}
            title="No subscription was read yet"
            actions={<Button onClick={() => navigate('/subscriptions')}>Open Subscriptions</Button>}
          >
            Plans and status are counted from the subscriptions that were read onto this computer.
          </EmptyState>
        </Card>
      );
    }
    if (!current) {
      return (
        <Card>
          <EmptyState
            icon={IconFilterOff}
            title="Nothing matches"
            actions={<Button onClick={() => onFilter(EVERYTHING)}>Clear the filter</Button>}
          >
            No customer or subscription has these words and values.
          </EmptyState>
        </Card>
      );
    }
    const props = { of: current, filter };
    const key = `${current.currency}-${JSON.stringify(narrowingOf(filter))}`;
    return (
      <div className={css.grid} data-before={query.isPlaceholderData || undefined}>
        <SharesCard key={`plan-${key}`} by="plan" {...props} />
        <SharesCard key={`status-${key}`} by="status" {...props} />
      </div>
    );
  };

  return (
    <>
      <section className={css.tools} aria-label="Subscriptions by plan and status">
        <h2>Subscriptions</h2>
        {view && current ? <Currencies view={view} current={current} onChoose={setChosen} /> : null}
        <span className={css.space} />
        <span className={css.third} data-testid="breakdown-follows">
          {view ? follows(view, filter) : ''}
        </span>
        {narrows(filter) ? (
          <>
            <Link to={pathWith('/subscriptions', filter)}>Show them</Link>
            <Button
              size="compact-sm"
              variant="quiet"
              onClick={() => onFilter(EVERYTHING)}
              data-testid="breakdown-clear"
            >
              Clear the filter
            </Button>
          </>
        ) : null}
      </section>
      {narrows(filter) ? <p className={css.filter}>{inWords(filter, view)}</p> : null}
      {query.error && view ? <ErrorNotice inline error={query.error} retry={() => void query.refetch()} /> : null}
      {stale.length > 0 ? (
        <div className={css.strip}>
          <StaleStrip readAt={oldestReading(stale)}>
            {stale.map((one) => one.name).join(' and ')}{' '}
            {stale.some((one) => !one.reachable) ? 'cannot be reached' : 'was not read for a day'}; these are the
            figures of then.
          </StaleStrip>
        </div>
      ) : null}
      {body()}
    </>
  );
}

function follows(view: BreakdownView, filter: Filter): string {
  const sources = view.sources
    .filter((one) => filter.source === null || one.source === filter.source)
    .map((one) => one.name)
    .join(' and ');
  return narrows(filter)
    ? `${formatCount(view.total)} of ${formatCount(view.all)}, by the filter of the table`
    : `All ${formatCountOf(view.all, 'row')} of the table${sources ? `, from ${sources}` : ''}; currencies are not converted`;
}

/** The filter as a sentence. */
function inWords(filter: Filter, view: BreakdownView | undefined): string {
  const list = (label: string, values: ReadonlyArray<string>, word = (value: string) => value) =>
    values.length > 0 ? `${label} ${values.map((value) => word(value) || 'none').join(', ')}` : null;
  const source = view?.sources.find((one) => one.source === filter.source)?.name;
  return `Only: ${[
    filter.search.trim() ? `words “${filter.search.trim()}”` : null,
    source ? `source ${source}` : null,
    list('status', filter.status, statusWord),
    list('plan', filter.plan),
    list('interval', filter.interval),
    list('currency', filter.currency),
  ]
    .filter(Boolean)
    .join(' · ')}`;
}

function Currencies({
  view,
  current,
  onChoose,
}: {
  view: BreakdownView;
  current: CurrencyBreakdownView;
  onChoose: (currency: string) => void;
}) {
  const word = (one: CurrencyBreakdownView) => one.currency || 'no currency';
  const many = view.currencies.length > TABS;
  return (
    <>
      {view.currencies.length < 2 ? null : many ? (
        <Select
          size="xs"
          w={110}
          aria-label="Currency"
          data={view.currencies.map((one) => ({ value: one.currency || '-', label: word(one) }))}
          value={current.currency || '-'}
          allowDeselect={false}
          onChange={(next) => onChoose(next === '-' || next === null ? '' : next)}
        />
      ) : (
        <SegmentedControl
          size="xs"
          aria-label="Currency"
          value={current.currency || '-'}
          onChange={(next) => onChoose(next === '-' ? '' : next)}
          data={view.currencies.map((one) => ({ value: one.currency || '-', label: word(one) }))}
          classNames={{ root: css.ways, label: css.way }}
          data-testid="breakdown-currency"
        />
      )}
      <span data-testid="breakdown-total">
        <b className="tabular">{current.mrr ? formatMoney(current.mrr.amount) : 'not known'}</b>{' '}
        <span className={css.third}>
          {current.currency} MRR, {formatCountOf(current.rows, 'row')}
          {current.known < current.rows ? `, ${formatCount(current.rows - current.known)} without a figure` : ''}
        </span>
      </span>
    </>
  );
}

function SharesSkeleton() {
  return (
    <div className={css.grid} role="status" aria-busy="true">
      {[0, 1].map((one) => (
        <Card key={one} className={css.card}>
          <div className={css.waiting} aria-hidden="true">
            {[0, 1, 2, 3, 4].map((row) => (
              <SkeletonBar key={row} row={row + one} />
            ))}
          </div>
        </Card>
      ))}
      <span className="unseen">Adding up subscriptions</span>
    </div>
  );
}
