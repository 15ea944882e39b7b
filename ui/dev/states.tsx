/**
 * The screens with example data, for looking at them: `npm run dev`, then /dev/states.html?state=<name>&scheme=dark#/connections.
 * Never part of a build.
 */
import '@mantine/core/styles.layer.css';
import '../src/theme/global.css';
import { createRoot } from 'react-dom/client';
import { App } from '../src/app/App';
import type { SubscriptionRowView } from '../src/backend';
import {
  alguna,
  productionOrg,
  profitwell,
  sandboxOrg,
  syncToProduction,
  syncToSandbox,
  workspace,
} from '../src/testing/examples';
import { type Answers, errorOf, testBackend } from '../src/testing/testBackend';

const query = new URLSearchParams(window.location.search);
const never = () => new Promise<never>(() => {});

const NAMES = ['Burlington Textiles Corp of America', 'Edge Communications', 'Pyramid Construction Inc.', 'GenePoint'];
const subscription = (at: number): SubscriptionRowView => ({
  source: 4,
  source_name: 'Alguna',
  customer: `cus_${at}`,
  customer_name: `${NAMES[at % NAMES.length]} ${at + 1}`,
  subscription: `sub_${at}`,
  name: 'Growth 2026',
  plan: 'Growth',
  status: at % 7 === 0 ? 'past due' : 'active',
  interval: 'monthly',
  mrr: String((at * 37) % 9000),
  currency: 'USD',
  started_at: '2025-03-01',
  renews_on: '2027-03-01',
  record: at % 3 === 0 ? null : '001Vc00000Example',
});

const full: Answers = {
  workspace_get: () => workspace,
  connection_list: () => [sandboxOrg, productionOrg, profitwell, alguna],
  sync_list: () => [syncToSandbox, syncToProduction],
  subscription_list: ({ offset, limit, search }) => {
    const total = search ? 40 : 100_000;
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) =>
      subscription(offset + at),
    );
    return {
      rows,
      total,
      all: 100_000,
      totals: [{ amount: '428315.4', currency: 'USD' }],
      sources: [{ source: 4, name: 'Alguna', pulled_at: '2026-11-21T09:28:00Z', reachable: true }],
    };
  },
  subscription_facets: () => ({
    status: [{ value: 'active', rows: 90_000 }],
    interval: [{ value: 'monthly', rows: 70_000 }],
    currency: [{ value: 'USD', rows: 100_000 }],
    plan: [{ value: 'Growth 2026', rows: 60_000 }],
  }),
  connection_check: never,
  demo_start: never,
  org_login_begin: () => ({
    login: 1,
    authorize_url:
      'https://fernhill--uat.sandbox.my.salesforce.com/services/oauth2/authorize?response_type=code&client_id=3MVG9&code_challenge=abc',
    opened: true,
    callback_url: 'http://localhost:17171/OauthRedirect',
  }),
  org_login_finish: never,
  org_login_cancel: () => ({}),
  connection_leave: () => {
    throw errorOf(
      'unreachable',
      'Salesforce could not be reached. Drawbridge is still connected to Fernhill.',
      'Try again when you are online.',
    );
  },
  source_connect: () => {
    throw errorOf(
      'needs_sign_in',
      'Alguna does not accept this key. Nothing was saved.',
      'Copy the key again, whole, from Alguna.',
    );
  },
};

const states: Record<string, Answers> = {
  full,
  demo: {
    ...full,
    workspace_get: () => ({ ...workspace, demo: true }),
    connection_list: () => [sandboxOrg, profitwell, { ...alguna, status: 'connected', status_reason: null }],
  },
  first: {
    ...full,
    workspace_get: () => ({ ...workspace, connections: 0, syncs: 0 }),
    connection_list: () => [],
    sync_list: () => [],
  },
  loading: { workspace_get: () => workspace, connection_list: never, sync_list: never },
  error: {
    workspace_get: () => ({
      ...workspace,
      warning: 'This computer has no keychain: keys are asked again at each start, and the data file is not encrypted.',
    }),
    connection_list: () => {
      throw errorOf(
        'database',
        'The data file cannot be opened. Nothing was changed.',
        'Close other copies of Drawbridge, then try again.',
      );
    },
    sync_list: () => [],
  },
};

localStorage.setItem('mantine-color-scheme-value', query.get('scheme') ?? 'light');
const root = document.getElementById('root');
if (root) createRoot(root).render(<App backend={testBackend(states[query.get('state') ?? 'full'] ?? full)} />);
