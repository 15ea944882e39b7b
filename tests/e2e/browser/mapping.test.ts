import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SyncView } from '../../../ui/src/backend/bindings.ts';
import { ask, connectAll, connectOrg, SimulatedServer } from '../support/backend.ts';
import { tabTo, until } from '../support/screens.ts';
import { walk } from '../support/walk.ts';
import { shoot } from '../support/screenshots.ts';

let servers: SimulatedServer;
let sync: SyncView;

const here = walk('mapping', async ({ host, simulated }) => {
  sync = await connectAll(host, simulated, 'sandbox');
  await connectOrg(host, simulated, 'production', 'Fernhill Live');
  servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'salesforce');
  await ask(host.url, 'fields_deploy', { sync: sync.id });
});
const { at, tab } = here;

const state = () => at('mapping-state').textContent();
const saved = () => ask(here.host.url, 'mapping_get', { sync: sync.id, sample: 0 });
const latest = () => ask(here.host.url, 'sync_get', { sync: sync.id }).then((one) => one.latest_plan ?? undefined);

/** Looks at the screen in both sizes a window mostly has, and checks that everybody can use it. */
async function look(name: string) {
  for (const [width, height] of [
    [1024, 700],
    [1280, 800],
  ] as const) {
    await here.page.setViewportSize({ width, height });
    await shoot(here.page, `${name}-${width}`);
  }
  await here.accessibility.check(here.page, name);
}

/** Makes a preview on the page and waits for its rows. */
async function preview() {
  const before = (await latest())?.id;
  await at('preview-start').or(at('preview-again')).first().click();
  await until(latest, (plan) => plan !== undefined && plan.id !== before && plan.status === 'ready', 60);
  await here.page.getByRole('grid').getByRole('gridcell').first().waitFor();
}

async function more(item: string) {
  await at('mapping-more').click();
  await at(item).click();
}

