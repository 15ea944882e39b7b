import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { PlanRowsRequest, PlanRowView, PlanView, SyncView } from '@/backend';
import { type Answers, errorOf, renderWith, testBackend } from '@/testing';
import {
  blank,
  change,
  explainOf,
  money,
  orgConnection,
  planLinksOf,
  planOf,
  productionOrg,
  progressOf,
  rowOf,
  runOf,
  same,
  speakerOf,
  syncOf,
  text,
} from '../shared/testData';
import { PreviewTab } from './PreviewTab';
import { domainWord, namesOrg } from './ProductionDialog';

const ROWS: Array<PlanRowView> = [
  rowOf(),
  rowOf({
    customer: 'CQCncgVu',
    name: 'Edge Communications',
    cells: [
      same(text('7.25%')),
      same(text('Scale')),
      change(money('41000'), money('38400'), { held: true, drifted: true }),
    ],
    drift: { by: 'Tom Okafor', at: '2026-11-21T08:51:00Z' },
  }),
  rowOf({
    customer: 'blocked1',
    name: 'Palisade Security',
    action: 'blocked',
    record: null,
    cells: [],
    reason: { code: 'two_records', message: 'Its ID is on 2 Accounts.', next_step: 'Merge them in Salesforce.' },
  }),
];

function backend(
  plan: PlanView | null,
  more: { sync?: Partial<SyncView>; rows?: Array<PlanRowView>; answers?: Answers } = {},
) {
  const sync = syncOf({ latest_plan: plan, ...more.sync });
  const rows = more.rows ?? ROWS;
  const matching = (request: PlanRowsRequest) =>
    rows.filter((row) => request.action === null || row.action === request.action);
  return testBackend({
    sync_get: () => sync,
    connection_list: () => [sync.environment === 'production' ? productionOrg() : orgConnection()],
    plan_get: () => plan ?? planOf(),
    plan_rows: (request) => ({ rows: matching(request), total: matching(request).length }),
    plan_explain: () => explainOf(),
    speaker_get: () => speakerOf(),
    plan_links: () => planLinksOf(),
    plan_decide: () => ({ to_write: 220, to_delete: 0, held_rows: 6, held_fields: 2, drifted: 9 }),
    run_start: () => runOf(),
    ...more.answers,
  });
}

const at = { path: '/sync/1/preview', route: '/sync/:id/preview' };
const draw = (server: ReturnType<typeof backend>) => renderWith(<PreviewTab />, server, at);
const sent = (server: ReturnType<typeof backend>, name: string) =>
  server.calls.filter((call) => call.name === name).map((call) => call.request);
it('says that it takes a run back, whatever the mapping is by now', async () => {
  draw(backend(planOf({ undoes: 42, mapping_version: 6 })));
  const strip = await screen.findByTestId('undo-strip');
  expect(strip.textContent).toContain('This undoes run 42.');
  const write = screen.getByTestId('preview-write');
  expect(write.textContent).toBe('Put back 221 records in Fernhill UAT (SANDBOX)');
  expect(write.getAttribute('aria-disabled')).toBe('false');
});

it('leaves what the run created, unless a person wants it deleted', async () => {
  const undo = planOf({ undoes: 42, created_by_run: 12 });
  const server = backend(undo, { answers: { undo_start: () => planOf({ id: 58, undoes: 42, status: 'planning' }) } });
  draw(server);
  const strip = await screen.findByTestId('undo-strip');
  expect(strip.textContent).toContain('records the run created stay');
  expect(screen.queryByTestId('group-delete')).toBeNull();
  const wish = screen.getByRole('switch', { name: /^Also delete the 12 Accounts this run created/ });
  expect(wish).toHaveProperty('checked', false);
  expect(screen.getByTestId('undo-created').textContent).toContain('recycle bin for up to 15 days');
  await userEvent.click(wish);
  await waitFor(() => expect(sent(server, 'undo_start')).toEqual([{ run: 42, delete_created: true }]));
});

it('counts deletions apart, and its button names them', async () => {
  const counts = { create: 0, update: 30, unchanged: 3, skipped: 2, blocked: 1, delete: 12 };
  const tally = { to_write: 42, to_delete: 12, held_rows: 0, held_fields: 0, drifted: 0 };
  draw(backend(planOf({ undoes: 42, created_by_run: 15, deletes: true, counts, tally })));
  expect((await screen.findByTestId('group-delete')).textContent).toContain('12');
  expect(screen.getByRole('switch', { name: /Also delete the 15 Accounts/ })).toHaveProperty('checked', true);
  const write = screen.getByTestId('preview-write');
  expect(write.textContent).toBe('Delete 12 and restore 30 in Fernhill UAT (SANDBOX)');
});

