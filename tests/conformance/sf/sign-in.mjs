// `sandbox` and `production` are the aliases every other check uses.
import assert from 'node:assert/strict';
import { production, sandbox } from '../support/org.mjs';
import { browserLog, fails, sf } from './terminal.mjs';

export async function run(checks) {
  await checks.check('org login access-token', async () => {
    const args = ['org', 'login', 'access-token', '--instance-url', sandbox.url, '--alias', 'sandbox', '--no-prompt'];
    const found = await sf(args, { SF_ACCESS_TOKEN: sandbox.token });
    assert.deepEqual(
      [found.username, found.orgId, found.instanceUrl.replace(/\/$/, '')],
      [sandbox.username, sandbox.id, sandbox.url],
    );
  });

  await checks.check('org login web: approval in the browser, PKCE, token', async () => {
    const before = await production.asked((request) => request.path.endsWith('/oauth2/token'));
    const args = ['org', 'login', 'web', '--instance-url', production.url, '--alias', 'production'];
    const found = await sf(args).catch((error) => {
      throw new Error(`${error.message}\nthe browser: ${browserLog()}`);
    });
    assert.deepEqual([found.username, found.orgId], [production.username, production.id]);
    assert.equal(await production.asked((request) => request.path.endsWith('/oauth2/token')), before + 1);
  });

  await checks.check('org display and org list', async () => {
    const shown = await sf(['org', 'display', '--target-org', 'sandbox']);
    assert.deepEqual([shown.id, shown.username, shown.connectedStatus], [sandbox.id, sandbox.username, 'Connected']);
    const other = await sf(['org', 'display', '--target-org', 'production']);
    assert.deepEqual([other.id, other.connectedStatus], [production.id, 'Connected']);
    const { other: neither, sandboxes, nonScratchOrgs } = await sf(['org', 'list', '--skip-connection-status']);
    const names = [neither, sandboxes, nonScratchOrgs].flatMap((orgs) => orgs ?? []).map((org) => org.username);
    assert.ok(names.includes(sandbox.username) && names.includes(production.username), String(names));
  });

  await checks.check('an access token that is not good is refused', async () => {
    const args = ['org', 'login', 'access-token', '--instance-url', sandbox.url, '--no-prompt'];
    const { message } = await fails(args, { SF_ACCESS_TOKEN: `${sandbox.id.slice(0, 15)}!AQ.gone` });
    assert.match(message, /Bad_OAuth_Token|INVALID_SESSION_ID|Session expired|invalid/i);
  });
}
