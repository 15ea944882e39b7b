import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunView, SyncView } from '../../../ui/src/backend/bindings.ts';
import { Accessibility } from '../support/accessibility.ts';
import { ask, connectOrg } from '../support/backend.ts';
import { launch, type Visit, visit } from '../support/browser.ts';
import { type Host, type Simulated, startHost, startSimulated } from '../support/processes.ts';
import { until } from '../support/screens.ts';
import { shoot } from '../support/screenshots.ts';

let host: Host;
let simulated: Simulated;
let browser: Browser;
let there: Visit;
let page: Page;
let sync: SyncView;
let first: RunView;
const accessibility = new Accessibility();

const ended = (run: number): Promise<RunView> =>
  until(
    () => ask(host.url, 'run_get', { run }),
    (one) => one.status !== 'running',
  );

/** Previews and writes, without the page. */
async function write(): Promise<RunView> {
  const { id } = await ask(host.url, 'plan_start', { sync: sync.id });
  const plan = await until(
    () => ask(host.url, 'plan_get', { plan: id }),
    (one) => one.status !== 'planning',
  );
  const accept = plan.halts.map((halt) => halt.name);
  const started = { plan: id, confirm: null, limit: null, accept, only: null, way: null };
  return ended((await ask(host.url, 'run_start', started)).id);
}

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), launch()]);
  simulated = await startSimulated(host.loginPort);
  const source = await ask(host.url, 'source_connect', {
    provider: 'alguna',
    name: 'Alguna',
    base_url: simulated.urls.alguna,
    key: simulated.credentials.alguna_api_key,
  });
  const org = await connectOrg(host, simulated, 'sandbox', 'Fernhill');
  sync = await ask(host.url, 'sync_create', {
    name: 'Alguna to Fernhill',
    source: source.id,
    org: org.id,
    create_records: true,
  });
  await ask(host.url, 'fields_deploy', { sync: sync.id });
  first = await write();
  there = await visit(browser, host.url);
  page = there.page;
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([host?.stop(), simulated?.stop()]);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await shoot(page, 'failed-undo').catch(() => {});
  console.error([...there.complaints, ...there.refusals, host.log()].join('\n'));
});

const at = (id: string): Locator => page.getByTestId(id);

async function look(name: string) {
  await shoot(page, name);
  await accessibility.check(page, name);
}

describe('an undo of a run that created records', () => {
  it('leaves them at first, and says so', async () => {
    expect(first.counts.created).toBeGreaterThan(0);
    await page.getByRole('main').getByRole('link', { name: `Run ${first.id}` }).click();
    await at('run-undo').click();
    await at('undo-strip').waitFor();
    expect(await at('undo-strip').textContent()).toContain('records the run created stay');
    expect(await at('undo-delete-created').isChecked()).toBe(false);
    expect(await at('group-delete').count()).toBe(0);
    await look('undo-leaves');
  });

  it('deletes them where a person wants it, previewed anew and counted apart', async () => {
    await at('undo-delete-created').focus();
    await page.keyboard.press('Space');
    await at('group-delete').waitFor();
    expect(await at('undo-delete-created').isChecked()).toBe(true);
    const created = first.counts.created.toLocaleString('en-US');
    expect(await at('group-delete').textContent()).toContain(created);
    const restored = first.counts.updated.toLocaleString('en-US');
    expect(await at('preview-write').textContent()).toBe(
      `Delete ${created} and restore ${restored} in Fernhill (SANDBOX)`,
    );
    await at('group-delete').click();
    await at('row-deletion').first().waitFor();
    await look('undo-deletes');
  });

  it('accounts for every one of them', async () => {
    await at('preview-write').click();
    await at('run-banner').waitFor();
    const banner = await at('run-banner').textContent();
    expect(banner).toContain(`put back as before run ${first.id}`);
    expect(banner).toContain('that it created deleted');
    expect(await at('count-deleted').textContent()).toBe(first.counts.created.toLocaleString('en-US'));
    expect(await at('equation-sum').textContent()).toContain('Adds up');
    for (const [width, height] of [
      [1024, 700],
      [1280, 800],
    ] as const) {
      await page.setViewportSize({ width, height });
      await look(`undo-deleted-${width}`);
    }
  });
});
