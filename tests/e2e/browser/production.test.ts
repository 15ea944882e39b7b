import { describe, expect, it } from 'vitest';
import { ask, connectAll, SimulatedServer } from '../support/backend.ts';
import { acceptHalts, figure, figureIn } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

let servers: SimulatedServer;

const here = walk('production', async ({ host, simulated }) => {
  await connectAll(host, simulated, 'production');
  servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'salesforce');
});
const { at, look } = here;

describe('a run in production', () => {
  it('is under a band that says PRODUCTION', async () => {
    await at('fields-deploy').waitFor();
    expect(await here.page.getByRole('status', { name: 'Environment' }).textContent()).toMatch(/^PRODUCTION/);
    expect(await at('fields-deploy').textContent()).toBe('Create 13 fields in Fernhill (PRODUCTION)');
    await at('fields-deploy').click();
    await here.page.locator('[data-testid="fields-proof"][data-ready]').waitFor();
    await look('production-fields');
  });

  it('is previewed first, and updates only', async () => {
    await here.page.getByRole('main').getByRole('link', { name: 'Preview', exact: true }).click();
    await at('preview-start').click();
    await here.page.getByRole('grid').getByRole('gridcell').first().waitFor();
    expect(await figure(at('group-create'))).toBe(0);
    expect(await figure(at('group-update'))).toBeGreaterThan(0);
    await look('production-preview');
  });

  it('begins only when the org’s domain is typed', async () => {
    const writes = await servers.writes();
    const before = (await ask(here.host.url, 'run_list', { sync: null })).length;
    await acceptHalts(here.page);
    await at('preview-write').click();
    await here.page.getByRole('dialog', { name: 'Write to Fernhill?' }).waitFor();
    const button = at('production-write');
    expect(await button.textContent()).toMatch(/^Write \d+ records? to Fernhill \(PRODUCTION\)$/);
    expect(await button.isDisabled()).toBe(true);
    await at('production-domain').fill('another.my.salesforce.com');
    await here.page.keyboard.press('Enter');
    expect(await button.isDisabled()).toBe(true);
    await at('production-domain').fill(new URL(here.simulated.urls.salesforce_production).host);
    await here.page.getByText('Matches this org').waitFor();
    expect(await button.isEnabled()).toBe(true);
    await look('production-dialog');
    expect(await servers.writes()).toBe(writes);
    expect((await ask(here.host.url, 'run_list', { sync: null })).length).toBe(before);
  });

  it('adds up', async () => {
    const toWrite = figureIn(await at('production-write').textContent());
    await at('production-write').click();
    await here.page.locator('[data-testid="run-status"][data-status="finished"]').waitFor({ timeout: 60_000 });
    await here.page.locator('[data-testid="equation"][data-balance="right"]').waitFor();
    expect((await figure(at('count-updated'))) + (await figure(at('count-rejected')))).toBe(toWrite);
    expect(await figure(at('count-created'))).toBe(0);
    await look('production-run');
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(here.visit.complaints).toEqual([]);
    expect(here.visit.refusals).toEqual([]);
  });

  it('could have been used with assistive technology', () => {
    expect(here.accessibility.found()).toBe('');
  });
});
