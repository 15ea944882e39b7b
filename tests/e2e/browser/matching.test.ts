import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SyncView } from '../../../ui/src/backend/bindings.ts';
import { Accessibility } from '../support/accessibility.ts';
import { ask, SimulatedServer } from '../support/backend.ts';
import { launch, type Visit, visit } from '../support/browser.ts';
import { type Host, startHost } from '../support/processes.ts';
import { figure, tabTo, until } from '../support/screens.ts';
import { shoot } from '../support/screenshots.ts';

let host: Host;
let browser: Browser;
let there: Visit;
let page: Page;
let sync: SyncView;
let servers: SimulatedServer;
const accessibility = new Accessibility();

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), launch()]);
  await ask(host.url, 'demo_start', {});
  const [first] = await ask(host.url, 'sync_list', {});
  if (!first) throw new Error('the demo workspace has no sync');
  sync = first;
  servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'salesforce');
  await ask(host.url, 'fields_deploy', { sync: sync.id });
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

const at = (id: string): Locator => page.getByTestId(id);
const tab = (name: string | RegExp) => page.getByRole('main').getByRole('link', { name }).click();
const current = () => page.getByRole('grid').locator('[role="row"][aria-selected="true"]');
const panelOf = () => at('match-panel').getAttribute('aria-label');
const counts = () =>
  ask(host.url, 'match_list', { sync: sync.id, state: 'proposed', search: '', offset: 0, limit: 1 }).then(
    (list) => list.counts,
  );
const stored = (state: 'proposed' | 'found' | 'apart' | 'not_found', search: string) =>
  ask(host.url, 'match_list', { sync: sync.id, state, search, offset: 0, limit: 500 }).then((list) => list.rows);

const latest = () =>
  ask(host.url, 'sync_get', { sync: sync.id }).then((one) => one.latest_plan ?? undefined);

/** Looks at the screen: pictures for people, and a check that everybody can use it. */
async function look(name: string) {
  await shoot(page, name);
  await accessibility.check(page, name);
}

/** Waits until a preview that was started has its rows. */
async function previewed() {
  await at('preview-write').waitFor();
  await page.getByText('Nothing has been written.').waitFor();
  await page.getByRole('grid').getByRole('gridcell').first().waitFor();
}

/** The customers decided about, as the screen named them. */
const decided = { accepted: '', chosen: '', shared: '', created: '', left: '' };
const customerOf = async () => (await at('match-panel').getByTestId('match-customer').textContent()) ?? '';

