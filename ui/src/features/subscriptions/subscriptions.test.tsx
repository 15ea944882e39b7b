import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { ConnectionView, SourceAge, SubscriptionRowView, SubscriptionsRequest } from '@/backend';
import { type Answers, renderWith, testBackend } from '@/testing';
import { SubscriptionsPage } from './SubscriptionsPage';

const row = (place: number, currency: string, mrr: string): SubscriptionRowView => ({
  source: 1,
  source_name: 'Alguna',
  customer: `c${place}`,
  customer_name: `Customer ${place}`,
  subscription: `s${place}`,
  name: null,
  plan: 'Growth 2026',
  status: 'Active',
  interval: 'Monthly',
  mrr,
  currency,
  started_at: null,
  renews_on: '2027-03-01',
  record: null,
});

const ROWS = [row(1, 'USD', '1450'), row(2, 'USD', '290.5'), row(3, 'EUR', '96480')];

const source = (more: Partial<SourceAge> = {}): SourceAge => ({
  source: 1,
  name: 'Alguna',
  pulled_at: new Date().toISOString(),
  reachable: true,
  ...more,
});

function backend(age: SourceAge = source(), answers: Answers = {}) {
  const matching = (request: SubscriptionsRequest) =>
    ROWS.filter(
      (one) =>
        (request.currency.length === 0 || request.currency.includes(one.currency ?? '')) &&
        one.customer_name.toLowerCase().includes(request.search.toLowerCase()),
    );
  return testBackend({
    subscription_list: (request) => {
      const rows = matching(request);
      const currencies = [...new Set(rows.map((one) => one.currency ?? ''))];
      return {
        rows,
        total: rows.length,
        all: ROWS.length,
        totals: currencies.map((currency) => ({
          currency,
          amount: rows
            .filter((one) => one.currency === currency)
            .reduce((sum, one) => sum + Number(one.mrr), 0)
            .toString(),
        })),
        sources: [age],
      };
    },
    subscription_facets: () => ({
      status: [{ value: 'Active', rows: 3 }],
      interval: [{ value: 'Monthly', rows: 3 }],
      currency: [
        { value: 'USD', rows: 2 },
        { value: 'EUR', rows: 1 },
      ],
      plan: [{ value: 'Growth 2026', rows: 3 }],
    }),
    connection_list: () => [],
    sync_list: () => [],
    customer_get: ({ customer }) => ({
      source: 1,
      source_name: 'Alguna',
      customer,
      name: `Whole ${customer}`,
      email: null,
      address: [],
      tax_rate: null,
      created_at: null,
      updated_at: null,
      contacts: [],
      subscriptions: [],
      total_spend: null,
      in_salesforce: [],
    }),
    ...answers,
  });
}

const alguna: ConnectionView = {
  id: 1,
  name: 'Alguna',
  provider: 'alguna',
  environment: null,
  status: 'connected',
  status_reason: null,
  host: 'api.alguna.io',
  base_url: 'https://api.alguna.io',
  client_id: null,
  org: null,
  company: 'Fernhill',
  read_only: false,
  account: null,
  currency: 'USD',
  customers: 0,
  subscriptions: 0,
  pulled_at: null,
  checks: [],
  checked_at: null,
};

const at = { path: '/subscriptions' };
const totals = () =>
  screen.getAllByTestId('subscriptions-total').map((one) => [one.getAttribute('data-currency'), one.textContent]);

describe('subscriptions', () => {
  it('totals each currency by itself, and the totals follow the filter', async () => {
    renderWith(<SubscriptionsPage />, backend(), at);
    await screen.findByText('Customer 1');
    expect(totals()).toEqual([
      ['USD', '1,740.50'],
      ['EUR', '96,480.00'],
    ]);
    expect(screen.getByTestId('subscriptions-shown').textContent).toBe('3');
    await userEvent.click(screen.getByTestId('filter-currency'));
    await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: /EUR/, hidden: true }));
    await waitFor(() => expect(totals()).toEqual([['EUR', '96,480.00']]));
    expect(screen.getByTestId('subscriptions-shown').textContent).toBe('1 of 3');
  });

  it('leads to the search with a slash, and says when nothing matches', async () => {
    renderWith(<SubscriptionsPage />, backend(), at);
    await screen.findByText('Customer 1');
    fireEvent.keyDown(document.body, { key: '/' });
    const search = screen.getByTestId('subscriptions-search');
    expect(document.activeElement).toBe(search);
    await userEvent.type(search, 'zebra');
    expect(await screen.findByText('Nothing matches')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
    expect(await screen.findByText('Customer 1')).toBeTruthy();
  });

  it('sorts by its heads', async () => {
    const server = backend();
    renderWith(<SubscriptionsPage />, server, at);
    await screen.findByText('Customer 1');
    await userEvent.click(screen.getByRole('button', { name: /MRR/ }));
    await waitFor(() =>
      expect(server.calls.filter((call) => call.name === 'subscription_list').at(-1)?.request).toMatchObject({
        sort: 'mrr',
        descending: true,
      }),
    );
  });

  it('opens the customer of a row, and closes it', async () => {
    renderWith(<SubscriptionsPage />, backend(), at);
    await userEvent.click(await screen.findByText('Customer 2'));
    const drawer = await screen.findByTestId('customer-drawer');
    expect(await within(drawer).findByText('Whole c2')).toBeTruthy();
    await userEvent.click(within(drawer).getByRole('button', { name: 'Next' }));
    expect(await screen.findByText('Whole c3')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByTestId('customer-drawer')).toBeNull();
  });

  it('keeps the data and says its age when a source cannot be reached', async () => {
    renderWith(<SubscriptionsPage />, backend(source({ reachable: false, pulled_at: '2026-11-20T17:20:00Z' })), at);
    expect(await screen.findByText(/Alguna cannot be reached/)).toBeTruthy();
    expect(screen.getByText('Customer 1')).toBeTruthy();
    expect(screen.getByText(/^as of/)).toBeTruthy();
  });

  it('names the next action when nothing was read yet', async () => {
    const server = backend(source({ pulled_at: null }), {
      connection_list: () => [alguna],
      subscription_list: () => ({ rows: [], total: 0, all: 0, totals: [], sources: [source({ pulled_at: null })] }),
      source_pull: () => alguna,
    });
    renderWith(<SubscriptionsPage />, server, at);
    expect(await screen.findByText('Nothing was read yet')).toBeTruthy();
    await userEvent.click(screen.getByTestId('subscriptions-read'));
    await waitFor(() => expect(server.calls.filter((call) => call.name === 'source_pull')).toHaveLength(1));
  });
});
