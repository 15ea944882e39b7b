import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconCalendarOff, IconChartLine, IconPlugConnected, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type MetricsView, useAction, useCommand } from '@/backend';
import { Card, EmptyState, ErrorNotice, formatAge, SkeletonBar, StaleStrip } from '@/components';
import css from './charts.module.css';
import { MovementCard } from './MovementCard';
import { MrrCard } from './MrrCard';

const SPANS = { '12': 12, '24': 24, all: null } as const;
type Span = keyof typeof SPANS;

/** No plan has this id: ids have no line breaks. */
const EVERY_PLAN = '\n';

/** Figures older than this are said to be old, in hours. */
const OLD_AFTER_HOURS = 24;

/** What ProfitWell counts by month. */
export function MetricsPart() {
  const navigate = useNavigate();
  const [connection, setConnection] = useState<number | null>(null);
  const [plan, setPlan] = useState<string | null>(null);
  const [span, setSpan] = useState<Span>('12');
  const request = { connection, plan, trends: [] };
  const query = useCommand('metrics_view', request, { keepPrevious: true });
  const refresh = useAction('metrics_refresh');
  const view = query.data;
  const read = () => refresh.mutate(request);
  const reading = refresh.isPending;

  if (!view) {
    return query.error ? (
      <Card>
        <ErrorNotice error={query.error} retry={() => void query.refetch()} />
      </Card>
    ) : (
      <MetricsSkeleton />
    );
  }
  if (view.connection === null) {
    return (
      <Card data-testid="metrics-none">
        <EmptyState
          icon={IconPlugConnected}
          title="MRR by month and movement need ProfitWell"
          actions={<Button onClick={() => navigate('/connections?connect')}>Connect ProfitWell</Button>}
        >
          ProfitWell counts its metrics by month. Alguna keeps no months, so there is nothing to draw from it. Plans and
          status below stand.
        </EmptyState>
      </Card>
    );
  }
  const own = view.connections.find((one) => one.source === view.connection);
  const old = view.reading ? isOld(view.reading.read_at) : false;
  const unreachable = own?.reachable === false;
  return (
    <>
      <section className={css.tools} aria-label="ProfitWell metrics">
        <h2>ProfitWell metrics</h2>
        {view.connections.length > 1 ? (
          <Select
            size="xs"
            w={180}
            aria-label="ProfitWell connection"
            data={view.connections.map((one) => ({ value: String(one.source), label: one.name }))}
            value={String(view.connection)}
            allowDeselect={false}
            onChange={(next) => {
              setConnection(next === null ? null : Number(next));
              setPlan(null);
              refresh.reset();
            }}
            data-testid="metrics-connection"
          />
        ) : null}
        <Select
          size="xs"
          w={200}
          aria-label="Plan of the metrics"
          data={plansOf(view, plan)}
          value={plan ?? EVERY_PLAN}
          allowDeselect={false}
          searchable
          nothingFoundMessage="No plan is called so"
          limit={151}
          maxDropdownHeight={320}
          disabled={view.plans.length === 0 && plan === null}
          onChange={(next) => {
            setPlan(next === EVERY_PLAN ? null : next);
            refresh.reset();
          }}
          data-testid="metrics-plan"
        />
        <SegmentedControl
          size="xs"
          aria-label="Months"
          value={span}
          onChange={(next) => setSpan(next as Span)}
          data={[
            { value: '12', label: '12 months' },
            { value: '24', label: '24 months' },
            { value: 'all', label: 'All' },
          ]}
          classNames={{ root: css.ways, label: css.way }}
        />
        <span className={css.space} />
        {view.reading ? (
          <>
            <span className={css.third}>
              {view.reading.time_zone ? `Months in ${view.reading.time_zone}, read ` : 'Read '}
              {formatAge(view.reading.read_at)}
            </span>
            <Button
              size="compact-sm"
              loading={reading}
              leftSection={<IconRefresh size={14} stroke={1.9} aria-hidden />}
              onClick={read}
              data-testid="metrics-again"
            >
              Read metrics again
            </Button>
          </>
        ) : null}
      </section>
      {refresh.error ? <ErrorNotice inline error={refresh.error} retry={read} /> : null}
      {query.error ? <ErrorNotice inline error={query.error} retry={() => void query.refetch()} /> : null}
      {view.reading && (old || unreachable) && !refresh.error ? (
        <div className={css.strip}>
          <StaleStrip readAt={view.reading.read_at} retry={read} retryLabel="Read metrics again">
            {unreachable
              ? `${own?.name ?? 'ProfitWell'} cannot be reached; what was read before stays.`
              : 'The metrics were not read for a day.'}
          </StaleStrip>
        </div>
      ) : null}
      <Figures view={view} plan={plan} span={span} waiting={query.isPlaceholderData} reading={reading} onRead={read} />
    </>
  );
}

