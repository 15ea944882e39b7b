import { describe, expect, it } from 'vitest';
import { ask, connectAll, SimulatedServer } from '../support/backend.ts';
import { acceptHalts, figure } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

let servers: SimulatedServer;

const here = walk('refusals', async ({ host, simulated }) => {
  await connectAll(host, simulated, 'sandbox', true);
  servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'salesforce');
});
const { at, look } = here;

const finished = () => here.page.locator('[data-testid="run-status"][data-status="finished"]').waitFor({ timeout: 60_000 });

describe('an org that refuses a duplicate and changes what it is sent', () => {
  let twin = '';

  it('says which record was found, and which values it made others of', async () => {
    await at('fields-deploy').click();
    await here.page.locator('[data-testid="fields-proof"][data-ready]').waitFor();
    await here.page.getByRole('main').getByRole('link', { name: 'Preview', exact: true }).click();
    await at('preview-start').click();
    await here.page.getByRole('grid').getByRole('gridcell').first().waitFor();
    const planned = await ask(here.host.url, 'plan_rows', {
      plan: 1,
      action: 'create',
      drifted: false,
      held: false,
      fields: [],
      search: '',
      sort: 'name',
      offset: 0,
      limit: 1,
    });
    twin = planned.rows[0]?.name ?? '';
    await servers.deed('records/create', { sobject: 'Account', values: { Name: twin } });
    await servers.deed('rules', {
      sobject: 'Account',
      name: 'Same_Name',
      fields: ['Name'],
      action: 'allow',
      message: 'Use one of these records?',
    });
    await servers.deed('rules', {
      sobject: 'Account',
      name: 'Own_Names',
      field: 'Alguna_Subscription_Name__c',
      value: 'By the org',
    });
    await acceptHalts(here.page);
    await at('preview-write').click();
    await finished();
    await look('run-refusals');
    expect(await figure(at('count-rejected'))).toBe(1);
    const problems = at('run-problems');
    await problems.getByText('read_back_differs').first().waitFor();
    await problems.getByRole('button', { name: /another value/ }).first().click();
    await here.page.getByRole('grid').getByText('By the org').first().waitFor();
    await look('run-differs');
    // Every field of a record, by keyboard alone.
    await here.page.getByRole('grid').focus();
    await here.page.keyboard.press('ArrowDown');
    await here.page.keyboard.press('Enter');
    await at('outcome-details').getByRole('row', { name: /Alguna Subscription Name/ }).waitFor();
    await look('run-record');
    await here.page.keyboard.press('Escape');
    await at('outcome-details').waitFor({ state: 'detached' });
  });

  it('lets a person save the duplicate anyway', async () => {
    await at('run-problems').getByRole('button', { name: /possible duplicate/ }).click();
    await look('run-duplicate');
    await here.page.getByRole('button', { name: `Save anyway: ${twin}` }).click();
    await finished();
    await here.page.locator('[data-testid="equation"][data-balance="right"]').waitFor();
    await expect.poll(() => figure(at('count-rejected'))).toBe(0);
    await look('run-saved-anyway');
  });

  it('writes nothing to an org that is only read, but reads it, all of it again', async () => {
    const { page } = here;
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Connections' }).click();
    const card = page.getByRole('main').locator('[data-environment="sandbox"]').filter({ hasText: 'Read-only' });
    const readOnly = card.locator('[data-testid^="read-only-"]');
    await readOnly.click();
    await card.getByText('Nothing is written to this org').waitFor();
    await at('band-read-only').waitFor();
    await look('connections-read-only');
    await page.getByRole('navigation').getByRole('link', { name: 'Alguna to Fernhill' }).click();
    await page.getByRole('main').getByRole('link', { name: 'Preview', exact: true }).click();
    await at('preview-reading').click();
    await look('preview-how-much');
    await at('preview-full').click();
    await at('preview-reading').waitFor();
    const write = at('preview-write');
    await expect.poll(() => write.getAttribute('aria-disabled')).toBe('true');
    await write.hover();
    await page.getByText('This org is read-only.').waitFor();
    await look('preview-read-only');

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Connections' }).click();
    await readOnly.click();
    await card.getByText('Runs write to this org').waitFor();
    await expect.poll(() => at('band-read-only').count()).toBe(0);
  });

  it('can be used by everybody, and broke nothing on the way', () => {
    expect(here.accessibility.found()).toBe('');
    expect(here.visit.complaints).toEqual([]);
    expect(here.visit.refusals).toEqual([]);
  });
});
