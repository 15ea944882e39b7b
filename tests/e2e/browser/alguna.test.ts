import { describe, expect, it } from 'vitest';
import type { SyncView } from '../../../ui/src/backend/bindings.ts';
import { ask, connectAll, runPlan, SimulatedServer } from '../support/backend.ts';
import { until } from '../support/screens.ts';
import { walk } from '../support/walk.ts';

let sync: SyncView;
let servers: SimulatedServer;

const here = walk('alguna', async ({ host, simulated }) => {
  sync = await connectAll(host, simulated, 'sandbox');
  servers = new SimulatedServer(await ask(host.url, 'connection_list', {}), 'alguna');
  // What was read by a preview is what is picked from.
  await ask(host.url, 'fields_deploy', { sync: sync.id });
  await runPlan(host.url, (await ask(host.url, 'plan_start', { sync: sync.id })).id);
});
const { at, look } = here;

interface AlgunaCustomer {
  id: string;
  name: string;
  aliases?: string[];
}

/** What Alguna itself says, asked without Drawbridge. */
async function alguna<T>(path: string): Promise<T> {
  const { urls, credentials } = here.simulated;
  const response = await fetch(`${urls.alguna}${path}`, {
    headers: { Authorization: `Bearer ${credentials.alguna_api_key}`, 'Alguna-Version': '2026-04-01' },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const accountsOf = async (customer: string) =>
  (await alguna<{ data: { external_id: string }[] }>(`/customers/${customer}/connected-accounts`)).data.map(
    (one) => one.external_id,
  );
const aliasesOf = async (customer: string) => (await alguna<AlgunaCustomer>(`/customers/${customer}`)).aliases ?? [];

/** An Account that is no customer's. */
async function freeAccount(): Promise<{ id: string; name: string }> {
  const { urls, credentials } = here.simulated;
  const records = await ask(here.host.url, 'match_search', { sync: sync.id, search: 'a' });
  for (const { id, name } of records) {
    const found = await fetch(`${urls.alguna}/customers/lookup?alias=${id}`, {
      headers: { Authorization: `Bearer ${credentials.alguna_api_key}`, 'Alguna-Version': '2026-04-01' },
    });
    if (found.status === 404 && name) return { id, name };
  }
  throw new Error('every Account is a customer');
}

const operation = (place: string) => at(`op-${place}`).click();
const field = (name: string) =>
  here.page.getByRole('textbox', { name, exact: true }).or(here.page.getByRole('combobox', { name, exact: true }));

/** Presses the form's button, confirms, and gives the word of the result. */
async function send(): Promise<string> {
  await at('review').click();
  await at('confirm').waitFor();
  await at('confirm-send').click();
  await at('result').waitFor();
  await at('result-word').waitFor();
  return (await at('result-word').textContent()) ?? '';
}

/** Lets files fall onto the form. */
async function drop(files: { name: string; text: string }[]) {
  const transfer = await here.page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, text } of all) data.items.add(new File([text], name, { type: 'text/csv' }));
    return data;
  }, files);
  await at('csv-drop').dispatchEvent('dragover', { dataTransfer: transfer });
  await at('csv-drop').dispatchEvent('drop', { dataTransfer: transfer });
}

/** Waits until the history says how much of it is shown. */
const shown = (text: string) =>
  until(
    () => at('history-shown').textContent(),
    (said) => said === text,
  );

let customer: AlgunaCustomer;
let account = '';

