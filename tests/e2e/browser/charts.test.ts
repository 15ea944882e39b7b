import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConnectionView } from '../../../ui/src/backend/bindings.ts';
import { ask, SimulatedServer } from '../support/backend.ts';
import { shoot } from '../support/screenshots.ts';
import { until } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

let profitwell: ConnectionView;

const here = walk('charts', async ({ host, simulated }) => {
  const { urls, credentials } = simulated;
  const alguna = await ask(host.url, 'source_connect', {
    provider: 'alguna',
    name: 'Alguna',
    base_url: urls.alguna,
    key: credentials.alguna_api_key,
  });
  profitwell = await ask(host.url, 'source_connect', {
    provider: 'profitwell',
    name: 'ProfitWell',
    base_url: urls.profitwell,
    key: credentials.profitwell_token,
  });
  await leaveOutTheHuge(urls.profitwell, credentials.profitwell_token);
  for (const { id } of [alguna, profitwell]) await ask(host.url, 'source_pull', { connection: id });
}, 240);
const { at, look } = here;

/** One customer of the simulated ProfitWell pays more than all others together could: beside it nothing is seen. */
async function leaveOutTheHuge(url: string, token: string) {
  const headers = { Authorization: token };
  const rows = (await (await fetch(`${url}/v2/customers/?per_page=250`, { headers })).json()) as {
    customer_id: string;
    mrr_cents: number | null;
  }[];
  for (const { customer_id } of rows.filter((row) => (row.mrr_cents ?? 0) > 1e9)) {
    const path = `/v2/metrics/exclude_customer/${encodeURIComponent(customer_id)}/`;
    await fetch(`${url}${path}`, { method: 'POST', headers });
  }
}

const EVERYTHING = { search: '', source: null, status: [], interval: [], currency: [], plan: [] };
const plain = (text: string | null) => (text ?? '').replaceAll(',', '').replace('−', '-').replace('+', '');

/** What ProfitWell itself says, asked without Drawbridge. */
async function monthly(trend: string): Promise<{ date: string; value: number }[]> {
  const { urls, credentials } = here.simulated;
  const response = await fetch(`${urls.profitwell}/v2/metrics/monthly/`, {
    headers: { Authorization: credentials.profitwell_token },
  });
  const { data } = (await response.json()) as { data: Record<string, { date: string; value: number }[]> };
  return data[trend] ?? [];
}

/** How many calls of metrics ProfitWell was asked. */
async function asked(): Promise<number> {
  const seen = (await (await fetch(`${here.simulated.urls.profitwell}/sim/log`)).json()) as { path: string }[];
  return seen.filter((one) => one.path.startsWith('/v2/metrics/') || one.path.startsWith('/v2/company/')).length;
}

