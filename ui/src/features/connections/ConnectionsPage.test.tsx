import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { type Answers, errorOf, renderWith, testBackend } from '@/testing';
import { alguna, productionOrg, profitwell, sandboxOrg, syncToProduction, workspace } from '@/testing/examples';
import { ConnectionsPage } from './ConnectionsPage';

const all: Answers = {
  workspace_get: () => workspace,
  connection_list: () => [sandboxOrg, productionOrg, profitwell, alguna],
  sync_list: () => [syncToProduction],
};

function draw(answers: Answers = {}, path = '/connections') {
  const backend = testBackend({ ...all, ...answers });
  renderWith(<ConnectionsPage />, backend, { path });
  return backend;
}
const card = async (name: string) => screen.findByRole('region', { name });

describe('a connection’s card', () => {
  it('names the environment in a word, and marks production alone', async () => {
    draw();
    const production = await card('Fernhill');
    expect(within(production).getByText('PRODUCTION')).toBeTruthy();
    expect(production.dataset.environment).toBe('production');
    expect(production.className).toContain('production');
    const sandbox = await card('Fernhill UAT');
    expect(within(sandbox).getByText('SANDBOX')).toBeTruthy();
    expect(sandbox.className).not.toContain('production');
  });

  it('shows who the org says it is and what is left of its calls', async () => {
    draw();
    const sandbox = await card('Fernhill UAT');
    for (const text of [
      '00DVc000001xR4TMAU',
      'pinned, IsSandbox is true',
      'Enterprise Edition, API v67.0, instance USA794S',
    ]) {
      expect(within(sandbox).getByText(text)).toBeTruthy();
    }
    expect(within(sandbox).getByText(/of 100,000 used, 98,220 left/)).toBeTruthy();
    expect(within(sandbox).getByRole('meter').getAttribute('aria-valuenow')).toBe('1780');
  });

  it('shows everything that is wrong, and all checks when asked', async () => {
    draw();
    const sandbox = await card('Fernhill UAT');
    expect(within(sandbox).getAllByRole('listitem')).toHaveLength(6);
    expect(within(sandbox).getByText('Billing State/Province uses a picklist')).toBeTruthy();
    expect(within(sandbox).queryByText('API calls left')).toBeNull();
    await userEvent.click(within(sandbox).getByRole('button', { name: 'Show all 9 checks' }));
    expect(within(sandbox).getAllByRole('listitem')).toHaveLength(9);
  });

  it('copies the message for the admin and opens Setup in the browser', async () => {
    const person = userEvent.setup();
    const backend = draw();
    const production = await card('Fernhill');
    await person.click(within(production).getByRole('button', { name: 'Copy message' }));
    expect(await navigator.clipboard.readText()).toContain('permission set Drawbridge');
    expect(await within(production).findByText('Copied')).toBeTruthy();
    await person.click(within(production).getByRole('button', { name: 'Open Setup' }));
    expect(backend.opened).toEqual(['https://fernhill.my.salesforce.com/lightning/setup/PermSets/home']);
  });

  it('says why a key is no longer accepted and offers to paste a new one', async () => {
    const backend = draw({ source_replace_key: () => ({ ...alguna, status: 'connected', status_reason: null }) });
    const broken = await card('Alguna');
    expect(within(broken).getByRole('alert').textContent).toContain('the key was revoked');
    await userEvent.click(within(broken).getByRole('button', { name: 'Paste new key' }));
    const dialog = await screen.findByRole('dialog');
    const field = within(dialog).getByLabelText(/New API key/);
    expect(field.getAttribute('type')).toBe('password');
    await userEvent.type(field, 'alg_new');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Replace key' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.calls).toContainEqual({ name: 'source_replace_key', request: { connection: 4, key: 'alg_new' } });
  });

  it('asks again how connections stand when anything is refused for one', async () => {
    let gone = false;
    const backend = draw({
      connection_list: () => [
        sandboxOrg,
        gone
          ? { ...profitwell, status: 'needs_sign_in', status_reason: 'There is no secret for “ProfitWell”.' }
          : profitwell,
      ],
      connection_set_read_only: () => {
        gone = true;
        throw errorOf('needs_sign_in', 'There is no secret for “ProfitWell”.');
      },
    });
    const source = await card('ProfitWell');
    await userEvent.click(within(source).getByRole('switch', { name: /^Read-only/ }));
    await waitFor(() => expect(within(source).getByRole('button', { name: 'Paste new token' })).toBeTruthy());
    expect(within(source).queryByText('Connected')).toBeNull();
    expect(backend.calls.filter((call) => call.name === 'connection_list').length).toBeGreaterThan(1);
  });

  it('keeps a failed check on its card', async () => {
    draw({
      connection_check: () => {
        throw errorOf('unreachable', 'ProfitWell cannot be reached. Nothing was changed.');
      },
    });
    const source = await card('ProfitWell');
    await userEvent.click(within(source).getByRole('button', { name: 'Check ProfitWell' }));
    expect((await within(source).findByRole('alert')).textContent).toContain('cannot be reached');
    expect(within(await card('Fernhill UAT')).queryByText(/cannot be reached/)).toBeNull();
  });

  it('checks every connection', async () => {
    const backend = draw({ connection_check: ({ connection }) => ({ ...sandboxOrg, id: connection }) });
    await userEvent.click(await screen.findByRole('button', { name: 'Check all' }));
    await waitFor(() =>
      expect(backend.calls.filter((call) => call.name === 'connection_check').map((call) => call.request)).toEqual(
        [1, 2, 3, 4].map((connection) => ({ connection })),
      ),
    );
  });
});