it('never offers to delete in a preview that is no undo', async () => {
  draw(backend(planOf()));
  await screen.findByTestId('preview-write');
  expect(screen.queryByTestId('undo-created')).toBeNull();
  expect(screen.queryByTestId('group-delete')).toBeNull();
});

const rowNamed = async (name: string) => {
  const cell = await screen.findByText(name);
  const row = cell.closest('[role="row"]');
  if (!(row instanceof HTMLElement)) {
    throw new Error(`${name} stands in no row`);
  }
  return row;
};

describe('the preview', () => {
  it('offers a preview where there is none, and says that it writes nothing', async () => {
    const server = backend(null, { answers: { plan_start: () => planOf({ status: 'planning' }) } });
    draw(server);
    expect(await screen.findByText(/It writes nothing itself/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('preview-start'));
    await waitFor(() => expect(sent(server, 'plan_start')).toEqual([{ sync: 1 }]));
  });

  it('reads what changed, everything, or nothing, as a person wants', async () => {
    const server = backend(planOf(), { answers: { plan_start: () => planOf({ status: 'planning' }) } });
    draw(server);
    await userEvent.click(await screen.findByTestId('preview-reading'));
    await userEvent.click(await screen.findByTestId('preview-full'));
    await waitFor(() => expect(sent(server, 'plan_start')).toEqual([{ sync: 1, reading: 'full' }]));
  });

  it('compares what was read before when it is offline', async () => {
    const server = backend(planOf(), { answers: { plan_start: () => planOf({ status: 'planning' }) } });
    draw(server);
    await userEvent.click(await screen.findByTestId('preview-reading'));
    await userEvent.click(await screen.findByTestId('preview-offline'));
    await waitFor(() => expect(sent(server, 'plan_start')).toEqual([{ sync: 1, reading: 'offline' }]));
  });

  it('says how old both sides are when it was made offline', async () => {
    const offline = { source_at: '2026-11-20T08:00:00Z', org_at: '2026-11-19T08:00:00Z' };
    draw(backend(planOf({ offline })));
    const strip = await screen.findByText(/Made offline, from what was read before/);
    expect(strip.textContent).toMatch(/the source .+, the org .+\. Records changed/);
  });

  it('says what is not known about it', async () => {
    draw(backend(planOf({ note: 'The org did not say which currency it counts in.' })));
    const note = await screen.findByTestId('plan-note');
    expect(note.textContent).toBe('The org did not say which currency it counts in.');
  });

  it('filters by a group, and takes the filter back', async () => {
    const server = backend(planOf());
    draw(server);
    expect(await screen.findByText('Palisade Security')).toBeTruthy();
    expect(screen.getByTestId('group-update').textContent).toContain('214');
    await userEvent.click(screen.getByTestId('group-update'));
    await waitFor(() => expect(screen.queryByText('Palisade Security')).toBeNull());
    expect(screen.getByTestId('group-update').getAttribute('aria-pressed')).toBe('true');
    expect(screen.getByText('Burlington Textiles Corp of America')).toBeTruthy();
    expect(sent(server, 'plan_rows').at(-1)).toMatchObject({ action: 'update' });
    await userEvent.click(screen.getByTestId('group-update'));
    expect(await screen.findByText('Palisade Security')).toBeTruthy();
  });

  it('shows before and after of a change, marks what is held and what drifted', async () => {
    draw(backend(planOf()));
    const first = within(await rowNamed('Burlington Textiles Corp of America')).getAllByTestId('diff-cell');
    expect(first).toHaveLength(2);
    expect(first[0]?.textContent).toBe('Growth 2025Growth 2026');
    expect(first[1]?.textContent).toBe('1,200.001,450.00');
    expect(first[0]?.hasAttribute('data-held')).toBe(false);
    const edge = within(await rowNamed('Edge Communications')).getByTestId('diff-cell');
    expect(edge.textContent).toBe('41,000.0038,400.00');
    expect(edge.hasAttribute('data-held')).toBe(true);
    expect(edge.hasAttribute('data-drifted')).toBe(true);
  });

  it('writes blank out on both sides of a change', async () => {
    draw(
      backend(planOf(), {
        rows: [rowOf({ cells: [same(blank), change(text('Scale'), blank), change(blank, money('290'))] })],
      }),
    );
    const cells = await screen.findAllByTestId('diff-cell');
    expect(cells.map((cell) => cell.textContent)).toEqual(['Scaleblank', 'blank290.00']);
  });

  it('shows the reason and the next step of a blocked customer instead of cells', async () => {
    draw(backend(planOf()));
    const row = within(await rowNamed('Palisade Security'));
    expect(row.getByTestId('row-reason').textContent).toBe('Its ID is on 2 Accounts.Merge them in Salesforce.');
    expect(row.queryByRole('button')).toBeNull();
  });

  it('holds a record by its hand, and shows it held', async () => {
    const held = new Set<string>();
    const server = backend(planOf(), {
      answers: {
        plan_decide: (request) => {
          held.add(request.customer);
          return { to_write: 220, to_delete: 0, held_rows: 6, held_fields: 2, drifted: 9 };
        },
        plan_rows: () => ({ rows: ROWS.map((row) => ({ ...row, held: held.has(row.customer) })), total: ROWS.length }),
      },
    });
    draw(server);
    await rowNamed('Burlington Textiles Corp of America');
    await userEvent.click(screen.getByRole('button', { name: 'Hold Burlington Textiles Corp of America' }));
    await waitFor(() =>
      expect(sent(server, 'plan_decide')).toEqual([{ plan: 57, customer: 'wcqYrqfE', field: null, hold: true }]),
    );
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: 'Hold Burlington Textiles Corp of America' }).getAttribute('aria-pressed'),
      ).toBe('true'),
    );
  });

  it('shows the hand pressed where each change is held, and writes all of them on a press', async () => {
    const cells = [
      same(text('7.25%')),
      change(text('a'), text('b'), { held: true }),
      change(money('1'), money('2'), { held: true }),
    ];
    const server = backend(planOf(), { rows: [rowOf({ cells })] });
    draw(server);
    await rowNamed('Burlington Textiles Corp of America');
    const hand = screen.getByRole('button', { name: 'Hold Burlington Textiles Corp of America' });
    expect(hand.getAttribute('aria-pressed')).toBe('true');
    const write = screen.getByRole('button', { name: 'Write Burlington Textiles Corp of America' });
    expect(write.getAttribute('aria-pressed')).toBe('false');
    await userEvent.click(write);
    await waitFor(() =>
      expect(sent(server, 'plan_decide')).toEqual([
        { plan: 57, customer: 'wcqYrqfE', field: 'Alguna_Subscription_Name__c', hold: false },
        { plan: 57, customer: 'wcqYrqfE', field: 'Alguna_Subscription_Value__c', hold: false },
      ]),
    );
  });

  it('counts what is held once, in the same words above and below', async () => {
    draw(backend(planOf()));
    expect((await screen.findByTestId('group-held')).textContent).toBe('Held5 records and 2 fields');
    expect(screen.getByTestId('preview-held').textContent).toBe('5 records and 2 fields held');
  });

  it('names the links before anything is approved', async () => {
    const links = () => planLinksOf({ on: true, to_link: 55, conflicts: 2 });
    draw(backend(planOf(), { answers: { plan_links: links } }));
    const write = await screen.findByTestId('preview-write');
    await waitFor(() =>
      expect(write.textContent).toBe('Write 221 records to Fernhill UAT (SANDBOX) and up to 53 links to Alguna'),
    );
    await userEvent.click(screen.getByTestId('preview-pilot'));
    expect((await screen.findByTestId('pilot-links')).textContent).toBe('Up to 53 links recorded in Alguna.');
  });

  it('explains an undo by its run, never by the source', async () => {
    const [field] = explainOf().fields;
    const fields = field
      ? [{ ...field, before: money('225642.3'), base: money('225642.3'), after: blank, drift: null, steps: [] }]
      : [];
    const server = backend(planOf({ undoes: 42 }), { answers: { plan_explain: () => explainOf({ fields }) } });
    draw(server);
    await rowNamed('Burlington Textiles Corp of America');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('w');
    const panel = within(await screen.findByTestId('why-panel'));
    expect((await panel.findByTestId('three-way')).textContent).toBe(
      'Run 42 wrote this; the undo puts back what stood there beforeRun 42 wrote225,642.30Salesforce now225,642.30Before run 42blank',
    );
    expect(panel.queryByText(/Alguna now|Write policy/)).toBeNull();
    expect(panel.getByTestId('choice-write').textContent).toBe(
      'Put back blankReplaces 225,642.30, which run 42 wrote.',
    );
    expect(panel.getByTestId('choice-field').textContent).toContain('Keeps 225,642.30, which run 42 wrote');
    expect(panel.getByTestId('choice-record').textContent).toContain('nothing of run 42 is taken back here');
  });

  it('writes the figures of a derivation like the value they come to', async () => {
    const [field] = explainOf().fields;
    const steps = [
      { label: 'ARR in Alguna', value: '225642.30' },
      { label: 'Interval is Yearly', value: '× 1' },
    ];
    const fields = field ? [{ ...field, steps }] : [];
    draw(backend(planOf(), { answers: { plan_explain: () => explainOf({ fields }) } }));
    await rowNamed('Burlington Textiles Corp of America');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('w');
    expect(await screen.findByText('225,642.30')).toBeTruthy();
    expect(screen.getByText('× 1')).toBeTruthy();
  });

  it('takes a hold back when the answer is an error', async () => {
    const server = backend(planOf(), {
      answers: {
        plan_decide: () => {
          throw errorOf('plan_stale', 'The mapping changed; nothing was held.');
        },
      },
    });
    draw(server);
    await rowNamed('Burlington Textiles Corp of America');
    await userEvent.click(screen.getByRole('button', { name: 'Hold Burlington Textiles Corp of America' }));
    expect(await screen.findByText('The mapping changed; nothing was held.')).toBeTruthy();
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: 'Hold Burlington Textiles Corp of America' }).getAttribute('aria-pressed'),
      ).toBe('false'),
    );
  });

  it('answers the keyboard: arrows move to a cell, H holds that field, W says why', async () => {
    const server = backend(planOf());
    draw(server);
    await rowNamed('Burlington Textiles Corp of America');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}');
    expect(screen.getByTitle('Subscription Value (Alguna_Subscription_Value__c)').dataset.current).toBe('true');
    await userEvent.keyboard('h');
    await waitFor(() =>
      expect(sent(server, 'plan_decide')).toEqual([
        { plan: 57, customer: 'wcqYrqfE', field: 'Alguna_Subscription_Value__c', hold: true },
      ]),
    );
    await userEvent.keyboard('{ArrowDown}w');
    const panel = within(await screen.findByTestId('why-panel'));
    expect(await panel.findByText('Both sides changed since the last sync')).toBeTruthy();
    expect(panel.getByTestId('choice-field').getAttribute('aria-checked')).toBe('true');
    await userEvent.click(panel.getByTestId('choice-write'));
    await waitFor(() =>
      expect(sent(server, 'plan_decide').at(-1)).toEqual({
        plan: 57,
        customer: 'CQCncgVu',
        field: 'Alguna_Subscription_Value__c',
        hold: false,
      }),
    );
  });

  it('starts a run in a sandbox and goes to it', async () => {
    const server = backend(planOf());
    draw(server);
    const button = await screen.findByTestId('preview-write');
    expect(button.textContent).toBe('Write 221 records to Fernhill UAT (SANDBOX)');
    await userEvent.click(button);
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/runs/42');
    expect(sent(server, 'run_start')).toEqual([
      { plan: 57, confirm: null, limit: null, only: null, way: null, accept: [] },
    ]);
  });

  it('writes nothing before every unusual thing is ticked', async () => {
    const server = backend(
      planOf({ halts: [{ name: 'blanks', message: '18 values become blank.', rows: 0, more: false }] }),
    );
    draw(server);
    await userEvent.click(await screen.findByTestId('preview-write'));
    expect(sent(server, 'run_start')).toEqual([]);
    await userEvent.click(screen.getByLabelText('18 values become blank.'));
    await userEvent.click(screen.getByTestId('preview-write'));
    await waitFor(() =>
      expect(sent(server, 'run_start')).toEqual([
        { plan: 57, confirm: null, limit: null, only: null, way: null, accept: ['blanks'] },
      ]),
    );
  });

  it('leads from an unusual thing to the records it speaks of, and back', async () => {
    const halts = [
      { name: 'many-cleared', message: '18 values become blank.', rows: 7, more: false },
      { name: 'source-shrunk', message: 'Alguna gave 5 customers.', rows: 0, more: false },
    ];
    const server = backend(planOf({ halts }));
    draw(server);
    await userEvent.click(await screen.findByTestId('group-update'));
    const show = screen.getByRole('button', { name: 'Show 7 records' });
    await userEvent.click(show);
    const asked = () => sent(server, 'plan_rows').at(-1) as PlanRowsRequest;
    await waitFor(() => expect(asked()).toMatchObject({ halt: 'many-cleared', action: null }));
    expect(show.getAttribute('aria-pressed')).toBe('true');
    await userEvent.click(show);
    await waitFor(() => expect(show.getAttribute('aria-pressed')).toBe('false'));
    // What speaks of no record leads nowhere.
    expect(screen.queryByTestId('halt-rows-source-shrunk')).toBeNull();
  });

  it('does not write a stale plan', async () => {
    const server = backend(planOf({ status: 'stale', mapping_version: 6 }));
    draw(server);
    expect(await screen.findByText(/The mapping changed since this preview/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('preview-write'));
    expect(sent(server, 'run_start')).toEqual([]);
  });

  it('says when both sides agree', async () => {
    draw(
      backend(
        planOf({
          counts: { create: 0, update: 0, unchanged: 2136, skipped: 0, blocked: 0, delete: 0 },
          tally: { to_write: 0, to_delete: 0, held_rows: 0, held_fields: 0, drifted: 0 },
        }),
        { rows: [rowOf({ action: 'unchanged' })] },
      ),
    );
    expect(await screen.findByTestId('nothing-to-write')).toBeTruthy();
    expect(screen.getByTestId('preview-write').getAttribute('aria-disabled')).toBe('true');
  });

  it('shows counts while planning, and the error with its code when planning fails', async () => {
    let now = planOf({ status: 'planning', finished_at: null });
    const server = backend(now, { answers: { plan_get: () => now } });
    draw(server);
    await screen.findByTestId('planning');
    const work = { kind: 'plan' as const, id: 57 };
    const phases = [{ name: 'pull' as const, state: 'running' as const, done: 900, total: 2136, detail: null }];
    act(() => server.report(progressOf({ work, phases })));
    expect(screen.getByText('900 of 2,136')).toBeTruthy();
    expect(screen.queryByTestId('planning-no-answer')).toBeNull();
    const no_answer = 'Alguna asks to wait 20 s before the next call';
    act(() => server.report(progressOf({ work, phases, no_answer })));
    const strip = screen.getByTestId('planning-no-answer').textContent;
    expect(strip).toContain(`${no_answer}. It is tried again by itself`);
    now = planOf({ status: 'failed', error: 'The key was refused.' });
    const error = errorOf('needs_sign_in', 'Alguna refused the key. Nothing was written.').view;
    act(() => server.report(progressOf({ work, ended: true, error })));
    expect(await screen.findByText('Alguna refused the key. Nothing was written.')).toBeTruthy();
    expect(screen.getByText('needs_sign_in')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Open Connections' }));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/connections');
  });

  it('names the side that could not be reached, and offers what there is instead', async () => {
    const source = orgConnection({
      id: 1,
      provider: 'alguna',
      org: null,
      host: 'api.alguna.io',
      base_url: 'https://api.alguna.io',
      pulled_at: '2026-11-21T09:00:00Z',
    });
    const failed = planOf({
      id: 58,
      status: 'failed',
      error: 'fernhill--uat.sandbox.my.salesforce.com cannot be reached: refused.',
    });
    const server = backend(failed, {
      sync: { latest_run: runOf({ plan: 57 }) },
      answers: {
        connection_list: () => [source, orgConnection()],
        plan_get: (request) => (request.plan === 58 ? failed : planOf({ status: 'used' })),
        plan_start: () => planOf({ id: 59, status: 'planning' }),
        run_list: () => [],
      },
    });
    draw(server);
    expect(await screen.findByText('Fernhill UAT (SANDBOX) could not be reached. Nothing was written.')).toBeTruthy();
    await userEvent.click(await screen.findByTestId('preview-previous'));
    expect((await screen.findByTestId('preview-older')).textContent).toContain('Nothing was written by it');
    expect(await screen.findByText('Palisade Security')).toBeTruthy();
  });

  it('compares what was read before when a preview could not be made', async () => {
    const source = orgConnection({ id: 1, provider: 'alguna', org: null, pulled_at: '2026-11-21T09:00:00Z' });
    const server = backend(planOf({ status: 'failed', error: 'Alguna was busy.' }), {
      answers: {
        connection_list: () => [source, orgConnection()],
        plan_start: () => planOf({ id: 59, status: 'planning' }),
      },
    });
    draw(server);
    await userEvent.click(await screen.findByTestId('preview-from-read'));
    await waitFor(() => expect(sent(server, 'plan_start')).toEqual([{ sync: 1, reading: 'offline' }]));
    expect(screen.queryByTestId('preview-previous')).toBeNull();
  });

  it('says of a failed plan that nothing was written', async () => {
    draw(backend(planOf({ status: 'failed', error: 'Alguna cannot be reached.' })));
    expect(await screen.findByText(/Alguna cannot be reached\. Nothing was written\./)).toBeTruthy();
  });
});

