import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { describe, expect, it } from 'vitest';
import { createQueryClient, type PlanView, type RunView, type SubscriptionRowView } from '@/backend';
import { type Answers, testBackend } from '@/testing';
import {
  alguna,
  productionOrg,
  profitwell,
  sandboxOrg,
  syncToProduction,
  syncToSandbox,
  workspace,
} from '@/testing/examples';
import { Providers } from './Providers';
import { customerEntries, filterEntries, staticEntries } from './paletteEntries';
import { routes } from './routes';
import { syncHome } from './syncHome';

function open(path: string, answers: Answers) {
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  const backend = testBackend({
    workspace_get: () => workspace,
    connection_list: () => [sandboxOrg, productionOrg, profitwell, alguna],
    sync_list: () => [syncToSandbox, syncToProduction],
    ...answers,
  });
  render(
    <Providers backend={backend} client={createQueryClient()} env="test">
      <RouterProvider router={router} />
    </Providers>,
  );
  return { router, backend };
}
const band = () => screen.getByTestId('band');
/** The part of it that is said aloud when it changes. */
const said = () => within(band()).getByRole('status', { name: 'Environment' }).textContent;

describe('the start', () => {
  it('welcomes who has nothing yet', async () => {
    const { router } = open('/', {
      workspace_get: () => ({ ...workspace, connections: 0, syncs: 0 }),
      connection_list: () => [],
      sync_list: () => [],
    });
    await waitFor(() => expect(router.state.location.pathname).toBe('/welcome'));
    expect(await screen.findByText('Welcome to Drawbridge')).toBeTruthy();
  });

  it('goes on to the first sync once the demo workspace is there', async () => {
    let demo = false;
    const { router } = open('/', {
      workspace_get: () => ({ ...workspace, demo, connections: demo ? 3 : 0, syncs: demo ? 1 : 0 }),
      connection_list: () => (demo ? [sandboxOrg] : []),
      sync_list: () => (demo ? [syncToSandbox] : []),
      demo_start: () => {
        demo = true;
        return { ...workspace, demo };
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Start the demo workspace' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/sync/1/fields'));
  });

  it('opens Connections when there is no sync, also in a demo workspace without connections', async () => {
    const { router } = open('/', {
      workspace_get: () => ({ ...workspace, demo: true, connections: 0 }),
      connection_list: () => [],
      sync_list: () => [],
    });
    await waitFor(() => expect(router.state.location.pathname).toBe('/connections'));
  });
});

describe('a sync’s next step', () => {
  const plan = { id: 5, status: 'ready' } as PlanView;
  const run = { id: 9, status: 'finished' } as RunView;
  it.each([
    ['nothing yet', {}, '/sync/1/fields'],
    ['a preview to decide', { latest_plan: plan, latest_run: run }, '/sync/1/preview'],
    ['a used plan and its run', { latest_plan: { ...plan, status: 'used' as const }, latest_run: run }, '/sync/1/runs'],
    ['a run under way', { latest_plan: plan, latest_run: { ...run, status: 'running' as const } }, '/sync/1/runs/9'],
    ['an interrupted run', { latest_run: { ...run, status: 'interrupted' as const } }, '/sync/1/runs/9'],
  ])('%s leads to the right tab', (_, change, path) => {
    expect(syncHome({ ...syncToSandbox, ...change })).toBe(path);
  });
});

describe('the band', () => {
  it('names the org of the sync on screen, and production in red', async () => {
    open('/sync/2/unknown-tab', {});
    await waitFor(() => expect(band().dataset.environment).toBe('production'));
    expect(within(band()).getByText('PRODUCTION')).toBeTruthy();
    expect(within(band()).getByText('fernhill.my.salesforce.com')).toBeTruthy();
    expect(band().textContent).toContain('87,411 of 118,000 API calls left');
    expect(within(band()).getByText('ana.ruiz@fernhill.com')).toBeTruthy();
    expect(said()).toBe('PRODUCTIONFernhill');
  });

  it('names the only org there is', async () => {
    open('/connections', { connection_list: () => [sandboxOrg, profitwell] });
    await waitFor(() => expect(band().dataset.environment).toBe('sandbox'));
    expect(within(band()).getByText('Fernhill UAT')).toBeTruthy();
  });

  it('chooses none of several', async () => {
    open('/connections', {});
    await waitFor(() => expect(band().textContent).toContain('2 orgs connected'));
    expect(band().dataset.environment).toBe('none');
  });

  it('is grey and says DEMO in a demo workspace, with the org and its environment', async () => {
    open('/connections', { workspace_get: () => ({ ...workspace, demo: true }), connection_list: () => [sandboxOrg] });
    await waitFor(() => expect(within(band()).getByText('DEMO')).toBeTruthy());
    await waitFor(() => expect(within(band()).getByText('SANDBOX')).toBeTruthy());
    expect(band().dataset.environment).toBe('demo');
  });

  it('does not say that no org is connected before it knows', () => {
    open('/connections', { connection_list: () => new Promise(() => {}) });
    expect(band().textContent).toContain('Opening the workspace');
  });
});

describe('the keyboard', () => {
  it('skips to the screen, past what stands around it', async () => {
    open('/connections', {});
    await screen.findByRole('region', { name: 'Fernhill UAT' });
    await userEvent.tab();
    expect(document.activeElement?.textContent).toBe('Skip to the screen');
    await userEvent.keyboard('{Enter}');
    expect(document.activeElement).toBe(screen.getByRole('main'));
  });

  it('goes on in a screen that took the place of what had the focus', async () => {
    const { router } = open('/connections', {});
    (await screen.findByRole('button', { name: 'Check all' })).focus();
    await act(() => router.navigate('/sync/1/unknown-tab'));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
  });
});

describe('finding anything', () => {
  const row: SubscriptionRowView = {
    source: 4,
    source_name: 'Alguna',
    customer: 'wcqYrqfE',
    customer_name: 'Edge Communications',
    subscription: 'sub_1',
    name: 'Scale',
    plan: 'Scale',
    status: 'active',
    interval: 'yearly',
    mrr: '3200',
    currency: 'USD',
    started_at: '2025-01-14',
    renews_on: '2027-01-14',
    record: null,
  };

  it('opens by keyboard, finds customers and goes there', async () => {
    const { router, backend } = open('/connections', {
      subscription_list: () => ({ rows: [row, row], total: 2, all: 2841, totals: [], sources: [] }),
    });
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    await userEvent.type(await screen.findByRole('combobox', { name: 'Find anything' }), 'edge');
    const found = await screen.findByRole('option', { name: /Edge Communications/ });
    expect(backend.calls.find((call) => call.name === 'subscription_list')?.request).toMatchObject({ search: 'edge' });
    await userEvent.click(found);
    await waitFor(() => expect(router.state.location.pathname).toBe('/subscriptions'));
    expect(router.state.location.search).toContain('customer=wcqYrqfE');
    await waitFor(() => expect(screen.queryByRole('combobox', { name: 'Find anything' })).toBeNull());
  });

  it('moves with the arrow keys and goes with Enter', async () => {
    const { router } = open('/subscriptions', {});
    fireEvent.keyDown(window, { key: 'k', metaKey: true });
    const field = await screen.findByRole('combobox', { name: 'Find anything' });
    await userEvent.type(field, 'c');
    await userEvent.clear(field);
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/subscriptions/charts'));
  });

  it('switches the appearance', async () => {
    open('/connections', {});
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    await userEvent.type(await screen.findByRole('combobox', { name: 'Find anything' }), 'dark{Enter}');
    await waitFor(() => expect(document.documentElement.dataset.mantineColorScheme).toBe('dark'));
    window.localStorage.clear();
  });

  it('wants every word, in any order', () => {
    const entries = staticEntries([syncToSandbox, syncToProduction]);
    expect(filterEntries(entries, 'preview fernhill production').map((entry) => entry.goal)).toEqual([
      { to: '/sync/2/preview' },
    ]);
    expect(filterEntries(entries, 'nothing like it')).toEqual([]);
  });

  it('names each customer once', () => {
    expect(customerEntries([row, row, { ...row, customer: 'other' }]).map((entry) => entry.key)).toEqual([
      'customer-4-wcqYrqfE',
      'customer-4-other',
    ]);
  });
});
