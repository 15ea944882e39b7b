import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { HistoryEntryView, HistoryRequest, HistoryRowView } from '@/backend';
import { type Answers, errorOf, renderWith, testBackend } from '@/testing';
import { syncToSandbox } from '@/testing/examples';
import { HistoryPage } from './HistoryPage';
import { CALL, explanation, historyRun, historyRunView, IMPORT, OPERATION, OPERATION_ROW, value } from './testData';

const entryOf = (run: HistoryRowView): HistoryEntryView => ({ kind: 'run', ...run });

const RUNS = [
  historyRun(13, { undoes: 12 }),
  historyRun(12, { undone_by: 13 }),
  historyRun(11, { balance: 'wrong', sync_name: 'Nightly', counts: { ...historyRun(1).counts, blocked: 0 } }),
  historyRun(10, { balance: 'open', status: 'interrupted', still_to_write: 20, environment: 'production' }),
];

function backend(runs: HistoryRowView[] = RUNS, answers: Answers = {}) {
  const matching = (request: HistoryRequest) =>
    runs.filter(
      (one) =>
        (request.environment === null || one.environment === request.environment) &&
        (request.status.length === 0 || request.status.includes(one.status)) &&
        one.sync_name.toLowerCase().includes(request.search.toLowerCase()),
    );
  return testBackend({
    history_list: (request) => {
      const rows = matching(request);
      return { rows: rows.map(entryOf), total: rows.length, all: runs.length };
    },
    history_get: ({ run }) => historyRunView(runs.find((one) => one.run === run) ?? historyRun(run)),
    run_outcomes: () => ({
      rows: [
        {
          customer: 'cus_1',
          name: 'Highgate Ltd',
          outcome: 'updated',
          record: null,
          record_url: null,
          problem: null,
          code: null,
          twin: null,
          changes: [],
        },
      ],
      total: 52,
    }),
    value_explain: () => explanation([value()]),
    sync_list: () => [syncToSandbox],
    connection_list: () => [],
    ...answers,
  });
}

const at = { path: '/history' };
const row = async (text: string) => (await screen.findAllByText(text))[0]?.closest('[role="row"]') as HTMLElement;

