// Fields and a permission set: deployed by REST into the sandbox, by SOAP into production, and then used.
import assert from 'node:assert/strict';
import { FIELDS, production, sandbox } from '../support/org.mjs';
import { packageZip } from '../support/package.mjs';

const seen = (visible) => Object.fromEntries(FIELDS.map((field) => [field, visible]));
const nothing = async (org) => {
  assert.deepEqual(await org.customFields('Account.Conformance_'), {});
  assert.deepEqual(await org.permissionSets('Conformance'), []);
};

/** Polls a deploy until it is done; gives its last status. */
async function done(connection, id, rest) {
  const until = Date.now() + 60_000;
  for (;;) {
    const status = await connection.metadata.checkDeployStatus(id, true, rest);
    if (status.done) return status;
    assert.ok(Date.now() < until, `still ${status.status} after a minute`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Deploys a package and waits; checks what every answer must say. */
async function deployed(connection, name, options, rest) {
  const { metadata } = connection;
  const zip = packageZip(name);
  const { id } = await (rest ? metadata.deployRest(zip, options) : metadata.deploy(zip, options));
  assert.match(id, /^0Af\w{15}$/);
  const status = await done(connection, id, rest);
  assert.equal(status.id, id);
  assert.equal(status.checkOnly, options.checkOnly === true);
  assert.equal(status.success, status.status === 'Succeeded');
  return status;
}

async function validates(connection, org, rest) {
  const status = await deployed(
    connection,
    'fields',
    { checkOnly: true, rollbackOnError: true, singlePackage: true },
    rest,
  );
  assert.equal(status.status, 'Succeeded');
  assert.equal(status.numberComponentsTotal, 6);
  await nothing(org);
}

async function fails(connection, org, rest) {
  const status = await deployed(connection, 'broken', { rollbackOnError: true, singlePackage: true }, rest);
  assert.deepEqual([status.status, Number(status.numberComponentErrors)], ['Failed', 1]);
  const failures = [status.details.componentFailures].flat();
  assert.equal(failures.length, 1, JSON.stringify(failures));
  assert.equal(failures[0].problem, 'You cannot deploy to a required field: Account.Name');
  assert.equal(failures[0].componentType, 'PermissionSet');
  assert.equal(failures[0].fullName, 'Conformance_Lost');
  assert.ok(Number(failures[0].lineNumber) > 0);
  await nothing(org);
}

async function succeeds(connection, org, rest) {
  const status = await deployed(connection, 'fields', { rollbackOnError: true, singlePackage: true }, rest);
  assert.equal(status.status, 'Succeeded', JSON.stringify(status.details?.componentFailures));
  assert.equal(status.numberComponentsDeployed, 6);
  const names = [status.details.componentSuccesses].flat().map((each) => each.fullName);
  for (const field of FIELDS) assert.ok(names.includes(field), `${field} in ${names}`);
  // There, and seen by nobody before the permission set is assigned.
  assert.deepEqual(await org.customFields('Account.Conformance_'), seen(false));
  const { fields } = await connection.describe('Account');
  assert.ok(fields.every((field) => !field.name.startsWith('Conformance_')));
}

/** Assigns the permission set, then writes the new fields. */
async function used(connection, org) {
  const set = await connection.sobject('PermissionSet').findOne({ Name: 'Conformance' }, 'Id');
  const user = await connection.sobject('User').findOne({ Username: org.username }, 'Id');
  await connection.sobject('PermissionSetAssignment').create({ PermissionSetId: set.Id, AssigneeId: user.Id });
  assert.deepEqual(await org.customFields('Account.Conformance_'), seen(true));
  const { fields } = await connection.describe('Account');
  const key = fields.find((field) => field.name === 'Conformance_Key__c');
  assert.deepEqual([key.externalId, key.unique, key.caseSensitive, key.length], [true, true, true, 40]);
  const values = {
    Conformance_Key__c: 'deployed',
    Conformance_Amount__c: 12.5,
    Conformance_Since__c: '2026-01-31',
    Conformance_Active__c: true,
    Conformance_Group__c: 'first',
  };
  const { id } = await connection.sobject('Account').create({ Name: 'Deployed', ...values });
  const [row] = await org.rows(`SELECT ${Object.keys(values)} FROM Account WHERE Id = '${id}'`);
  assert.deepEqual(row, values);
}

export async function run(checks, bySandbox, byProduction) {
  await checks.check('REST deploy, checkOnly: nothing changes', () => validates(bySandbox, sandbox, true));
  await checks.check('REST deploy that fails: component failures, rolled back', () => fails(bySandbox, sandbox, true));
  await checks.check('REST deploy of fields and permission set', () => succeeds(bySandbox, sandbox, true));
  await checks.check('assign it, describe and write the new fields', () => used(bySandbox, sandbox));
  await checks.check('SOAP deploy, checkOnly: nothing changes', () => validates(byProduction, production, false));
  await checks.check('SOAP deploy that fails: component failures, rolled back', () =>
    fails(byProduction, production, false),
  );
  await checks.check('SOAP deploy with checkDeployStatus', () => succeeds(byProduction, production, false));
  await checks.check('assign it, describe and write the new fields, production', () => used(byProduction, production));
  await checks.check('metadata.list and metadata.describe', async () => {
    const listed = await byProduction.metadata.list([{ type: 'CustomField' }, { type: 'PermissionSet' }]);
    const names = listed.map((each) => each.fullName);
    for (const name of [...FIELDS, 'Conformance']) assert.ok(names.includes(name), `${name} in ${names}`);
    const { metadataObjects } = await byProduction.metadata.describe();
    assert.ok(metadataObjects.some((each) => each.xmlName === 'CustomObject' && each.directoryName === 'objects'));
  });
  await checks.check('tooling: query and describe', async () => {
    const { records } = await bySandbox.tooling.query(
      "SELECT Id, DeveloperName FROM CustomField WHERE TableEnumOrId = 'Account' AND DeveloperName LIKE 'Conformance%'",
    );
    assert.deepEqual(records.map((each) => `Account.${each.DeveloperName}__c`).sort(), FIELDS);
    const { sobjects } = await bySandbox.tooling.describeGlobal();
    assert.ok(sobjects.some((each) => each.name === 'CustomField'));
  });
}
