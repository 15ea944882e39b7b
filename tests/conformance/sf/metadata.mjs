// `project deploy start` by SOAP into the sandbox, which is its default, and by REST into production.
import assert from 'node:assert/strict';
import { FIELDS, production, sandbox } from '../support/org.mjs';
import { packageFolder } from '../support/package.mjs';
import { fails, sf } from './terminal.mjs';

const REST = { SF_ORG_METADATA_REST_DEPLOY: 'true' };
const SOAP = { SF_ORG_METADATA_REST_DEPLOY: 'false' };

const deploy = (name, alias) => [
  'project',
  'deploy',
  'start',
  '--metadata-dir',
  packageFolder(name),
  '--target-org',
  alias,
  '--wait',
  '5',
];
const seen = (visible) => Object.fromEntries(FIELDS.map((field) => [field, visible]));
const nothing = async (org) => assert.deepEqual(await org.customFields('Account.Conformance_'), {});

/** Fails unless the deploy went the way it was told to. */
async function wentBy(org, way, body) {
  const by = (request) =>
    request.method === 'POST' && (way === REST ? /\/metadata\/deployRequest/ : /\/Soap\/m\//i).test(request.path);
  const before = await org.asked(by);
  await body();
  assert.ok((await org.asked(by)) > before, 'no deploy by this way in the log');
}

async function three(checks, label, alias, org, way) {
  await checks.check(`project deploy start --dry-run, ${label}: nothing changes`, () =>
    wentBy(org, way, async () => {
      const result = await sf([...deploy('fields', alias), '--dry-run'], way);
      assert.deepEqual([result.status, result.checkOnly, result.numberComponentsTotal], ['Succeeded', true, 6]);
      await nothing(org);
    }),
  );

  await checks.check(`project deploy start that fails, ${label}`, () =>
    wentBy(org, way, async () => {
      const { result, message } = await fails(deploy('broken', alias), way);
      assert.equal(result?.status, 'Failed', message);
      const failures = [result.details.componentFailures].flat();
      assert.deepEqual(
        failures.map((each) => each.problem),
        ['You cannot deploy to a required field: Account.Name'],
      );
      await nothing(org);
    }),
  );

  await checks.check(`project deploy start, ${label}; then org assign permset`, () =>
    wentBy(org, way, async () => {
      const result = await sf(deploy('fields', alias), way);
      assert.deepEqual([result.status, result.checkOnly, result.numberComponentsDeployed], ['Succeeded', false, 6]);
      assert.deepEqual(await org.customFields('Account.Conformance_'), seen(false));
      const assigned = await sf(['org', 'assign', 'permset', '--name', 'Conformance', '--target-org', alias]);
      assert.deepEqual(
        assigned.successes.map((each) => each.value),
        ['Conformance'],
      );
      assert.deepEqual(await org.customFields('Account.Conformance_'), seen(true));
    }),
  );
}

export async function run(checks) {
  await three(checks, 'SOAP', 'sandbox', sandbox, SOAP);
  await three(checks, 'REST', 'production', production, REST);
  await checks.check('sobject describe and sobject list', async () => {
    const account = await sf(['sobject', 'describe', '--sobject', 'Account', '--target-org', 'sandbox']);
    const names = account.fields.map((field) => `Account.${field.name}`);
    for (const field of FIELDS) assert.ok(names.includes(field), field);
    const standard = await sf(['sobject', 'list', '--sobject', 'standard', '--target-org', 'sandbox']);
    assert.ok(standard.includes('Account') && standard.includes('Contact'), String(standard));
  });
}
