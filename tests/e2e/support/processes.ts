import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { built, inProject, pageFolder } from './paths.ts';

/** A program started by a test. */
export interface Program {
  /** What it has written to stderr so far, for the message of a failure. */
  log: () => string;
  /** Its first line of stdout. */
  firstLine: Promise<string>;
  /** Ends it and everything it started; waits until it is gone. */
  stop: () => Promise<void>;
}

const groups = new Set<number>();
const folders = new Set<string>();

function killGroup(group: number) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}

// Whatever ends the tests, nothing they started outlives them.
process.on('exit', () => {
  groups.forEach(killGroup);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

/** Starts a program at the head of a process group of its own, so that its children end with it. */
export function start(path: string, args: string[], env: Record<string, string> = {}): Program {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(path, args, {
    cwd: inProject(''),
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = child.pid;
  if (group !== undefined) groups.add(group);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-20_000);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const lines = createInterface({ input: child.stdout });
  const firstLine = new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${path} ${why}.\n${log}`));
    const late = setTimeout(() => fail('said nothing for 30 seconds'), 30_000);
    lines.once('line', (line) => {
      clearTimeout(late);
      resolve(line);
    });
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('exit', (code) => {
      clearTimeout(late);
      fail(`ended with ${code} before it was ready`);
    });
  });
  firstLine.catch(() => {}); // Some programs have none, and nobody asks for it.
  return {
    log: () => log,
    firstLine,
    stop: async () => {
      if (group === undefined) return;
      killGroup(group);
      await ended;
      groups.delete(group);
    },
  };
}

/** A new, empty folder that is removed when the tests end. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-e2e-'));
  folders.add(folder);
  return folder;
}

let portsGiven = 0;

/**
 * A port nobody listens on, below those the system gives to connections: one of those could be taken by any
 * connection before the program that is told of it listens there. Each process begins at a place of its own.
 */
export async function freePort(): Promise<number> {
  const [first, ports, ofAProcess] = [15_000, 17_000, 16];
  for (;;) {
    const port = first + ((process.pid * ofAProcess + portsGiven++) % ports);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** The development host with a workspace of its own. */
export interface Host extends Program {
  url: string;
  loginPort: number;
  dataFolder: string;
}

/** Starts the development host on a new data folder and waits until it serves. */
export async function startHost(env: Record<string, string> = {}): Promise<Host> {
  const loginPort = await freePort();
  const dataFolder = freshFolder();
  const args = ['--port', '0', '--data-dir', dataFolder, '--page', pageFolder(), '--login-port', `${loginPort}`];
  const program = start(built('drawbridge-devhost'), args, env);
  return { ...program, url: await program.firstLine, loginPort, dataFolder };
}

/** Where the simulated servers are, and what they accept. */
export interface Simulated extends Program {
  urls: { salesforce_sandbox: string; salesforce_production: string; profitwell: string; alguna: string };
  credentials: { client_id: string; alguna_api_key: string; profitwell_token: string; sandbox: { username: string } };
}

/** Starts the simulated servers; the orgs' External Client App allows sign-ins that come back to `loginPort`. */
export async function startSimulated(loginPort: number, customers = 60): Promise<Simulated> {
  const redirect = `http://localhost:${loginPort}/OauthRedirect`;
  const args = ['--json', '--customers', `${customers}`, '--redirect-uri', redirect];
  const program = start(built('drawbridge-sim'), args);
  const told = JSON.parse(await program.firstLine) as Pick<Simulated, 'urls' | 'credentials'>;
  return { ...program, ...told };
}
