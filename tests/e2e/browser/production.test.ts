import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Accessibility } from '../support/accessibility.ts';
import { ask, connectAll, SimulatedServer } from '../support/backend.ts';
import { launch, type Visit, visit } from '../support/browser.ts';
import { type Host, type Simulated, startHost, startSimulated } from '../support/processes.ts';
import { acceptHalts, figure, figureIn } from '../support/screens.ts';
import { shoot } from '../support/screenshots.ts';

let host: Host;
let simulated: Simulated;
let servers: SimulatedServer;
let browser: Browser;
let there: Visit;
let page: Page;
const accessibility = new Accessibility();

beforeAll(async () => {
  host = await startHost({ BROWSER: 'true' });
  [simulated, browser] = await Promise.all([startSimulated(host.loginPort), launch()]);
  await connectAll(host, simulated, 'production');
  servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'salesforce');
  there = await visit(browser, host.url);
  page = there.page;
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([host?.stop(), simulated?.stop()]);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await shoot(page, 'failed-production').catch(() => {});
  console.error([...there.complaints, ...there.refusals, host.log()].join('\n'));
});

const at = (id: string): Locator => page.getByTestId(id);

async function look(name: string) {
  await shoot(page, name);
  await accessibility.check(page, name);
}

describe('a run in production', () => {
  it('is under a band that says PRODUCTION', async () => {
    await at('fields-deploy').waitFor();
    expect(await page.getByRole('status', { name: 'Environment' }).textContent()).toMatch(/^PRODUCTION/);
    expect(await at('fields-deploy').textContent()).toBe('Create 13 fields in Fernhill (PRODUCTION)');
    await at('fields-deploy').click();
    await page.locator('[data-testid="fields-proof"][data-ready]').waitFor();
    await look('production-fields');
  });

  it('is previewed first, and updates only', async () => {
    await page.getByRole('main').getByRole('link', { name: 'Preview', exact: true }).click();
    await at('preview-start').click();
    await page.getByRole('grid').getByRole('gridcell').first().waitFor();
    expect(await figure(at('group-create'))).toBe(0);
    expect(await figure(at('group-update'))).toBeGreaterThan(0);
    await look('production-preview');
  });

  it('begins only when the org’s domain is typed', async () => {
    const writes = await servers.writes();
    const before = (await ask(host.url, 'run_list', { sync: null })).length;
    await acceptHalts(page);
    await at('preview-write').click();
    await page.getByRole('dialog', { name: 'Write to Fernhill?' }).waitFor();
    const button = at('production-write');
    expect(await button.textContent()).toMatch(/^Write \d+ records? to Fernhill \(PRODUCTION\)$/);
    expect(await button.isDisabled()).toBe(true);
    await at('production-domain').fill('another.my.salesforce.com');
    await page.keyboard.press('Enter');
    expect(await button.isDisabled()).toBe(true);
    await at('production-domain').fill(new URL(simulated.urls.salesforce_production).host);
    await page.getByText('Matches this org').waitFor();
    expect(await button.isEnabled()).toBe(true);
    await look('production-dialog');
    expect(await servers.writes()).toBe(writes);
    expect((await ask(host.url, 'run_list', { sync: null })).length).toBe(before);
  });

  it('adds up', async () => {
    const toWrite = figureIn(await at('production-write').textContent());
    await at('production-write').click();
    await page.locator('[data-testid="run-status"][data-status="finished"]').waitFor({ timeout: 60_000 });
    await page.locator('[data-testid="equation"][data-balance="right"]').waitFor();
    expect((await figure(at('count-updated'))) + (await figure(at('count-rejected')))).toBe(toWrite);
    expect(await figure(at('count-created'))).toBe(0);
    await look('production-run');
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(there.complaints).toEqual([]);
    expect(there.refusals).toEqual([]);
  });

  it('could have been used with assistive technology', () => {
    expect(accessibility.found()).toBe('');
  });
});
