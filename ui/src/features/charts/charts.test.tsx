import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type {
  BreakdownRequest,
  BreakdownView,
  CurrencyBreakdownView,
  MetricMonthView,
  MetricsReadingView,
  MetricsView,
  ShareView,
  SourceAge,
} from '@/backend';
import { type Answers, errorOf, renderWith, testBackend } from '@/testing';
import { ChartsPage } from './ChartsPage';

const own = (more: Partial<SourceAge> = {}): SourceAge => ({
  source: 3,
  name: 'ProfitWell',
  pulled_at: new Date().toISOString(),
  reachable: true,
  ...more,
});

const month = (name: string, more: Partial<MetricMonthView> = {}): MetricMonthView => ({
  month: name,
  unfinished: false,
  mrr: '428315.4',
  change: '7204',
  new: '9000.5',
  reactivated: '100',
  upgraded: '300',
  between_plans: null,
  downgraded: '-200.25',
  churned: '-1996.25',
  net: '7204',
  customers: '412',
  churn_rate: '1.25',
  ...more,
});

const reading = (months: Array<MetricMonthView>, more: Partial<MetricsReadingView> = {}): MetricsReadingView => ({
  read_at: new Date().toISOString(),
  currency: 'USD',
  company: 'Fernhill',
  time_zone: 'Europe/Madrid',
  months,
  trends: [],
  ...more,
});

const view = (kept: MetricsReadingView | null, more: Partial<MetricsView> = {}): MetricsView => ({
  connections: [own()],
  connection: 3,
  plan: null,
  plans: kept ? ['premium_plan', 'web_plan'] : [],
  reading: kept,
  ...more,
});

const share = (value: string, rows: number, mrr: string | null): ShareView => ({
  value,
  rows,
  known: mrr === null ? 0 : rows,
  mrr,
});

const currency = (code: string, more: Partial<CurrencyBreakdownView> = {}): CurrencyBreakdownView => ({
  currency: code,
  rows: 40,
  known: 39,
  mrr: { amount: '1234567.5', currency: code },
  plans: {
    largest: [share('Growth 2026', 30, '1234000'), share('', 4, '500')],
    other_count: 7,
    others: share('', 6, '67.5'),
  },
  statuses: { largest: [share('past_due', 40, '1234567.5')], other_count: 0, others: null },
  ...more,
});

const breakdown = (currencies: Array<CurrencyBreakdownView>, more: Partial<BreakdownView> = {}): BreakdownView => ({
  total: 40,
  all: 40,
  currencies,
  sources: [own()],
  ...more,
});

function drawn(
  metrics: MetricsView | (() => Promise<MetricsView>),
  answers: Answers = {},
  path = '/subscriptions/charts',
) {
  const server = testBackend({
    metrics_view: () => (typeof metrics === 'function' ? metrics() : metrics),
    subscription_breakdown: () => breakdown([currency('USD'), currency('EUR', { rows: 2, known: 2 })]),
    connection_list: () => [],
    ...answers,
  });
  renderWith(<ChartsPage />, server, { path, route: '/subscriptions/charts' });
  return server;
}