describe('the domain to type', () => {
  it('is the My Domain word, or the whole host where there is none', () => {
    expect(domainWord('fernhill.my.salesforce.com')).toBe('fernhill');
    expect(domainWord('127.0.0.1:4400')).toBe('127.0.0.1:4400');
  });

  it('is taken in any case, short or whole, and nothing else is', () => {
    expect(namesOrg(' Fernhill ', 'fernhill.my.salesforce.com')).toBe(true);
    expect(namesOrg('fernhill.my.salesforce.com', 'fernhill.my.salesforce.com')).toBe(true);
    expect(namesOrg('', 'fernhill.my.salesforce.com')).toBe(false);
    expect(namesOrg('fernhil', 'fernhill.my.salesforce.com')).toBe(false);
    expect(namesOrg('127', '127.0.0.1:4400')).toBe(false);
  });
});

describe('a production run', () => {
  const production = { environment: 'production' as const, org_name: 'Fernhill' };

  it('waits for the domain before its red button works', async () => {
    const server = backend(planOf(), { sync: production });
    draw(server);
    await userEvent.click(await screen.findByTestId('preview-write'));
    const button = await screen.findByTestId('production-write');
    expect(button.textContent).toBe('Write 221 records to Fernhill (PRODUCTION)');
    expect(button).toHaveProperty('disabled', true);
    const field = screen.getByTestId('production-domain');
    await userEvent.type(field, 'fernhil');
    expect(button).toHaveProperty('disabled', true);
    expect(screen.queryByText('Matches this org')).toBeNull();
    await userEvent.type(field, 'l');
    expect(await screen.findByText('Matches this org')).toBeTruthy();
    expect(button).toHaveProperty('disabled', false);
    await userEvent.click(button);
    await waitFor(() =>
      expect(sent(server, 'run_start')).toEqual([
        { plan: 57, confirm: 'fernhill', limit: null, only: null, way: null, accept: [] },
      ]),
    );
  });

  it('names the links on a line of their own, and an undo as one', async () => {
    const links = () => planLinksOf({ on: true, to_link: 52 });
    draw(backend(planOf({ undoes: 42 }), { sync: production, answers: { plan_links: links } }));
    const write = await screen.findByTestId('preview-write');
    await waitFor(() => expect(write.textContent).toContain('and take back up to 52 links in Alguna'));
    await userEvent.click(write);
    expect((await screen.findByTestId('production-links')).textContent).toBe('Up to 52 links taken back in Alguna');
    expect(screen.getByText(/You are about to change/).textContent).toContain('and links in Alguna.');
    expect(screen.getByTestId('production-write').textContent).toBe('Put back 221 records in Fernhill (PRODUCTION)');
  });

  it('does not take another org for this one', async () => {
    const server = backend(planOf(), { sync: production });
    draw(server);
    await userEvent.click(await screen.findByTestId('preview-write'));
    await userEvent.type(await screen.findByTestId('production-domain'), 'fernhill--uat{Enter}');
    expect(screen.getByTestId('production-write')).toHaveProperty('disabled', true);
    expect(sent(server, 'run_start')).toEqual([]);
  });
});

it('gives the keyboard back to the table when the reasons of a record are closed', async () => {
  draw(backend(planOf()));
  await rowNamed('Burlington Textiles Corp of America');
  screen.getByRole('grid').focus();
  for (const close of ['{Escape}', '{Enter}']) {
    await userEvent.keyboard('w');
    const panel = within(await screen.findByTestId('why-panel'));
    panel.getByRole('button', { name: 'Close' }).focus();
    await userEvent.keyboard(close);
    expect(screen.queryByTestId('why-panel')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('grid'));
  }
  // What is said of the rows is their number, and not which of them are on screen.
  expect(screen.getByText(/^\d+ records?$/).getAttribute('role')).toBe('status');
});
