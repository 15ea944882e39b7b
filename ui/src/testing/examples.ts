import type { ConnectionView, SyncView, WorkspaceView } from '@/backend';

/** A workspace of the person's own. */
export const workspace: WorkspaceView = {
  demo: false,
  data_dir: '/home/ana/.local/share/drawbridge',
  encrypted: true,
  warning: null,
  callback_url: 'http://localhost:17171/OauthRedirect',
  version: '0.1.0',
  connections: 4,
  syncs: 2,
};

const source = {
  environment: null,
  status_reason: null,
  org: null,
  read_only: false,
  checked_at: '2026-11-21T09:28:00Z',
} as const;

export const sandboxOrg: ConnectionView = {
  id: 1,
  name: 'Fernhill UAT',
  provider: 'salesforce',
  environment: 'sandbox',
  status: 'connected',
  status_reason: null,
  host: 'fernhill--uat.sandbox.my.salesforce.com',
  base_url: 'https://fernhill--uat.sandbox.my.salesforce.com',
  client_id: null,
  org: {
    org_id: '00DVc000001xR4TMAU',
    name: 'Fernhill Software',
    is_sandbox: true,
    edition: 'Enterprise Edition',
    instance: 'USA794S',
    domain: 'fernhill--uat.sandbox.my.salesforce.com',
    instance_url: 'https://fernhill--uat.sandbox.my.salesforce.com',
    api_version: '67.0',
    username: 'ana.ruiz@fernhill.com.uat',
    user_name: 'Ana Ruiz',
    api_used: 1780,
    api_limit: 100_000,
  },
  company: null,
  account: null,
  currency: null,
  customers: 0,
  subscriptions: 0,
  pulled_at: null,
  checks: [
    fine('REST, Bulk and Metadata API enabled', 'Enterprise'),
    fine('13 of 13 fields exist and can be edited', 'read back 09:28'),
    {
      name: 'Billing State/Province uses a picklist',
      state: 'warning',
      detail: '7 customers carry a value that is not in it. You can fix it in the mapping.',
      who: 'you, in the mapping',
      setup_url: null,
      message_for_admin: null,
    },
    fine('External ID is unique and case-sensitive', 'Alguna_Customer_ID__c'),
    fine('No other integration writes these fields', '30 days'),
    fine('1 duplicate rule, 4 validation rules read', 'none blocks'),
    fine('Person accounts are off', null),
    fine('One currency', 'USD'),
    fine('API calls left', '98,220'),
  ],
  checked_at: '2026-11-21T09:28:00Z',
  read_only: false,
};

export const productionOrg: ConnectionView = {
  ...sandboxOrg,
  id: 2,
  name: 'Fernhill',
  environment: 'production',
  host: 'fernhill.my.salesforce.com',
  base_url: 'https://fernhill.my.salesforce.com',
  client_id: null,
  org: {
    org_id: '00D7Q000000LmWeUAK',
    name: 'Fernhill Software',
    is_sandbox: false,
    edition: 'Enterprise Edition',
    instance: 'USA412',
    domain: 'fernhill.my.salesforce.com',
    instance_url: 'https://fernhill.my.salesforce.com',
    api_version: '67.0',
    username: 'ana.ruiz@fernhill.com',
    user_name: 'Ana Ruiz',
    api_used: 30_589,
    api_limit: 118_000,
  },
  checks: [
    fine('REST, Bulk and Metadata API enabled', 'Enterprise'),
    {
      name: 'Alguna Tax Rate exists, but you cannot edit it',
      state: 'failed',
      detail: 'An admin needs to assign you the permission set Drawbridge.',
      who: 'a Salesforce admin',
      setup_url: 'https://fernhill.my.salesforce.com/lightning/setup/PermSets/home',
      message_for_admin: 'Please assign the permission set Drawbridge to ana.ruiz@fernhill.com.',
    },
    fine('External ID is unique and case-sensitive', 'Alguna_Customer_ID__c'),
    fine('No other integration writes these fields', '30 days'),
    fine('2 duplicate rules, 6 validation rules read', 'none blocks'),
    fine('Every run asks you to type the domain', 'cannot be turned off'),
  ],
};

export const profitwell: ConnectionView = {
  ...source,
  id: 3,
  name: 'ProfitWell',
  provider: 'profitwell',
  status: 'connected',
  host: 'api.profitwell.com',
  base_url: 'https://api.profitwell.com',
  client_id: null,
  company: 'Fernhill Software',
  account: 'pw_82114',
  currency: 'USD',
  customers: 18_442,
  subscriptions: 0,
  pulled_at: '2026-11-21T09:28:00Z',
  checks: [
    fine('Token can read customers and plans', '200 in 0.31 s'),
    fine('Company settings name this account', 'currency USD'),
  ],
};

export const alguna: ConnectionView = {
  ...source,
  id: 4,
  name: 'Alguna',
  provider: 'alguna',
  status: 'needs_sign_in',
  status_reason: 'Alguna answered 401 at 09:52: the key was revoked',
  host: 'api.alguna.io',
  base_url: 'https://api.alguna.io',
  client_id: null,
  company: 'Fernhill Software',
  account: null,
  currency: 'USD',
  customers: 2136,
  subscriptions: 2841,
  pulled_at: '2026-11-21T09:28:00Z',
  checks: [fine('Host and version header', 'checked 09:28')],
};

export const syncToSandbox: SyncView = {
  id: 1,
  name: 'Alguna to UAT',
  source: 4,
  source_name: 'Alguna',
  org: 1,
  org_name: 'Fernhill UAT',
  environment: 'sandbox',
  pack: 'alguna',
  sobject: 'Account',
  sobject_plural: 'Accounts',
  create_records: false,
  mask_emails: true,
  speaker: ['status', 'latest_start'],
  mapping_version: 7,
  latest_plan: null,
  latest_run: null,
};

export const syncToProduction: SyncView = {
  ...syncToSandbox,
  id: 2,
  name: 'Alguna to Fernhill',
  org: 2,
  org_name: 'Fernhill',
  environment: 'production',
  mask_emails: false,
};

function fine(name: string, detail: string | null) {
  return { name, state: 'ok' as const, detail, who: null, setup_url: null, message_for_admin: null };
}
