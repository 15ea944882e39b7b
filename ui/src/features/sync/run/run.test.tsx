import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { RunView } from '@/backend';
import { errorOf, renderWith, testBackend } from '@/testing';
import {
  blank,
  COUNTS,
  money,
  orgConnection,
  planOf,
  progressOf,
  runLinksOf,
  runOf,
  syncOf,
  text,
} from '../shared/testData';
import { balanceOf } from './picture';
import { RunPage } from './RunPage';
import { RunsTab } from './RunsTab';

interface Setting {
  /** Whether the duplicate may be saved anyway. */
  allowable?: boolean;
  /** Refuses to resume. */
  refuse?: (request: { as_another_user?: boolean }) => void;
  /** Newer runs of the sync. */
  after?: RunView[];
}

function backend(run: RunView, { allowable = false, refuse = () => {}, after = [] }: Setting = {}) {
  let now = run;
  return testBackend({
    sync_get: () => syncOf(),
    connection_list: () => [orgConnection()],
    plan_get: () => planOf(),
    run_get: () => now,
    run_list: () => [runOf({ id: 41 }), now, ...after],
    run_links: () => runLinksOf(),
    run_problems: () => [
      {
        outcome: 'rejected',
        code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
        title: 'Validation rule: Title is required',
        hint: 'Not written. Fill Title in Salesforce, then preview again.',
        message: 'Title is required',
        rows: 23,
      },
      ...(run.differs > 0
        ? [
            {
              outcome: 'updated' as const,
              code: 'read_back_differs',
              title: 'Salesforce holds another value than was sent',
              hint: 'Written. A Flow changed it.',
              message: 'Plan: sent “Gold”, holds “GOLD”.',
              rows: run.differs,
            },
          ]
        : []),
    ],
    run_outcomes: (request) => ({
      rows: [
        {
          customer: 'c1',
          name: request.outcome === 'rejected' ? 'Only the rejected' : 'Any record',
          outcome: request.outcome ?? 'updated',
          record: null,
          record_url: null,
          problem: null,
          code: request.code ?? null,
          twin:
            request.outcome === 'rejected'
              ? { record: '001A', record_url: 'https://acme.my.salesforce.com/001A', allowable }
              : null,
          changes: [
            { label: 'Plan', before: blank, after: text('Fleet (custom)'), held: null },
            {
              label: 'Subscription Value',
              before: money('1200'),
              after: money('1450'),
              held: request.fields_held ? 'Changed in Salesforce by Tom Okafor since it was last written' : null,
            },
          ],
        },
      ],
      total: 1,
    }),
    run_stop: () => {
      now = { ...now, status: 'stopped', reason: null };
      return now;
    },
    run_pause: () => {
      now = { ...now, paused: true };
      return now;
    },
    run_continue: () => {
      now = { ...now, paused: false };
      return now;
    },
    run_retry: () => {
      now = { ...now, status: 'running' };
      return now;
    },
    undo_start: () => planOf({ id: 58, undoes: 42 }),
    run_resume: (request) => {
      refuse(request);
      now = { ...now, status: 'running' };
      return now;
    },
  });
}

const at = { path: '/sync/1/runs/42', route: '/sync/:id/runs/:run' };
const finished = {
  status: 'finished' as const,
  still_to_write: 0,
  counts: { ...COUNTS, updated: COUNTS.updated + 5471 },
  finished_at: '2026-11-21T09:38:00Z',
};

describe('the equation of a run', () => {
  it('is right only when the figures add up and the run says so', () => {
    expect(balanceOf(runOf(finished))).toBe('right');
    expect(balanceOf(runOf({ ...finished, adds_up: false }))).toBe('wrong');
    expect(balanceOf(runOf({ ...finished, read: 18443 }))).toBe('wrong');
    expect(balanceOf(runOf({ adds_up: false }))).toBe('open');
    expect(balanceOf(runOf({ still_to_write: 5470 }))).toBe('wrong');
  });

  it('is never shown green when it does not add up', async () => {
    renderWith(<RunPage />, backend(runOf({ ...finished, read: 18443 })), at);
    const card = await screen.findByTestId('equation');
    expect(card.textContent).toContain('Does not add up');
    expect(card.textContent).toContain('1 record has no outcome');
    expect(card.textContent).not.toContain('Adds up');
    expect(screen.getByTestId('run-banner').getAttribute('data-tone')).not.toBe('create');
    const green = [...document.querySelectorAll('[data-tone="create"]')].map((one) => one.textContent);
    expect(green).toEqual(['Created']);
  });

  it('says that it adds up when it does', async () => {
    renderWith(<RunPage />, backend(runOf(finished)), at);
    const card = await screen.findByTestId('equation');
    expect(within(card).getByTestId('equation-sum').textContent).toBe('Adds up18,442');
  });
});

