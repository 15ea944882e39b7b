import { describe, expect, it } from 'vitest';
import type { SyncView } from '../../../ui/src/backend/bindings.ts';
import { ask, connectAll, connectOrg, runPlan, SimulatedServer } from '../support/backend.ts';
import { until } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

/** A sandbox that was refreshed: told on its card, linked again in one action, nothing made twice. */

let sync: SyncView;
let servers: SimulatedServer;

const here = walk('relink', async ({ host, simulated }) => {
  sync = await connectAll(host, simulated, 'sandbox');
  servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'salesforce');
  await ask(host.url, 'fields_deploy', { sync: sync.id });
  const { id } = await ask(host.url, 'plan_start', { sync: sync.id });
  await runPlan(host.url, id);
  const refreshed = await fetch(`${simulated.urls.salesforce_sandbox}/sim/org/refresh`, { method: 'POST' });
  expect(refreshed.ok).toBe(true);
});
const { look } = here;
const card = () => here.page.getByRole('main').getByRole('alert');
const org = async () => {
  const all = await ask(here.host.url, 'connection_list', {});
  return all.find((one) => one.provider === 'salesforce');
};

describe('a sandbox that was refreshed', () => {
  it('asks for a sign-in first: its logins are gone', async () => {
    await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Connections/ }).click();
    await here.page.getByRole('button', { name: 'Check all', exact: true }).click();
    await card().filter({ hasText: /sign in|no longer accepted|expired/i }).first().waitFor();
    await look('refreshed-sign-in');
  });

  it('is told on its card once it is signed in, and no preview is made of it', async () => {
    await connectOrg(here.host, here.simulated, 'sandbox', 'Fernhill');
    await here.page.reload();
    await card().filter({ hasText: 'was refreshed' }).first().waitFor();
    expect((await org())?.status).toBe('refreshed');
    await look('refreshed-card');
    const { id } = await ask(here.host.url, 'plan_start', { sync: sync.id });
    const plan = await until(
      () => ask(here.host.url, 'plan_get', { plan: id }),
      (one) => one.status !== 'planning',
    );
    expect(plan.status).toBe('failed');
  });

  it('is re-linked after its forecast, and nothing is written', async () => {
    const writes = await servers.writes();
    await here.page.getByRole('button', { name: 'Re-link…', exact: true }).click();
    const dialog = here.page.getByRole('dialog', { name: /^SANDBOX Re-link Fernhill\?$|Re-link Fernhill\?/ });
    await dialog.getByText('What does not happen').waitFor();
    await dialog.getByText(/found again by external ID/).waitFor();
    await look('refreshed-dialog');
    expect((await org())?.status).toBe('refreshed');
    await dialog.getByRole('button', { name: 'Re-link Fernhill (SANDBOX)' }).click();
    await dialog.waitFor({ state: 'detached' });
    await card().waitFor({ state: 'detached' });
    expect((await org())?.status).toBe('connected');
    expect(await servers.writes()).toBe(writes);
    await look('refreshed-linked');
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(here.visit.complaints).toEqual([]);
    expect(here.accessibility.found()).toBe('');
  });
});