describe('customers whose record is not certain', () => {
  it('are matched by a preview, which comes first', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: sync.name }).click();
    await tab(/^Matching/);
    await page.getByText('Preview first').waitFor();
    await look('matching-none');
    await at('matching-preview').click();
    await at('preview-start').click();
    await previewed();
  });

  it('lead from the preview to the queue', async () => {
    await at('group-blocked').click();
    await at('row-reason').filter({ hasText: 'may be' }).first().click();
    await page.keyboard.press('w');
    await at('why-matching').waitFor();
    await look('matching-why');
    await at('why-matching').click();
    await at('match-panel').waitFor();
    expect(await current().count()).toBe(1);
    await at('matching-search').fill('');
  });

  it('are listed with their likeliest record and what speaks for it', async () => {
    const { proposed, found } = await counts();
    expect(proposed).toBeGreaterThan(3);
    await until(
      () => figure(at('matching-range')),
      (count) => count === proposed,
    );
    expect(await figure(at('group-proposed'))).toBe(proposed);
    expect(await figure(at('group-found'))).toBe(found);
    await page.getByRole('grid').getByRole('gridcell', { name: /%$/ }).first().waitFor();
    await look('matching');
  });

  it('are decided by keyboard alone', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (const breach of await tabTo(page, page.getByRole('grid'))) accessibility.note(breach, 'matching, by keyboard');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await at('match-panel').waitFor();
    await look('matching-panel');
    decided.accepted = await customerOf();
    await page.keyboard.press('a');
    await at('match-decision').waitFor();
    await page.getByText('1 decision waits for the next preview').waitFor();
    await look('matching-accepted');
    const first = await panelOf();
    await page.keyboard.press('n');
    await until(panelOf, (label) => label !== first);
    decided.created = await customerOf();
    await page.keyboard.press('r');
    await page.getByText('2 decisions wait for the next preview').waitFor();
    const second = await panelOf();
    await page.keyboard.press('n');
    await until(panelOf, (label) => label !== second);
    decided.left = await customerOf();
    await page.keyboard.press('l');
    await page.getByText('3 decisions wait for the next preview').waitFor();
    await page.keyboard.press('t');
    await page.getByText('2 decisions wait for the next preview').waitFor();
    await page.keyboard.press('l');
    await page.getByText('3 decisions wait for the next preview').waitFor();
    await until(counts, ({ decided }) => decided === 3);
  });

  it('can be given any other record, found by name or id', async () => {
    const spare = (await stored('proposed', '')).at(-1)?.proposals[0]?.record;
    const shared = (await stored('found', '')).find((row) => row.record?.name?.startsWith('Highgate'))?.record;
    if (!spare || !shared?.name) throw new Error('the demo has no records to choose');
    const third = await panelOf();
    await page.keyboard.press('n');
    await until(panelOf, (label) => label !== third);
    decided.chosen = await customerOf();
    await page.keyboard.press('c');
    await page.keyboard.type('Highgate');
    await page.getByRole('option').nth(1).waitFor();
    await look('matching-choose');
    await at('match-search').fill(spare.id);
    await until(
      () => page.getByRole('option').count(),
      (count) => count === 1,
    );
    await page.keyboard.press('Enter');
    await at('match-decision').getByText(spare.name ?? spare.id).waitFor();
    await page.getByText('4 decisions wait for the next preview').waitFor();
    await look('matching-chosen');
    // One that another customer matches: the next preview shows that one in conflict.
    const fourth = await panelOf();
    await page.keyboard.press('n');
    await until(panelOf, (label) => label !== fourth);
    decided.shared = await customerOf();
    await page.keyboard.press('c');
    await at('match-search').fill(shared.id);
    await page.getByRole('option').click();
    await page.getByText('5 decisions wait for the next preview').waitFor();
    await page.keyboard.press('Escape');
    await at('match-panel').waitFor({ state: 'detached' });
  });

  it('stand in groups, each with its own columns', async () => {
    for (const [group, word] of [
      ['conflict', 'No conflicts'],
      ['found', 'How it was found'],
      ['not_found', 'What becomes of it'],
      ['apart', 'Nobody is set apart'],
    ] as const) {
      await at(`group-${group}`).click();
      await page.getByText(word).first().waitFor();
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      await look(`matching-${group}`);
    }
    await at('group-found').click();
    await page.getByRole('grid').getByRole('gridcell').first().click();
    await at('match-panel').waitFor();
    await look('matching-found-panel');
    await at('group-not_found').click();
    await page.getByRole('grid').getByRole('gridcell').first().click();
    await at('match-panel').waitFor();
    await look('matching-without-panel');
    await page.keyboard.press('Escape');
    await at('matching-search').fill('nobody is called so');
    await page.getByText('No customer matches').waitFor();
    await look('matching-search');
    await page.getByRole('button', { name: 'Show all of this group' }).click();
  });

  it('are followed by the next preview, which writes nothing', async () => {
    const writes = await servers.writes();
    const before = (await latest())?.id;
    await at('matching-again').click();
    await until(latest, (plan) => plan !== undefined && plan.id !== before && plan.status === 'ready');
    await previewed();
    expect(await servers.writes()).toBe(writes);
    // A record that a person gave to one customer is that one's; the other it matched is in conflict.
    for (const customer of [decided.accepted, decided.chosen, decided.shared]) {
      const [row] = await stored('found', customer);
      expect(row?.decision, `of ${customer}`).toEqual({ kind: 'accept', record: row?.record?.id });
    }
    expect((await stored('apart', decided.created))[0]?.decision).toEqual({ kind: 'create_new' });
    expect((await stored('apart', decided.left))[0]?.decision).toEqual({ kind: 'ignore' });
    await tab(/^Matching/);
    await at('group-conflict').click();
    const conflict = page.getByRole('grid').getByRole('row').filter({ hasText: `also matches ${decided.shared}` });
    await conflict.getByRole('gridcell').first().click();
    await at('match-panel').waitFor();
    expect(await at('matching-waiting').textContent()).toContain('Read');
    await look('matching-conflicts');
    await at('group-apart').click();
    await until(
      () => figure(at('matching-range')),
      (count) => count === 2,
    );
    await page.getByRole('grid').getByRole('gridcell').first().click();
    await at('match-panel').waitFor();
    await look('matching-apart');
    await page.keyboard.press('t');
    await page.getByRole('grid').getByText('Taken back', { exact: true }).waitFor();
    await page.getByText('1 decision waits for the next preview').waitFor();
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(there.complaints).toEqual([]);
    expect(there.refusals).toEqual([]);
  });

  it('could have been decided with assistive technology', () => {
    expect(accessibility.found()).toBe('');
  });
});
