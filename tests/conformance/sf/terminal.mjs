// Runs `sf` as somebody at a terminal of their own would: own home folder, own project, Node from npm.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'conformance-sf-'));
const project = join(home, 'project');
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
mkdirSync(join(project, 'force-app'), { recursive: true });
write(
  'sfdx-project.json',
  JSON.stringify({ packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: '67.0' }),
);

const ENVIRONMENT = {
  PATH: `${here('node_modules/.bin')}:${process.env.PATH}`,
  HOME: home,
  LANG: 'C.UTF-8',
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_DISABLE_LOG_FILE: 'true',
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  // `xdg-open` hands addresses to this program instead of a browser.
  BROWSER: here('open-address.sh'),
  XDG_CURRENT_DESKTOP: 'X-Generic',
};

/** Writes a file of the project; gives its path. */
export function write(name, text) {
  const path = join(project, name);
  writeFileSync(path, text);
  return path;
}

/** Reads a file of the project. */
export const read = (name) => readFileSync(join(project, name), 'utf8');

/** What the browser said that `org login web` opened. */
export function browserLog() {
  try {
    return readFileSync(join(home, 'browser.log'), 'utf8');
  } catch {
    return 'no browser was opened';
  }
}

/** Runs `sf` and gives its exit code and what it wrote. */
export function run(args, environment = {}, program = 'sf') {
  return new Promise((resolve) => {
    const options = { cwd: project, env: { ...ENVIRONMENT, ...environment }, maxBuffer: 1 << 28, timeout: 280_000 };
    const child = execFile(program, args, options, (error, out, messages) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, out, messages });
    });
    child.stdin.end();
  });
}

/** Runs `sf … --json`, which must succeed; gives its `result`. */
export async function sf(args, environment) {
  const { code, out, messages } = await run([...args, '--json'], environment);
  if (code !== 0) throw new Error(`sf ${args.join(' ')}\nexit code ${code}: ${told(out)} ${messages.slice(0, 1000)}`);
  return JSON.parse(out).result;
}

/** What a failed command said; its stack is of no interest here. */
function told(out) {
  try {
    const { name, message, result } = JSON.parse(out);
    return `${name}: ${message} ${result ? JSON.stringify(result).slice(0, 1500) : ''}`;
  } catch {
    return out.slice(0, 1500);
  }
}

/** Runs `sf … --json`, which must fail; gives the whole document it prints. */
export async function fails(args, environment) {
  const { code, out } = await run([...args, '--json'], environment);
  assert.notEqual(code, 0, `sf ${args.join(' ')} succeeded: ${out.slice(0, 1000)}`);
  return JSON.parse(out);
}
