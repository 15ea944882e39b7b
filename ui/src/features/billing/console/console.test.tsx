import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { ApiAnswerView, ApiCallView, ConsoleRequest, EndpointView } from '@/backend';
import { type Answers, errorOf, renderWith, type TestBackend, testBackend } from '@/testing';
import { alguna, profitwell, sandboxOrg } from '@/testing/examples';
import { ConsolePage } from './ConsolePage';
import { commandOf, draftAgain, draftOf, endpointOf, missingOf, NOTHING, requestOf, row } from './draft';
import { formatJson, problemOf } from './json';
import { formatElapsed, formatSize } from './words';

const endpoint = (more: Partial<EndpointView>): EndpointView => ({
  provider: 'profitwell',
  method: 'GET',
  path: '/v2/customers/',
  does: 'Lists customers, by their last update',
  query: [{ name: 'per_page', means: 'Rows a page, at most 250', required: false }],
  body: null,
  changes: false,
  irreversible: null,
  limit: null,
  ...more,
});

const ENDPOINTS = [
  endpoint({}),
  endpoint({ path: '/v2/customers/{customer}/', does: 'Gets one customer', query: [] }),
  endpoint({
    method: 'POST',
    path: '/v2/plans/',
    does: 'Creates a plan',
    query: [],
    body: '{"id": "", "name": ""}',
    changes: true,
  }),
  endpoint({ method: 'DELETE', path: '/v2/users/{user}/', does: 'Deletes a user', query: [], changes: true }),
];

const answerTo = (request: ConsoleRequest, more: Partial<ApiAnswerView> = {}): ApiAnswerView => ({
  call: 7,
  connection: request.connection,
  method: request.method,
  path: request.path,
  status: 200,
  status_text: 'OK',
  sentence: 'ProfitWell answered.',
  note: null,
  retry_after_seconds: null,
  headers: [{ name: 'content-type', value: 'application/json' }],
  elapsed_ms: 132,
  size: 2_140,
  content_type: 'application/json',
  kind: 'json',
  text: '{\n  "id": "a"\n}',
  text_cut: false,
  rows: 0,
  columns: [],
  ...more,
});

const callOf = (more: Partial<ApiCallView> = {}): ApiCallView => ({
  call: 3,
  who: 'ana',
  connection: profitwell.id,
  connection_name: 'ProfitWell',
  provider: 'profitwell',
  method: 'POST',
  path: '/v2/plans/',
  query: [{ name: 'a', value: '1' }],
  headers: [
    { name: 'Idempotency-Key', value: 'k' },
    { name: 'X-Token', value: '<redacted>' },
  ],
  body: '{"id": "p"}',
  changes: true,
  begun_at: '2026-11-21T09:28:00Z',
  state: 'lost',
  status: null,
  status_text: null,
  elapsed_ms: 20,
  size: 0,
  message: 'The answer was lost.',
  ...more,
});

function backend(answers: Answers = {}) {
  return testBackend({
    connection_list: () => [sandboxOrg, profitwell, alguna],
    console_endpoints: () => ENDPOINTS,
    console_list: () => ({ rows: [], total: 0, all: 0 }),
    console_check: (request) => ({
      path: request.path,
      host: 'api.profitwell.com',
      sentence: `In ProfitWell: ${request.method} ${request.path}.`,
      changes: request.method !== 'GET',
      irreversible: request.method === 'DELETE' ? 'The user is gone for good.' : null,
      type_this: request.method === 'DELETE' ? 'spiderman' : null,
      limit: null,
      refusal: request.path.includes('..')
        ? {
            code: 'guard',
            message: 'The path leads elsewhere. Nothing was sent.',
            hint: null,
            retry_after_seconds: null,
          }
        : null,
    }),
    console_call: (request) => answerTo(request),
    ...answers,
  });
}

const at = { path: '/billing/console' };
const sentBy = (server: TestBackend) =>
  server.calls.filter((one) => one.name === 'console_call').map((one) => one.request as ConsoleRequest);
const path = () => screen.findByTestId('console-path');
/** Writes a path at once: letter by letter, every list on screen is drawn anew each time. */
async function write(text: string) {
  const field = await path();
  await userEvent.click(field);
  fireEvent.change(field, { target: { value: text } });
}

