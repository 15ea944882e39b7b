import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Accessibility } from '../support/accessibility.ts';
import { ask, connectAll, SimulatedServer } from '../support/backend.ts';
import { launch, type Visit, visit } from '../support/browser.ts';
import { type Host, type Simulated, startHost, startSimulated } from '../support/processes.ts';
import { acceptHalts, figure, until } from '../support/screens.ts';
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
  await connectAll(host, simulated, 'sandbox');
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
  await shoot(page, 'failed-runs').catch(() => {});
  console.error([...there.complaints, ...there.refusals, host.log()].join('\n'));
});

const at = (id: string): Locator => page.getByTestId(id);

async function look(name: string) {
  await shoot(page, name);
  await accessibility.check(page, name);
}

describe('a run that is steered', () => {
  it('is paused, and goes on', async () => {
    await at('fields-deploy').click();
    await page.locator('[data-testid="fields-proof"][data-ready]').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Preview', exact: true }).click();
    await at('preview-start').click();
    await page.getByRole('grid').getByRole('gridcell').first().waitFor();
    // Long enough to be paused; then some rows are refused, for the next test.
    await servers.slow('salesforce_sandbox', '/composite/sobjects', 3000, 1);
    await servers.refuseRows('salesforce_sandbox', '/composite/sobjects', 10);
    await at('preview-way').selectOption('collections');
    await acceptHalts(page);
    await at('preview-write').click();
    await at('run-pause').click();
    await at('run-paused').waitFor();
    await look('run-paused');
    const writes = await servers.writes();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const later = await servers.writes();
    // Calls that were under way when it was paused may have ended meanwhile, and no more than these.
    expect(later - writes).toBeLessThanOrEqual(4);
    await at('run-continue').click();
    await page.locator('[data-testid="run-status"][data-status="finished"]').waitFor({ timeout: 60_000 });
    expect(await at('run-way').textContent()).toContain('sObject Collections');
  });

  it('has its rejected records tried again', async () => {
    const rejected = await figure(at('count-rejected'));
    expect(rejected).toBeGreaterThan(0);
    await servers.hurry();
    await look('run-rejected');
    await at('run-retry').click();
    await until(
      () => figure(at('count-rejected')),
      (count) => count === 0,
    );
    await page.locator('[data-testid="run-status"][data-status="finished"]').waitFor({ timeout: 60_000 });
    await page.locator('[data-testid="equation"][data-balance="right"]').waitFor();
    expect(await at('run-retry').count()).toBe(0);
  });

  it('can be used by everybody, and broke nothing on the way', () => {
    expect(accessibility.found()).toBe('');
    expect(there.complaints).toEqual([]);
    expect(there.refusals).toEqual([]);
  });
});