describe('history', () => {
  it('shows each run with its equation, and never a run that does not add up as fine', async () => {
    renderWith(<HistoryPage />, backend(), at);
    expect((await row('Run 12')).textContent).toContain('60 = 12 created + 40 updated + 8 blocked');
    expect((await row('Run 12')).textContent).toContain('Adds up');
    expect((await row('Run 12')).textContent).toContain('undone by run 13');
    expect((await row('Run 13')).textContent).toContain('undo of 12');
    expect((await row('Run 11')).textContent).toContain('Does not add up');
    const open = await row('Run 10');
    expect(open.textContent).toContain('Interrupted');
    expect(open.textContent).toContain('20 still to write');
    expect(open.textContent).not.toContain('Adds up');
    expect(open.textContent).toContain('PRODUCTION');
  });

  it('shows what a person must look at first and in its own colour, and cuts no number', async () => {
    const counts = { ...historyRun(1).counts, rejected: 2, unknown: 1 };
    renderWith(<HistoryPage />, backend([historyRun(14, { read: 63, counts })]), at);
    const cell = (await row('Run 14')).querySelector('[data-column="equation"]');
    expect(cell?.textContent).toContain('63 = 2 rejected + 1 unknown + 12 created + 40 updated + 8 blocked');
    const colour = (text: string) => (within(cell as HTMLElement).getByText(text) as HTMLElement).style.color;
    expect(colour('2 rejected')).toBe('var(--db-rejected)');
    expect(colour('1 unknown')).toBe('var(--db-unknown)');
    expect(colour('40 updated')).toBe('');
    // A term stays together, and the terms are free to wrap.
    expect(cell?.querySelectorAll('.term').length).toBe(5);
    expect(cell?.querySelector('.ellipsis')).toBeNull();
  });

  it('finds by words and by filters, and says when nothing matches', async () => {
    const server = backend();
    renderWith(<HistoryPage />, server, at);
    await screen.findByTestId('history-shown');
    fireEvent.keyDown(document.body, { key: '/' });
    expect(document.activeElement).toBe(screen.getByTestId('history-search'));
    await userEvent.click(screen.getByTestId('history-environment'));
    await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'PRODUCTION', hidden: true }));
    await waitFor(() => expect(screen.getByTestId('history-shown').textContent).toBe('1 of 4 entries'));
    await userEvent.type(screen.getByTestId('history-search'), 'zebra');
    expect(await screen.findByText('Nothing matches')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
    await waitFor(() => expect(screen.getByTestId('history-shown').textContent).toBe('4 entries'));
  });

  it('asks for whole days where the person is', async () => {
    const server = backend();
    renderWith(<HistoryPage />, server, at);
    await userEvent.click(await screen.findByTestId('history-days'));
    fireEvent.change(await screen.findByLabelText('To'), { target: { value: '2026-11-21' } });
    await waitFor(() =>
      expect(server.calls.filter((call) => call.name === 'history_list').at(-1)?.request).toMatchObject({
        from: null,
        until: new Date(2026, 10, 22).toISOString(),
      }),
    );
  });

  it('opens a run, leads to the run it takes back, and closes', async () => {
    renderWith(<HistoryPage />, backend(), at);
    await userEvent.click((await screen.findAllByText('Run 13'))[0] as HTMLElement);
    const drawer = await screen.findByTestId('history-drawer');
    expect(await within(drawer).findByText('Run 13, undo of run 12')).toBeTruthy();
    expect(within(drawer).getByTestId('history-equation').getAttribute('data-balance')).toBe('right');
    expect(within(drawer).getByText('A text is longer than its field')).toBeTruthy();
    expect(within(drawer).getByTestId('history-open').getAttribute('href')).toBe('/sync/1/runs/13');
    await userEvent.click(within(drawer).getByRole('button', { name: 'run 12' }));
    expect(await screen.findByRole('complementary', { name: 'Run 12' })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByTestId('history-drawer')).toBeNull();
  });

  it('shows operations, imports and calls by hand beside the runs, each with its own account', async () => {
    const others: HistoryEntryView[] = [
      { kind: 'operation', ...OPERATION },
      { kind: 'import', ...IMPORT },
      { kind: 'call', ...CALL },
    ];
    const server = backend(RUNS, {
      history_list: ({ kinds }) => {
        const rows = [...others, ...RUNS.map(entryOf)].filter((one) => kinds.length === 0 || kinds.includes(one.kind));
        return { rows, total: rows.length, all: 7 };
      },
      operation_get: () => OPERATION,
      operation_rows: () => ({ rows: [OPERATION_ROW], total: 1 }),
      import_get: () => IMPORT,
      import_rows: () => ({ rows: [], total: 0 }),
      console_get: () => CALL,
    });
    renderWith(<HistoryPage />, server, at);
    expect((await row('Operation 3')).textContent).toContain('Done');
    expect((await row('Import 2')).textContent).toContain('60 = 12 made + 48 customers already');
    expect((await row('API call 9')).textContent).toContain('PATCH /customers/cus_1');

    await userEvent.click((await screen.findAllByText('Operation 3'))[0] as HTMLElement);
    let drawer = within(await screen.findByRole('complementary', { name: 'Operation 3' }));
    expect((await drawer.findByTestId('history-states')).textContent).toContain('Connected account 001');
    expect(drawer.getByTestId('history-open').getAttribute('href')).toContain('op=journal&batch=3');

    await userEvent.click((await screen.findAllByText('Import 2'))[0] as HTMLElement);
    drawer = within(await screen.findByRole('complementary', { name: 'Import 2' }));
    expect((await drawer.findByTestId('history-equation')).textContent).toContain('Customers already');
    expect(drawer.getByTestId('history-open').getAttribute('href')).toBe('/sync/1/links');

    await userEvent.click((await screen.findAllByText('API call 9'))[0] as HTMLElement);
    drawer = within(await screen.findByRole('complementary', { name: 'API call 9' }));
    expect((await drawer.findByText('Idempotency-Key: k')).textContent).toBeTruthy();
    await userEvent.keyboard('{Escape}');

    await userEvent.click(screen.getByTestId('history-kind'));
    await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'API calls', hidden: true }));
    await waitFor(() => expect(screen.getByTestId('history-shown').textContent).toBe('1 of 7 entries'));
  });

  it('saves a report and says where it is, or why not', async () => {
    let fails = true;
    const server = backend(RUNS, {
      report_save: () => {
        if (fails) throw errorOf('file_not_saved', 'The report was not saved in /full: no space.');
        return { path: '/home/ana/Downloads/drawbridge-run-12.html' };
      },
    });
    renderWith(<HistoryPage />, server, { path: '/history?run=12', route: '/history' });
    const save = async () => {
      await userEvent.click(await screen.findByTestId('history-report'));
      await userEvent.click(await screen.findByRole('menuitem', { name: /HTML/, hidden: true }));
    };
    await save();
    expect(await screen.findByText(/not saved in/)).toBeTruthy();
    fails = false;
    await save();
    expect((await screen.findByTestId('history-saved')).textContent).toContain('drawbridge-run-12.html');
    expect(server.calls.filter((call) => call.name === 'report_save').at(-1)?.request).toEqual({
      run: 12,
      format: 'html',
    });
  });

  it('explains a value of a record by its rule and every write, and names drift', async () => {
    renderWith(<HistoryPage />, backend(), { path: '/history?run=12', route: '/history' });
    await userEvent.click(await screen.findByRole('button', { name: /Highgate Ltd/ }));
    await userEvent.click(await screen.findByRole('button', { name: /Alguna Subscription Value/ }));
    const told = await screen.findByTestId('explanation');
    expect(within(told).getByTestId('explanation-drift').textContent).toContain('Tom Okafor');
    const writes = within(told).getByTestId('explanation-writes').querySelectorAll('li');
    expect([...writes].map((one) => /Run 1[23]/.exec(one.textContent ?? '')?.[0])).toEqual(['Run 13', 'Run 12']);
    expect(writes[0]?.textContent).toContain('Put back what stood here before run 12.');
    expect(writes[1]?.textContent).toContain('undone by run 13');
    expect(writes[1]?.textContent).toContain('Mapping v6');
    await userEvent.click(within(told).getByRole('button', { name: 'Back' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Back' }));
    expect(await screen.findByTestId('history-equation')).toBeTruthy();
  });

  it('names the next action while there is no run, and an error with a way on', async () => {
    renderWith(<HistoryPage />, backend([]), at);
    await userEvent.click(await screen.findByRole('button', { name: 'Preview Alguna to UAT' }));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/preview');
  });

  it('says what went wrong and asks again', async () => {
    let fails = true;
    const server = backend(RUNS, {
      history_list: () => {
        if (fails) throw errorOf('database', 'The database cannot be read.');
        return { rows: RUNS.map(entryOf), total: 4, all: 4 };
      },
    });
    renderWith(<HistoryPage />, server, at);
    expect(await screen.findByText('The database cannot be read.')).toBeTruthy();
    fails = false;
    await userEvent.click(screen.getByRole('button', { name: /again/i }));
    expect(await row('Run 12')).toBeTruthy();
  });
});