describe('the API console', () => {
  it('reads at once, and shows status, time, size and JSON', async () => {
    const server = backend();
    renderWith(<ConsolePage />, server, at);
    await write('/v2/customers/');
    await userEvent.keyboard('{Escape}{Enter}');
    const answer = within(await screen.findByTestId('console-answer'));
    expect(answer.getByText('200 OK')).toBeTruthy();
    expect(answer.getByText('132 ms · 2.1 KB')).toBeTruthy();
    expect(answer.getByTestId('console-text').textContent).toContain('"id": "a"');
    const [sent] = sentBy(server);
    expect(sent).toMatchObject({
      connection: profitwell.id,
      method: 'GET',
      path: '/v2/customers/',
      query: [],
      body: null,
    });
  });

  it('completes by keyboard: arrows, Enter, Escape', async () => {
    const server = backend();
    renderWith(<ConsolePage />, server, at);
    await write('deletes');
    await screen.findByText('Deletes a user');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() =>
      expect((screen.getByTestId('console-path') as HTMLInputElement).value).toBe('/v2/users/{user}/'),
    );
    expect((screen.getByTestId('console-method') as HTMLInputElement).value).toBe('DELETE');
    expect(sentBy(server)).toEqual([]);
  });

  it('asks before a change, and sends it once when it is confirmed', async () => {
    const server = backend();
    renderWith(<ConsolePage />, server, at);
    await write('creates a plan');
    await userEvent.click(await screen.findByText('Creates a plan'));
    expect((screen.getByTestId('console-body') as HTMLTextAreaElement).value).toBe('{\n  "id": "",\n  "name": ""\n}');
    await userEvent.click(screen.getByTestId('console-send'));
    await screen.findByTestId('console-confirm');
    expect(sentBy(server)).toEqual([]);
    await userEvent.click(screen.getByTestId('console-confirm'));
    await screen.findByTestId('console-answer');
    expect(sentBy(server)).toHaveLength(1);
    expect(sentBy(server)[0]).toMatchObject({ method: 'POST', confirmed: true, typed: null });
  });

  it.each(['button', 'Escape'])('stops waiting for an answer by %s, and says that it may be done', async (way) => {
    let lose: ((error: Error) => void) | null = null;
    const server = backend({
      console_call: () =>
        new Promise((_, reject) => {
          lose = reject;
        }),
      console_cancel: () => {
        lose?.(errorOf('lost_answer', 'It was cancelled before an answer came. It may have been done.'));
        return {};
      },
    });
    renderWith(<ConsolePage />, server, at);
    await write('creates a plan');
    await userEvent.click(await screen.findByText('Creates a plan'));
    await userEvent.click(screen.getByTestId('console-send'));
    await userEvent.click(await screen.findByTestId('console-confirm'));
    await screen.findByText(/it may be done all the same/);
    if (way === 'button') await userEvent.click(screen.getByTestId('console-cancel'));
    else await userEvent.keyboard('{Escape}');
    expect(await screen.findByText(/It may have been done/)).toBeTruthy();
    const cancelled = server.calls.filter((one) => one.name === 'console_cancel').map((one) => one.request);
    expect(cancelled).toEqual([{ ticket: sentBy(server)[0]?.ticket }]);
    // What may have been done is not offered again.
    expect(screen.queryByRole('button', { name: /again/i })).toBeNull();
  });

  it('wants the id typed for what cannot be taken back', async () => {
    const server = backend();
    renderWith(<ConsolePage />, server, at);
    await write('deletes');
    await userEvent.click(await screen.findByText('Deletes a user'));
    await write('/v2/users/spiderman/');
    await userEvent.click(screen.getByTestId('console-send'));
    const send = (await screen.findByTestId('console-confirm')) as HTMLButtonElement;
    expect(send.disabled).toBe(true);
    fireEvent.change(screen.getByTestId('console-typed'), { target: { value: 'spider' } });
    expect(send.disabled).toBe(true);
    await userEvent.type(screen.getByTestId('console-typed'), 'man{Enter}');
    await screen.findByTestId('console-answer');
    expect(sentBy(server)[0]).toMatchObject({ method: 'DELETE', confirmed: true, typed: 'spiderman' });
  });

  it('sends nothing that would be refused, and says why', async () => {
    const server = backend();
    renderWith(<ConsolePage />, server, at);
    await write('/v2/../x/');
    await userEvent.keyboard('{Escape}{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Nothing was sent');
    expect(sentBy(server)).toEqual([]);
  });

  it('tells a lost change without offering to send it again', async () => {
    const server = backend({
      console_call: () => {
        throw errorOf('lost_answer', 'The answer was lost. It may have been done.');
      },
    });
    renderWith(<ConsolePage />, server, at);
    await write('creates a plan');
    await userEvent.click(await screen.findByText('Creates a plan'));
    await userEvent.click(screen.getByTestId('console-send'));
    await userEvent.click(await screen.findByTestId('console-confirm'));
    expect((await screen.findByRole('alert')).textContent).toContain('It may have been done');
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    expect(sentBy(server)).toHaveLength(1);
  });

  it('begins with the one next action where nothing is connected', async () => {
    renderWith(<ConsolePage />, backend({ connection_list: () => [sandboxOrg] }), at);
    await screen.findByRole('button', { name: 'Connect ProfitWell or Alguna' });
  });

  it('says that a connection is only read', async () => {
    renderWith(<ConsolePage />, backend({ connection_list: () => [{ ...profitwell, read_only: true }] }), at);
    await screen.findByText('ProfitWell is read-only.');
  });

  it('shows an error of the connections with a way to try again', async () => {
    let broken = true;
    const answers: Answers = {
      connection_list: () => {
        if (broken) throw errorOf('database', 'The database cannot be read.');
        return [profitwell];
      },
    };
    renderWith(<ConsolePage />, backend(answers), at);
    await screen.findByText('The database cannot be read.');
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await path();
  });
});