function Figures({
  view,
  plan,
  span,
  waiting,
  reading,
  onRead,
}: {
  view: MetricsView;
  plan: string | null;
  span: Span;
  /** Whether the figures are still those of another choice. */
  waiting: boolean;
  reading: boolean;
  onRead: () => void;
}) {
  const kept = view.reading;
  if (waiting) return <MetricsSkeleton />;
  if (!kept || view.connection === null) {
    const name = view.connections.find((one) => one.source === view.connection)?.name ?? 'ProfitWell';
    return (
      <Card data-testid="metrics-unread">
        <EmptyState
          icon={IconChartLine}
          title={plan === null ? 'The metrics were not read yet' : `The metrics of ${plan} were not read yet`}
          actions={
            <Button variant="filled" loading={reading} onClick={onRead} data-testid="metrics-read">
              Read metrics
            </Button>
          }
        >
          {name} counts MRR and what makes it grow and shrink, month by month. Three calls bring the whole history onto
          this computer, to be looked at offline too. Nothing is written.
        </EmptyState>
      </Card>
    );
  }
  if (kept.months.length === 0) {
    return (
      <Card data-testid="metrics-empty">
        <EmptyState icon={IconCalendarOff} title="ProfitWell has counted no month yet">
          {plan === null
            ? 'It counts from the first customer on. Read the metrics again when there is one.'
            : `It has no figures of ${plan}.`}
        </EmptyState>
      </Card>
    );
  }
  const meta = [plan ?? kept.company, kept.currency].filter(Boolean).join(', ');
  const props = { connection: view.connection, plan, reading: kept, count: SPANS[span], meta };
  // A saved file and its path belong to one choice.
  const choice = `${view.connection}-${plan ?? ''}-${span}`;
  return (
    <div className={css.grid}>
      <MrrCard key={`mrr-${choice}`} {...props} />
      <MovementCard key={`movement-${choice}`} {...props} />
    </div>
  );
}

function plansOf(view: MetricsView, chosen: string | null) {
  // One that was chosen stays a choice when ProfitWell lists it no more.
  const all = chosen === null ? view.plans : [...view.plans, chosen];
  const plans = [...new Set(all)].map((plan) => ({ value: plan, label: plan }));
  return [{ value: EVERY_PLAN, label: 'All plans' }, ...plans];
}

function isOld(readAt: string): boolean {
  return Date.now() - new Date(readAt).getTime() > OLD_AFTER_HOURS * 3_600_000;
}

/** The place of two charts while nothing is known yet. */
function MetricsSkeleton() {
  return (
    <div className={css.grid} role="status" aria-busy="true" data-testid="metrics-loading">
      {[0, 1].map((one) => (
        <Card key={one} className={css.card}>
          <div className={css.waiting} aria-hidden="true">
            <SkeletonBar row={one} />
            <SkeletonBar row={one + 2} />
            <span className={css.block} />
          </div>
        </Card>
      ))}
      <span className="unseen">Reading the metrics kept here</span>
    </div>
  );
}
