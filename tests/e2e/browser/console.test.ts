import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConnectionView } from '../../../ui/src/backend/bindings.ts';
import { ask, SimulatedServer } from '../support/backend.ts';
import { tabTo, until } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

let profitwell: ConnectionView;
let server: SimulatedServer;

const here = walk('console', async () => {});
const { at, look } = here;

const path = () => at('console-path');
const answer = () => at('console-answer');

/** The console, from anywhere. */
async function toConsole(): Promise<void> {
  await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Billing' }).click();
  await here.page.getByRole('navigation', { name: 'Tabs' }).getByRole('link', { name: 'API console' }).click();
}

/** Writes a path and sends it by Enter. */
async function get(text: string): Promise<void> {
  await at('console-method').click();
  await here.page.getByRole('option', { name: 'GET', exact: true }).click();
  await path().fill(text);
  await here.page.keyboard.press('Escape');
  await here.page.keyboard.press('Enter');
}

describe('the API console', () => {
  it('says what is missing before a billing system is connected', async () => {
    await toConsole();
    await here.page.getByRole('button', { name: 'Connect ProfitWell or Alguna' }).waitFor();
    await look('console-not-connected');
    profitwell = await ask(here.host.url, 'source_connect', {
      provider: 'profitwell',
      name: 'ProfitWell',
      base_url: here.simulated.urls.profitwell,
      key: here.simulated.credentials.profitwell_token,
    });
    await ask(here.host.url, 'source_connect', {
      provider: 'alguna',
      name: 'Alguna',
      base_url: here.simulated.urls.alguna,
      key: here.simulated.credentials.alguna_api_key,
    });
    server = new SimulatedServer(await ask(here.host.url, 'connection_list', {}), 'profitwell');
    await here.page.reload();
    await path().waitFor();
    await at('console-connection').click();
    await here.page.getByRole('option', { name: 'ProfitWell' }).click();
    await look('console-empty');
  });

  it('offers every documented call and makes one by keyboard alone', async () => {
    const unseen = await tabTo(here.page, path());
    expect(unseen).toEqual([]);
    await here.page.keyboard.type('lists customers');
    await here.page.getByRole('option').first().waitFor();
    await look('console-completion');
    await here.page.keyboard.press('ArrowDown');
    await here.page.keyboard.press('Enter');
    expect(await path().inputValue()).toBe('/v2/customers/');
    await at('console-sentence').getByText('lists customers').waitFor();
    await here.page.getByRole('textbox', { name: 'Value of per_page' }).fill('40');
    await here.page.keyboard.press('Control+Enter');
    await answer().getByText('200 OK').waitFor();
    await here.page.getByRole('grid', { name: 'Rows of the answer' }).waitFor();
    await look('console-table', { readme: true });
    await at('console-view').getByText('JSON').click();
    await at('console-text').getByText('"customer_id"').first().waitFor();
    await look('console-json');
    await at('console-view').getByText('Headers').click();
    await look('console-headers');
  });

  it('saves the rows for a spreadsheet', async () => {
    await at('console-save').click();
    await here.page.getByRole('menuitem', { name: /40 rows for a spreadsheet/ }).click();
    await at('console-saved').waitFor();
    const file = /Saved as (.*\.csv)/.exec((await at('console-saved').textContent()) ?? '')?.[1] ?? '';
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(lines.length).toBe(41);
    expect(lines[0]).toContain('customer_id');
  });

  it('refuses a path to elsewhere while it is written, and sends nothing', async () => {
    const before = (await ask(here.host.url, 'console_list', { search: '', connection: null, changes: false, offset: 0, limit: 9 })).all;
    await path().fill('https://evil.example/v2/plans/');
    await at('console-refusal').getByText('names a host of its own').waitFor();
    await look('console-refused');
    await path().fill('/v2/../v1/');
    await at('console-refusal').getByText('leads to another place').waitFor();
    await here.page.keyboard.press('Escape');
    await here.page.keyboard.press('Enter');
    await here.page.getByRole('alert').getByText('Nothing was sent').waitFor();
    await look('console-not-sent');
    const after = (await ask(here.host.url, 'console_list', { search: '', connection: null, changes: false, offset: 0, limit: 9 })).all;
    expect(after).toBe(before);
  });

  it('asks before a change, and sends it once', async () => {
    const before = await server.writes();
    await path().fill('creates a plan');
    await here.page.getByRole('option', { name: /Creates a plan/ }).click();
    await at('console-body').fill('{"id": "walk", "name": "By hand"');
    await here.page.getByText(/Not JSON|JSON/).first().waitFor();
    await look('console-body-wrong');
    await at('console-body').fill('{"id": "walk", "name": "By hand"}');
    await here.page.getByRole('button', { name: 'Format' }).click();
    expect(await at('console-body').inputValue()).toBe('{\n  "id": "walk",\n  "name": "By hand"\n}');
    await at('console-send').click();
    await at('console-confirm').waitFor();
    await look('console-confirm');
    expect(await server.writes()).toBe(before);
    await at('console-confirm').click();
    await answer().getByText('201 Created').waitFor();
    expect(await server.writes()).toBe(before + 1);
    await look('console-created');
  });

  it('wants the id typed for what cannot be taken back', async () => {
    await path().fill('deletes a user');
    await here.page.getByRole('option', { name: /Deletes a user/ }).click();
    // The part to fill in is marked: typing replaces it.
    await here.page.keyboard.type('spiderman');
    expect(await path().inputValue()).toBe('/v2/users/spiderman/');
    await here.page.keyboard.press('Escape');
    await here.page.keyboard.press('Enter');
    await at('console-typed').waitFor();
    expect(await at('console-confirm').isDisabled()).toBe(true);
    await here.page.keyboard.type('spiderman');
    await look('console-irreversible');
    await here.page.keyboard.press('Enter');
    await answer().getByText('404 Not Found').waitFor();
    await answer().getByText(/payment provider/).waitFor();
    await look('console-not-found');
  });

  it('says when an answer was lost, and never sends again by itself', async () => {
    await server.fault('profitwell', '/v2/plans', 'drop_after_commit');
    const before = await server.writes();
    const row = here.page.getByRole('grid', { name: 'Calls' }).getByRole('row').filter({ hasText: 'POST' }).first();
    await row.click();
    await at('console-record').getByText('The answer itself is not kept').waitFor();
    await look('console-record');
    await at('console-send').click();
    await at('console-confirm').click();
    await here.page.getByRole('alert').getByText(/It may have been done/).waitFor();
    expect(await server.writes()).toBe(before + 1);
    await here.page.getByRole('grid', { name: 'Calls' }).getByText('Answer lost').waitFor();
    await look('console-lost');
  });

  it('shows a huge answer in part, scrolls through all its rows, and stays quick', async () => {
    await server.fault('profitwell', '/v2/customers', { huge_answer: 50_000_000 });
    await get('/v2/customers/');
    await answer().getByText('200 OK').waitFor({ timeout: 60_000 });
    const grid = here.page.getByRole('grid', { name: 'Rows of the answer' });
    await grid.waitFor();
    await grid.focus();
    await grid.evaluate((element) => element.scrollTo(0, 1_000_000));
    await until(
      () => grid.getByRole('row').nth(3).textContent(),
      (text) => (text ?? '').includes('cus_'),
    );
    await look('console-huge');
    await at('console-view').getByText('JSON').click();
    await answer().getByText(/Only the beginning of 50/).waitFor();
    const longest = await here.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let last = performance.now();
          let most = 0;
          let frames = 0;
          const frame = (now: number) => {
            most = Math.max(most, now - last);
            last = now;
            frames += 1;
            if (frames < 30) requestAnimationFrame(frame);
            else resolve(most);
          };
          requestAnimationFrame(frame);
        }),
    );
    expect(longest).toBeLessThan(1_000);
    await look('console-huge-text');
  });

  it('is only read when the connection says so', async () => {
    await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Connections' }).click();
    await at(`read-only-${profitwell.id}`).waitFor();
    await at(`read-only-${profitwell.id}`).click();
    await here.page.getByText('Nothing is changed in ProfitWell').waitFor();
    await look('console-read-only-switch');
    await toConsole();
    await at('console-connection').click();
    await here.page.getByRole('option', { name: 'ProfitWell' }).click();
    await path().fill('deletes a user');
    await here.page.getByRole('option', { name: /Deletes a user/ }).click();
    await path().fill('/v2/users/spiderman/');
    await at('console-refusal').getByText('is read-only').waitFor();
    await look('console-read-only');
    await ask(here.host.url, 'connection_set_read_only', { connection: profitwell.id, read_only: false });
  });

  it('calls Alguna as well, in a small window', async () => {
    await here.page.reload();
    await path().waitFor();
    await at('console-connection').click();
    await here.page.getByRole('option', { name: 'Alguna' }).click();
    await here.page.setViewportSize({ width: 1024, height: 700 });
    await path().fill('lists subscriptions');
    await here.page.getByRole('option').first().click();
    await at('console-send').click();
    await answer().getByText('200 OK').waitFor();
    await look('console-alguna-1024');
    await here.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(here.visit.complaints).toEqual([]);
    // The one call whose answer was lost.
    expect(here.visit.refusals).toEqual([`422 ${here.host.url}/api/console_call`]);
  });

  it('could have been used with assistive technology', () => {
    expect(here.accessibility.found()).toBe('');
  });
});
