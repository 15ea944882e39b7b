import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type {
  BillingEventView,
  ConnectionView,
  OperationBatchView,
  OperationCheckView,
  OperationFormView,
  OperationRowView,
} from '@/backend';
import { type Answers, errorOf, renderWith, testBackend } from '@/testing';
import { sandboxOrg, syncToSandbox } from '@/testing/examples';
import { centsSentence } from './amount';
import { OperationsPage } from './OperationsPage';

const profitwell: ConnectionView = {
  ...sandboxOrg,
  id: 7,
  name: 'Fernhill billing',
  provider: 'profitwell',
  environment: null,
  org: null,
  host: 'api.profitwell.com',
  base_url: 'https://api.profitwell.com',
  company: 'Fernhill',
  currency: 'USD',
  checks: [],
};

const slot = { required: true, preset: null, help: '', choices: [] as string[] };
const forms: OperationFormView[] = [
  {
    kind: 'update_subscription',
    provider: 'profitwell',
    label: 'Update a subscription',
    irreversible: false,
    csv_header: 'subscription,user,plan_id,plan_interval,value,plan_currency,effective_date',
    slots: [
      { ...slot, field: 'subscription', label: 'Subscription ID or alias', input: 'subscription' },
      { ...slot, field: 'user', label: 'User ID or alias', input: 'user', required: false },
      { ...slot, field: 'plan_id', label: 'Plan ID', input: 'plan' },
      { ...slot, field: 'plan_interval', label: 'Billed every', input: 'choice', choices: ['month', 'year'] },
      { ...slot, field: 'value', label: 'Price per period', input: 'amount' },
      { ...slot, field: 'value_cents', label: 'Price per period in cents', input: 'text', required: false },
      { ...slot, field: 'plan_currency', label: 'Currency', input: 'choice', required: false, choices: ['usd', 'eur'] },
      { ...slot, field: 'effective_date', label: 'Effective date', input: 'date' },
    ],
  },
  {
    kind: 'delete_user',
    provider: 'profitwell',
    label: 'Delete a user',
    irreversible: true,
    csv_header: 'user',
    slots: [{ ...slot, field: 'user', label: 'User ID or alias', input: 'user' }],
  },
  {
    kind: 'create_plan',
    provider: 'profitwell',
    label: 'Create a plan',
    irreversible: false,
    csv_header: 'plan_id,name',
    slots: [
      { ...slot, field: 'plan_id', label: 'Plan ID', input: 'plan', help: 'It stays for good.' },
      { ...slot, field: 'name', label: 'Plan name', input: 'text' },
    ],
  },
];

const event: BillingEventView = {
  user_id: 'pwu_1',
  user_alias: 'ada',
  subscription_id: 'pws_1',
  subscription_alias: 'ada-1',
  email: 'ada@fernhill.example',
  plan: 'growth',
  interval: 'year',
  currency: 'EUR',
  status: 'active',
  value: '1200.00',
  effective_at: '2026-01-01T00:00:00Z',
  churn_type: null,
};

const batch: OperationBatchView = {
  id: 3,
  connection: 7,
  connection_name: 'Fernhill billing',
  provider: 'profitwell',
  origin: 'form',
  title: 'A change',
  who: 'ana',
  status: 'finished',
  reason: null,
  rows: 1,
  sendable: 1,
  counts: { done: 1, already: 0, blocked: 0, rejected: 0, unknown: 0 },
  open: 0,
  adds_up: true,
  confirm: null,
  refused: null,
  seconds_left: 0,
  created_at: '2026-11-21T09:00:00Z',
  started_at: '2026-11-21T09:00:00Z',
  finished_at: '2026-11-21T09:00:01Z',
};

const row: OperationRowView = {
  number: 1,
  kind: 'create_plan',
  subject: 'growth',
  sentence: 'Plan “growth” is made.',
  problems: [],
  outcome: 'done',
  code: null,
  message: null,
  before: [],
  after: null,
  links_after: [],
  begun_at: null,
  ended_at: '2026-11-21T09:00:01Z',
};

