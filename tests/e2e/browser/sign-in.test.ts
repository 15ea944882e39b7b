import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Accessibility } from '../support/accessibility.ts';
import { ask } from '../support/backend.ts';
import { launch, type Visit, visit } from '../support/browser.ts';
import { inProject } from '../support/paths.ts';
import { freshFolder, type Host, type Simulated, startHost, startSimulated } from '../support/processes.ts';
import { until } from '../support/screens.ts';
import { shoot } from '../support/screenshots.ts';

let host: Host;
let simulated: Simulated;
let browser: Browser;
let there: Visit;
let page: Page;
const opened = join(freshFolder(), 'opened');
const accessibility = new Accessibility();

beforeAll(async () => {
  host = await startHost({
    BROWSER: inProject('tests/e2e/browser/opened-by-drawbridge.sh'),
    DRAWBRIDGE_E2E_OPENED: opened,
  });
  [simulated, browser] = await Promise.all([startSimulated(host.loginPort), launch()]);
  there = await visit(browser, host.url);
  page = there.page;
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([host?.stop(), simulated?.stop()]);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await shoot(page, 'failed-sign-in').catch(() => {});
  console.error([...there.complaints, ...there.refusals, host.log()].join('\n'));
});

async function look(name: string) {
  await shoot(page, name);
  await accessibility.check(page, name);
}

const dialog = () => page.getByRole('dialog');
const connected = async () => (await ask(host.url, 'connection_list', {})).map((one) => one.name);

async function openDialog(product: string) {
  await page.getByRole('main').getByRole('button', { name: 'Connect', exact: true }).click();
  await dialog().getByRole('button', { name: product }).click();
}

/** Presses a button on Salesforce's page, in the window that Drawbridge opened. */
async function answerInBrowser(button: 'Allow' | 'Deny') {
  await dialog().getByText('allow access').waitFor();
  await until(async () => existsSync(opened), Boolean);
  const address = readFileSync(opened, 'utf8');
  rmSync(opened);
  expect(address.startsWith(simulated.urls.salesforce_sandbox)).toBe(true);
  const window = await browser.newPage();
  await window.goto(address);
  await window.getByRole('button', { name: button }).click();
  await window.waitForURL(`http://localhost:${host.loginPort}/OauthRedirect**`);
  const text = (await window.locator('body').textContent()) ?? '';
  await window.close();
  return text;
}

describe('a person with systems of their own', () => {
  it('begins in an encrypted workspace without connections', async () => {
    const workspace = await ask(host.url, 'workspace_get', {});
    expect(workspace).toMatchObject({ demo: false, encrypted: true, warning: null, connections: 0 });
    await page.getByRole('link', { name: 'Connect your own' }).click();
    await dialog().getByRole('button', { name: 'Alguna' }).waitFor();
    await look('connect-choose');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('Nothing is connected yet').waitFor();
    await look('connections-none');
  });

  it('is told when the key is wrong, and nothing is kept', async () => {
    await openDialog('Alguna');
    await dialog().getByLabel('API key').fill('not-the-key');
    await dialog().getByText('Advanced').click();
    await dialog().getByLabel('Base URL').fill(simulated.urls.alguna);
    await dialog().getByRole('button', { name: 'Connect Alguna' }).click();
    const alert = dialog().getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('needs_sign_in');
    await look('connect-wrong-key');
    expect(await connected()).toEqual([]);
  });

  it('connects Alguna with the right key', async () => {
    await dialog().getByLabel('API key').fill(simulated.credentials.alguna_api_key);
    await dialog().getByRole('button', { name: 'Connect Alguna' }).click();
    await dialog().getByRole('heading', { name: 'Alguna is connected' }).waitFor();
    await look('connect-alguna-done');
    await dialog().getByRole('button', { name: 'Done' }).click();
    expect(await connected()).toEqual(['Alguna']);
  });

  it('denies access in the browser; the dialog says so, and nothing is kept', async () => {
    await openDialog('Salesforce');
    await dialog().getByLabel('Name').fill('Fernhill UAT');
    await dialog().getByLabel('My Domain or login URL').fill(simulated.urls.salesforce_sandbox);
    await dialog().getByLabel('Consumer key').fill(simulated.credentials.client_id);
    await look('connect-salesforce');
    await dialog().getByRole('button', { name: 'Sign in with the browser' }).click();
    await answerInBrowser('Deny');
    const alert = dialog().getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('sign_in_not_finished');
    await look('connect-denied');
    expect(await connected()).toEqual(['Alguna']);
  });

  it('cannot connect a sandbox as production', async () => {
    await dialog().getByText('Production', { exact: true }).click();
    await dialog().getByText('Live business data').waitFor();
    await dialog().getByRole('button', { name: 'Sign in with the browser' }).click();
    await answerInBrowser('Allow');
    const alert = dialog().getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('wrong_org');
    expect(await connected()).toEqual(['Alguna']);
  });

  it('connects the sandbox after allowing access in the browser', async () => {
    await dialog().getByText('Sandbox', { exact: true }).click();
    await dialog().getByRole('button', { name: 'Sign in with the browser' }).click();
    await dialog().getByText('allow access').waitFor();
    await look('connect-waiting');
    const page2 = await answerInBrowser('Allow');
    expect(page2).toMatch(/Drawbridge/);
    await dialog().getByRole('heading', { name: 'Fernhill UAT is connected' }).waitFor();
    expect(await dialog().textContent()).toContain(simulated.credentials.sandbox.username);
    await look('connect-salesforce-done');
    expect((await connected()).sort()).toEqual(['Alguna', 'Fernhill UAT']);
    await page.getByRole('status', { name: 'Environment' }).getByText('SANDBOX').waitFor();
  });

  it('makes a sync, whose first step are the fields', async () => {
    await dialog().getByRole('link', { name: 'New sync' }).click();
    await page.getByTestId('sync-create').click();
    await page.getByTestId('fields-deploy').waitFor();
    expect(await page.getByTestId('fields-deploy').textContent()).toBe('Create 13 fields in Fernhill UAT (SANDBOX)');
  });

  it('finds no secret in the data folder', () => {
    const secrets = [simulated.credentials.alguna_api_key, simulated.credentials.client_id];
    const files = readdirSync(host.dataFolder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name));
      expect(bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3', file.name).toBe(false);
      for (const secret of secrets) expect(bytes.includes(secret), file.name).toBe(false);
    }
  });

  it('met no error but those three, no other host and nothing the policy refuses', () => {
    expect(there.complaints).toEqual([]);
    expect(there.refusals.map((one) => one.replace(/.*\/api\//, ''))).toEqual([
      'source_connect',
      'org_login_finish',
      'org_login_finish',
    ]);
  });

  it('could have used every screen with assistive technology', () => {
    expect(accessibility.found()).toBe('');
  });
});
