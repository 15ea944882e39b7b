import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Accessibility } from '../support/accessibility.ts';
import { ask, SimulatedServer } from '../support/backend.ts';
import { launch, type Visit, visit } from '../support/browser.ts';
import { type Host, startHost } from '../support/processes.ts';
import { acceptHalts, figure, figureIn, OUTCOMES, tabTo, until, watchFigure } from '../support/screens.ts';
import { shoot } from '../support/screenshots.ts';

let host: Host;
let browser: Browser;
let there: Visit;
let page: Page;
let servers: SimulatedServer;
const accessibility = new Accessibility();

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), launch()]);
  there = await visit(browser, host.url);
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
const tab = (name: string) => page.getByRole('main').getByRole('link', { name, exact: true }).click();
const leadTo = (name: string | RegExp) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

/** Looks at the screen: pictures for people, and a check that everybody can use it. */
async function look(name: string, options?: { readme: boolean }) {
  await shoot(page, name, options);
  await accessibility.check(page, name);
}

/** Goes to a place by Tab alone. */
async function walkTo(place: Locator) {
  for (const breach of await tabTo(page, place)) accessibility.note(breach, 'preview, by keyboard');
}

/** Makes another preview after a run, and waits for its rows. */
async function previewAgain() {
  await tab('Preview');
  await page.getByText('A run was made of this preview.').first().waitFor();
  await at('preview-start').click();
  await page.getByText('Nothing has been written.').waitFor();
  await page.getByRole('grid').getByRole('gridcell').first().waitFor();
}

/** Waits for the end of the run on screen, and checks the equation with its own figures. */
async function finished(): Promise<Record<(typeof OUTCOMES)[number], number>> {
  const status = page.locator('[data-testid="run-status"][data-status="finished"]');
  await status.waitFor({ timeout: 60_000 });
  await page.locator('[data-testid="equation"][data-balance="right"]').waitFor();
  const counts = Object.fromEntries(
    await Promise.all(OUTCOMES.map(async (one) => [one, await figure(at(`count-${one}`))] as const)),
  ) as Record<(typeof OUTCOMES)[number], number>;
  const sum = OUTCOMES.reduce((all, one) => all + counts[one], 0);
  expect(await at('equation-sum').textContent()).toContain('Adds up');
  expect(await figure(at('equation-sum'))).toBe(sum);
  expect(
    await figure(
      at('equation')
        .getByText(/^(Read from|Written by run)/)
        .locator('xpath=following-sibling::*[1]'),
    ),
  ).toBe(sum);
  return counts;
}