/** Says what the back end says: what is required, and what would happen. */
const check: Answers['operation_check'] = ({ draft }): OperationCheckView => {
  const form = forms.find((one) => one.kind === draft.kind);
  const problems = (form?.slots ?? [])
    .filter((one) => one.required && !draft.fields[one.field])
    .map((one) => ({ field: one.field, message: 'This is required.' }));
  const ready = problems.length === 0;
  return {
    ready,
    problems,
    notes: [],
    sentence: ready ? `It happens to ${draft.fields.plan_id ?? draft.fields.user}.` : null,
    generated: {},
    confirm: ready && draft.kind === 'delete_user' ? (draft.fields.user ?? null) : null,
    refused: null,
    command: 'drawbridge-cli profitwell …',
    outlook: null,
  };
};

function open(op: string, answers: Answers = {}, connections: ConnectionView[] = [profitwell]) {
  const backend = testBackend({
    connection_list: () => connections,
    operation_forms: () => forms,
    operation_check: check,
    billing_choices: () => [],
    operation_start: () => batch,
    operation_rows: () => ({ rows: [row], total: 1 }),
    operation_get: () => batch,
    ...answers,
  });
  renderWith(<OperationsPage />, backend, { path: `/billing/operations?op=${op}`, route: '/billing/operations' });
  return { backend, user: userEvent.setup() };
}

const sent = (backend: ReturnType<typeof testBackend>, name: string) =>
  backend.calls.filter((call) => call.name === name).map((call) => call.request);

describe('amounts', () => {
  it('are said in cents, exactly', () => {
    expect(centsSentence('49')).toBe('= 4,900 cents for ProfitWell');
    expect(centsSentence('0.1')).toBe('= 10 cents for ProfitWell');
    expect(centsSentence('1450.05')).toBe('= 145,005 cents for ProfitWell');
    expect(centsSentence('0.01')).toBe('= 1 cent for ProfitWell');
    for (const text of ['', '1,5', '1.005', '-3', 'a']) expect(centsSentence(text)).toBe('');
  });
});