// Each state is looked at in two sizes and two appearances, which takes its time on a busy machine.
describe('a mapping in the window', { timeout: 180_000 }, () => {
  it('shows what each rule gives, and what is wrong with it', async () => {
    await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: sync.name }).click();
    await tab('Mapping');
    await at('rule-Name').waitFor();
    expect(await state()).toBe('Version 1');
    await look('mapping-unread');
    await tab('Preview');
    await preview();
    await tab('Mapping');
    await here.page.locator('[data-testid="sample-Name"]', { hasText: /\w/ }).waitFor();
    await look('mapping');
  });

  it('explains each value in a sentence, with five customers', async () => {
    await at('rule-Alguna_Subscription_Value__c').getByRole('button', { expanded: false }).first().click();
    await at('rule-explanation').getByText('What is billed at each interval').waitFor();
    await until(
      () => at('sample').count(),
      (count) => count === 5,
    );
    await look('mapping-explained');
    // Its list of choices opens with the focus, and takes the first press.
    await at('rule-source').focus();
    await here.page.keyboard.press('Escape');
    await here.page.locator('[data-testid="rule-source"][aria-expanded="false"]').waitFor();
    await here.page.keyboard.press('Escape');
    await at('rule-editor').waitFor({ state: 'detached' });
    expect(await here.page.evaluate(() => document.activeElement?.getAttribute('aria-expanded'))).toBe('false');
  });

  it('takes a new rule for any field, by keyboard', async () => {
    for (const breach of await tabTo(here.page, at('mapping-add'), 300)) here.accessibility.note(breach, 'mapping, by keyboard');
    await here.page.keyboard.press('Enter');
    await at('field-search').waitFor();
    await here.page.getByRole('listbox', { name: 'Fields' }).getByRole('option').first().waitFor();
    await look('mapping-add');
    await at('field-search').fill('description');
    await here.page.keyboard.press('Enter');
    await at('rule-editor').waitFor();
    expect(await state()).toBe('Version 1, not saved: 1 change');
    await look('mapping-added');
  });

  it('says where an expression is wrong, and does not save it', async () => {
    // The choice of what feeds it has the focus, and its list is open.
    await here.page.getByRole('option', { name: /An expression/ }).waitFor();
    expect(await at('rule-source').evaluate((field) => field === document.activeElement)).toBe(true);
    await here.page.keyboard.type('expression');
    await here.page.keyboard.press('ArrowDown');
    await here.page.keyboard.press('Enter');
    await at('expression').fill('{{ customer.nmae | uper }}');
    await here.page.getByRole('button', { name: 'Line 1, character 4' }).waitFor();
    await here.page.getByText('Did you mean customer.name?').first().waitFor();
    await here.page.getByText('Did you mean upper?').first().waitFor();
    await look('mapping-wrong');
    await at('mapping-save').click();
    await here.page.getByText('The mapping was not saved').waitFor();
    await look('mapping-refused');
    expect((await saved()).version).toBe(1);
    expect(here.visit.refusals.splice(0)).toHaveLength(1);
  });

  it('shows live what it gives real customers', async () => {
    await at('expression').fill('{{ customer.name | upper }} from ');
    await here.page.getByText('Compiles; what it gives is read as').waitFor();
    const first = at('sample').first();
    const name = (await first.locator('dt').textContent()) ?? '';
    await until(
      () => first.locator('dd').textContent(),
      (text) => text === `${name.toUpperCase()} from`,
    );
    await here.page.keyboard.press('Control+Space');
    await at('terms').waitFor();
    await here.page.getByLabel('Find a name, filter or test').fill('city of');
    await look('mapping-terms');
    await at('terms').getByRole('button', { name: /customer.address.city/ }).click();
    await until(
      () => at('expression').inputValue(),
      (text) => text === '{{ customer.name | upper }} from {{ customer.address.city }}',
    );
    await here.page.getByRole('button', { name: 'Next five customers' }).click();
    await here.page.getByText('6 to 10 of').waitFor();
    await here.page.getByLabel('Customers to try it on').fill(name);
    await at('sample').getByText(name, { exact: true }).first().waitFor();
    await here.page.locator('[data-testid="samples"]:not([aria-busy])').waitFor();
    await look('mapping-expression');
  });

  it('asks before unsaved changes are left', async () => {
    await tab('Preview');
    await here.page.getByText('1 unsaved change to the mapping would be lost.').waitFor();
    await look('mapping-leave');
    await here.page.getByRole('button', { name: 'Stay here' }).click();
  });

  it('is saved as the next version, which needs a new preview', async () => {
    await at('mapping-save').click();
    await at('mapping-outdated').waitFor();
    expect(await state()).toBe('Version 2');
    await look('mapping-saved');
    await at('mapping-outdated').getByRole('button', { name: 'Go to Preview' }).click();
    await preview();
    const plan = await latest();
    const column = plan?.columns.find((one) => one.field === 'Description');
    expect(column?.changes).toBeGreaterThan(10);
    await here.page.getByRole('columnheader', { name: /Description/ }).waitFor();
    await look('mapping-preview');
  });

  it('proposes what the org’s fields invite', async () => {
    await tab('Mapping');
    await here.page.getByRole('button', { name: 'Remove the rule for Alguna Tax Rate' }).click();
    await at('mapping-proposals').click();
    await here.page.getByText('The Alguna pack fills Alguna_Tax_Rate__c').waitFor();
    await look('mapping-proposals');
    await at('proposals-all').click();
    await until(state, (text) => text === 'Version 2');
  });

  it('keeps its versions, and takes one back as a new one', async () => {
    await at('mapping-versions').click();
    await at('version-1').click();
    await here.page.getByText('Taken back, it would change').waitFor();
    await look('mapping-versions');
    await at('version-take-back').click();
    await until(state, (text) => text === 'Version 3');
    expect((await saved()).rules.some((rule) => rule.field === 'Description')).toBe(false);
  });

  it('goes out as a file and comes back in, shown before it is saved', async () => {
    await more('mapping-export');
    const text = await at('export-text').inputValue();
    expect(text).toContain('version = 3');
    await at('export-save').click();
    const path = (await at('export-path').locator('code').textContent()) ?? '';
    expect(readFileSync(path, 'utf8')).toBe(text);
    await look('mapping-export');
    await here.page.getByRole('button', { name: 'Close' }).last().click();

    await more('mapping-import');
    const choose = (content: string) =>
      at('import-file').setInputFiles({ name: 'alguna.toml', mimeType: 'text/plain', buffer: Buffer.from(content) });
    await choose(text.replace('value = "customer.name"', 'expression = "{{ customer.nam }}"'));
    await here.page.getByText('It cannot be saved').waitFor();
    await look('mapping-import-wrong');
    expect(await at('import-save').isDisabled()).toBe(true);
    await choose(
      `${text}\n[[rule]]\nfield = "Description"\nexpression = "{{ customer.name | upper }}"\nwrite = "if_empty"\n`,
    );
    await here.page.getByText('Filled from {{ customer.name | upper }}').waitFor();
    await look('mapping-import');
    await at('import-save').click();
    await until(state, (now) => now === 'Version 4');
  });

  it('is promoted to production: checked without a write, fields created, the sync made', async () => {
    const writes = await servers.writes();
    await more('mapping-promote');
    await at('checklist').waitFor();
    await look('promotion');
    expect(await servers.writes()).toBe(writes);
    expect(await at('promotion-deploy').textContent()).toMatch(/^Create \d+ fields in Fernhill Live \(PRODUCTION\)$/);
    await at('promotion-deploy').click();
    await here.page.locator('[data-testid="promotion-standing"][data-ready]').waitFor({ timeout: 60_000 });
    await look('promotion-ready');
    const before = (await ask(here.host.url, 'sync_list', {})).length;
    await at('promotion-finish').click();
    await at('promoted').waitFor();
    await look('promoted');
    const syncs = await ask(here.host.url, 'sync_list', {});
    expect(syncs).toHaveLength(before + 1);
    const made = syncs.find((one) => one.environment === 'production');
    expect(made?.latest_plan).toBeNull();
    await at('promoted-preview').click();
    await at('preview-start').waitFor();
    expect(await here.page.getByRole('status', { name: 'Environment' }).textContent()).toMatch(/^PRODUCTION/);
    await look('promoted-preview');
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(here.visit.complaints).toEqual([]);
    expect(here.visit.refusals).toEqual([]);
  });

  it('could have been written with assistive technology', () => {
    expect(here.accessibility.found()).toBe('');
  });
});
