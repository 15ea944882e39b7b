import { BarChart } from '@mantine/charts';
import { type MetricMonthView, type MetricsReadingView, useAction } from '@/backend';
import { formatMoney } from '@/components';
import { ChartCard } from './ChartCard';
import css from './charts.module.css';
import { FigureTable, known } from './FigureTable';
import { axisWord, nameOf } from './MrrCard';
import { direction, last, monthName, monthWord, signed } from './months';
import { SaveCsv, Saved } from './SaveCsv';
import { axisOf, scaleOf, ticksOf } from './scale';
import { Tip } from './Tip';

type Part = 'new' | 'reactivated' | 'upgraded' | 'between_plans' | 'downgraded' | 'churned';

const WORDS: Record<Part, string> = {
  new: 'New',
  reactivated: 'Reactivated',
  upgraded: 'Upgraded',
  between_plans: 'Between plans',
  downgraded: 'Downgraded',
  churned: 'Churned',
};
const COLOURS: Record<Part, string> = {
  new: 'var(--db-c1)',
  reactivated: 'var(--db-c3)',
  upgraded: 'var(--db-c2)',
  between_plans: 'var(--db-unchanged)',
  downgraded: 'var(--db-c4)',
  churned: 'var(--db-c5)',
};
const ALL: ReadonlyArray<Part> = ['new', 'reactivated', 'upgraded', 'between_plans', 'downgraded', 'churned'];

interface Props {
  connection: number;
  plan: string | null;
  reading: MetricsReadingView;
  count: number | null;
  meta: string;
}

/** What made revenue grow, above the line, and shrink, below it. */
export function MovementCard({ connection, plan, reading, count, meta }: Props) {
  const saving = useAction('metrics_save');
  const months = last(reading.months, count);
  const parts = ALL.filter((part) => part !== 'between_plans' || plan !== null);
  const points = months.map((view) => ({
    month: view.month,
    view,
    ...Object.fromEntries(parts.map((part) => [part, view[part] === null ? null : Number(view[part])])),
  }));
  const heights = months.flatMap((view) => {
    const figures = parts.map((part) => Number(view[part] ?? 0));
    const sum = (some: Array<number>) => some.reduce((all, one) => all + one, 0);
    return [sum(figures.filter((one) => one > 0)), sum(figures.filter((one) => one < 0))];
  });
  const something = months.some((view) => parts.some((part) => view[part] !== null));
  const scale = scaleOf(heights, { zero: true, steps: 4 });
  const axis = axisOf(scale.ticks);
  const ticks = ticksOf(
    months.map((one) => one.month),
    5,
  );
  const latest = months.at(-1);
  const save = () => saving.mutate({ connection, plan, chart: 'movement', months: count });

  return (
    <ChartCard
      title="Movement"
      meta={meta}
      id="movement"
      save={<SaveCsv of="movement" saving={saving} onSave={save} />}
      saved={<Saved saving={saving} onRetry={save} />}
      head={latest ? <Headline latest={latest} currency={reading.currency} /> : null}
      chart={
        something ? (
          <>
            <ul className={css.legend} aria-label="Colours">
              {parts.map((part) => (
                <li key={part}>
                  <span className={css.key} style={{ background: COLOURS[part] }} aria-hidden />
                  {WORDS[part]}
                </li>
              ))}
            </ul>
            <figure
              className={css.drawing}
              role="img"
              aria-label={`Movement of MRR in ${reading.currency}, ${monthName(months[0]?.month ?? '')} to ${monthName(latest?.month ?? '')}: growth above the line, losses below it. The table has the figures.`}
            >
              <BarChart
                h={208}
                data={points as unknown as Array<Record<string, unknown>>}
                dataKey="month"
                type="stacked"
                series={parts.map((part) => ({ name: part, label: WORDS[part], color: COLOURS[part] }))}
                strokeDasharray="0"
                gridColor="var(--db-c-grid)"
                textColor="var(--db-text-3)"
                tickLine="none"
                tooltipAnimationDuration={0}
                maxBarWidth={28}
                barProps={{
                  isAnimationActive: false,
                  stroke: 'var(--db-surface)',
                  strokeWidth: months.length > 40 ? 0 : 1,
                }}
                barChartProps={{
                  accessibilityLayer: false,
                  stackOffset: 'sign',
                  margin: { top: 8, right: 12, bottom: 0, left: 0 },
                }}
                referenceLines={[{ y: 0, color: 'var(--db-line-control)' }]}
                cursorFill="var(--db-hover)"
                xAxisProps={{ ticks, interval: 0, tickFormatter: (month: string) => axisWord(month, ticks) }}
                yAxisProps={{ ...scale, width: axis.width, interval: 0, tickFormatter: axis.write }}
                tooltipProps={{
                  isAnimationActive: false,
                  content: ({ payload }) => {
                    const view = (payload?.[0]?.payload as { view: MetricMonthView } | undefined)?.view;
                    return view ? (
                      <Tip
                        title={nameOf(view)}
                        rows={[
                          ...parts.map((part) => ({
                            label: WORDS[part],
                            value: view[part] === null ? 'not known' : formatMoney(view[part]),
                            colour: COLOURS[part],
                          })),
                          { label: 'Net', value: view.net === null ? 'not known' : signed(view.net) },
                        ]}
                      />
                    ) : null;
                  },
                }}
              />
            </figure>
          </>
        ) : (
          <p className={css.none}>There is nothing to draw. The table says what each month has.</p>
        )
      }
      table={
        <FigureTable
          label={`Movement of MRR by month in ${reading.currency}, newest first`}
          rows={[...months].reverse()}
          rowKey={(row) => row.month}
          columns={[
            { head: 'Month', words: true, cell: nameOf },
            { head: `Net, ${reading.currency}`, cell: (row) => known(row.net, signed) },
            ...parts.map((part) => ({
              head: WORDS[part],
              cell: (row: MetricMonthView) => known(row[part], formatMoney),
            })),
          ]}
        />
      }
    />
  );
}

function Headline({ latest, currency }: { latest: MetricMonthView; currency: string }) {
  const month = latest.unfinished
    ? `${monthWord(latest.month)} so far: the month is not over`
    : monthName(latest.month);
  return (
    <div className={css.headline}>
      <p className={css.figure} data-testid="movement-figure">
        {latest.net === null ? (
          'not known'
        ) : (
          <>
            <span className={css.change} data-direction={direction(latest.net)}>
              {signed(latest.net)}
            </span>
            <span className={css.unit}>{currency} net</span>
          </>
        )}
      </p>
      <p className={css.second}>
        {month}
        {latest.net === null ? '. ProfitWell does not give every part' : ''}
      </p>
    </div>
  );
}