describe('the operations', () => {
  it('lead to connecting a billing system where none is connected', async () => {
    const { user } = open('create_plan', {}, [sandboxOrg]);
    await user.click(await screen.findByRole('button', { name: 'Connect ProfitWell or Alguna' }));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/connections?connect');
  });

  it('are fourteen', async () => {
    open('list_plans');
    const rail = await screen.findByRole('navigation', { name: 'Operations' });
    expect(within(rail).getAllByTestId(/^op-/)).toHaveLength(14);
  });

  it('say everything that is wrong at once, lead there, and lose nothing', async () => {
    const { backend, user } = open('create_plan');
    await user.type(await screen.findByRole('textbox', { name: 'Plan name' }), 'Growth');
    await user.click(screen.getByTestId('review'));
    const problems = await screen.findByTestId('problems');
    expect(within(problems).getAllByRole('listitem')).toHaveLength(1);
    const id = screen.getByRole('textbox', { name: 'Plan ID' });
    expect(document.activeElement).toBe(id);
    expect(id.getAttribute('aria-invalid')).toBe('true');
    expect(sent(backend, 'operation_start')).toEqual([]);
    // Elsewhere and back.
    await user.click(screen.getByTestId('op-delete_user'));
    await user.click(screen.getByTestId('op-create_plan'));
    expect((await screen.findByRole<HTMLInputElement>('textbox', { name: 'Plan name' })).value).toBe('Growth');
  });

  it('are sent once they are confirmed, as they were shown, and tell what came of it', async () => {
    const { backend, user } = open('create_plan', {
      operation_check: async (request) => {
        const said = await check(request);
        return { ...said, generated: said.ready ? { user_alias: 'made-up' } : {} };
      },
    });
    await user.type(await screen.findByRole('textbox', { name: 'Plan ID' }), 'growth');
    await user.type(screen.getByRole('textbox', { name: 'Plan name' }), 'Growth');
    await user.click(screen.getByTestId('review'));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('It happens to growth.');
    await user.click(within(dialog).getByRole('button', { name: 'Create the plan in Fernhill billing' }));
    expect((await screen.findByTestId('result-word')).textContent).toBe('Done');
    expect(sent(backend, 'operation_start')).toEqual([
      {
        connection: 7,
        draft: { kind: 'create_plan', fields: { plan_id: 'growth', name: 'Growth', user_alias: 'made-up' } },
        confirm: null,
      },
    ]);
    await user.click(screen.getByRole('button', { name: 'Do another one' }));
    expect((await screen.findByRole<HTMLInputElement>('textbox', { name: 'Plan ID' })).value).toBe('');
  });

  it('keep the form and say why, when nothing could be sent', async () => {
    const { user } = open('create_plan', {
      operation_start: () => {
        throw errorOf('unreachable', 'ProfitWell cannot be reached. Nothing was sent.');
      },
    });
    await user.type(await screen.findByRole('textbox', { name: 'Plan ID' }), 'growth');
    await user.type(screen.getByRole('textbox', { name: 'Plan name' }), 'Growth');
    await user.click(screen.getByTestId('review'));
    await user.click(await screen.findByTestId('confirm-send'));
    expect((await screen.findByRole('alert')).textContent).toContain('Nothing was sent.');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Plan ID' }).value).toBe('growth');
  });

  it('ask for the id before what cannot be taken back', async () => {
    const { backend, user } = open('delete_user');
    await user.type(await screen.findByRole('combobox', { name: 'User ID or alias' }), 'ada');
    await user.click(screen.getByTestId('review'));
    const send = await screen.findByTestId<HTMLButtonElement>('confirm-send');
    expect(send.disabled).toBe(true);
    await user.type(screen.getByTestId('confirm-typed'), 'ad');
    expect(send.disabled).toBe(true);
    await user.keyboard('{Enter}');
    expect(sent(backend, 'operation_start')).toEqual([]);
    await user.keyboard('a');
    expect(send.disabled).toBe(false);
    await user.click(send);
    await screen.findByTestId('result');
    expect(sent(backend, 'operation_start')).toEqual([
      { connection: 7, draft: { kind: 'delete_user', fields: { user: 'ada' } }, confirm: 'ada' },
    ]);
  });

  it('fill in what a chosen subscription is now', async () => {
    const { user } = open('update_subscription', {
      billing_choices: ({ kind }) =>
        kind === 'subscription'
          ? [{ value: 'pws_1', label: 'ada-1', detail: 'ada@fernhill.example', user: 'pwu_1', event }]
          : [],
    });
    await user.click(await screen.findByRole('combobox', { name: 'Subscription ID or alias' }));
    await user.click(await screen.findByRole('option', { name: /ada-1/ }));
    const value = (name: string) =>
      (
        screen.queryByRole<HTMLInputElement>('textbox', { name }) ??
        screen.getByRole<HTMLInputElement>('combobox', { name })
      ).value;
    expect(value('Subscription ID or alias')).toBe('pws_1');
    expect(value('User ID or alias')).toBe('pwu_1');
    expect(value('Plan ID')).toBe('growth');
    expect(value('Price per period')).toBe('1200.00');
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Year' }).checked).toBe(true);
    expect(screen.getByText('= 120,000 cents for ProfitWell')).toBeTruthy();
    expect(screen.getByText('EUR')).toBeTruthy();
    await waitFor(() =>
      expect(screen.getByTestId('now').textContent).toContain('Active, plan growth, 1,200.00 EUR a year'),
    );
  });

  it('say that a lost answer is to be looked at first', async () => {
    const { user } = open('create_plan', {
      operation_rows: () => ({ rows: [{ ...row, outcome: 'unknown', message: 'The answer was lost.' }], total: 1 }),
    });
    await user.type(await screen.findByRole('textbox', { name: 'Plan ID' }), 'growth');
    await user.type(screen.getByRole('textbox', { name: 'Plan name' }), 'Growth');
    await user.click(screen.getByTestId('review'));
    await user.click(await screen.findByTestId('confirm-send'));
    expect((await screen.findByTestId('result-word')).textContent).toBe('Answer lost');
    expect(screen.getByTestId('result').textContent).toContain('before you send it again');
  });

  it('cannot be sent where the connection is read-only', async () => {
    const { user } = open(
      'create_plan',
      { operation_check: async (request) => ({ ...(await check(request)), refused: 'Read-only.' }) },
      [{ ...profitwell, read_only: true }],
    );
    await screen.findByTestId('read-only');
    await user.type(await screen.findByRole('textbox', { name: 'Plan ID' }), 'growth');
    expect(screen.getByTestId<HTMLButtonElement>('review').disabled).toBe(true);
  });
});

