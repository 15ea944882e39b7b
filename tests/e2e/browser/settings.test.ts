import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Accessibility } from '../support/accessibility.ts';
import type { SyncView } from '../../../ui/src/backend/bindings.ts';
import { ask, connectAll } from '../support/backend.ts';
import { launch, type Visit, visit } from '../support/browser.ts';
import { type Host, type Simulated, startHost, startSimulated } from '../support/processes.ts';
import { until } from '../support/screens.ts';
import { shoot } from '../support/screenshots.ts';

/** A sync's settings: which subscription speaks, tried before it is saved, and chosen for one customer. */

let host: Host;
let simulated: Simulated;
let browser: Browser;
let there: Visit;
let page: Page;
let sync: SyncView;
const accessibility = new Accessibility();

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), launch()]);
  simulated = await startSimulated(host.loginPort);
  sync = await connectAll(host, simulated, 'sandbox');
  await ask(host.url, 'fields_deploy', { sync: sync.id });
  const { id } = await ask(host.url, 'plan_start', { sync: sync.id });
  await until(
    () => ask(host.url, 'plan_get', { plan: id }),
    (plan) => plan.status === 'ready',
  );
  there = await visit(browser, host.url);
  page = there.page;
  await page.getByRole('main').getByRole('link', { name: 'Settings', exact: true }).click();
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([host?.stop(), simulated?.stop()]);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await shoot(page, 'failed-settings').catch(() => {});
  console.error([...there.complaints, ...there.refusals, host.log()].join('\n'));
});

const at = (id: string): Locator => page.getByTestId(id);

async function look(name: string) {
  await shoot(page, name);
  await accessibility.check(page, name);
}

/** A customer whose subscriptions are several. */
async function customerOfSeveral(): Promise<{ id: string; name: string }> {
  const { rows } = await ask(host.url, 'subscription_list', {
    search: '',
    source: null,
    status: [],
    interval: [],
    currency: [],
    sort: 'customer',
    descending: false,
    offset: 0,
    limit: 500,
  });
  const twice = rows.find((row, at) => row.subscription && rows.some((one, other) => other > at && one.customer === row.customer));
  if (!twice) throw new Error('no customer has several subscriptions');
  return { id: twice.customer, name: twice.customer_name };
}

describe('the settings of a sync', () => {
  it('show which subscription speaks for a customer, and take another', async () => {
    const customer = await customerOfSeveral();
    await at('speaker-customer').fill(customer.name);
    await page.getByRole('option', { name: customer.name, exact: true }).first().click();
    await at('speaker-list').waitFor();
    await look('settings-speaker');
    const losing = at('speaker-pin').first();
    await losing.click();
    await at('speaker-unpin').waitFor();
    await look('settings-pinned');
    const latest = await ask(host.url, 'sync_get', { sync: sync.id });
    expect(latest.latest_plan?.status).toBe('stale');
    await at('speaker-unpin').click();
    await at('speaker-unpin').waitFor({ state: 'detached' });
  });

  it('try a rule before it is saved', async () => {
    await at('yardstick-0').click();
    await page.getByRole('option', { name: 'Highest monthly value' }).click();
    await page.getByText('By the rule above, which is not saved yet.').waitFor();
    await look('settings-unsaved');
    await at('settings-save').click();
    await page.getByText('Saved. The next preview follows it.').waitFor();
    expect((await ask(host.url, 'sync_get', { sync: sync.id })).speaker[0]).toBe('highest_value');
  });

  it('stand beside the links with Alguna', async () => {
    await page.getByRole('main').getByRole('link', { name: 'Links', exact: true }).click();
    await page.getByRole('heading').nth(1).waitFor();
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    await look('links');
  });

  it('can be used by everybody, and broke nothing on the way', () => {
    expect(there.complaints).toEqual([]);
    expect(there.refusals).toEqual([]);
    expect(accessibility.found()).toBe('');
  });
});