describe('undo', () => {
  it('begins with a preview of its own', async () => {
    const server = backend(runOf(finished));
    renderWith(<RunPage />, server, at);
    await userEvent.click(await screen.findByTestId('run-undo'));
    await waitFor(() => expect(server.calls.some((call) => call.name === 'undo_start')).toBe(true));
    expect(server.calls.find((call) => call.name === 'undo_start')?.request).toEqual({ run: 42 });
  });

  it('is not offered where nothing was written, nor while the run writes', async () => {
    renderWith(<RunPage />, backend(runOf({ ...finished, counts: { ...COUNTS, created: 0, updated: 0 } })), at);
    await screen.findByTestId('run-banner');
    expect(screen.queryByTestId('run-undo')).toBeNull();
  });

  it('says what was deleted, and counts it in its equation', async () => {
    const counts = { ...finished.counts, created: 0, deleted: finished.counts.created };
    renderWith(<RunPage />, backend(runOf({ ...finished, undoes: 41, counts })), at);
    const banner = await screen.findByTestId('run-banner');
    await waitFor(() =>
      expect(banner.textContent).toContain(
        '14,845 records put back as before run 41, 1,102 records that it created deleted',
      ),
    );
    const card = await screen.findByTestId('equation');
    expect(card.textContent).toContain('Deleted1,102');
    expect(within(card).getByTestId('equation-sum').textContent).toBe('Adds up18,442');
  });

  it('has no deletions in the equation of a run that is no undo', async () => {
    renderWith(<RunPage />, backend(runOf(finished)), at);
    expect((await screen.findByTestId('equation')).textContent).not.toContain('Deleted');
  });

  it('says what was put back', async () => {
    const server = backend(runOf({ ...finished, undoes: 41 }));
    renderWith(<RunPage />, server, at);
    await waitFor(() =>
      expect(screen.getByTestId('run-banner').textContent).toContain('14,845 records put back as before run 41'),
    );
  });

  it('does not say that a record is as before where a field was held', async () => {
    const server = backend(runOf({ ...finished, undoes: 41, fields_held: 3 }));
    renderWith(<RunPage />, server, at);
    await waitFor(() =>
      expect(screen.getByTestId('run-banner').textContent).toContain(
        '14,845 records written to take back run 41, 3 of them except for fields held back',
      ),
    );
    expect(screen.getByTestId('run-banner').textContent).not.toContain('put back as before');
  });

  it('is named on the page of the run it takes back, which is no longer green', async () => {
    const clean = { ...COUNTS, updated: COUNTS.updated + 5712, rejected: 0, unknown: 0 };
    const run = runOf({ ...finished, counts: clean });
    renderWith(<RunPage />, backend(run, { after: [runOf({ ...finished, id: 43, undoes: 42 })] }), at);
    await waitFor(() => expect(screen.getByTestId('run-banner').textContent).toContain('Undone by run 43.'));
    expect(screen.getByRole('link', { name: 'run 43' }).getAttribute('href')).toBe('/sync/1/runs/43');
    expect(screen.getByTestId('run-status').textContent).toBe('Undone');
    expect(screen.getByTestId('run-banner').getAttribute('data-tone')).toBe('skipped');
    expect(screen.getByTestId('run-undo').textContent).toBe('Undo again…');
  });
});

describe('why a run does not write', () => {
  const told = async (reason: string | null, status: RunView['status'] = 'interrupted') => {
    renderWith(<RunPage />, backend(runOf({ status, reason, adds_up: false })), at);
    return (await screen.findByTestId('run-banner')).textContent;
  };

  it('is Drawbridge only where Drawbridge ended', async () => {
    expect(await told('Drawbridge ended while the run was under way')).toContain(
      'Drawbridge ended while the run was under way. 5,471 records wait. Resume reads back what was in flight',
    );
  });

  it('is what happened where it interrupted itself', async () => {
    const text = await told('Salesforce did not answer, five times: Connection refused (os error 111)');
    expect(text).toContain('Connection refused (os error 111). 5,471 records wait. Resume it when that is over:');
    expect(text).not.toContain('cut off');
  });

  it('is not said twice, and always in whole sentences', async () => {
    const text = await told('3 of 10 records were rejected, so the run stopped by itself', 'halted');
    expect(text).toContain('so the run stopped by itself. 5,471 records wait. Look at the problems first');
    expect(text).not.toContain('to be safe');
  });
});

