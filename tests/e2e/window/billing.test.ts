import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionView } from '../../../ui/src/backend/bindings.ts';
import { built } from '../support/paths.ts';
import { freePort, freshFolder, type Simulated, startSimulated } from '../support/processes.ts';
import { until } from '../support/screens.ts';
import { Window } from '../support/webdriver.ts';

let window: Window;
let simulated: Simulated;

beforeAll(async () => {
  simulated = await startSimulated(await freePort());
  window = await Window.open(built('drawbridge'), ['--data-dir', freshFolder()]);
  await window.appears('main h1');
  const connection = await window.ask<ConnectionView>('source_connect', {
    provider: 'profitwell',
    name: 'Fernhill billing',
    base_url: simulated.urls.profitwell,
    key: simulated.credentials.profitwell_token,
  });
  expect(connection).toMatchObject({ provider: 'profitwell', status: 'connected' });
  await window.run("location.hash = '#/billing/operations'; location.reload()");
  await window.appears(operation('list_subscriptions'));
});

afterAll(async () => {
  await window?.close();
  await simulated?.stop();
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await window?.shoot('window-billing-failed').catch(() => {});
});

const operation = (place: string) => `[data-testid="op-${place}"]`;
const form = (kind: string) => `[data-testid="form-${kind}"]`;

interface Line {
  user_id: string;
  email: string;
  status: string;
  value: number;
}

/** What ProfitWell itself says. */
async function profitwell<T>(path: string): Promise<T> {
  const headers = { Authorization: simulated.credentials.profitwell_token };
  const response = await fetch(`${simulated.urls.profitwell}${path}`, { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}
const last = async () => (await profitwell<Line[]>('/v2/users/ada/')).at(-1);

/** Fills a form in, confirms, and gives the word of the result. */
async function send(kind: string, fields: Record<string, string>, also?: () => Promise<void>): Promise<string> {
  await window.click(operation(kind));
  await window.appears(form(kind));
  for (const [field, text] of Object.entries(fields)) await window.type(`#operation-${field}`, text);
  await also?.();
  await window.appears('sentence');
  await window.click('review');
  await window.appears('confirm');
  if (kind === 'delete_user') await window.type('confirm-typed', fields.user ?? '');
  await window.click('confirm-send');
  return window.appears('result-word');
}

/** Asks for a list or for one thing, and gives what appears. */
async function read(place: string, field: string | null, text: string, shows: string): Promise<string> {
  await window.click(operation(place));
  if (field) await window.type(field, text);
  await window.click('ask');
  return window.appears(shows);
}

describe('every operation of ProfitWell in the window', () => {
  it('plans are made, renamed, listed and looked up', async () => {
    expect(await send('create_plan', { plan_id: 'growth_2027', name: 'Growth 2027' })).toBe('Done');
    expect(await send('update_plan', { plan_id: 'growth_2027', name: 'Growth' })).toBe('Done');
    expect(await profitwell('/v2/plans/growth_2027/')).toEqual({ id: 'growth_2027', name: 'Growth' });
    expect(await read('list_plans', null, '', 'found')).toContain('1 plan');
    expect(await read('get_plan', '#ask-plan', 'growth_2027', 'plan')).toContain('Growth');
  });

  it('subscriptions are made, listed, updated, ended and un-ended', async () => {
    const fields = {
      email: 'ada@fernhill.example',
      user_alias: 'ada',
      subscription_alias: 'ada-1',
      plan_id: 'growth_2027',
      value: '49.00',
      effective_date: '2026-02-01',
    };
    expect(await send('create_subscription', fields)).toBe('Done');
    expect(await last()).toMatchObject({ status: 'active', value: 4900, email: 'ada@fernhill.example' });
    await window.shoot('window-billing-created');
    expect(await read('list_subscriptions', '#ask-user', 'ada', 'found')).toContain('1 subscription');
    // What is picked from closes once its field is left.
    const filled = async () => {
      await window.run('document.activeElement.blur()');
      await until(
        () =>
          window.run<boolean>(
            'return [...document.querySelectorAll(".mantine-Autocomplete-dropdown")].every((list) => list.offsetParent === null)',
          ),
        Boolean,
      );
      await window.click('now-fill');
    };
    const updated = send('update_subscription', { subscription: 'ada-1' }, async () => {
      await filled();
      await window.type('#operation-value', '59.90');
      await window.type('#operation-effective_date', '2026-06-01');
    });
    expect(await updated).toBe('Done');
    expect(await last()).toMatchObject({ status: 'active', value: 5990 });
    expect(await send('churn_subscription', { subscription: 'ada-1', effective_date: '2026-09-01' }, filled)).toBe('Done');
    expect(await last()).toMatchObject({ status: 'churned_voluntary' });
    expect(await send('unchurn_subscription', { subscription: 'ada-1' }, filled)).toBe('Done');
    expect(await last()).toMatchObject({ status: 'active', value: 5990 });
  });

  it('users are updated, customers listed and looked up', async () => {
    expect(await send('update_user', { user: 'ada', email: 'ada.lovelace@fernhill.example' })).toBe('Done');
    expect(await last()).toMatchObject({ email: 'ada.lovelace@fernhill.example' });
    expect(await read('list_customers', null, '', 'found')).toContain('The first 10 customers');
    const { user_id } = (await last()) ?? { user_id: '' };
    expect(await read('get_customer', '#ask-customer', user_id, 'customer')).toContain('59.90');
    await window.shoot('window-billing-customer');
  });

  it('a user is deleted once the id is typed', async () => {
    expect(await send('delete_user', { user: 'ada' })).toBe('Done');
    await expect(last()).rejects.toThrow('404');
    await window.shoot('window-billing-deleted');
  });

  it('anything else is a call of the console', async () => {
    await window.click(operation('api_call'));
    await window.type('console-path', '/v2/plans/growth_2027/');
    await until(
      () => window.run<boolean>(`return document.querySelector('[data-testid="console-send"]')?.disabled === false`),
      Boolean,
    );
    await window.click('console-send');
    expect(await window.appears('console-answer')).toContain('Growth');
  });

  it('metrics are read and drawn where the window lets nobody change what all objects share', async () => {
    expect(await window.run<boolean>('return Object.isFrozen(Object.prototype)')).toBe(true);
    await window.run("location.hash = '#/subscriptions/charts'");
    await window.appears('metrics-unread');
    await window.click('metrics-read');
    expect(await window.appears('mrr-figure')).toMatch(/\d/);
    await window.appears('[data-testid="chart-mrr"] svg path.recharts-area-curve');
    await window.appears('[data-testid="chart-movement"] svg');
    await window.shoot('window-charts');
  });
});
