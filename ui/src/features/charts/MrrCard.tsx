import { AreaChart } from '@mantine/charts';
import { type MetricMonthView, type MetricsReadingView, useAction } from '@/backend';
import { formatMoney } from '@/components';
import { ChartCard } from './ChartCard';
import css from './charts.module.css';
import { FigureTable, known } from './FigureTable';
import { direction, last, monthName, monthShort, monthWord, signed } from './months';
import { SaveCsv, Saved } from './SaveCsv';
import { axisOf, scaleOf, shortFigure, ticksOf } from './scale';
import { Tip } from './Tip';

interface Props {
  connection: number;
  plan: string | null;
  reading: MetricsReadingView;
  /** How many months; all where there is no number. */
  count: number | null;
  /** What the figures are of, in words. */
  meta: string;
}

interface Point {
  month: string;
  mrr: number | null;
  view: MetricMonthView;
}

/** Dots where a line alone would not be seen, and at the end. */
function Dot({ cx, cy, index, points }: { cx?: number; cy?: number; index?: number; points: ReadonlyArray<Point> }) {
  const at = index ?? 0;
  const alone = (points[at - 1]?.mrr ?? null) === null && (points[at + 1]?.mrr ?? null) === null;
  const end = points.findLastIndex((one) => one.mrr !== null) === at;
  if (typeof cx !== 'number' || typeof cy !== 'number' || (points[at]?.mrr ?? null) === null || !(alone || end)) {
    return <g />;
  }
  return <circle cx={cx} cy={cy} r={4} fill="var(--db-c1)" stroke="var(--db-surface)" strokeWidth={2} />;
}

/** Monthly recurring revenue by month; a month nobody gave a figure for is a gap. */
export function MrrCard({ connection, plan, reading, count, meta }: Props) {
  const saving = useAction('metrics_save');
  const months = last(reading.months, count);
  const points: Array<Point> = months.map((view) => ({
    month: view.month,
    mrr: view.mrr === null ? null : Number(view.mrr),
    view,
  }));
  const latest = months.findLast((one) => one.mrr !== null);
  const values = points.flatMap((one) => (one.mrr === null ? [] : [one.mrr]));
  const scale = scaleOf(values, { zero: false });
  const axis = axisOf(scale.ticks);
  const ticks = ticksOf(
    months.map((one) => one.month),
    5,
  );
  const save = () => saving.mutate({ connection, plan, chart: 'mrr', months: count });
  const gaps = months.length - values.length;
  const span = `${monthName(months[0]?.month ?? '')} to ${monthName(months.at(-1)?.month ?? '')}`;

  return (
    <ChartCard
      title="MRR by month"
      meta={meta}
      id="mrr"
      save={<SaveCsv of="MRR by month" saving={saving} onSave={save} />}
      saved={<Saved saving={saving} onRetry={save} />}
      head={
        latest ? (
          <div className={css.headline}>
            <p className={css.figure} data-testid="mrr-figure">
              {formatMoney(latest.mrr ?? '')}
              <span className={css.unit}>{reading.currency}</span>
            </p>
            <p className={css.second}>{changeOf(reading.months, latest)}</p>
          </div>
        ) : (
          <div className={css.headline}>
            <p className={css.figure}>not known</p>
            <p className={css.second}>ProfitWell gives no MRR for any of these months.</p>
          </div>
        )
      }
      chart={
        values.length === 0 ? (
          <p className={css.none}>There is nothing to draw. The table says what each month has.</p>
        ) : (
          <figure
            className={css.drawing}
            role="img"
            aria-label={`MRR in ${reading.currency}, ${span}, from ${shortFigure(Math.min(...values))} to ${shortFigure(Math.max(...values))}${gaps > 0 ? `, ${gaps} without a figure` : ''}. The table has the figures.`}
          >
            <AreaChart
              h={236}
              data={points as unknown as Array<Record<string, unknown>>}
              dataKey="month"
              series={[{ name: 'mrr', label: 'MRR', color: 'var(--db-c1)' }]}
              curveType="linear"
              connectNulls={false}
              withGradient={false}
              fillOpacity={0}
              strokeWidth={2}
              strokeDasharray="0"
              gridColor="var(--db-c-grid)"
              textColor="var(--db-text-3)"
              tickLine="none"
              withTooltip
              tooltipAnimationDuration={0}
              areaProps={{
                isAnimationActive: false,
                activeDot: { r: 4, stroke: 'var(--db-surface)', strokeWidth: 2 },
                dot: (props: { cx?: number; cy?: number; index?: number; key?: React.Key | null }) => (
                  <Dot key={props.key ?? props.index} cx={props.cx} cy={props.cy} index={props.index} points={points} />
                ),
              }}
              areaChartProps={{ accessibilityLayer: false, margin: { top: 8, right: 12, bottom: 0, left: 0 } }}
              xAxisProps={{
                ticks,
                interval: 0,
                padding: { left: 12, right: 12 },
                tickFormatter: (month: string) => axisWord(month, ticks),
              }}
              yAxisProps={{ ...scale, width: axis.width, interval: 0, tickFormatter: axis.write }}
              tooltipProps={{
                isAnimationActive: false,
                content: ({ payload }) => {
                  const point = payload?.[0]?.payload as Point | undefined;
                  return point ? (
                    <Tip
                      title={nameOf(point.view)}
                      rows={[
                        {
                          label: 'MRR',
                          value: point.view.mrr === null ? 'not known' : formatMoney(point.view.mrr),
                          colour: 'var(--db-c1)',
                        },
                        {
                          label: 'Change',
                          value: point.view.change === null ? 'not known' : signed(point.view.change),
                        },
                      ]}
                    />
                  ) : null;
                },
              }}
            />
          </figure>
        )
      }
      table={
        <FigureTable
          label={`MRR by month in ${reading.currency}, newest first`}
          rows={[...months].reverse()}
          rowKey={(row) => row.month}
          columns={[
            { head: 'Month', words: true, cell: nameOf },
            { head: `MRR, ${reading.currency}`, cell: (row) => known(row.mrr, formatMoney) },
            { head: 'Change', cell: (row) => known(row.change, signed) },
            { head: 'Customers', cell: (row) => known(row.customers, (text) => text) },
            { head: 'Churn rate', cell: (row) => known(row.churn_rate, (text) => `${text}%`) },
          ]}
        />
      }
    />
  );
}

/** A month, and whether it goes on. */
export function nameOf(month: MetricMonthView): string {
  return month.unfinished ? `${monthName(month.month)}, so far` : monthName(month.month);
}

/** The ends of an axis with their year, the months between without. */
export function axisWord(month: string, ticks: ReadonlyArray<string>): string {
  const spans = (ticks.at(-1) ?? '').slice(0, 4) !== (ticks[0] ?? '').slice(0, 4) && ticks.length > 1;
  const long = spans && Number((ticks.at(-1) ?? '').slice(0, 4)) - Number((ticks[0] ?? '').slice(0, 4)) > 1;
  return long || month === ticks[0] || month === ticks.at(-1) ? monthName(month) : monthShort(month);
}

function changeOf(months: ReadonlyArray<MetricMonthView>, latest: MetricMonthView) {
  const when = latest.unfinished ? `${monthWord(latest.month)} so far: the month is not over` : monthName(latest.month);
  const before = months[months.indexOf(latest) - 1];
  if (latest.change === null || !before) return before ? `${when}; the month before is not known` : when;
  return (
    <>
      <span className={css.change} data-direction={direction(latest.change)}>
        {signed(latest.change)}
      </span>{' '}
      since {monthWord(before.month)}. {when}
    </>
  );
}
