import { describe, expect, it } from 'vitest';
import type { SyncView } from '../../../ui/src/backend/bindings.ts';
import { ask, connectAll } from '../support/backend.ts';
import { until } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

/** A sync's settings: which subscription speaks, tried before it is saved, and chosen for one customer. */

let sync: SyncView;

const here = walk('settings', async ({ host, simulated }) => {
  sync = await connectAll(host, simulated, 'sandbox');
  await ask(host.url, 'fields_deploy', { sync: sync.id });
  const { id } = await ask(host.url, 'plan_start', { sync: sync.id });
  await until(
    () => ask(host.url, 'plan_get', { plan: id }),
    (plan) => plan.status === 'ready',
  );
});
const { at, look } = here;

/** A customer whose subscriptions are several. */
async function customerOfSeveral(): Promise<{ id: string; name: string }> {
  const { rows } = await ask(here.host.url, 'subscription_list', {
    search: '',
    source: null,
    status: [],
    interval: [],
    currency: [],
    plan: [],
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
    await here.tab('Settings');
    const customer = await customerOfSeveral();
    await at('speaker-customer').fill(customer.name);
    await here.page.getByRole('option', { name: customer.name, exact: true }).first().click();
    await at('speaker-list').waitFor();
    await look('settings-speaker');
    const losing = at('speaker-pin').first();
    await losing.click();
    await at('speaker-unpin').waitFor();
    await look('settings-pinned');
    const latest = await ask(here.host.url, 'sync_get', { sync: sync.id });
    expect(latest.latest_plan?.status).toBe('stale');
    await at('speaker-unpin').click();
    await at('speaker-unpin').waitFor({ state: 'detached' });
  });

  it('try a rule before it is saved', async () => {
    await at('yardstick-0').click();
    await here.page.getByRole('option', { name: 'Highest monthly value' }).click();
    await here.page.getByText('By the rule above, which is not saved yet.').waitFor();
    await look('settings-unsaved');
    await at('settings-save').click();
    await here.page.getByText('Saved. The next preview follows it.').waitFor();
    expect((await ask(here.host.url, 'sync_get', { sync: sync.id })).speaker[0]).toBe('highest_value');
  });

  it('stand beside the links with Alguna', async () => {
    await here.page.getByRole('main').getByRole('link', { name: 'Links', exact: true }).click();
    await here.page.getByRole('heading').nth(1).waitFor();
    await here.page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    await look('links');
  });

  it('can be used by everybody, and broke nothing on the way', () => {
    expect(here.visit.complaints).toEqual([]);
    expect(here.visit.refusals).toEqual([]);
    expect(here.accessibility.found()).toBe('');
  });
});