describe('a run', () => {
  it('follows the live picture', async () => {
    const server = backend(runOf());
    renderWith(<RunPage />, server, at);
    await screen.findByTestId('run-figure');
    act(() => server.report(progressOf({ sent: 12345 })));
    expect(screen.getByTestId('run-figure').textContent).toBe('12,345');
    expect(screen.getByText('1 min 54 s')).toBeTruthy();
    act(() => server.report(progressOf({ sent: 12400, counts: { ...COUNTS, rejected: 50 } })));
    expect(screen.getByTestId('count-rejected').textContent).toBe('50');
  });

  it('offers no resume of a run that a newer one came after', async () => {
    const old = runOf({ status: 'interrupted', superseded_by: 9 });
    renderWith(<RunPage />, backend(old), at);
    const banner = await screen.findByTestId('run-banner');
    expect(banner.textContent).toContain('Run 9 came after it');
    expect(screen.queryByTestId('run-resume')).toBeNull();
    expect(screen.getByTestId('run-next')).toBeTruthy();
  });

  it('stops after saying what cannot be called back, then offers to resume', async () => {
    const server = backend(runOf());
    renderWith(<RunPage />, server, at);
    await userEvent.click(await screen.findByTestId('run-stop'));
    expect(await screen.findByText(/cannot be called back/)).toBeTruthy();
    expect(server.calls.some((call) => call.name === 'run_stop')).toBe(false);
    await userEvent.click(screen.getByTestId('run-stop-confirm'));
    await userEvent.click(await screen.findByTestId('run-resume'));
    await waitFor(() => expect(server.calls.some((call) => call.name === 'run_resume')).toBe(true));
    expect(await screen.findByTestId('run-stop')).toBeTruthy();
  });

  it('goes on as another user only when that is said', async () => {
    const server = backend(runOf({ status: 'interrupted', adds_up: false }), {
      refuse: (request) => {
        if (!request.as_another_user) {
          throw errorOf('another_user', 'Tom Okafor is signed in, and run 42 was begun by Ana Ruiz.');
        }
      },
    });
    renderWith(<RunPage />, server, at);
    await userEvent.click(await screen.findByTestId('run-resume'));
    expect(await screen.findByText(/was begun by Ana Ruiz/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Resume as this user' }));
    await waitFor(() =>
      expect(server.calls.filter((call) => call.name === 'run_resume').at(-1)?.request).toMatchObject({
        as_another_user: true,
      }),
    );
  });

  it('pauses and goes on', async () => {
    const server = backend(runOf());
    renderWith(<RunPage />, server, at);
    await userEvent.click(await screen.findByTestId('run-pause'));
    expect((await screen.findByTestId('run-paused')).textContent).toContain('No further call goes out');
    expect(screen.getByTestId('run-status').textContent).toContain('Paused');
    await userEvent.click(screen.getByTestId('run-continue'));
    expect(await screen.findByTestId('run-pause')).toBeTruthy();
    expect(screen.queryByTestId('run-paused')).toBeNull();
    const asked = server.calls.map((call) => call.name).filter((name) => /run_(pause|continue)/.test(name));
    expect(asked).toEqual(['run_pause', 'run_continue']);
  });

  it('says why it waits, how far the Bulk jobs are, and which way it writes and why', async () => {
    const server = backend(runOf());
    renderWith(<RunPage />, server, at);
    expect((await screen.findByTestId('run-way')).textContent).toContain('Bulk jobs. 16,194 to write');
    act(() => server.report(progressOf({ in_flight: 2, bulk: { jobs: 2, processed: 3400, rows: 16194 } })));
    const line = screen.getByTestId('run-under-way').textContent;
    expect(line).toBe('2 Bulk jobs under way: Salesforce has looked at 3,400 of 16,194 records');
    expect(screen.queryByTestId('run-waiting')).toBeNull();
    act(() => server.report(progressOf({ no_answer: 'The org is busy (503).' })));
    expect(screen.getByTestId('run-no-answer').textContent).toContain('The org is busy (503). It is tried again');
    expect(screen.getByTestId('run-status').textContent).toContain('Trying again');
    expect(screen.queryByText(/left$/)).toBeNull();
    const waiting = { why: 'TotalRequests Limit exceeded.', every_seconds: 300 };
    act(() => server.report(progressOf({ waiting })));
    expect(screen.getByTestId('run-waiting').textContent).toContain('TotalRequests Limit exceeded. It looks again');
    expect(screen.getByTestId('run-status').textContent).toContain('Waiting');
  });

  it('retries all rejected records, or one', async () => {
    const server = backend(runOf(finished));
    renderWith(<RunPage />, server, at);
    await userEvent.click(await screen.findByRole('button', { name: /^Show 23/ }));
    await userEvent.click(await screen.findByRole('button', { name: 'Retry Only the rejected' }));
    const asked = () => server.calls.filter((call) => call.name === 'run_retry').map((call) => call.request);
    await waitFor(() => expect(asked()).toEqual([{ run: 42, customers: ['c1'] }]));
  });

  it('offers to retry whatever was rejected once it has ended', async () => {
    const server = backend(runOf(finished));
    renderWith(<RunPage />, server, at);
    const retry = await screen.findByTestId('run-retry');
    expect(retry.textContent).toBe('Retry 41 rejected records');
    await userEvent.click(retry);
    await waitFor(() =>
      expect(server.calls.find((call) => call.name === 'run_retry')?.request).toEqual({ run: 42, customers: null }),
    );
  });

  it('has one record saved though a duplicate rule warns', async () => {
    const server = backend(runOf(finished), { allowable: true });
    renderWith(<RunPage />, server, at);
    await userEvent.click(await screen.findByRole('button', { name: /^Show 23/ }));
    const link = await screen.findByRole('link', { name: /Duplicate/ });
    expect(link.getAttribute('href')).toBe('https://acme.my.salesforce.com/001A');
    await userEvent.click(screen.getByRole('button', { name: 'Save anyway: Only the rejected' }));
    const asked = () => server.calls.filter((call) => call.name === 'run_retry').map((call) => call.request);
    await waitFor(() => expect(asked()).toEqual([{ run: 42, customers: ['c1'], allow_duplicates: true }]));
  });

  it('names what reads back differently, and shows just those records', async () => {
    const server = backend(runOf({ ...finished, verified: 2059, differs: 3 }));
    renderWith(<RunPage />, server, at);
    const banner = await screen.findByTestId('run-banner');
    expect(banner.textContent).toContain('3 records read back differently from what was sent');
    expect(banner.getAttribute('data-tone')).toBe('blocked');
    expect(screen.getByText(/, 3 differ/)).toBeTruthy();
    expect(await screen.findByText(/Plan: sent “Gold”, holds “GOLD”/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Show 3: Salesforce holds another value than was sent' }));
    const asked = () => server.calls.filter((call) => call.name === 'run_outcomes').map((call) => call.request);
    await waitFor(() => expect(asked().at(-1)).toMatchObject({ outcome: 'updated', code: 'read_back_differs' }));
    // What is listed is named by its problem, not by its code.
    const chip = screen.getByRole('button', { name: 'Updated, Salesforce holds another value than was sent ×' });
    expect(chip.getAttribute('title')).toBe('read_back_differs');
    await userEvent.click(chip);
    await waitFor(() => expect(screen.queryByRole('button', { name: /^Updated, .* ×$/ })).toBeNull());
  });

  it('lists every field of a record, before and after, by mouse and by key', async () => {
    renderWith(<RunPage />, backend(runOf(finished)), at);
    await userEvent.click(await screen.findByText('Any record'));
    const details = await screen.findByTestId('outcome-details');
    const rows = within(details)
      .getAllByRole('row')
      .map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows).toEqual([
      ['Field', 'Before', 'Sent'],
      ['Plan', 'blank', 'Fleet (custom)'],
      ['Subscription Value', '1,200.00', '1,450.00'],
    ]);
    await userEvent.click(within(details).getByRole('button', { name: 'Close' }));
    expect(screen.queryByTestId('outcome-details')).toBeNull();
    // The focus is on the table again: Enter opens, Escape closes.
    await userEvent.keyboard('{Enter}');
    expect(screen.getByTestId('outcome-details')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByTestId('outcome-details')).toBeNull();
  });

  it('shows which fields of which records were held back, and why', async () => {
    renderWith(<RunPage />, backend(runOf({ ...finished, fields_held: 1 })), at);
    const chip = await screen.findByRole('button', { name: 'Fields held in 1 record' });
    await userEvent.click(chip);
    await waitFor(() => expect(chip.getAttribute('aria-pressed')).toBe('true'));
    expect(await screen.findByText('2 fields, 1 held: Plan')).toBeTruthy();
    await userEvent.click(screen.getByText('Any record'));
    const details = await screen.findByTestId('outcome-details');
    expect(within(details).getByText('1, and 1 held back')).toBeTruthy();
    expect(within(details).getByText('Held: 1,450.00')).toBeTruthy();
    expect(within(details).getByText('Changed in Salesforce by Tom Okafor since it was last written.')).toBeTruthy();
  });

  it('keeps no room for retries where nothing listed can be tried again', async () => {
    renderWith(<RunPage />, backend(runOf({ ...finished, superseded_by: 43 })), at);
    await userEvent.click(await screen.findByRole('button', { name: /^Show 23/ }));
    await userEvent.click(await screen.findByText('Only the rejected'));
    // It was not written: what is listed was planned.
    expect(within(await screen.findByTestId('outcome-details')).getByText('Planned')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Retry Only/ })).toBeNull();
    expect(screen.getAllByRole('columnheader').some((head) => head.textContent === '')).toBe(false);
  });

  it('counts its own calls apart from everything else in the org', async () => {
    const now = new Date().toISOString();
    renderWith(<RunPage />, backend(runOf({ ...finished, finished_at: now })), at);
    // 1,780 used in the org, 74 of them by this run.
    expect((await screen.findByText('Everything else in this org')).nextElementSibling?.textContent).toBe('1,706');
  });

  it('shows the records of one outcome afterwards', async () => {
    renderWith(<RunPage />, backend(runOf(finished)), at);
    expect(await screen.findByText('Any record')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Show 23: Validation rule: Title is required' }));
    expect(await screen.findByText('Only the rejected')).toBeTruthy();
  });
});

describe('the runs of a sync', () => {
  it('offers to resume the newest when it was cut off', async () => {
    const server = backend(runOf({ status: 'interrupted', adds_up: false }));
    renderWith(<RunsTab />, server, { path: '/sync/1/runs', route: '/sync/:id/runs' });
    expect((await screen.findByTestId('interrupted-strip')).textContent).toContain('5,471 records wait');
    await userEvent.click(screen.getByTestId('strip-resume'));
    await waitFor(() => expect(server.calls.some((call) => call.name === 'run_resume')).toBe(true));
  });

  it('says of each run what its own page says', async () => {
    const clean = { ...finished, counts: { ...COUNTS, updated: COUNTS.updated + 5712, rejected: 0, unknown: 0 } };
    const after = [runOf({ ...clean, id: 43, undoes: 42 }), runOf({ ...finished, id: 44 })];
    renderWith(<RunsTab />, backend(runOf(clean), { after }), { path: '/sync/1/runs', route: '/sync/:id/runs' });
    const table = await screen.findByTestId('runs');
    const statusOf = (run: number) => table.querySelector(`[data-run="${run}"] td`);
    // Some of its records were rejected.
    expect(statusOf(44)?.querySelector('[data-tone]')?.getAttribute('data-tone')).toBe('blocked');
    expect(statusOf(43)?.textContent).toBe('Finishedundo of run 42');
    expect(statusOf(43)?.querySelector('[data-tone]')?.getAttribute('data-tone')).toBe('create');
    expect(statusOf(42)?.textContent).toBe('Undoneundone by run 43');
  });

  it('lists the newest first, and never a wrong sum as finished', async () => {
    renderWith(<RunsTab />, backend(runOf({ ...finished, adds_up: false })), {
      path: '/sync/1/runs',
      route: '/sync/:id/runs',
    });
    const rows = within(await screen.findByTestId('runs'))
      .getAllByRole('row')
      .slice(1);
    expect(rows.map((row) => row.getAttribute('data-run'))).toEqual(['42', '41']);
    expect(rows[0]?.textContent).toContain('Does not add up');
    expect(rows[0]?.textContent).not.toContain('Finished');
  });
});
