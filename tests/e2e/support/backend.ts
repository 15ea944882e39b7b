import type { Commands, ConnectionView, EnvironmentView, RunView, SyncView } from '../../../ui/src/backend/bindings.ts';
import type { Host, Simulated } from './processes.ts';
import { until } from './screens.ts';

/** Asks the backend of a development host directly, to compare with what the page shows. */
export async function ask<K extends keyof Commands>(
  host: string,
  command: K,
  request: Commands[K]['request'],
): Promise<Commands[K]['response']> {
  const response = await fetch(`${host}/api/${command}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`${command}: ${JSON.stringify(body)}`);
  return body as Commands[K]['response'];
}

/** A request as a simulated server saw it. */
interface Seen {
  server: string;
  method: string;
  path: string;
  is_write: boolean;
}

/** The simulated servers behind a connection: what they have seen, and what they are to do wrong. */
export class SimulatedServer {
  readonly #url: string;

  constructor(connections: ConnectionView[], provider: ConnectionView['provider']) {
    const host = connections.find((one) => one.provider === provider)?.host;
    if (!host) throw new Error(`${provider} is not connected`);
    this.#url = `http://${host}`;
  }

  /** How many requests so far asked to change something, on either side. */
  async writes(): Promise<number> {
    const seen = (await (await fetch(`${this.#url}/sim/log`)).json()) as Seen[];
    return seen.filter((one) => one.is_write).length;
  }

  /** Lets the next requests to a path wait, so that a person can see what goes on meanwhile. */
  async slow(server: string, path: string, milliseconds: number, times: number): Promise<void> {
    const body = JSON.stringify({ server, path_contains: path, kind: { slow: milliseconds }, times });
    const response = await fetch(`${this.#url}/sim/faults`, { method: 'POST', body });
    if (!response.ok) throw new Error(`no fault was armed: ${await response.text()}`);
  }

  /** Lets Salesforce refuse about every n-th row that is written. */
  async refuseRows(server: string, path: string, nth: number): Promise<void> {
    const kind = {
      row_errors: { status_code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Region must be set', every_nth: nth },
    };
    const body = JSON.stringify({ server, method: 'PATCH', path_contains: path, kind, times: 4_294_967_295 });
    const response = await fetch(`${this.#url}/sim/faults`, { method: 'POST', body });
    if (!response.ok) throw new Error(`no fault was armed: ${await response.text()}`);
  }

  /** Lets the next requests to a path meet this fault. */
  async fault(server: string, path: string, kind: unknown, times = 1): Promise<void> {
    const body = JSON.stringify({ server, path_contains: path, kind, times });
    const response = await fetch(`${this.#url}/sim/faults`, { method: 'POST', body });
    if (!response.ok) throw new Error(`no fault was armed: ${await response.text()}`);
  }

  /** What an admin or a colleague does in the org, by the simulator's own paths. */
  async deed(path: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.#url}/sim/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`/sim/${path}: ${await response.text()}`);
  }

  async hurry(): Promise<void> {
    await fetch(`${this.#url}/sim/faults`, { method: 'DELETE' });
  }
}

/** Connects Alguna and the org of an environment without the page, and makes a sync between them. */
export async function connectAll(
  host: Host,
  simulated: Simulated,
  environment: EnvironmentView,
  create_records = false,
): Promise<SyncView> {
  const source = await ask(host.url, 'source_connect', {
    provider: 'alguna',
    name: 'Alguna',
    base_url: simulated.urls.alguna,
    key: simulated.credentials.alguna_api_key,
  });
  const org = await connectOrg(host, simulated, environment, 'Fernhill');
  return ask(host.url, 'sync_create', {
    name: 'Alguna to Fernhill',
    source: source.id,
    org: org.id,
    create_records,
  });
}

/** Connects the org of an environment without the page. */
export async function connectOrg(
  host: Host,
  simulated: Simulated,
  environment: EnvironmentView,
  name: string,
): Promise<ConnectionView> {
  const { login, authorize_url } = await ask(host.url, 'org_login_begin', {
    name,
    environment,
    login_url: simulated.urls[`salesforce_${environment}`],
    client_id: simulated.credentials.client_id,
  });
  const finished = ask(host.url, 'org_login_finish', { login });
  await allow(authorize_url);
  return finished;
}

/** Plays the person in the browser: opens the page, presses Allow, and follows where it leads. */
async function allow(address: string): Promise<void> {
  const page = await (await fetch(address)).text();
  const ticket = /name="ticket" value="([^"]+)"/.exec(page)?.[1];
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1];
  if (!ticket || !action) throw new Error(`this is no page that asks for access: ${page}`);
  const answer = await fetch(new URL(action, address), {
    method: 'POST',
    body: new URLSearchParams({ ticket, decision: 'allow' }),
  });
  if (!answer.ok) throw new Error(`access was not given: ${answer.status} from ${answer.url}`);
}

/** Runs a plan, every halt of it accepted, without the page. Gives the run as it ended. */
export async function runPlan(host: string, plan: number): Promise<RunView> {
  const ready = await until(
    () => ask(host, 'plan_get', { plan }),
    (one) => one.status !== 'planning',
  );
  const accept = ready.halts.map((halt) => halt.name);
  const { id } = await ask(host, 'run_start', { plan, confirm: null, limit: null, accept, only: null, way: null });
  return until(
    () => ask(host, 'run_get', { run: id }),
    (one) => one.status !== 'running',
  );
}
