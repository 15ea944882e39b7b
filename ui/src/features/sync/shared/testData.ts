import type {
  CellView,
  ConnectionView,
  CountsView,
  PlanCellView,
  PlanExplainView,
  PlanLinksView,
  PlanRowView,
  PlanView,
  ProgressView,
  RunLinksView,
  RunView,
  SpeakerView,
  SyncView,
} from '@/backend';

/** Data for tests of the sync screens. */

export const text = (value: string): CellView => ({ kind: 'text', text: value });
export const money = (value: string): CellView => ({ kind: 'money', text: value });
export const date = (value: string): CellView => ({ kind: 'date', text: value });
export const blank: CellView = { kind: 'blank', text: '' };

export function same(value: CellView): PlanCellView {
  return { before: value, after: null, held: false, why_held: null, drifted: false };
}

export function change(before: CellView, after: CellView, more: Partial<PlanCellView> = {}): PlanCellView {
  return { before, after, held: false, why_held: null, drifted: false, ...more };
}

export function planOf(more: Partial<PlanView> = {}): PlanView {
  return {
    id: 57,
    sync: 1,
    status: 'ready',
    mapping_version: 7,
    undoes: null,
    deletes: false,
    created_by_run: 0,
    offline: null,
    read: 2136,
    records: 2124,
    counts: { create: 12, update: 214, unchanged: 1903, skipped: 0, blocked: 7, delete: 0 },
    tally: { to_write: 221, to_delete: 0, held_rows: 5, held_fields: 2, drifted: 9 },
    forecast: {
      check_calls: 2,
      write_calls: 10,
      verify_calls: 2,
      calls_left: 98220,
      calls_limit: 100000,
      calls_usable: 93220,
      seconds: 28,
      timed_runs: 2,
    },
    columns: [
      { field: 'Alguna_Tax_Rate__c', label: 'Alguna Tax Rate', numeric: false, changes: 0 },
      { field: 'Alguna_Subscription_Name__c', label: 'Subscription Name', numeric: false, changes: 60 },
      { field: 'Alguna_Subscription_Value__c', label: 'Subscription Value', numeric: true, changes: 180 },
    ],
    halts: [],
    confirm: null,
    note: null,
    started_at: '2026-11-21T09:28:00Z',
    finished_at: '2026-11-21T09:28:04Z',
    error: null,
    ...more,
  };
}

export function rowOf(more: Partial<PlanRowView> = {}): PlanRowView {
  return {
    customer: 'wcqYrqfE',
    name: 'Burlington Textiles Corp of America',
    action: 'update',
    record: '001Vc000001AAAA',
    matched_by: 'external ID',
    cells: [
      same(text('7.25%')),
      change(text('Growth 2025'), text('Growth 2026')),
      change(money('1200'), money('1450')),
    ],
    reason: null,
    held: false,
    drift: null,
    ...more,
  };
}

export function syncOf(more: Partial<SyncView> = {}): SyncView {
  return {
    id: 1,
    name: 'Alguna to UAT',
    source: 1,
    source_name: 'Alguna',
    org: 2,
    org_name: 'Fernhill UAT',
    environment: 'sandbox',
    pack: 'alguna',
    sobject: 'Account',
    sobject_plural: 'Accounts',
    create_records: true,
    mask_emails: true,
    speaker: ['status', 'latest_start'],
    mapping_version: 7,
    latest_plan: planOf(),
    latest_run: null,
    ...more,
  };
}

export function orgConnection(more: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id: 2,
    name: 'Fernhill UAT',
    read_only: false,
    provider: 'salesforce',
    environment: 'sandbox',
    status: 'connected',
    status_reason: null,
    host: 'fernhill--uat.sandbox.my.salesforce.com',
    base_url: 'https://fernhill--uat.sandbox.my.salesforce.com',
    client_id: null,
    org: {
      org_id: '00DVc000001xR4TMAU',
      name: 'Fernhill',
      is_sandbox: true,
      edition: 'Enterprise Edition',
      instance: 'SWE98S',
      domain: 'fernhill--uat.sandbox.my.salesforce.com',
      instance_url: 'https://fernhill--uat.sandbox.my.salesforce.com',
      api_version: '67.0',
      username: 'ana.ruiz@fernhill.com.uat',
      user_name: 'Ana Ruiz',
      api_used: 1780,
      api_limit: 100000,
    },
    company: null,
    account: null,
    currency: null,
    customers: 0,
    subscriptions: 0,
    pulled_at: null,
    checks: [],
    checked_at: '2026-11-21T09:20:00Z',
    ...more,
  };
}