describe('operations of Alguna', () => {
  it('are on the Billing screen, and link a customer that is picked to an Account that is picked', async () => {
    const { data } = await alguna<{ data: AlgunaCustomer[] }>('/customers?limit=60&offset=0&sort=created_at:asc');
    for (const one of data) {
      const linked = (await accountsOf(one.id)).length > 0 || (one.aliases ?? []).some((alias) => alias.startsWith('001'));
      if (!linked) {
        customer = one;
        break;
      }
    }
    await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Billing' }).click();
    await at('op-link_customer').waitFor();
    await look('alguna-start');
    await field('Customer ID').fill(customer.name.slice(0, 8));
    await here.page.getByRole('option', { name: new RegExp(customer.id) }).click();
    const free = await freeAccount();
    await field('Salesforce Account ID').fill(free.name.slice(0, 4));
    const option = here.page.getByRole('option', { name: new RegExp(free.id) });
    await option.waitFor();
    await look('alguna-pick-account');
    await option.click();
    account = await field('Salesforce Account ID').inputValue();
    await at('link-outlook').waitFor();
    await look('billing-alguna-link', { readme: true });
    await at('review').click();
    await at('confirm').waitFor();
    await look('alguna-confirm');
    expect(await accountsOf(customer.id)).toEqual([]);
    await at('confirm-send').click();
    await at('result').waitFor();
    expect(await at('result-word').textContent()).toBe('Done');
    expect(await accountsOf(customer.id)).toEqual([account]);
    await look('alguna-linked');
  });

  it('say when it is so already, and never put another Account in its place', async () => {
    await at('again').click();
    await field('Customer ID').fill(customer.id);
    await field('Salesforce Account ID').fill(account);
    await here.page.getByText('It is so already').waitFor();
    expect(await send()).toBe('So already');
    await at('again').click();
    await field('Customer ID').fill(customer.id);
    await field('Salesforce Account ID').fill('0017e00001W4GYR');
    await at('problems').waitFor();
    expect(await at('problems').textContent()).toContain('Unlink customer');
    await look('alguna-conflict');
    expect(await accountsOf(customer.id)).toEqual([account]);
  });

  it('unlink it again, by what it is linked to now', async () => {
    await operation('unlink_customer');
    await field('Customer ID').fill(customer.id);
    await field('Salesforce Account ID').click();
    await here.page.keyboard.press('ArrowDown');
    await here.page.getByRole('option', { name: new RegExp(account) }).click();
    await at('link-outlook').waitFor();
    await look('billing-alguna-unlink', { readme: true });
    expect(await send()).toBe('Done');
    expect(await accountsOf(customer.id)).toEqual([]);
  });

  it('add an alias and leave all others', async () => {
    const before = await aliasesOf(customer.id);
    await operation('add_alias');
    await field('Customer ID').fill(customer.id);
    await field('Alias').fill('erp-4711');
    await at('link-outlook').waitFor();
    await look('billing-alguna-alias', { readme: true });
    expect(await send()).toBe('Done');
    expect(await aliasesOf(customer.id)).toEqual([...before, 'erp-4711']);
  });

  it('take a file that is dropped, and say what is wrong with another', async () => {
    await operation('remove_alias');
    await here.page.getByText('Several by CSV').click();
    await at('csv-header').waitFor();
    await drop([{ name: 'book.xlsx', text: 'PK' }]);
    await here.page.getByText('book.xlsx is a workbook').waitFor();
    await look('alguna-file-wrong');
    await drop([{ name: 'empty.csv', text: '' }]);
    await here.page.getByText('empty.csv is empty').waitFor();
    await drop([{ name: 'renamed.csv', text: 'PK\u0003\u0004\u0014' }]);
    await here.page.getByText('“renamed.csv” is a workbook').waitFor();
    // Not made here: it is too large to be carried to the page.
    await at('csv-drop').evaluate((place) => {
      const file = new File(['x'], 'large.csv');
      Object.defineProperty(file, 'size', { value: 200 * 1024 * 1024 });
      const data = { files: [file], items: [], types: ['Files'] };
      const event = new Event('drop', { bubbles: true, cancelable: true });
      Object.defineProperty(event, 'dataTransfer', { value: data });
      place.dispatchEvent(event);
    });
    await here.page.getByText('large.csv is larger than 32 MB').waitFor();
    await drop([{ name: 'aliases.csv', text: `customer,alias\n${customer.id},erp-4711\nnobody,x\n` }]);
    await at('batch-sendable').waitFor();
    await look('alguna-file-preview');
    await at('batch-begin').click();
    await at('batch-send').click();
    await here.page.getByText('2 of 2 rows settled').waitFor();
    expect((await aliasesOf(customer.id)).includes('erp-4711')).toBe(false);
    await look('alguna-file-done');
  });

  it('lead to importing Accounts', async () => {
    await operation('import_accounts');
    await at(`import-${sync.id}`).waitFor();
    await look('alguna-import');
    await at(`import-${sync.id}`).click();
    await at('import-preview').waitFor();
    await here.page.goBack();
  });
});

describe('a call by hand', () => {
  it('can be cancelled while its answer is waited for, which is said honestly', async () => {
    await here.page.getByRole('main').getByRole('link', { name: 'API console' }).click();
    await servers.slow('alguna', '/customers', 20_000, 1);
    await at('console-path').fill('/customers?limit=1&offset=0');
    await here.page.keyboard.press('Escape');
    await at('console-send').click();
    await at('console-cancel').waitFor();
    await look('console-waiting');
    await here.page.keyboard.press('Escape');
    await here.page.getByText('was cancelled before an answer came').waitFor();
    await look('console-cancelled');
    await servers.hurry();
  });
});

describe('the history of everything', () => {
  it('has runs, operations and calls in one list', async () => {
    await here.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'History' }).click();
    await at('history-shown').waitFor();
    await shown('7 entries');
    for (const [width, height] of [
      [1280, 800],
      [1024, 700],
    ] as const) {
      await here.page.setViewportSize({ width, height });
      await look(`history-all-${width}`);
    }
    await here.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is narrowed to a kind, and opens each on its own account', async () => {
    await at('history-kind').click();
    await here.page.getByRole('menuitemcheckbox', { name: 'Operations' }).click();
    await shown('5 of 7 entries');
    await here.page.keyboard.press('Escape');
    await at('history-search').fill(`${account}`);
    const rows = here.page.getByRole('grid', { name: 'History' }).getByRole('row');
    await shown('3 of 7 entries');
    await rows.nth(3).click();
    await at('history-states').waitFor();
    expect(await at('history-states').textContent()).toContain(`Connected account ${account}`);
    await look('history-operation');
    await at('history-open').click();
    await at('batch').waitFor();
    await here.page.goBack();
  });

  it('met no error, no other host and nothing the policy refuses', () => {
    expect(here.visit.complaints).toEqual([]);
    // The file that is none, and the call that was cancelled.
    const refused = (status: number, name: string) => `${status} ${here.host.url}/api/${name}`;
    expect(here.visit.refusals).toEqual([refused(422, 'operation_csv'), refused(422, 'console_call')]);
  });

  it('could have been used with assistive technology', () => {
    expect(here.accessibility.found()).toBe('');
  });
});