describe('a newcomer with the demo workspace', () => {
  it('is welcomed, and starts the demo', async () => {
    await page.getByRole('heading', { name: 'Welcome to Drawbridge' }).waitFor();
    await look('welcome');
    await page.getByRole('button', { name: 'Start the demo workspace' }).click();
    await at('fields-proof').waitFor();
    expect(await page.getByRole('status', { name: 'Environment' }).textContent()).toContain('SANDBOX');
    servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'salesforce');
  });

  it('sees the three connections, each checked', async () => {
    await leadTo(/^Connections/);
    for (const name of ['Alguna', 'ProfitWell', 'Fernhill UAT']) {
      const card = page.getByRole('region', { name, exact: true });
      await card.getByText('Connected', { exact: true }).waitFor();
    }
    await page.getByRole('region', { name: 'Fernhill UAT' }).getByText('IsSandbox is true').waitFor();
    await look('connections');
  });

  it('checks and creates the 13 fields', async () => {
    await leadTo('Alguna to UAT');
    await at('fields-deploy').waitFor();
    expect(await at('fields-deploy').textContent()).toBe('Create 13 fields in Fernhill UAT (SANDBOX)');
    await look('fields-missing');
    await at('fields-validate').click();
    await at('fields-result').waitFor();
    expect(await at('fields-result').textContent()).toContain('Nothing was written');
    expect(await at('fields-proof').textContent()).toContain('0 of 13');
    await look('fields-checked');
    await at('fields-deploy').click();
    await page.locator('[data-testid="fields-proof"][data-ready]').waitFor();
    expect(await at('fields-proof').textContent()).toContain('13 of 13 exist and can be edited');
    await look('fields-ready');
  });

  it('changes a write policy, and saves version 2 of the mapping', async () => {
    await at('fields-next').click();
    expect(await at('mapping-state').textContent()).toBe('Version 1');
    await page.getByLabel('When Alguna Tax Rate is written').selectOption('if_empty');
    await at('mapping-save').waitFor();
    await page
      .getByRole('button', { name: /^Alguna Tax Rate|Tax rate/i })
      .first()
      .click();
    await at('rule-explanation').waitFor();
    await look('mapping');
    expect(await at('mapping-save').textContent()).toBe('Save as version 2');
    await at('mapping-save').click();
    await until(
      () => at('mapping-state').textContent(),
      (text) => text === 'Version 2',
    );
    expect(await page.getByLabel('When Alguna Tax Rate is written').inputValue()).toBe('if_empty');
  });

  it('watches the preview being made; nothing is written by it', async () => {
    await tab('Preview');
    await at('preview-start').waitFor();
    await look('preview-none');
    const before = await servers.writes();
    await servers.slow('alguna', '/customers', 700, 3);
    await at('preview-start').click();
    await at('planning').waitFor();
    await shoot(page, 'planning');
    await servers.hurry();
    await at('preview-write').waitFor();
    await page.getByText('Nothing has been written.').waitFor();
    expect(await servers.writes()).toBe(before);
  });

  it('filters and searches the preview', async () => {
    await page.getByRole('grid').getByRole('gridcell').first().waitFor();
    const rows = () =>
      page
        .getByRole('grid')
        .getAttribute('aria-rowcount')
        .then((text) => Number(text) - 1);
    const all = await rows();
    const groups = await Promise.all(
      ['create', 'update', 'unchanged', 'skipped', 'blocked'].map(async (group) =>
        (await at(`group-${group}`).isVisible()) ? figure(at(`group-${group}`)) : 0,
      ),
    );
    expect(groups.reduce((sum, one) => sum + one, 0)).toBe(all);
    const updates = await figure(at('group-update'));
    await at('group-update').click();
    await until(rows, (count) => count === updates);
    await look('preview', { readme: true });
    await at('group-update').click();
    await at('preview-search').fill("O'Brien");
    const found = await until(rows, (count) => count < 20);
    expect(found).toBeGreaterThan(0);
    expect(await page.locator('[data-customer]').filter({ hasText: "O'Brien" }).count()).toBe(found);
    await look('preview-search');
    await at('preview-search').fill('no customer is called so');
    await page.getByText('No record matches').waitFor();
    await page.getByRole('button', { name: 'Show all records' }).click();
    await until(rows, (count) => count === all);
    await at('group-blocked').click();
    await at('row-reason').first().waitFor();
    await look('preview-blocked');
    await at('group-blocked').click();
    await until(rows, (count) => count === all);
    // What is unusual leads to its records: as many as its sentence counts, each with an amount to write.
    const halt = at('halt-rows-currencies-mixed');
    const unusual = await figure(halt);
    expect(unusual).toBeGreaterThan(0);
    await halt.click();
    await until(rows, (count) => count === unusual);
    await look('preview-unusual');
    await halt.click();
    await until(rows, (count) => count === all);
  });

  it('holds a record, asks why and writes, all by keyboard', async () => {
    const toWrite = await figure(at('preview-write'));
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await walkTo(at('group-update'));
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="group-update"][aria-pressed="true"]').waitFor();
    const grid = page.getByRole('grid');
    await walkTo(grid);
    await page.keyboard.press('ArrowDown');
    const current = grid.locator('[role="row"][aria-selected="true"]');
    await until(
      () => current.getAttribute('aria-rowindex'),
      (place) => place === '3',
    );
    await shoot(page, 'preview-keyboard');
    await page.keyboard.press('h');
    await until(
      () => figure(at('preview-write')),
      (count) => count === toWrite - 1,
    );
    expect(await at('preview-held').textContent()).toBe('1 record held');
    expect(await figure(at('group-held'))).toBe(1);
    await page.keyboard.press('a');
    await until(
      () => figure(at('preview-write')),
      (count) => count === toWrite,
    );
    await page.keyboard.press('h');
    await until(
      () => figure(at('preview-write')),
      (count) => count === toWrite - 1,
    );
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('w');
    await at('why-panel')
      .getByTestId('three-way')
      .or(at('why-panel').getByText('Fields that change'))
      .first()
      .waitFor();
    await look('preview-why');
    await page.keyboard.press('Escape');
    await at('why-panel').waitFor({ state: 'detached' });
    await walkTo(at('preview-write'));
  });

  it('watches the run, which adds up', async () => {
    // The customers pay in several currencies; the fields do not say which.
    await at('halt-currencies-mixed').waitFor();
    await acceptHalts(page);
    await walkTo(at('preview-write'));
    const toWrite = await figure(at('preview-write'));
    await servers.slow('salesforce_sandbox', '/composite/sobjects', 2500, 20);
    const seen = await watchFigure(page, 'run-figure');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="run-status"][data-status="running"]').waitFor();
    await until(seen, (figures) => figures.some((one) => one >= 100 && one < toWrite));
    await shoot(page, 'run-live', { readme: true });
    await servers.hurry();
    const counts = await finished();
    const figures = await seen();
    expect(figures.length).toBeGreaterThanOrEqual(3);
    expect(figures).toEqual([...figures].sort((one, other) => one - other));
    expect(counts.created + counts.updated + counts.rejected).toBe(toWrite);
    expect(counts.held).toBe(1);
    expect(counts.unknown).toBe(0);
    await page.getByRole('grid').getByRole('gridcell').first().waitFor();
    await look('run');
  });

  it('sees only the held record in the next preview, writes it, and then both sides agree', async () => {
    await previewAgain();
    await until(
      () => at('preview-write').textContent(),
      (text) => figureIn(text) === 1,
    );
    await acceptHalts(page);
    await at('preview-write').click();
    const counts = await finished();
    expect(counts.created + counts.updated).toBe(1);
    await previewAgain();
    await at('nothing-to-write').waitFor();
    expect(await at('preview-write').getAttribute('aria-disabled')).toBe('true');
    await look('preview-nothing');
    await tab('Runs');
    await page.getByRole('main').getByText('Finished').first().waitFor();
    await look('runs');
  });

  it('undoes the last run, which is previewed and run like any other', async () => {
    await page.getByRole('main').getByRole('link', { name: /^Run \d+|^\d+$/ }).first().click();
    await at('run-undo').click();
    await at('undo-strip').waitFor();
    await page.getByRole('grid').getByRole('gridcell').first().waitFor();
    expect(await at('preview-write').textContent()).toBe('Put back 1 record in Fernhill UAT (SANDBOX)');
    await look('undo');
    await at('preview-write').click();
    const counts = await finished();
    expect(counts.updated).toBe(1);
    expect(await at('run-banner').textContent()).toContain('1 record put back as before run');
    await look('undone');
  });

  it('finds subscriptions; the totals follow', async () => {
    await leadTo(/^Subscriptions/);
    const shown = () => at('subscriptions-shown').textContent();
    await at('subscriptions-shown').waitFor();
    await look('subscriptions');
    await page.keyboard.press('/');
    await page.keyboard.type('Highgate');
    const { rows, total, totals } = await ask(host.url, 'subscription_list', {
      search: 'Highgate',
      source: null,
      status: [],
      interval: [],
      currency: [],
      plan: [],
      sort: 'customer',
      descending: false,
      offset: 0,
      limit: 200,
    });
    expect(total).toBeGreaterThan(0);
    expect(rows.length).toBe(total);
    // Typed slowly, the first letters are a search of their own.
    await until(shown, (text) => (text?.includes(' of ') ?? false) && figureIn(text) === total);
    for (const { currency, amount } of totals) {
      const cents = rows
        .filter((row) => row.currency === currency && row.mrr !== null)
        .reduce((sum, row) => sum + Math.round(Number(row.mrr) * 100), 0);
      const place = page.locator(`[data-testid="subscriptions-total"][data-currency="${currency}"]`);
      const text = (await place.textContent())?.replaceAll(',', '');
      expect(Math.abs(Number(text) * 100 - cents), `${currency}: ${amount}`).toBeLessThanOrEqual(rows.length);
    }
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await at('customer-drawer').getByRole('heading', { name: 'Customer' }).waitFor();
    await look('subscriptions-drawer');
    await page.keyboard.press('Escape');
    await at('customer-drawer').waitFor({ state: 'detached' });
  });

  it('finds everything by Ctrl+K', async () => {
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Find anything' });
    await field.fill('new sync');
    await page.getByRole('option', { name: /New sync/ }).waitFor();
    await look('palette');
    await page.keyboard.press('Enter');
    await at('sync-name').waitFor();
    await look('new-sync');
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(there.complaints).toEqual([]);
    expect(there.refusals).toEqual([]);
  });

  it('could have used every screen with assistive technology', () => {
    expect(accessibility.found()).toBe('');
  });
});
