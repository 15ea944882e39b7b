// jsforce against the simulated orgs: REST deploy and data on the sandbox, SOAP deploy on production.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import jsforce from 'jsforce';
import { Checks } from '../support/checks.mjs';
import { assertNamesAccounts, block } from '../support/docs.mjs';
import { production, sandbox } from '../support/org.mjs';
import * as bulk from './bulk.mjs';
import * as metadata from './metadata.mjs';
import * as read from './read.mjs';
import * as session from './session.mjs';
import * as write from './write.mjs';

const { version } = JSON.parse(readFileSync(new URL('node_modules/jsforce/package.json', import.meta.url), 'utf8'));
const connect = (org, url = org.url) =>
  new jsforce.Connection({ instanceUrl: url, accessToken: org.token, version: '67.0', logLevel: 'NONE' });

const checks = new Checks(`jsforce ${version}`);
await read.run(checks, connect(sandbox));
await metadata.run(checks, connect(sandbox), connect(production));
await write.run(checks, connect(sandbox));
await bulk.run(checks, connect(sandbox));
await session.run(checks, connect);
await checks.check('the block of docs/simulator.md as it stands', async () => {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { stdout } = await promisify(execFile)('node', ['--input-type=module', '--eval', block('js')], { cwd });
  await assertNamesAccounts(stdout);
});
checks.finish();