describe('several operations', () => {
  const preview: OperationBatchView = {
    ...batch,
    origin: 'csv',
    title: 'plans.csv',
    status: null,
    rows: 3,
    sendable: 2,
    open: 2,
    counts: { ...batch.counts, done: 0, blocked: 1 },
    seconds_left: 1,
    started_at: null,
    finished_at: null,
  };

  it('are read from a file, previewed, confirmed and followed to their end', async () => {
    let now = preview;
    const { backend, user } = open('create_plan&several=1', {
      operation_csv: () => preview,
      operation_get: () => now,
      operation_run: () => {
        now = { ...preview, status: 'finished', open: 0, counts: { ...preview.counts, done: 2 } };
        return now;
      },
    });
    expect((await screen.findByTestId('csv-header')).textContent).toBe('plan_id,name');
    const file = new File(['plan_id,name\na,A\nb,B\n,C'], 'plans.csv', { type: 'text/csv' });
    await user.upload(screen.getByTestId('csv-file'), file);
    expect((await screen.findByTestId('batch-sendable')).textContent).toBe('2 rows can be sent');
    expect(sent(backend, 'operation_csv')).toEqual([
      { connection: 7, kind: 'create_plan', name: 'plans.csv', text: 'plan_id,name\na,A\nb,B\n,C' },
    ]);
    expect(sent(backend, 'operation_run')).toEqual([]);
    await user.click(screen.getByTestId('batch-begin'));
    await user.click(await screen.findByRole('button', { name: 'Create 2 plans in Fernhill billing' }));
    await waitFor(() => expect(screen.getByTestId('batch-settled').textContent).toBe('3 of 3 rows settled'));
    expect(screen.getByTestId('count-done').textContent).toBe('2');
    expect(sent(backend, 'operation_run')).toEqual([{ batch: 3, confirm: null }]);
  });

  it('say why a file cannot be read, and stay where they are', async () => {
    const { user } = open('create_plan&several=1', {
      operation_csv: () => {
        throw errorOf('bad_request', '“Create a plan” has no column “nonsense”. Nothing was sent.');
      },
    });
    await user.upload(await screen.findByTestId('csv-file'), new File(['nonsense'], 'x.csv'));
    expect((await screen.findByRole('alert')).textContent).toContain('no column “nonsense”');
    expect(screen.getByTestId('csv-header')).toBeTruthy();
  });

  it('are read from a file that is dropped, and no other kind of file is', async () => {
    const { backend } = open('create_plan&several=1', { operation_csv: () => preview, operation_get: () => preview });
    const place = await screen.findByTestId('csv-drop');
    const drop = (...files: File[]) => fireEvent.drop(place, { dataTransfer: { files } });
    const large = new File(['x'], 'large.csv');
    Object.defineProperty(large, 'size', { value: 200 * 1024 * 1024 });
    for (const [file, words] of [
      [new File(['PK'], 'plans.xlsx'), 'plans.xlsx is a workbook, not a CSV file'],
      [new File([], 'plans.csv'), 'plans.csv is empty'],
      [large, 'large.csv is larger than 32 MB'],
    ] as const) {
      drop(file);
      await waitFor(() => expect(screen.getByRole('alert').textContent).toContain(words));
    }
    drop(new File(['a'], 'a.csv'), new File(['b'], 'b.csv'));
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Drop one at a time'));
    expect(sent(backend, 'operation_csv')).toEqual([]);
    drop(new File(['plan_id,name\na,A'], 'plans.csv', { type: 'text/csv' }));
    await screen.findByTestId('batch-sendable');
    expect(sent(backend, 'operation_csv')).toHaveLength(1);
  });

  it('are resumed where they were interrupted, and stopped while they run', async () => {
    const stopped: OperationBatchView = {
      ...preview,
      status: 'interrupted',
      reason: 'Drawbridge closed while it was writing.',
      open: 1,
    };
    let now = stopped;
    let finish: (() => void) | null = null;
    const { backend, user } = open('journal&batch=3', {
      operation_get: () => now,
      operation_run: () => {
        now = { ...stopped, status: 'running' };
        return new Promise((resolve) => {
          finish = () => {
            now = { ...stopped, status: 'stopped', reason: null };
            resolve(now);
          };
        });
      },
      operation_stop: () => {
        finish?.();
        return now;
      },
    });
    expect(await screen.findByText('Drawbridge closed while it was writing.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Resume 1 row…' }));
    await user.click(await screen.findByTestId('batch-send'));
    await user.click(await screen.findByTestId('batch-stop'));
    expect(sent(backend, 'operation_stop')).toEqual([{ batch: 3 }]);
    await waitFor(() => expect(screen.getByTestId('batch-status').textContent).toBe('Stopped'));
  });

  it('are made of the selected rows of a list', async () => {
    const { backend, user } = open('list_subscriptions', {
      billing_history: () => ({
        events: [event, { ...event, subscription_id: 'pws_2', subscription_alias: 'ada-2' }],
        total: 2,
      }),
      operation_preview: () => ({ ...preview, origin: 'selection' }),
      operation_get: () => ({ ...preview, origin: 'selection' }),
    });
    await user.click(await screen.findByRole('combobox', { name: 'User ID or alias' }));
    await user.paste('ada');
    await user.click(screen.getByTestId('ask'));
    await user.click(await screen.findByRole('checkbox', { name: 'Select ada-1' }));
    await user.click(screen.getByRole('checkbox', { name: 'Select ada-2' }));
    await user.click(within(screen.getByTestId('selection')).getByRole('button', { name: 'Update…' }));
    const form = await screen.findByTestId('selection-form');
    await user.click(within(form).getByTestId('selection-preview'));
    // The date is the same for all and not filled in yet.
    expect(await within(form).findByText('This is required.')).toBeTruthy();
    await user.click(within(form).getByRole('textbox', { name: 'Effective date' }));
    await user.paste('2026-12-01');
    await user.click(within(form).getByTestId('selection-preview'));
    await screen.findByTestId('batch-sendable');
    const [request] = sent(backend, 'operation_preview') as { drafts: { fields: Record<string, string> }[] }[];
    expect(request?.drafts.map((draft) => draft.fields.subscription)).toEqual(['pws_1', 'pws_2']);
    expect(request?.drafts.map((draft) => draft.fields.effective_date)).toEqual(['2026-12-01', '2026-12-01']);
    expect(sent(backend, 'operation_run')).toEqual([]);
  });
});