const card = (id: string) => screen.findByTestId(`chart-${id}`);
const asTable = async (id: string) => {
  const one = await card(id);
  await userEvent.click(within(one).getByText('Table'));
  return [...within(one).getByRole('table').querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
};

describe('charts of metrics', () => {
  it('say the figure of the latest month, its change and that the month goes on', async () => {
    drawn(view(reading([month('2026-10'), month('2026-11', { unfinished: true })])));
    expect((await screen.findByTestId('mrr-figure')).textContent).toBe('428,315.40USD');
    expect((await card('mrr')).textContent).toContain(
      '+7,204.00 since October. November so far: the month is not over',
    );
    expect(screen.getByTestId('movement-figure').textContent).toBe('+7,204.00USD net');
    expect((await card('movement')).textContent).toContain('November so far: the month is not over');
  });

  it('read as tables, where what is not known is said', async () => {
    drawn(
      view(
        reading([
          month('2026-09', { mrr: null, change: null, net: null, churned: null }),
          month('2026-10', { change: null }),
          month('2026-11', { mrr: '-12345678901234567890.125', change: '-0', net: '-0.5' }),
        ]),
      ),
    );
    expect(await asTable('mrr')).toEqual([
      ['Nov 2026', '−12,345,678,901,234,567,890.13', '0.00', '412', '1.25%'],
      ['Oct 2026', '428,315.40', 'not known', '412', '1.25%'],
      ['Sep 2026', 'not known', 'not known', '412', '1.25%'],
    ]);
    expect((await asTable('movement'))[2]).toEqual([
      'Sep 2026',
      'not known',
      '9,000.50',
      '100.00',
      '300.00',
      '−200.25',
      'not known',
    ]);
  });

  it('show so many months as are asked for', async () => {
    const years = Array.from({ length: 120 }, (_, at) =>
      month(`${2017 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`),
    );
    drawn(view(reading(years)));
    expect((await asTable('mrr')).length).toBe(12);
    await userEvent.click(screen.getByRole('radio', { name: 'All' }));
    expect((await asTable('mrr')).length).toBe(120);
  });

  it('stand with one month, and with none that has a figure', async () => {
    const bare = { mrr: null, change: null, new: null, reactivated: null, upgraded: null, downgraded: null };
    drawn(view(reading([month('2026-11', { ...bare, churned: null, net: null })])));
    expect((await card('mrr')).textContent).toContain('ProfitWell gives no MRR for any of these months');
    expect((await card('movement')).textContent).toContain('does not give every part');
    expect(await asTable('mrr')).toHaveLength(1);
  });

  it('offer to read what was never read, and ask for just that', async () => {
    let kept: MetricsReadingView | null = null;
    const server = drawn(async () => view(kept), {
      metrics_refresh: () => {
        kept = reading([month('2026-11')]);
        return view(kept);
      },
    });
    await userEvent.click(await screen.findByTestId('metrics-read'));
    expect(await screen.findByTestId('mrr-figure')).toBeTruthy();
    expect(server.calls.filter((call) => call.name === 'metrics_refresh').map((call) => call.request)).toEqual([
      { connection: null, plan: null, trends: [] },
    ]);
  });

  it('say what ProfitWell is for where it is not connected; plans and status stand', async () => {
    drawn(view(null, { connections: [], connection: null }));
    expect(await screen.findByText('MRR by month and movement need ProfitWell')).toBeTruthy();
    expect(screen.getByText(/Alguna keeps no months/)).toBeTruthy();
    expect(await card('plan')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Connect ProfitWell' }));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/connections?connect');
  });

  it('keep the figures when reading again fails, and say why', async () => {
    drawn(view(reading([month('2026-11')])), {
      metrics_refresh: () => {
        throw errorOf('unreachable', 'ProfitWell cannot be reached.', 'Check the network.');
      },
    });
    await userEvent.click(await screen.findByTestId('metrics-again'));
    expect((await screen.findByRole('alert')).textContent).toContain('ProfitWell cannot be reached.');
    expect(screen.getByTestId('mrr-figure')).toBeTruthy();
  });

  it('carry their age when they are old or ProfitWell is away', async () => {
    const old = reading([month('2026-11')], { read_at: '2026-11-01T09:00:00Z' });
    drawn(view(old, { connections: [own({ reachable: false })] }));
    expect(await screen.findByText(/ProfitWell cannot be reached; what was read before stays/)).toBeTruthy();
    expect(screen.getByTestId('mrr-figure')).toBeTruthy();
  });

  it('wait with their place kept, and say when nothing was counted yet', async () => {
    drawn(() => new Promise(() => {}));
    expect(await screen.findByTestId('metrics-loading')).toBeTruthy();
  });

  it('say when ProfitWell has counted no month', async () => {
    drawn(view(reading([])));
    expect(await screen.findByText('ProfitWell has counted no month yet')).toBeTruthy();
  });

  it('are of the connection and plan that are chosen', async () => {
    const server = drawn(
      view(reading([month('2026-11', { between_plans: '-5' })]), {
        connections: [own(), own({ source: 4, name: 'ProfitWell, Japan' })],
      }),
    );
    await userEvent.click(await screen.findByTestId('metrics-plan'));
    await userEvent.click(await screen.findByRole('option', { name: 'web_plan', hidden: true }));
    await waitFor(() => expect(server.calls.at(-1)?.request).toMatchObject({ connection: null, plan: 'web_plan' }));
    expect((await asTable('movement'))[0]).toContain('−5.00');
    await userEvent.click(screen.getByTestId('metrics-connection'));
    await userEvent.click(await screen.findByRole('option', { name: 'ProfitWell, Japan', hidden: true }));
    await waitFor(() => expect(server.calls.at(-1)?.request).toMatchObject({ connection: 4, plan: null }));
  });

  it('are saved as they are shown', async () => {
    const server = drawn(view(reading([month('2026-11')])), { metrics_save: () => ({ path: '/reports/mrr.csv' }) });
    await userEvent.click(within(await card('mrr')).getByRole('button', { name: 'Save MRR by month as CSV' }));
    expect((await screen.findByTestId('chart-saved')).textContent).toContain('Saved as /reports/mrr.csv');
    expect(server.calls.at(-1)).toEqual({
      name: 'metrics_save',
      request: { connection: 3, plan: null, chart: 'mrr', months: 12 },
    });
  });
});

describe('charts of subscriptions', () => {
  it('show each currency by itself, and what the others come to', async () => {
    drawn(view(null));
    const plans = await card('plan');
    expect(screen.getByTestId('breakdown-total').textContent).toContain(
      '1,234,567.50 USD MRR, 40 rows, 1 without a figure',
    );
    expect(within(plans).getByText('7 other plans')).toBeTruthy();
    expect(within(plans).getByText('No plan')).toBeTruthy();
    expect(within(await card('status')).getByText('Past due')).toBeTruthy();
    await userEvent.click(screen.getByRole('radio', { name: 'EUR' }));
    await waitFor(() => expect(screen.getByTestId('breakdown-total').textContent).toContain('EUR MRR, 2 rows'));
  });

  it('follow the filter of the table, say so, and lead to its rows', async () => {
    const asked: Array<BreakdownRequest> = [];
    drawn(
      view(null),
      {
        subscription_breakdown: (request) => {
          asked.push(request);
          return breakdown([currency('USD')], { total: 40, all: 900 });
        },
      },
      '/subscriptions/charts?search=edge&status=past_due&plan=&source=3',
    );
    await card('plan');
    expect(asked.at(-1)).toEqual({
      search: 'edge',
      source: 3,
      status: ['past_due'],
      interval: [],
      currency: [],
      plan: [''],
    });
    expect(screen.getByTestId('breakdown-follows').textContent).toBe('40 of 900, by the filter of the table');
    expect(screen.getByText(/words “edge” · source ProfitWell · status Past due · plan none/)).toBeTruthy();
    const [first] = screen.getAllByTestId('share-plan');
    expect(first?.getAttribute('href')).toBe(
      '/subscriptions?search=edge&source=3&status=past_due&currency=USD&plan=Growth+2026',
    );
    await userEvent.click(screen.getByTestId('breakdown-clear'));
    await waitFor(() => expect(asked.at(-1)).toMatchObject({ search: '', status: [], plan: [] }));
  });

  it('say when nothing matches, and when nothing was read', async () => {
    drawn(
      view(null),
      { subscription_breakdown: () => breakdown([], { total: 0, all: 900 }) },
      '/subscriptions/charts?plan=x',
    );
    expect(await screen.findByText('Nothing matches')).toBeTruthy();
  });

  it('say when nothing was read', async () => {
    drawn(view(null), { subscription_breakdown: () => breakdown([], { total: 0, all: 0 }) });
    expect(await screen.findByText('No subscription was read yet')).toBeTruthy();
  });

  it('count rows where no figure is known', async () => {
    const bare = {
      mrr: null,
      known: 0,
      plans: { largest: [share('a'.repeat(300), 3, null)], other_count: 0, others: null },
    };
    drawn(view(null), { subscription_breakdown: () => breakdown([currency('', bare)]) });
    expect((await card('plan')).textContent).toContain('no MRR is known: by count');
    expect(screen.getByTestId('breakdown-total').textContent).toContain('not known');
  });

  it('save every part, and say why not', async () => {
    const server = drawn(view(null), {
      breakdown_save: () => {
        throw errorOf('disk_full', 'The report was not saved.', 'Free some space.');
      },
    });
    await userEvent.click(within(await card('status')).getByRole('button', { name: 'Save by status as CSV' }));
    expect((await screen.findByRole('alert')).textContent).toContain('The report was not saved.');
    expect(server.calls.at(-1)?.request).toMatchObject({ by: 'status', filter: { plan: [] } });
  });
});
