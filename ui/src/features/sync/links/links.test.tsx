import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { ImportRowView, ImportView, WritebackView } from '@/backend';
import { type Answers, renderWith, testBackend } from '@/testing';
import { linkWords } from '../create/NewSync';
import { hindranceOf } from '../preview/PlanReady';
import { PreviewTab } from '../preview/PreviewTab';
import { RunPage } from '../run/RunPage';
import {
  COUNTS,
  orgConnection,
  planLinksOf,
  planOf,
  productionOrg,
  runLinksOf,
  runOf,
  syncOf,
} from '../shared/testData';
import { sentence } from './ImportCard';
import { customersWords } from './ImportRows';
import { LinksTab } from './LinksTab';
import { linkOutlook } from './PlanLinks';

const off: WritebackView = {
  sync: 1,
  offered: true,
  on: false,
  reason: 'Off, because “Fernhill UAT” is a sandbox.',
  integrations: [{ id: 'intg_1', label: 'Fernhill' }],
  integration: null,
  place: 'a connected account of the Salesforce integration “Fernhill”',
  problem: null,
};

function importOf(more: Partial<ImportView> = {}): ImportView {
  return {
    id: 3,
    sync: 1,
    sync_name: 'Alguna to UAT',
    who: null,
    began_at: null,
    org_name: 'Fernhill UAT',
    source_name: 'Alguna',
    status: null,
    reason: null,
    warning: '“Fernhill UAT” is a sandbox.',
    read: 100,
    create: 8,
    skip: 90,
    blocked: 2,
    blocked_by: [{ code: 'no_currency', accounts: 2, words: 'say no currency' }],
    counts: { created: 0, already: 0, skipped: 0, blocked: 0, rejected: 0, unknown: 0 },
    open: 100,
    adds_up: false,
    started_at: '2026-11-21T09:28:00Z',
    finished_at: null,
    ...more,
  };
}

const row: ImportRowView = {
  record: '001Vc000001AAAA',
  record_url: null,
  name: 'Maybe Ltd',
  action: 'blocked',
  reason: 'It may be Maybe GmbH (c1): the name “Maybe GmbH” (65%).',
  code: 'may_be_customer',
  can_decide: true,
  currency: 'EUR',
  address: null,
  contacts: [],
  notes: [],
  outcome: null,
  customer: null,
  problem: null,
};

function links(answers: Answers) {
  const server = testBackend({
    sync_get: () => syncOf(),
    writeback_get: () => off,
    import_latest: () => [],
    ...answers,
  });
  renderWith(<LinksTab />, server, { path: '/sync/1/links', route: '/sync/:id/links' });
  return server;
}

const sent = (server: ReturnType<typeof testBackend>, name: string) =>
  server.calls.filter((call) => call.name === name).map((call) => call.request);

describe('recording links', () => {
  it('says why it is off and is switched on by a person', async () => {
    const server = links({ writeback_set: (request) => ({ ...off, on: request.on, reason: 'On, though.' }) });
    expect((await screen.findByTestId('writeback-reason')).textContent).toContain('is a sandbox');
    await userEvent.click(screen.getByTestId('writeback-switch'));
    await waitFor(() => expect(screen.getByTestId('writeback-reason').textContent).toBe('On, though.'));
    expect(sent(server, 'writeback_set')).toEqual([{ sync: 1, on: true, integration: null }]);
  });

  it('is asked when a sync is made, with the reason', () => {
    const alguna = orgConnection({ provider: 'alguna' });
    expect(linkWords(alguna, orgConnection())).toContain('Off for a sandbox');
    expect(linkWords(alguna, productionOrg())).toContain('never overwritten');
    expect(linkWords(orgConnection({ provider: 'profitwell' }), productionOrg())).toContain('no place');
  });

  it('stands in the preview, and a plan with links alone can be run', async () => {
    const plan = planOf({ tally: { to_write: 0, to_delete: 0, held_rows: 0, held_fields: 0, drifted: 0 } });
    expect(hindranceOf(plan, [], 12)).toBeNull();
    expect(hindranceOf(plan, [], 0)).not.toBeNull();
    expect(hindranceOf(plan, [], 12, true)).toMatch(/read-only/);
    const server = testBackend({
      sync_get: () => syncOf({ latest_plan: plan }),
      connection_list: () => [orgConnection()],
      plan_get: () => plan,
      plan_rows: () => ({ rows: [], total: 0 }),
      plan_links: () =>
        planLinksOf({ on: true, sentence: 'Alguna: link recorded for 12 customers.', to_link: 12, calls: 36 }),
    });
    renderWith(<PreviewTab />, server, { path: '/sync/1/preview', route: '/sync/:id/preview' });
    const strip = await screen.findByTestId('plan-links');
    expect(strip.textContent).toContain('A run would record 12 links in Alguna.');
    expect(strip.textContent).toContain('36 calls to Alguna');
    expect(screen.getByTestId('preview-write').textContent).toBe('Record 12 links in Alguna');
  });

  it('tells what is still to come, and what is left', () => {
    const plan = planLinksOf({ on: true, sentence: 'Alguna: link recorded for 52 customers.', to_link: 53 });
    expect(linkOutlook(plan, false)).toBe('A run would record 53 links in Alguna.');
    expect(linkOutlook({ ...plan, to_link: 52 }, true)).toBe('An undo would take back 52 links in Alguna.');
    expect(linkOutlook({ ...plan, conflicts: 1 }, false)).toBe(
      'A run would record 52 links in Alguna. 1 customer is left, because another Account is named there.',
    );
    const none = planLinksOf({ on: true, sentence: 'Alguna: names every Account already.' });
    expect(linkOutlook(none, false)).toBe('Alguna: names every Account already.');
    const problem = { ...plan, problem: 'Two.', sentence: 'Alguna: no link would be recorded. Two.' };
    expect(linkOutlook(problem, false)).toBe('Alguna: no link would be recorded. Two.');
  });

  it('has an equation of its own on the run, with what went wrong', async () => {
    const run = runOf({ status: 'finished', still_to_write: 0, counts: { ...COUNTS, updated: 0 } });
    const server = testBackend({
      sync_get: () => syncOf(),
      connection_list: () => [orgConnection()],
      plan_get: () => planOf(),
      run_get: () => run,
      run_problems: () => [],
      run_outcomes: () => ({ rows: [], total: 0 }),
      run_links: () =>
        runLinksOf({
          counts: { to_link: 3, recorded: 2, already: 0, conflicts: 1, failed: 0, unknown: 0 },
          rows: [
            {
              customer: 'c1',
              name: 'Acme',
              record: null,
              record_url: null,
              outcome: 'conflict',
              code: 'another_record',
              problem: 'The alias names another Account.',
            },
          ],
          total: 3,
        }),
    });
    renderWith(<RunPage />, server, { path: '/sync/1/runs/42', route: '/sync/:id/runs/:run' });
    const card = await screen.findByTestId('run-links');
    expect(screen.getByTestId('links-recorded').textContent).toBe('2');
    expect(card.textContent).toContain('The alias names another Account.');
    expect(screen.getByTestId('links-sum').textContent).toBe('Adds up');
    // Links alone are reason enough for an undo.
    expect(screen.getByTestId('run-undo')).toBeTruthy();
  });
});