describe('Alguna', () => {
  const alguna: ConnectionView = {
    ...profitwell,
    id: 9,
    name: 'Alguna',
    provider: 'alguna',
    host: 'api.alguna.io',
    base_url: 'https://api.alguna.io',
  };
  const linking: OperationFormView = {
    kind: 'link_customer',
    provider: 'alguna',
    label: 'Link a customer',
    irreversible: false,
    csv_header: 'customer,account,integration',
    slots: [
      { ...slot, field: 'customer', label: 'Customer ID', input: 'customer' },
      { ...slot, field: 'account', label: 'Salesforce Account ID', input: 'account' },
      { ...slot, field: 'integration', label: 'Salesforce integration', input: 'integration', required: false },
    ],
  };
  const account = '0017e00001W4GYRAA3';
  const answers: Answers = {
    operation_forms: () => [linking],
    operation_check: ({ draft }) => {
      const ready = Boolean(draft.fields.customer && draft.fields.account);
      return {
        ready,
        problems: [],
        notes: [],
        sentence: ready ? 'Customer “Highgate Ltd” (cus_1) is linked to the Account “Highgate”.' : null,
        generated: {},
        confirm: null,
        refused: null,
        command: 'drawbridge-cli alguna customer link …',
        outlook: ready ? { now: ['Alias crm-1'], later: [`Connected account ${account}`, 'Alias crm-1'] } : null,
      };
    },
    billing_choices: ({ kind, customer }) =>
      kind === 'customer'
        ? [{ value: 'cus_1', label: 'Highgate Ltd', detail: null, user: null, event: null }]
        : kind === 'account' && customer === 'cus_1'
          ? [{ value: account, label: 'Highgate', detail: 'matched', user: null, event: null }]
          : [],
    operation_rows: () => ({
      rows: [
        {
          ...row,
          kind: 'link_customer',
          subject: 'cus_1',
          before: ['Alias crm-1'],
          links_after: [`Connected account ${account}`, 'Alias crm-1'],
        },
      ],
      total: 1,
    }),
    sync_list: () => [],
  };

  it('links a customer: picked, shown before and after, confirmed, and told', async () => {
    const { backend, user } = open('link_customer', answers, [alguna]);
    const rail = await screen.findByRole('navigation', { name: 'Operations' });
    expect(within(rail).getAllByTestId(/^op-/)).toHaveLength(6);
    await user.click(screen.getByRole('combobox', { name: 'Customer ID' }));
    await user.click(await screen.findByRole('option', { name: /Highgate Ltd/ }));
    await user.click(screen.getByRole('combobox', { name: 'Salesforce Account ID' }));
    await user.click(await screen.findByRole('option', { name: /matched/ }));
    // With one integration at most there is nothing to choose.
    expect(screen.queryByText('Salesforce integration')).toBeNull();
    const outlook = await screen.findByTestId('link-outlook');
    expect(outlook.textContent).toContain('It has now');
    expect(outlook.querySelectorAll('[data-mark="comes"]')).toHaveLength(1);
    await user.click(screen.getByTestId('review'));
    const dialog = await screen.findByTestId('confirm');
    expect(within(dialog).getByTestId('link-outlook').textContent).toContain(account);
    expect(dialog.textContent).toContain('It is sent to Alguna by');
    await user.click(within(dialog).getByRole('button', { name: 'Link the customer in Alguna' }));
    const result = await screen.findByTestId('result');
    await waitFor(() => expect(result.textContent).toContain(`Connected account ${account}`));
    expect(sent(backend, 'operation_start')).toEqual([
      {
        connection: 9,
        draft: { kind: 'link_customer', fields: { customer: 'cus_1', account } },
        confirm: null,
      },
    ]);
  });

  it('leads to importing Accounts by the sync that joins it with an org', async () => {
    const { user } = open(
      'import_accounts',
      {
        ...answers,
        sync_list: () => [
          { ...syncToSandbox, source: 9 },
          { ...syncToSandbox, id: 2, source: 7 },
        ],
      },
      [alguna, sandboxOrg],
    );
    await user.click(await screen.findByTestId('import-1'));
    expect(screen.queryByTestId('import-2')).toBeNull();
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/links');
  });
});