describe('re-linking a refreshed sandbox', () => {
  const refreshed = {
    ...sandboxOrg,
    status: 'refreshed' as const,
    status_reason: 'This sandbox was refreshed: its org id was 00D1 and is 00D2 now.',
  };
  const outcome = (applied: boolean) => ({
    connection: applied ? sandboxOrg : refreshed,
    applied,
    from_org: '00D1',
    to_org: '00D2',
    last_seen_at: null,
    syncs: [
      {
        sync: 1,
        name: 'Alguna to Fernhill UAT',
        found_again: 1204,
        not_there: 37,
        need_review: 5,
        missing_fields: ['Alguna_Customer_ID__c'],
      },
    ],
  });

  it('tells what it comes to before it does anything', async () => {
    const backend = draw({
      connection_list: () => [refreshed],
      connection_relink: ({ apply }) => outcome(apply),
    });
    const org = await card('Fernhill UAT');
    expect(within(org).getByRole('alert').textContent).toContain('was refreshed');
    await userEvent.click(within(org).getByRole('button', { name: 'Re-link…' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('1,204 records found again by external ID')).toBeTruthy();
    expect(within(dialog).getByText('37 records not in the copy')).toBeTruthy();
    expect(within(dialog).getByText(/The copy lacks 1 field/)).toBeTruthy();
    const asked = () => backend.calls.filter((call) => call.name === 'connection_relink').map((call) => call.request);
    expect(asked()).toEqual([{ connection: sandboxOrg.id, apply: false }]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Re-link Fernhill UAT (SANDBOX)' }));
    await waitFor(() => expect(asked()).toContainEqual({ connection: sandboxOrg.id, apply: true }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('keeps the refusal in the dialog', async () => {
    draw({
      connection_list: () => [refreshed],
      connection_relink: () => {
        throw errorOf('already_running', 'A run of this sync is writing. Nothing was changed.');
      },
    });
    await userEvent.click(within(await card('Fernhill UAT')).getByRole('button', { name: 'Re-link…' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText(/is writing/)).toBeTruthy();
    expect(within(dialog).getByRole('button', { name: /^Re-link Fernhill/ })).toHaveProperty('disabled', true);
  });
});

describe('leaving', () => {
  it('says what happens and what does not, and waits for the word', async () => {
    const backend = draw({ connection_leave: () => ({}), sync_list: () => [] });
    await userEvent.click(within(await card('Fernhill')).getByRole('button', { name: 'Leave…' }));
    const dialog = await screen.findByRole('dialog');
    const leave = await within(dialog).findByRole('button', { name: 'Leave Fernhill (PRODUCTION)' });
    expect(await within(dialog).findByText(/login of ana.ruiz@fernhill.com is removed/)).toBeTruthy();
    expect(within(dialog).getByText('Nothing is deleted in Salesforce.')).toBeTruthy();
    expect(backend.calls.some((call) => call.name === 'connection_leave')).toBe(false);
    await userEvent.click(leave);
    expect(backend.calls).toContainEqual({ name: 'connection_leave', request: { connection: 2 } });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('names what was read from a source and goes with it', async () => {
    draw({ sync_list: () => [] });
    await userEvent.click(within(await card('ProfitWell')).getByRole('button', { name: 'Leave…' }));
    expect(await screen.findByText(/what was read from ProfitWell: 18,442 customers/)).toBeTruthy();
  });

  it('names the syncs that will wait for the next sign-in', async () => {
    const backend = draw();
    await userEvent.click(within(await card('Fernhill')).getByRole('button', { name: 'Leave…' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText(/Alguna to Fernhill/)).toBeTruthy();
    expect(within(dialog).getByText(/stays listed/)).toBeTruthy();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Leave Fernhill (PRODUCTION)' }));
    await waitFor(() => expect(backend.calls.some((call) => call.name === 'connection_leave')).toBe(true));
  });

  it('stays when the backend refuses and the person thinks again', async () => {
    const backend = draw({
      connection_leave: () => {
        throw errorOf('no_keychain', 'The keychain is locked. Drawbridge is still connected.');
      },
    });
    await userEvent.click(within(await card('Fernhill UAT')).getByRole('button', { name: 'Leave…' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Leave Fernhill UAT (SANDBOX)' }));
    expect(await screen.findByText(/still connected/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Stay connected' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.calls.filter((call) => call.name === 'connection_leave')).toHaveLength(1);
  });
});

describe('connecting a billing source', () => {
  it('asks for what is missing and then shows who answered', async () => {
    const backend = draw(
      { connection_list: () => [], source_connect: ({ name }) => ({ ...profitwell, name }) },
      '/connections?connect',
    );
    await userEvent.click(await screen.findByRole('button', { name: /^ProfitWell/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Connect ProfitWell' }));
    expect(screen.getByText('Paste the private API token first.')).toBeTruthy();
    expect(backend.calls.some((call) => call.name === 'source_connect')).toBe(false);

    await userEvent.type(screen.getByLabelText(/Private API token/), ' pw_secret ');
    await userEvent.click(screen.getByRole('button', { name: 'Connect ProfitWell' }));
    expect(await screen.findByText('ProfitWell is connected')).toBeTruthy();
    expect(backend.calls).toContainEqual({
      name: 'source_connect',
      request: { provider: 'profitwell', name: 'ProfitWell', base_url: null, key: 'pw_secret' },
    });
    expect(document.body.innerHTML).not.toContain('pw_secret');
  });

  it('keeps what was typed when the key is not accepted', async () => {
    draw({
      connection_list: () => [],
      source_connect: () => {
        throw errorOf('needs_sign_in', 'Alguna does not accept this key. Nothing was saved.', 'Copy it again, whole.');
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Connect a billing source' }));
    await userEvent.click(await screen.findByRole('button', { name: /^Alguna/ }));
    await userEvent.type(screen.getByLabelText(/API key/), 'alg_x');
    await userEvent.click(screen.getByRole('button', { name: 'Connect Alguna' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Nothing was saved');
    expect(screen.getByLabelText<HTMLInputElement>(/API key/).value).toBe('alg_x');
    expect(screen.queryByRole('button', { name: 'Open Connections' })).toBeNull();
  });
});

describe('connecting an org', () => {
  const login = {
    login: 7,
    authorize_url: 'https://test.salesforce.com/services/oauth2/authorize?state=abc',
    opened: true,
    callback_url: 'http://localhost:17171/OauthRedirect',
  };

  async function signIn() {
    await userEvent.click(await screen.findByRole('button', { name: /^Salesforce/ }));
    expect(screen.getByText('http://localhost:17171/OauthRedirect')).toBeTruthy();
    await userEvent.type(screen.getByLabelText(/^Name/), 'UAT');
    await userEvent.type(screen.getByLabelText(/My Domain/), 'fernhill--uat.sandbox.my.salesforce.com');
    await userEvent.type(screen.getByLabelText(/Consumer key/), '3MVG9');
    await userEvent.click(screen.getByRole('button', { name: 'Sign in with the browser' }));
  }

  it('waits for the browser and then shows the org', async () => {
    let arrive: (value: typeof sandboxOrg) => void = () => {};
    const backend = draw(
      {
        connection_list: () => [],
        org_login_begin: () => login,
        org_login_finish: () => new Promise((resolve) => (arrive = resolve)),
      },
      '/connections?connect',
    );
    await signIn();
    expect(await screen.findByText(/Sign in to UAT in the browser window/)).toBeTruthy();
    expect(screen.getByText(login.authorize_url)).toBeTruthy();
    arrive({ ...sandboxOrg, name: 'UAT' });
    expect(await screen.findByText('UAT is connected')).toBeTruthy();
    expect(backend.calls).toContainEqual({
      name: 'org_login_begin',
      request: {
        name: 'UAT',
        environment: 'sandbox',
        login_url: 'https://fernhill--uat.sandbox.my.salesforce.com',
        client_id: '3MVG9',
      },
    });
  });

  it('lists the dead ends after twenty seconds, not before', async () => {
    draw(
      { connection_list: () => [], org_login_begin: () => login, org_login_finish: () => new Promise(() => {}) },
      '/connections?connect',
    );
    await userEvent.click(await screen.findByRole('button', { name: /^Salesforce/ }));
    await userEvent.type(screen.getByLabelText(/^Name/), 'UAT');
    await userEvent.type(screen.getByLabelText(/Consumer key/), '3MVG9');
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      screen.getByRole('button', { name: 'Sign in with the browser' }).click();
      await screen.findByText(/Sign in to UAT in the browser window/);
      await vi.advanceTimersByTimeAsync(19_000);
      expect(screen.queryByText(/stop on a Salesforce page/)).toBeNull();
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await screen.findByText(/stop on a Salesforce page/)).toBeTruthy();
    } finally {
      vi.useRealTimers();
    }
  });

  it('cancels the login, keeps the form, and does not show the late error', async () => {
    let fail: (error: Error) => void = () => {};
    const backend = draw(
      {
        connection_list: () => [],
        org_login_begin: () => login,
        org_login_finish: () => new Promise((_, reject) => (fail = reject)),
        org_login_cancel: () => ({}),
      },
      '/connections?connect',
    );
    await signIn();
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(backend.calls).toContainEqual({ name: 'org_login_cancel', request: { login: 7 } });
    fail(errorOf('sign_in_not_finished', 'The sign-in was cancelled.'));
    expect((await screen.findByLabelText<HTMLInputElement>(/Consumer key/)).value).toBe('3MVG9');
    expect(screen.queryByText('The sign-in was cancelled.')).toBeNull();
  });

  it('shows why the org was not connected', async () => {
    draw(
      {
        connection_list: () => [],
        org_login_begin: () => login,
        org_login_finish: () => {
          throw errorOf('wrong_org', 'This org is production, not a sandbox. It was not connected.');
        },
      },
      '/connections?connect',
    );
    await signIn();
    expect((await screen.findByRole('alert')).textContent).toContain('It was not connected');
  });
});

describe('the screen’s states', () => {
  it('says what comes while it loads', async () => {
    draw({ connection_list: () => new Promise(() => {}) });
    expect(await screen.findByText('Reading connections')).toBeTruthy();
  });

  it('offers the one next step when nothing is connected', async () => {
    draw({ connection_list: () => [] });
    expect(await screen.findByText('Nothing is connected yet')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Check all' })).toBeNull();
  });

  it('shows an error with its code and tries again', async () => {
    let broken = true;
    draw({
      connection_list: () => {
        if (broken) throw errorOf('database', 'The data file cannot be opened. Nothing was changed.');
        return [profitwell];
      },
    });
    expect(await screen.findByText('database')).toBeTruthy();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await card('ProfitWell')).toBeTruthy();
  });

  it('warns instead of praising the keychain when there is none', async () => {
    draw({ workspace_get: () => ({ ...workspace, warning: 'This computer has no keychain.' }) });
    expect(await screen.findByText('This computer has no keychain.')).toBeTruthy();
    expect(screen.queryByText(/keychain and nowhere else/)).toBeNull();
  });

  it('puts orgs first, the sandbox before production', async () => {
    draw({ connection_list: () => [alguna, productionOrg, profitwell, sandboxOrg] });
    await card('Fernhill');
    const names = screen.getAllByRole('region').map((one) => one.getAttribute('aria-label'));
    expect(names).toEqual(['Fernhill UAT', 'Fernhill', 'Alguna', 'ProfitWell']);
  });

  it('says in a demo workspace why logins cannot be replaced', async () => {
    draw({ workspace_get: () => ({ ...workspace, demo: true }) });
    const sandbox = await card('Fernhill UAT');
    await waitFor(() =>
      expect(within(sandbox).getByRole('button', { name: 'Sign in again' }).getAttribute('aria-disabled')).toBe('true'),
    );
  });
});