describe('a draft', () => {
  it('sends only what has a value, and a body only with what may change something', () => {
    const draft = { ...NOTHING, path: '/x', query: [row('a', '1'), row('b', ''), row('', 'c')], body: '{}' };
    expect(requestOf(3, draft)).toMatchObject({ query: [{ name: 'a', value: '1' }], body: null });
    expect(requestOf(3, { ...draft, method: 'PUT' }).body).toBe('{}');
  });

  it('comes back from the history with the key of a lost call, and without that of a done one', () => {
    const lost = draftAgain(callOf());
    expect(lost.headers.map((one) => [one.name, one.value])).toEqual([
      ['Idempotency-Key', 'k'],
      ['X-Token', ''],
    ]);
    const done = draftAgain(callOf({ state: 'answered', status: 201 }));
    expect(done.headers.map((one) => one.name)).toEqual(['X-Token']);
    expect(done).toMatchObject({ method: 'POST', path: '/v2/plans/', body: '{"id": "p"}' });
  });

  it('is known as the documented call that fits it best', () => {
    const find = (method: 'GET' | 'POST', written: string) =>
      endpointOf(ENDPOINTS, profitwell, { ...NOTHING, method, path: written })?.does;
    expect(find('GET', '/v2/customers?per_page=1')).toBe('Lists customers, by their last update');
    expect(find('GET', '/v2/customers/cus_1')).toBe('Gets one customer');
    expect(find('POST', '/v2/customers/')).toBeUndefined();
    expect(draftOf(ENDPOINTS[0] as EndpointView).query[0]).toMatchObject({ name: 'per_page', value: '' });
  });

  it('names what it cannot do without', () => {
    const needs = endpoint({ query: [{ name: 'month', means: 'Such as 2026-11', required: true }] });
    const empty = draftOf(needs);
    expect(missingOf(needs, empty)).toEqual(['month']);
    expect(missingOf(needs, { ...empty, path: `${empty.path}?month=2026-11` })).toEqual([]);
    expect(missingOf(needs, { ...empty, query: [row('month', '2026-11')] })).toEqual([]);
  });

  it('becomes a command that a shell takes as it is meant', () => {
    const draft = {
      ...NOTHING,
      method: 'PUT' as const,
      path: "/v2/plans/it's $HOME/",
      query: [row('q', 'a b')],
      headers: [row('X-A', '1')],
      body: '{"a": "`x`"}',
    };
    expect(commandOf({ ...profitwell, name: 'Live billing' }, draft)).toBe(
      `drawbridge-cli profitwell api PUT '/v2/plans/it'\\''s $HOME/' --query 'q=a b' --header X-A:1 --body '{"a": "\`x\`"}' --connection 'Live billing'`,
    );
  });
});

describe('JSON', () => {
  it('keeps every digit when it is formatted', () => {
    const text = '{"n":12345678901234567890.10,"s":"a: {b}, \\"c\\"","l":[],"o":{"x":[1,true,null]}}';
    expect(formatJson(text)).toBe(
      '{\n  "n": 12345678901234567890.10,\n  "s": "a: {b}, \\"c\\"",\n  "l": [],\n  "o": {\n    "x": [\n      1,\n      true,\n      null\n    ]\n  }\n}',
    );
    expect(formatJson(formatJson(text))).toBe(formatJson(text));
    expect(formatJson('{"a":')).toBe('{"a":');
  });

  it('is said to be wrong, and where', () => {
    expect(problemOf('')).toBeNull();
    expect(problemOf('[1]')).toBeNull();
    expect(problemOf('{"a": }')).not.toBeNull();
  });
});

it('says sizes and times as people do', () => {
  expect([1, 812, 2_140, 50_000_000].map(formatSize)).toEqual(['1 byte', '812 bytes', '2.1 KB', '50.0 MB']);
  expect([7, 2_440].map(formatElapsed)).toEqual(['7 ms', '2.4 s']);
});
