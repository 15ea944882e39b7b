import { describe, expect, it } from 'vitest';
import { ask, connectAll, SimulatedServer } from '../support/backend.ts';
import { acceptHalts, figure, until } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

let servers: SimulatedServer;

const here = walk('runs', async ({ host, simulated }) => {
  await connectAll(host, simulated, 'sandbox');
  servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'salesforce');
});
const { at, look } = here;

describe('a run that is steered', () => {
  it('is paused, and goes on', async () => {
    await at('fields-deploy').click();
    await here.page.locator('[data-testid="fields-proof"][data-ready]').waitFor();
    await here.page.getByRole('main').getByRole('link', { name: 'Preview', exact: true }).click();
    await at('preview-start').click();
    await here.page.getByRole('grid').getByRole('gridcell').first().waitFor();
    // Long enough to be paused; then some rows are refused, for the next test.
    await servers.slow('salesforce_sandbox', '/composite/sobjects', 3000, 1);
    await servers.refuseRows('salesforce_sandbox', '/composite/sobjects', 10);
    await at('preview-way').selectOption('collections');
    await acceptHalts(here.page);
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
    await here.page.locator('[data-testid="run-status"][data-status="finished"]').waitFor({ timeout: 60_000 });
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
    await here.page.locator('[data-testid="run-status"][data-status="finished"]').waitFor({ timeout: 60_000 });
    await here.page.locator('[data-testid="equation"][data-balance="right"]').waitFor();
    expect(await at('run-retry').count()).toBe(0);
  });

  it('can be used by everybody, and broke nothing on the way', () => {
    expect(here.accessibility.found()).toBe('');
    expect(here.visit.complaints).toEqual([]);
    expect(here.visit.refusals).toEqual([]);
  });
});
