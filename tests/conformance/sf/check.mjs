// The Salesforce CLI against the simulated orgs: signed in to the sandbox by access token, to production in the browser.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Checks } from '../support/checks.mjs';
import { assertNamesAccounts, block } from '../support/docs.mjs';
import * as bulk from './bulk.mjs';
import * as metadata from './metadata.mjs';
import * as records from './records.mjs';
import * as signIn from './sign-in.mjs';
import { run } from './terminal.mjs';

const { version } = JSON.parse(
  readFileSync(new URL('node_modules/@salesforce/cli/package.json', import.meta.url), 'utf8'),
);

const checks = new Checks(`sf CLI ${version}`);
await signIn.run(checks);
await metadata.run(checks);
await records.run(checks);
await bulk.run(checks);
await checks.check('the block of docs/simulator.md as it stands', async () => {
  const { code, out, messages } = await run(['-euc', block('sh')], {}, 'sh');
  assert.equal(code, 0, out + messages);
  await assertNamesAccounts(out);
});
checks.finish();