describe('importing Accounts', () => {
  it('is previewed with what was asked for', async () => {
    const server = links({ import_start: () => importOf() });
    await userEvent.type(await screen.findByTestId('import-types'), 'Prospect, Customer - Direct,');
    await userEvent.type(screen.getByTestId('import-currency'), 'EUR');
    await userEvent.click(screen.getByTestId('import-preview'));
    await waitFor(() => expect(sent(server, 'import_start')).toHaveLength(1));
    expect(sent(server, 'import_start')).toEqual([
      { sync: 1, types: ['Prospect', 'Customer - Direct'], currency: 'EUR' },
    ]);
  });

  it('lets a person decide, and asks for the name of the connection before it writes', async () => {
    const server = links({
      import_latest: () => [importOf()],
      import_rows: (request) => ({ rows: request.action === 'blocked' ? [row] : [], total: 1 }),
      import_decide: () => importOf({ create: 9, blocked: 1 }),
      import_run: () => importOf({ status: 'finished' }),
    });
    const makeIt = await screen.findByRole('button', { name: 'Let it become a customer' });
    const sentence = screen.getByTestId('import-sentence').textContent;
    expect(sentence).toContain('2 must be settled first (2 say no currency)');
    await userEvent.click(makeIt);
    await waitFor(() =>
      expect(sent(server, 'import_decide')).toEqual([{ import: 3, record: row.record, create: true }]),
    );
    await userEvent.click(screen.getByTestId('import-run'));
    const go = await screen.findByTestId('import-confirmed');
    expect(go).toHaveProperty('disabled', true);
    await userEvent.type(screen.getByTestId('import-confirm'), 'alguna');
    await userEvent.click(go);
    await waitFor(() => expect(sent(server, 'import_run')).toEqual([{ import: 3, confirm: 'Alguna' }]));
  });

  it('is confirmed by Enter, once the name is there and not before', async () => {
    const server = links({
      import_latest: () => [importOf()],
      import_rows: () => ({ rows: [], total: 0 }),
      import_run: () => importOf({ status: 'finished' }),
    });
    const create = await screen.findByTestId('import-run');
    expect(create.textContent).toBe('Create 8 customers in Alguna');
    await userEvent.click(create);
    const field = await screen.findByTestId('import-confirm');
    await userEvent.type(field, 'algun{Enter}');
    expect(sent(server, 'import_run')).toEqual([]);
    await userEvent.type(field, 'a{Enter}');
    await waitFor(() => expect(sent(server, 'import_run')).toEqual([{ import: 3, confirm: 'Alguna' }]));
  });

  it('says what Accounts became once it was run', () => {
    const counts = { created: 8, already: 0, skipped: 90, blocked: 2, rejected: 0, unknown: 0 };
    expect(customersWords(importOf())).toBe('Would become customers 8');
    expect(customersWords(importOf({ status: 'finished', counts }))).toBe('Became customers 8');
    expect(customersWords(importOf({ status: 'stopped', counts: { ...counts, created: 5 } }))).toBe(
      'Became customers 5 of 8',
    );
  });

  it('leaves the currency empty until a person gives one', async () => {
    links({});
    const field = await screen.findByTestId('import-currency');
    expect(field).toHaveProperty('placeholder', '');
    expect(screen.getByText('Such as EUR; without it they wait')).toBeTruthy();
  });

  it('never calls a run complete that does not add up', () => {
    const counts = { created: 7, already: 1, skipped: 90, blocked: 2, rejected: 0, unknown: 0 };
    const done = importOf({ status: 'finished', counts, open: 0, adds_up: true });
    expect(sentence(done)).toContain('finds the new customers by their alias');
    expect(sentence({ ...done, adds_up: false })).toContain('does not add up');
    expect(sentence({ ...done, status: 'stopped', open: 4 })).toContain('4 still to do');
  });
});
