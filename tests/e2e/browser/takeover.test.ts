import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MatchView, SyncView } from '../../../ui/src/backend/bindings.ts';
import { Accessibility } from '../support/accessibility.ts';
import { ask, runPlan, SimulatedServer } from '../support/backend.ts';
import { launch, type Visit, visit } from '../support/browser.ts';
import { type Host, startHost } from '../support/processes.ts';
import { figure, until } from '../support/screens.ts';
import { shoot } from '../support/screenshots.ts';

let host: Host;
let browser: Browser;
let there: Visit;
let page: Page;
let sync: SyncView;
let billing: SimulatedServer;
let org: SimulatedServer;
/** Customers that get a new id: those found by their address alone. */
let moved: Array<MatchView>;
const accessibility = new Accessibility();

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), launch()]);
  await ask(host.url, 'demo_start', {});
  const [first] = await ask(host.url, 'sync_list', {});
  if (!first) throw new Error('the demo workspace has no sync');
  sync = first;
  const connections = await ask(host.url, 'connection_list', {});
  billing = new SimulatedServer(connections, 'alguna');
  org = new SimulatedServer(connections, 'salesforce');
  await ask(host.url, 'fields_deploy', { sync: sync.id });
  const plan = await previewed();
  // Once a run has written their ids they are found by those.
  const found = await stored('found', '');
  await runPlan(host.url, plan.id);
  const byAddress = found.filter((row) => row.matched_by?.includes('e-mail address'));
  moved = byAddress.slice(0, 4);
  if (moved.length < 4) throw new Error('the demo has too few customers that are found by their address');
  for (const row of moved) {
    await billing.deed('customers/reissue', { id: row.customer, new: newId(row) });
  }
  await previewed();
  there = await visit(browser, `${host.url}`);
  page = there.page;
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await shoot(page, 'failed').catch(() => {});
  console.error([...there.complaints, ...there.refusals].join('\n'));
});

const newId = (row: MatchView) => `new${row.customer}`;
const at = (id: string): Locator => page.getByTestId(id);
const stored = (state: 'proposed' | 'found', search: string) =>
  ask(host.url, 'match_list', { sync: sync.id, state, search, offset: 0, limit: 500 }).then((list) => list.rows);

const latest = () => ask(host.url, 'sync_get', { sync: sync.id }).then((one) => one.latest_plan ?? undefined);

/** Makes a preview from everything on both sides. */
async function previewed() {
  const started = await ask(host.url, 'plan_start', { sync: sync.id, reading: 'full' });
  const plan = await until(
    () => ask(host.url, 'plan_get', { plan: started.id }),
    (one) => one.status !== 'planning',
    60,
  );
  expect(plan.error).toBeNull();
  return plan;
}

/** Looks at the screen: pictures for people, and a check that everybody can use it. */
async function look(name: string) {
  await shoot(page, name);
  await accessibility.check(page, name);
}

describe('customers whose id changed in billing', () => {
  it('are offered the link of the customer that is gone', async () => {
    const [one] = moved;
    if (!one) throw new Error('nobody moved');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: sync.name }).click();
    await page.getByRole('main').getByRole('link', { name: /^Matching/ }).click();
    await at('takeover-strip').waitFor();
    await at('matching-search').fill(newId(one));
    await until(
      () => figure(at('matching-range')),
      (count) => count === 1,
    );
    await page.getByRole('grid').getByRole('gridcell').first().click();
    await at('match-panel').waitFor();
    const said = (await at('match-takeover').textContent()) ?? '';
    expect(said).toContain(`is linked to customer ${one.customer}`);
    expect(said).toContain('was in Alguna until');
    await look('takeover');
    await at('match-accept').click();
    await at('match-decision').waitFor();
    await at('match-taken-over').waitFor();
    await look('takeover-decided');
    expect((await stored('proposed', newId(one)))[0]?.takeover?.customer).toBe(one.customer);
  });

  it('go over together after a look at them', async () => {
    await page.keyboard.press('Escape');
    await at('matching-search').fill('');
    await at('takeover-strip').filter({ hasText: '3 customers' }).waitFor();
    await at('takeover-look').click();
    await page.getByRole('list', { name: 'Links that go over' }).waitFor();
    await look('takeover-all');
    await at('takeover-all').click();
    await at('matching-said').filter({ hasText: '3 links taken over' }).waitFor();
    await at('takeover-strip').waitFor({ state: 'detached' });
  });

  it('show the old and the new id in the next preview', async () => {
    const before = (await latest())?.id;
    await at('matching-again').click();
    const plan = await until(latest, (one) => one !== undefined && one.id !== before && one.status === 'ready', 60);
    expect(plan?.note).toContain('4 records go over');
    for (const row of moved) {
      const [found] = await stored('found', newId(row));
      expect(found?.record?.id).toBe(row.record?.id);
    }
    await page.getByText('4 records go over to customers with new ids').waitFor();
    await at('group-update').click();
    const [one] = moved;
    await page.getByRole('grid').getByText(one?.customer ?? '').first().waitFor();
    await look('takeover-preview');
  });
});

describe('another user of the org', () => {
  it('is shown on the card of the connection', async () => {
    await org.deed('user', { name: 'Tom Okafor' });
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Connections/ }).click();
    const card = page.getByRole('region').filter({ hasText: 'ana.ruiz@' });
    const name = (await card.getAttribute('aria-label')) ?? '';
    await card.getByRole('button', { name: `Check ${name}` }).click();
    await page.getByText('Tom Okafor is signed in; before, it was Ana Ruiz').waitFor();
    await page.getByText(/tom\.okafor@/).first().waitFor();
    await look('another-user');
  });
});

describe('both', () => {
  it('met no error, no other host and nothing the policy refuses', () => {
    expect(there.complaints).toEqual([]);
    expect(there.refusals).toEqual([]);
  });

  it('could have been done with assistive technology', () => {
    expect(accessibility.found()).toBe('');
  });
});
