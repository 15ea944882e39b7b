// Runs the checks of one client and prints one line for each, as `scripts/conformance` counts them.
import { inspect } from 'node:util';

/** Whether only few rows are moved (`make test`). */
export const short = process.env.CONFORMANCE_SHORT === '1';

/** `{ urls, credentials }` of the running simulated servers: the line that `drawbridge-sim --json` prints. */
export const simulated = JSON.parse(process.env.CONFORMANCE_SERVERS);

/** No single check may take longer, in milliseconds. */
const LIMIT = 300_000;

/** The checks of one client, for example `jsforce 3.10.16`. */
export class Checks {
  #client;
  #failed = 0;

  constructor(client) {
    this.#client = client;
  }

  /** Runs one check; a failing one is told with the client's own error, and the next one runs all the same. */
  async check(name, body) {
    const began = performance.now();
    let problem;
    try {
      await Promise.race([body(), late(name)]);
    } catch (error) {
      problem = error;
      this.#failed += 1;
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(
      `${this.#client.padEnd(26)} ${name.padEnd(64)} ${problem ? 'FAILED' : 'ok    '} ${seconds.padStart(6)} s`,
    );
    if (problem) console.log(told(problem).replace(/^/gm, '    '));
  }

  /** To be called last: the exit status tells whether all passed. */
  finish() {
    process.exit(this.#failed === 0 ? 0 : 1);
  }
}

function late(name) {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${name}: no end after ${LIMIT / 1000} s`)), LIMIT).unref();
  });
}

/** What a client threw: its text, its code, what else it carries, and the line of the check. */
function told(error) {
  if (!(error instanceof Error)) return inspect(error);
  const lines = [`${error.name}: ${error.message}`];
  if (error.errorCode && error.errorCode !== error.name) lines.push(`errorCode ${error.errorCode}`);
  if (error.data !== undefined) lines.push(inspect(error.data, { depth: 6 }));
  const here = (error.stack ?? '')
    .split('\n')
    .find((line) => line.includes('/tests/conformance/') && !line.includes('node_modules'));
  if (here) lines.push(here.trim());
  return lines.join('\n').slice(0, 4000);
}