export function productionOrg(): ConnectionView {
  const sandbox = orgConnection();
  return {
    ...sandbox,
    name: 'Fernhill',
    environment: 'production',
    host: 'fernhill.my.salesforce.com',
    base_url: 'https://fernhill.my.salesforce.com',
    client_id: null,
    org: sandbox.org && {
      ...sandbox.org,
      is_sandbox: false,
      org_id: '00D7Q000000LmWeUAK',
      domain: 'fernhill.my.salesforce.com',
      username: 'ana.ruiz@fernhill.com',
    },
  };
}

export const COUNTS: CountsView = {
  created: 1102,
  updated: 9374,
  unchanged: 1903,
  skipped: 312,
  blocked: 33,
  rejected: 41,
  held: 6,
  unknown: 200,
  deleted: 0,
};

/** A run in the middle of its work; its figures add up to 18,442. */
export function runOf(more: Partial<RunView> = {}): RunView {
  return {
    id: 42,
    plan: 57,
    mapping_version: 3,
    undoes: null,
    sync: 1,
    sync_name: 'Alguna to UAT',
    org_name: 'Fernhill UAT',
    source_name: 'Alguna',
    sobject: 'Account',
    status: 'running',
    reason: null,
    superseded_by: null,
    read: 18442,
    counts: COUNTS,
    fields_held: 0,
    still_to_write: 5471,
    adds_up: true,
    to_write: 16194,
    verified: 0,
    differs: 0,
    api_calls: 74,
    way: 'bulk',
    way_reason: '16,194 to write: from 2,000 on, Bulk jobs of up to 10,000 take the fewest calls and the least time.',
    paused: false,
    started_at: '2026-11-21T09:32:04Z',
    finished_at: null,
    seconds: 223,
    ...more,
  };
}

export function progressOf(more: Partial<ProgressView> = {}): ProgressView {
  return {
    work: { kind: 'run', id: 42 },
    ended: false,
    phases: [],
    planned: { create: 0, update: 0, unchanged: 0, skipped: 0, blocked: 0, delete: 0 },
    counts: COUNTS,
    to_write: 16194,
    sent: 10723,
    rate: 48,
    seconds_left: 114,
    api_calls: 74,
    api_left: 98146,
    api_limit: 100000,
    in_flight: null,
    bulk: null,
    paused: false,
    waiting: null,
    no_answer: null,
    problems: [],
    error: null,
    ...more,
  };
}

export function explainOf(more: Partial<PlanExplainView> = {}): PlanExplainView {
  return {
    name: 'Edge Communications',
    customer: 'CQCncgVu',
    record_url: 'https://fernhill--uat.sandbox.my.salesforce.com/001Vc000001BBBB',
    matched_by: 'external ID',
    speaks: ['From Scale, the latest active subscription.', 'Two others do not speak: one ended, one is a draft.'],
    fields: [
      {
        field: 'Alguna_Subscription_Value__c',
        label: 'Subscription Value',
        base: money('36000'),
        before: money('41000'),
        after: money('38400'),
        steps: [
          { label: 'MRR in Alguna, complete', value: '3,200.00' },
          { label: 'Interval is Yearly', value: '× 12' },
          { label: 'Rounded half up to 2 decimals', value: '38,400.00' },
          { label: 'Written as USD', value: '38,400.00' },
        ],
        explanation: 'The monthly value times the months of the interval.',
        policy: 'only if unchanged since last sync',
        held: true,
        drift: { by: 'Tom Okafor', at: '2026-11-21T08:51:00Z' },
      },
    ],
    ...more,
  };
}

export function speakerOf(more: Partial<SpeakerView> = {}): SpeakerView {
  return {
    customer: 'wcqYrqfE',
    name: 'Burlington Textiles Corp of America',
    subscriptions: [
      { id: 'sub_1', name: 'Scale', status: 'Active', why: 'First by the rule.' },
      { id: 'sub_2', name: 'Growth', status: 'Draft', why: 'Growth is draft; active comes first.' },
    ],
    pinned_at: null,
    pin_gone: null,
    ...more,
  };
}

/** A plan that writes nothing back. */
export function planLinksOf(more: Partial<PlanLinksView> = {}): PlanLinksView {
  return {
    on: false,
    sentence: 'Nothing is written back.',
    to_link: 0,
    conflicts: 0,
    already: 0,
    calls: 0,
    problem: null,
    rows: [],
    ...more,
  };
}

/** A run without links. */
export function runLinksOf(more: Partial<RunLinksView> = {}): RunLinksView {
  return {
    sentence: 'No link was to be written back.',
    counts: { to_link: 0, recorded: 0, already: 0, conflicts: 0, failed: 0, unknown: 0 },
    open: 0,
    adds_up: true,
    undo: false,
    rows: [],
    total: 0,
    ...more,
  };
}
