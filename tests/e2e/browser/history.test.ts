import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SyncView } from '../../../ui/src/backend/bindings.ts';
import { ask, connectAll, runPlan } from '../support/backend.ts';
import { walk } from '../support/walk.ts';

let sync: SyncView;

/** Runs a plan to its end; its number. */
async function run(plan: number): Promise<number> {
  const ended = await runPlan(here.host.url, plan);
  expect(ended.status).toBe('finished');
  return ended.id;
}

const here = walk('history', async ({ host, simulated }) => {
  sync = await connectAll(host, simulated, 'sandbox');
  await ask(host.url, 'fields_deploy', { sync: sync.id });
});
const { at, look } = here;

describe('the history', () => {
  it('begins empty, and names the next action', async () => {
    await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'History' }).click();
    await here.page.getByRole('button', { name: `Preview ${sync.name}` }).waitFor();
    await look('history-empty');
  });

  it('shows a run and its undo, newest first, each of which adds up', async () => {
    const first = await run((await ask(here.host.url, 'plan_start', { sync: sync.id })).id);
    const undo = await run((await ask(here.host.url, 'undo_start', { run: first })).id);
    await here.page.reload();
    await at('history-shown').waitFor();
    expect(await at('history-shown').textContent()).toBe('2 entries');
    const rows = here.page.getByRole('grid', { name: 'History' }).getByRole('row');
    expect(await rows.nth(1).textContent()).toContain(`undo of ${first}`);
    expect(await rows.nth(2).textContent()).toContain(`undone by run ${undo}`);
    expect(await rows.nth(2).textContent()).toContain('Adds up');
    expect(await rows.nth(2).textContent()).toContain('SANDBOX');
    await look('history');
  });

  it('opens a run by keyboard, in any size of window', async () => {
    await here.page.keyboard.press('/');
    await here.page.keyboard.type('fernhill');
    await here.page.keyboard.press('ArrowDown');
    await here.page.keyboard.press('ArrowDown');
    await here.page.keyboard.press('ArrowDown');
    await here.page.keyboard.press('Enter');
    await at('history-drawer').getByTestId('history-equation').waitFor();
    await at('history-drawer').getByText('Problems by cause').waitFor();
    for (const [width, height] of [
      [1280, 800],
      [1024, 700],
    ] as const) {
      await here.page.setViewportSize({ width, height });
      await look(`history-drawer-${width}`);
    }
    await here.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('saves the report, which holds every row and no script', async () => {
    await at('history-report').click();
    await here.page.getByRole('menuitem', { name: /HTML/ }).click();
    await at('history-saved').waitFor();
    const path = /Saved as (.*\.html)/.exec((await at('history-saved').textContent()) ?? '')?.[1] ?? '';
    const report = readFileSync(path, 'utf8');
    expect(report).toContain('read =');
    expect(report.includes('<script')).toBe(false);
    const reader = await here.browser.newPage();
    await reader.setContent(report);
    const [shown] = (await ask(here.host.url, 'run_list', { sync: sync.id })).slice(-1);
    expect(await reader.locator('h2:has-text("Records") + table tbody tr').count()).toBe(shown?.read);
    await reader.close();
    await look('history-saved');
  });

  it('explains a value by both writes, with the rule', async () => {
    const search = at('history-records-search');
    const updated = await ask(here.host.url, 'run_outcomes', {
      run: 1,
      outcome: 'updated',
      search: '',
      offset: 0,
      limit: 1,
    });
    const name = updated.rows[0]?.name ?? '';
    await search.fill(name);
    await at('history-drawer').getByRole('button', { name }).first().click();
    await at('explanation').getByRole('button', { name: /Alguna Customer ID/ }).click();
    await at('explanation-writes').waitFor();
    expect(await at('explanation-writes').getByRole('listitem').count()).toBe(2);
    expect(await at('explanation-writes').textContent()).toContain('undone by run 2');
    await look('history-explained');
    // Back to the list of fields, back to the run, out.
    await here.page.keyboard.press('Escape');
    await here.page.getByRole('heading', { name: 'Where the values come from' }).waitFor();
    await here.page.keyboard.press('Escape');
    await at('history-equation').waitFor();
    await here.page.keyboard.press('Escape');
    await at('history-drawer').waitFor({ state: 'detached' });
  });

  it('explains a value from the subscriptions, too', async () => {
    const [customer] = (
      await ask(here.host.url, 'run_outcomes', { run: 1, outcome: 'updated', search: '', offset: 0, limit: 1 })
    ).rows;
    const link = new URLSearchParams({ source: `${sync.source}`, customer: customer?.customer ?? '' });
    await here.page.evaluate((to) => {
      window.location.hash = to;
    }, `/subscriptions?${link}`);
    const drawer = at('customer-drawer');
    await drawer
      .getByRole('button', { name: /where Alguna Customer ID comes from/ })
      .first()
      .click();
    await at('explanation-writes').waitFor();
    await look('subscriptions-explained');
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(here.visit.complaints).toEqual([]);
    expect(here.visit.refusals).toEqual([]);
  });

  it('could have been used with assistive technology', () => {
    expect(here.accessibility.found()).toBe('');
  });
});
