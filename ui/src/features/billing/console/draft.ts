import type { ApiCallView, ApiMethodView, ConnectionView, ConsoleRequest, EndpointView, PairView } from '@/backend';
import { formatJson } from './json';

/** A row of the query or of the headers on screen. */
export interface Row extends PairView {
  /** Tells rows apart while they are edited. */
  key: number;
  /** It was offered with a documented call and goes with it while it has no value. */
  offered?: boolean;
}

/** A call as it is being written. */
export interface Draft {
  method: ApiMethodView;
  path: string;
  query: Row[];
  headers: Row[];
  body: string;
}

export const METHODS: ReadonlyArray<ApiMethodView> = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

export const changes = (method: ApiMethodView) => method !== 'GET' && method !== 'HEAD';

let rows = 0;
export const row = (name = '', value = ''): Row => {
  rows += 1;
  return { key: rows, name, value };
};

export const NOTHING: Draft = { method: 'GET', path: '', query: [], headers: [], body: '' };

/** What stands in a row that is offered and needs a value. */
const FIRST: Record<string, string> = { limit: '10', offset: '0' };

/** A draft of a documented call: its parameters are offered, its body begun. */
export function draftOf(endpoint: EndpointView): Draft {
  return {
    method: endpoint.method,
    path: endpoint.path,
    query: endpoint.query.map((one) => ({
      ...row(one.name, one.required ? (FIRST[one.name] ?? '') : ''),
      offered: true,
    })),
    headers: [],
    body: endpoint.body === null ? '' : formatJson(endpoint.body),
  };
}

/** The call of the history, to be sent again or changed first. */
export function draftAgain(call: ApiCallView): Draft {
  // Only for a call whose answer is missing the same key is right: it tells Alguna that it is the same call.
  const missing = call.state === 'lost' || call.state === 'not_known' || call.state === 'cut';
  const headers = call.headers.filter((one) => missing || one.name.toLowerCase() !== 'idempotency-key');
  return {
    method: call.method,
    path: call.path,
    query: call.query.map((one) => row(one.name, one.value)),
    headers: headers.map((one) => row(one.name, one.value === '<redacted>' ? '' : one.value)),
    body: call.body ?? '',
  };
}

const filled = (pairs: Row[]): PairView[] =>
  pairs.filter((one) => one.name.trim() !== '' && one.value !== '').map(({ name, value }) => ({ name, value }));

/** What is asked of the backend. Rows without a value are not sent. */
export function requestOf(
  connection: number,
  draft: Draft,
  confirmed = false,
  typed: string | null = null,
  ticket: string | null = null,
): ConsoleRequest {
  const body = changes(draft.method) && draft.body.trim() !== '' ? draft.body : null;
  return {
    connection,
    method: draft.method,
    path: draft.path,
    headers: filled(draft.headers),
    query: filled(draft.query),
    body,
    confirmed,
    typed,
    ticket,
  };
}

const parts = (path: string) => (path.split('?')[0] ?? '').split('/').filter(Boolean);

/** The documented call that this one is. */
export function endpointOf(endpoints: EndpointView[], connection: ConnectionView, draft: Draft): EndpointView | null {
  const written = parts(draft.path);
  const fits = (one: EndpointView) => {
    const template = parts(one.path);
    return (
      one.provider === connection.provider &&
      one.method === draft.method &&
      template.length === written.length &&
      template.every((part, at) => part.startsWith('{') || part === written[at])
    );
  };
  const fixed = (one: EndpointView) => parts(one.path).filter((part) => !part.startsWith('{')).length;
  return endpoints.filter(fits).sort((one, other) => fixed(other) - fixed(one))[0] ?? null;
}

/** Names of parameters that the call fails without and that have no value yet. */
export function missingOf(endpoint: EndpointView | null, draft: Draft): string[] {
  const given = new URLSearchParams(draft.path.split('?')[1] ?? '');
  for (const one of filled(draft.query)) given.set(one.name, one.value);
  return (endpoint?.query ?? []).filter((one) => one.required && !given.get(one.name)).map((one) => one.name);
}

/** Where the first part in braces stands in a path. */
export function gapIn(path: string): [number, number] | null {
  const match = /\{[^}]*\}/.exec(path);
  return match ? [match.index, match.index + match[0].length] : null;
}

/** A word for a POSIX shell. */
const quoted = (word: string) => (/^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The same call for the terminal. It is confirmed there, by what the terminal asks for. */
export function commandOf(connection: ConnectionView, draft: Draft): string {
  const request = requestOf(connection.id, draft);
  const words = ['drawbridge-cli', connection.provider, 'api', request.method, quoted(request.path)];
  for (const one of request.query) words.push('--query', quoted(`${one.name}=${one.value}`));
  for (const one of request.headers) words.push('--header', quoted(`${one.name}:${one.value}`));
  if (request.body !== null) words.push('--body', quoted(request.body));
  words.push('--connection', quoted(connection.name));
  return words.join(' ');
}
