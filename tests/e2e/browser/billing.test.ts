import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConnectionView } from '../../../ui/src/backend/bindings.ts';
import { ask } from '../support/backend.ts';
import { figureIn, until } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

let connection: ConnectionView;

const here = walk('billing', async ({ host, simulated }) => {
  connection = await ask(host.url, 'source_connect', {
    provider: 'profitwell',
    name: 'Fernhill billing',
    base_url: simulated.urls.profitwell,
    key: simulated.credentials.profitwell_token,
  });
  await ask(host.url, 'source_pull', { connection: connection.id });
});
const { at, look } = here;

/** What ProfitWell itself says, asked without Drawbridge. */
async function profitwell<T>(path: string): Promise<T> {
  const { urls, credentials } = here.simulated;
  const response = await fetch(`${urls.profitwell}${path}`, {
    headers: { Authorization: credentials.profitwell_token },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

interface Line {
  user_id: string;
  subscription_id: string;
  subscription_alias: string | null;
  email: string;
  plan_id: string;
  plan_interval: string;
  plan_currency: string;
  status: string;
  value: number;
  effective_date: number;
}

const linesOf = (user: string) => profitwell<Line[]>(`/v2/users/${user}/`);
const lastOf = async (user: string) => (await linesOf(user)).at(-1);
const operation = (place: string) => at(`op-${place}`).click();
const field = (name: string) =>
  here.page.getByRole('textbox', { name, exact: true }).or(here.page.getByRole('combobox', { name, exact: true }));
const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;

/** Presses the form's button, confirms, and gives the word of the result. */
async function send(typed?: string): Promise<string> {
  await at('review').click();
  await at('confirm').waitFor();
  if (typed !== undefined) await at('confirm-typed').fill(typed);
  await at('confirm-send').click();
  await at('result').waitFor();
  await at('result-word').waitFor();
  return (await at('result-word').textContent()) ?? '';
}

describe('operations of ProfitWell', () => {
  it('are on the Billing screen, with what each is for', async () => {
    await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Billing' }).click();
    await at('op-list_subscriptions').waitFor();
    expect(await here.page.locator('[data-testid^="op-"]').count()).toBe(14);
    await look('billing-start');
  });

  it('make a plan', async () => {
    await operation('create_plan');
    await at('form-create_plan').waitFor();
    await at('review').click();
    await at('problems').waitFor();
    expect(await at('problems').getByRole('listitem').count()).toBe(2);
    await look('billing-problems');
    await field('Plan ID').fill('growth_2027');
    await field('Plan name').fill('Growth 2027');
    await at('sentence').waitFor();
    await at('review').click();
    await at('confirm').waitFor();
    await look('billing-confirm', { readme: true });
    await at('confirm-send').click();
    await at('result').waitFor();
    expect(await profitwell('/v2/plans/growth_2027/')).toMatchObject({ name: 'Growth 2027' });
    await look('billing-result');
  });

  it('say so when a plan is there already', async () => {
    await at('again').click();
    await field('Plan ID').fill('growth_2027');
    await field('Plan name').fill('Growth 2027');
    expect(await send()).toBe('So already');
    await look('billing-already');
  });

  it('give a plan another name', async () => {
    await operation('update_plan');
    await field('Plan ID').fill('growth_2027');
    await field('Plan name').fill('Growth');
    await at('sentence').waitFor();
    await look('billing-rename-plan', { readme: true });
    expect(await send()).toBe('Done');
    expect(await profitwell('/v2/plans/growth_2027/')).toMatchObject({ name: 'Growth' });
  });

  it('list the plans, and look one up', async () => {
    await operation('list_plans');
    await at('ask').click();
    await at('found').waitFor();
    await look('billing-plans', { readme: true });
    await operation('get_plan');
    await field('Plan ID').fill('growth_2027');
    await at('ask').click();
    await at('plan').waitFor();
    expect(await at('plan').textContent()).toContain('Growth');
    await look('billing-plan', { readme: true });
  });

  it('make a subscription, with an alias made up for it', async () => {
    await operation('create_subscription');
    await look('billing-create-empty');
    await field('Email').fill('ada@fernhill.example');
    await field('User alias').fill('ada');
    await field('Plan ID').fill('growth_2027');
    await field('Price per period').fill('49,00');
    await field('Effective date').fill('2026-02-30');
    await at('review').click();
    await at('problems').waitFor();
    expect(await at('problems').getByRole('listitem').count()).toBe(2);
    await look('billing-create-problems');
    // Nothing that was typed is lost by going elsewhere.
    await operation('list_plans');
    await operation('create_subscription');
    expect(await field('Email').inputValue()).toBe('ada@fernhill.example');
    await field('Price per period').fill('49');
    await field('Effective date').fill('2026-02-01');
    await at('generated-subscription_alias').waitFor();
    const alias = await at('generated-subscription_alias').textContent();
    await at('sentence').waitFor();
    await look('billing-create', { readme: true });
    expect(await at('form-create_subscription').textContent()).toContain('= 4,900 cents for ProfitWell');
    expect(await send()).toBe('Done');
    expect(await lastOf('ada')).toMatchObject({
      subscription_alias: alias,
      plan_id: 'growth_2027',
      plan_interval: 'month',
      plan_currency: 'usd',
      status: 'active',
      value: 4900,
      effective_date: seconds('2026-02-01'),
    });
    await look('billing-created', { readme: true });
  });

  it('list what the user has, and lead on from a row', async () => {
    await here.page.getByRole('button', { name: 'List the user’s subscriptions' }).click();
    await at('found').waitFor();
    await look('billing-subscriptions', { readme: true });
    await here.page.getByRole('button', { name: 'Update', exact: true }).click();
    await at('form-update_subscription').waitFor();
    // What it is now is filled in.
    expect(await field('Plan ID').inputValue()).toBe('growth_2027');
    expect(await field('Price per period').inputValue()).toBe('49.00');
    await at('now').filter({ hasText: '49.00 USD a month' }).waitFor();
    await field('Price per period').fill('59.90');
    await field('Effective date').fill('2026-06-01');
    await at('sentence').waitFor();
    await look('billing-update', { readme: true });
    expect(await send()).toBe('Done');
    expect(await lastOf('ada')).toMatchObject({ value: 5990, effective_date: seconds('2026-06-01') });
    await look('billing-updated');
  });

  it('end a subscription on a day that is picked, and take the end back', async () => {
    await operation('churn_subscription');
    const picker = field('Subscription ID or alias');
    await picker.click();
    await here.page.getByRole('option').first().waitFor();
    await look('billing-picker');
    await here.page.getByRole('option').first().click();
    await at('now').filter({ hasText: 'Now:' }).waitFor();
    await here.page.getByRole('button', { name: 'Pick effective date' }).click();
    await here.page.getByRole('button', { name: 'First of next month' }).waitFor();
    await look('billing-calendar');
    await here.page.getByRole('button', { name: 'First of next month' }).click();
    await at('sentence').waitFor();
    await look('billing-churn', { readme: true });
    expect(await send()).toBe('Done');
    const ended = (await linesOf('ada')).at(-1);
    expect(ended?.status).toBe('churned_voluntary');
    expect(ended?.effective_date).toBeGreaterThan(Date.now() / 1000);
    await look('billing-churned');

    await operation('unchurn_subscription');
    await field('Subscription ID or alias').fill(ended?.subscription_id ?? '');
    await at('now').filter({ hasText: 'Now:' }).waitFor();
    await at('sentence').waitFor();
    await look('billing-unchurn', { readme: true });
    expect(await send()).toBe('Done');
    expect((await lastOf('ada'))?.status).toBe('active');
    await at('again').click();
    await field('Subscription ID or alias').fill(ended?.subscription_id ?? '');
    expect(await send()).toBe('So already');
  });

  it('show a user by another address', async () => {
    await operation('update_user');
    await field('User ID or alias').fill('ada');
    await field('Email').fill('ada.lovelace@fernhill.example');
    await at('sentence').waitFor();
    await look('billing-update-user', { readme: true });
    expect(await send()).toBe('Done');
    expect((await lastOf('ada'))?.email).toBe('ada.lovelace@fernhill.example');
  });

  it('say in ProfitWell’s words why it refused', async () => {
    await operation('update_user');
    await at('again').click();
    await field('User ID or alias').fill('nobody-of-that-name');
    await field('Email').fill('x@fernhill.example');
    expect(await send()).toBe('Rejected');
    await look('billing-rejected');
    await at('again').click();
    expect(await field('User ID or alias').inputValue()).toBe('nobody-of-that-name');
  });

  it('list customers, and look one up', async () => {
    await operation('list_customers');
    await at('ask').click();
    await at('found').waitFor();
    expect(figureIn(await at('found').textContent())).toBe(10);
    await look('billing-customers', { readme: true });
    await here.page.getByRole('button', { name: 'Show all' }).click();
    await until(
      async () => figureIn(await at('found').textContent()),
      (count) => count > 60,
    );
    await operation('get_customer');
    await field('Customer ID').fill('nobody');
    await at('ask').click();
    await here.page.getByRole('alert').waitFor();
    await look('billing-customer-missing');
    await field('Customer ID').fill((await lastOf('ada'))?.user_id ?? '');
    await at('ask').click();
    await at('customer').waitFor();
    expect(await at('customer').textContent()).toContain('ada.lovelace@fernhill.example');
    expect(await at('customer').textContent()).toContain('59.90');
    await look('billing-customer', { readme: true });
  });

  it('delete a user only after the id is typed', async () => {
    await operation('delete_user');
    await field('User ID or alias').fill('ada');
    await at('review').click();
    await at('confirm').waitFor();
    expect(await at('confirm-send').isDisabled()).toBe(true);
    await at('confirm-typed').fill('ad');
    expect(await at('confirm-send').isDisabled()).toBe(true);
    await look('billing-delete', { readme: true });
    await at('confirm-typed').fill('ada');
    await at('confirm-send').click();
    await at('result').waitFor();
    expect(await at('result-word').textContent()).toBe('Done');
    await expect(linesOf('ada')).rejects.toThrow('404');
  });

  it('lead to the console for anything else', async () => {
    await operation('api_call');
    await here.page.getByTestId('console-connection').waitFor();
    await here.page.getByRole('main').getByRole('link', { name: 'Operations' }).click();
    await at('op-list_plans').waitFor();
  });
});

describe('several operations', () => {
  const count = 60;
  const csv = (lines: string[]) => ({ name: 'new-customers.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });

  it('are read from a file, each with its sentence or its problems', async () => {
    await operation('create_subscription');
    await here.page.getByText('Several by CSV').click();
    await at('csv-header').waitFor();
    await look('billing-file', { readme: true });
    await at('csv-file').setInputFiles(csv(['nonsense', '1']));
    await here.page.getByRole('alert').waitFor();
    await look('billing-file-wrong');
    const rows = Array.from(
      { length: count },
      (_, row) => `u${row}@fernhill.example,bulk-${row},bulk-s-${row},growth_2027,month,${row + 10}.50,2026-03-01`,
    );
    rows.push('broken@fernhill.example,bulk-x,bulk-s-x,growth_2027,week,1.005,2026-03-01');
    await at('csv-file').setInputFiles(
      csv(['email,user_alias,subscription_alias,plan_id,plan_interval,value,effective_date', ...rows]),
    );
    await at('batch-sendable').waitFor();
    expect(figureIn(await at('batch-sendable').textContent())).toBe(count);
    await at('filter-blocked').click();
    await here.page.getByRole('grid', { name: 'Rows' }).getByRole('row').nth(1).click();
    await look('billing-batch-problem');
    await at('filter-blocked').click();
    await look('billing-batch-preview', { readme: true });
  });

  it('can be stopped and resumed, with nothing sent twice', async () => {
    await at('batch-begin').click();
    await at('batch-confirm').waitFor();
    await look('billing-batch-confirm');
    await at('batch-send').click();
    await until(
      async () => figureIn(await at('batch-settled').textContent()),
      (settled) => settled >= 5,
    );
    await look('billing-batch-running', { readme: true });
    await at('batch-stop').click();
    await here.page.getByTestId('batch-status').filter({ hasText: 'Stopped' }).waitFor();
    const settled = figureIn(await at('batch-settled').textContent());
    expect(settled).toBeLessThan(count);
    await look('billing-batch-stopped');
    // It waits in the history.
    await here.page.getByRole('link', { name: 'History of operations' }).click();
    await at('journal-count').waitFor();
    await look('billing-journal', { readme: true });
    await here.page.getByText('new-customers.csv').click();
    await at('batch-begin').click();
    await at('batch-send').click();
    await here.page
      .getByTestId('batch-status')
      .filter({ hasText: 'Finished' })
      .waitFor({ timeout: 60_000 });
    expect(figureIn(await at('count-done').textContent())).toBe(count);
    expect(figureIn(await at('count-blocked').textContent())).toBe(1);
    await at('batch-save').click();
    await at('batch-saved').waitFor();
    const path = /Saved as (.*\.csv)/.exec((await at('batch-saved').textContent()) ?? '')?.[1] ?? '';
    expect(readFileSync(path, 'utf8')).toContain(`bulk-s-${count - 1}`);
    await look('billing-batch-finished');
    for (const row of [0, 30, count - 1]) {
      const lines = await linesOf(`bulk-${row}`);
      expect(lines.map((line) => line.value)).toEqual([row * 100 + 1050]);
    }
  });

  it('are made of selected rows, too', async () => {
    await operation('list_subscriptions');
    const user = field('User ID or alias');
    await user.fill('bulk-7');
    await at('ask').click();
    await here.page.getByRole('checkbox', { name: 'Select bulk-s-7' }).check();
    await at('selection').waitFor();
    await look('billing-selected');
    await at('selection').getByRole('button', { name: 'Churn…', exact: true }).click();
    await at('selection-form').waitFor();
    await field('Effective date').fill('2026-04-01');
    await look('billing-selection');
    await at('selection-preview').click();
    await at('batch-begin').click();
    await at('batch-send').click();
    await here.page.getByTestId('batch-status').filter({ hasText: 'Finished' }).waitFor();
    expect(await lastOf('bulk-7')).toMatchObject({ status: 'churned_voluntary', effective_date: seconds('2026-04-01') });
  });

  it('cannot be sent by a connection that is read-only', async () => {
    await ask(here.host.url, 'connection_set_read_only', { connection: connection.id, read_only: true });
    await here.page.reload();
    await operation('create_plan');
    await at('read-only').waitFor();
    await field('Plan ID').fill('never');
    await field('Plan name').fill('Never');
    await at('sentence').waitFor();
    expect(await at('review').isDisabled()).toBe(true);
    await look('billing-read-only');
  });

  it('fit a small window', async () => {
    await here.page.setViewportSize({ width: 1024, height: 700 });
    await operation('create_subscription');
    await look('billing-create-1024');
    await here.page.setViewportSize({ width: 1400, height: 900 });
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(here.visit.complaints).toEqual([]);
  });

  it('could have been used with assistive technology', () => {
    expect(here.accessibility.found()).toBe('');
  });
});