describe('charts', () => {
  it('are one click from the table, and have plans and status before any metric was read', async () => {
    await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Subscriptions' }).click();
    await at('subscriptions-shown').waitFor();
    await look('charts-from-table');
    await at('subscriptions-charts').click();
    await at('metrics-unread').waitFor();
    await at('chart-plan').waitFor();
    await look('charts-unread');
  });

  it('show what ProfitWell counts, digit for digit, after three calls', async () => {
    const before = await asked();
    await at('metrics-read').click();
    await at('mrr-figure').waitFor();
    expect((await asked()) - before).toBe(3);
    const mrr = (await monthly('recurring_revenue')).at(-1);
    expect(Number(plain(await at('mrr-figure').textContent()).replace(/[A-Z]+/, ''))).toBe(mrr?.value);
    await at('chart-mrr').locator('svg path.recharts-area-curve').waitFor();
    await at('chart-movement').locator('.recharts-bar-rectangle path').first().waitFor({ state: 'attached' });
    await look('charts-dollars');
    // The simulated customers who pay more than all others together pay in dollars.
    await at('breakdown-currency').getByText('EUR').click();
    await at('breakdown-total').getByText('EUR').waitFor();
    await here.page.mouse.move(0, 0);
    await look('charts', { readme: true });
    await at('breakdown-currency').getByText('USD').click();
  });

  it('fit a small window', async () => {
    await here.page.setViewportSize({ width: 1000, height: 700 });
    await shoot(here.page, 'charts-small');
    const wide = await here.page.evaluate(() => {
      const page = document.querySelector('#page');
      return page ? page.scrollWidth - page.clientWidth : 1;
    });
    expect(wide).toBeLessThanOrEqual(0);
    await here.page.setViewportSize({ width: 1400, height: 900 });
  });

  it('say the figures of a month at the pointer', async () => {
    const box = await at('chart-movement').locator('svg.recharts-surface').first().boundingBox();
    if (!box) throw new Error('no chart');
    await here.page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5);
    await here.page.getByText('Churned', { exact: true }).nth(1).waitFor();
    await look('charts-tip');
    await here.page.mouse.move(0, 0);
  });

  it('are tables for whoever prefers to read, with the whole history on demand', async () => {
    await here.page.getByRole('radiogroup', { name: 'Months' }).getByText('All').click();
    for (const id of ['mrr', 'movement', 'plan', 'status']) await at(`chart-${id}`).getByText('Table', { exact: true }).click();
    const rows = at('chart-mrr').locator('tbody tr');
    const all = await monthly('recurring_revenue');
    expect(await rows.count()).toBe(all.length);
    const oldest = await rows.last().locator('td').first().textContent();
    expect(Number(plain(oldest))).toBe(all[0]?.value);
    await look('charts-tables');
  });

  it('are saved as tables', async () => {
    await here.page.getByRole('button', { name: 'Save MRR by month as CSV' }).click();
    await at('chart-saved').waitFor();
    const path = (await at('chart-saved').locator('span').first().getAttribute('title')) ?? '';
    const lines = readFileSync(path, 'utf8').trim().split('\r\n');
    expect(lines[0]).toContain('Month,Month over,Currency,MRR,Change');
    expect(lines.length - 1).toBe((await monthly('recurring_revenue')).length);
    await look('charts-saved');
    for (const id of ['plan', 'status']) await at(`chart-${id}`).getByText('Chart', { exact: true }).click();
  });

  it('are of one plan, when asked', async () => {
    const before = await asked();
    await at('metrics-plan').click();
    const first = here.page.getByRole('option').nth(1);
    const plan = (await first.textContent()) ?? '';
    await first.click();
    await at('metrics-unread').waitFor();
    expect(await asked()).toBe(before);
    await at('metrics-read').click();
    await at('mrr-figure').waitFor();
    await here.page.getByRole('radiogroup', { name: 'Months' }).getByText('24 months').click();
    await at('chart-movement').getByText('Between plans').first().waitFor();
    await at('chart-mrr').getByText(plan).first().waitFor();
    await look('charts-plan');
    await at('metrics-plan').click();
    await here.page.getByRole('option', { name: 'All plans' }).click();
    await at('chart-movement').getByText('Between plans').waitFor({ state: 'detached' });
  });

  it('lead from a bar to its rows, and back', async () => {
    const view = await ask(here.host.url, 'subscription_breakdown', EVERYTHING);
    const largest = view.currencies[0]?.plans.largest[0];
    if (!largest) throw new Error('there is no plan');
    const first = at('share-plan').first();
    expect(await first.getAttribute('data-value')).toBe(largest.value);
    expect(await first.textContent()).toContain(largest.rows.toLocaleString('en-US'));
    await first.click();
    const shown = await until(
      () => at('subscriptions-shown').textContent(),
      (text) => text?.includes(' of ') ?? false,
    );
    expect(shown?.split(' of ')[0]).toBe(largest.rows.toLocaleString('en-US'));
    await look('charts-to-rows');
    await here.page.keyboard.press('c');
    await at('breakdown-follows').getByText('by the filter of the table').waitFor();
    await look('charts-filtered');
    await here.page.goBack();
    await at('subscriptions-shown').getByText(' of ').waitFor();
    await here.page.goForward();
    await at('breakdown-clear').click();
    await at('breakdown-follows').getByText(/^All/).waitFor();
  });

  it('keep what was read when ProfitWell does not answer', async () => {
    const sim = new SimulatedServer(await ask(here.host.url, 'connection_list', {}), 'profitwell');
    await sim.fault('profitwell', '/v2/metrics/monthly', { status: [500, {}] }, 5);
    const figure = await at('mrr-figure').textContent();
    await at('metrics-again').click();
    await here.page.getByRole('alert').waitFor();
    expect(await at('mrr-figure').textContent()).toBe(figure);
    await look('charts-trouble');
    await sim.hurry();
    await here.page.getByRole('button', { name: 'Try again' }).click();
    await here.page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('are in the palette', async () => {
    await here.page.keyboard.press('Control+k');
    await here.page.keyboard.type('movement');
    await here.page.keyboard.press('Enter');
    await at('mrr-figure').waitFor();
  });

  it('asked for nothing outside, met no error, and keep nobody out', () => {
    expect(here.visit.complaints).toEqual([]);
    expect(here.accessibility.found()).toBe('');
  });
});
