// Writes, one record and many at a time, and what a user of jsforce sees when they are refused.
import assert from 'node:assert/strict';
import { sandbox } from '../support/org.mjs';

const KEY = 'Conformance_Key__c';
const GROUP = 'Conformance_Group__c';

/** The live Account with a key, or undefined. */
async function keyed(key) {
  const [row] = await sandbox.rows(`SELECT Id, Name, NumberOfEmployees FROM Account WHERE ${KEY} = '${key}'`);
  return row;
}

/** Runs a call that must be refused with one of Salesforce's codes. */
async function refused(code, call, message) {
  let error;
  await call().then(
    (answer) => assert.fail(`${code} expected, and it was accepted: ${JSON.stringify(answer)}`),
    (thrown) => {
      error = thrown;
    },
  );
  assert.equal(error.errorCode, code, error.message);
  if (message) assert.match(error.message, message);
  return error;
}

export async function run(checks, connection) {
  const accounts = connection.sobject('Account');

  await checks.check('create, retrieve, update, delete one record', async () => {
    const made = await accounts.create({ Name: 'One', [KEY]: 'W-1', NumberOfEmployees: 7 });
    assert.deepEqual([made.success, made.errors], [true, []]);
    assert.deepEqual(await keyed('W-1'), { Id: made.id, Name: 'One', NumberOfEmployees: 7 });
    const found = await accounts.retrieve(made.id);
    assert.deepEqual([found.Id, found.Name, found.attributes.type], [made.id, 'One', 'Account']);
    assert.equal((await accounts.update({ Id: made.id, Name: 'One more', NumberOfEmployees: null })).success, true);
    assert.deepEqual(await keyed('W-1'), { Id: made.id, Name: 'One more', NumberOfEmployees: null });
    assert.equal((await accounts.destroy(made.id)).success, true);
    assert.equal(await keyed('W-1'), undefined);
  });

  await checks.check('upsert one record by external id: created, then updated', async () => {
    const made = await accounts.upsert({ Name: 'Up', [KEY]: 'W-2' }, KEY);
    assert.deepEqual([made.success, made.created], [true, true]);
    assert.deepEqual(await keyed('W-2'), { Id: made.id, Name: 'Up', NumberOfEmployees: null });
    const again = await accounts.upsert({ Name: 'Up again', [KEY]: 'W-2' }, KEY);
    assert.deepEqual([again.success, again.created, again.id], [true, false, made.id]);
    assert.equal((await keyed('W-2')).Name, 'Up again');
  });

  await checks.check('upsert with several matches: MULTIPLE_CHOICES', async () => {
    const two = await accounts.create([1, 2].map((n) => ({ Name: `Twin ${n}`, [GROUP]: 'twins' })));
    const error = await refused('MULTIPLE_CHOICES', () => accounts.upsert({ Name: 'Which?', [GROUP]: 'twins' }, GROUP));
    assert.deepEqual(error.data.map((url) => url.split('/').pop()).sort(), two.map((each) => each.id).sort());
    assert.equal(await sandbox.count("Account WHERE Name = 'Which?'"), 0);
  });

  const rows = Array.from({ length: 450 }, (_, i) => ({ Name: `Many ${i}`, [KEY]: `M-${i}`, NumberOfEmployees: i }));
  const recursive = { allowRecursive: true };
  let ids = [];
  await checks.check('create 450 records in collections of 200', async () => {
    const results = await accounts.create(rows, recursive);
    assert.ok(results.every((each) => each.success));
    ids = results.map((each) => each.id);
    assert.equal(await sandbox.count(`Account WHERE ${KEY} LIKE 'M-%'`), 450);
    const some = await accounts.retrieve(ids, { fields: ['Id', 'Name'] });
    assert.deepEqual(
      some.map((each) => [each.Id, each.Name]),
      ids.map((id, i) => [id, `Many ${i}`]),
    );
  });

  await checks.check('update and upsert 450, one row of each refused', async () => {
    const updated = await accounts.update(
      ids.map((Id, i) => ({ Id, Name: i === 250 ? 'x'.repeat(300) : `Changed ${i}` })),
      recursive,
    );
    assert.deepEqual(updated.filter((each) => !each.success).length, 1);
    assert.equal(updated[250].errors[0].statusCode, 'STRING_TOO_LONG');
    assert.deepEqual(updated[250].errors[0].fields, ['Name']);
    assert.equal(await sandbox.count("Account WHERE Name LIKE 'Changed %'"), 449);
    const mixed = rows.map((row, i) => ({
      ...row,
      [KEY]: i < 400 ? row[KEY] : `N-${i}`,
      [GROUP]: i === 3 ? 'x'.repeat(41) : 'y',
      NumberOfEmployees: 1,
    }));
    const results = await accounts.upsert(mixed, KEY, recursive);
    assert.equal(results.filter((each) => each.created).length, 50);
    assert.equal(results.filter((each) => !each.success).length, 1);
    assert.deepEqual([results[3].errors[0].statusCode, results[3].errors[0].fields], ['STRING_TOO_LONG', [GROUP]]);
    assert.equal(results[4].id, ids[4]);
    assert.equal(await sandbox.count(`Account WHERE ${KEY} LIKE 'M-%' AND NumberOfEmployees = 1`), 399);
    assert.equal(await sandbox.count(`Account WHERE ${KEY} LIKE 'N-%'`), 50);
  });

  await checks.check('all or none: one bad row, and nothing is written', async () => {
    const pair = [{ Name: 'None 1' }, { Name: null }];
    const results = await accounts.create(pair, { allOrNone: true });
    assert.deepEqual(
      results.map((each) => each.success),
      [false, false],
    );
    assert.equal(results[0].errors[0].statusCode, 'ALL_OR_NONE_OPERATION_ROLLED_BACK');
    assert.equal(results[1].errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
    assert.equal(await sandbox.count("Account WHERE Name = 'None 1'"), 0);
  });

  await checks.check('delete 450 in collections of 200', async () => {
    const results = await accounts.destroy(ids, recursive);
    assert.ok(results.every((each) => each.success));
    assert.deepEqual(
      results.map((each) => each.id),
      ids,
    );
    assert.equal(await sandbox.count(`Account WHERE ${KEY} LIKE 'M-%'`), 0);
    const [gone] = await accounts.destroy([ids[0]]);
    assert.deepEqual([gone.success, gone.errors[0].statusCode], [false, 'ENTITY_IS_DELETED']);
  });

  await checks.check('error codes as a user of jsforce sees them', async () => {
    await refused(
      'REQUIRED_FIELD_MISSING',
      () => accounts.create({ Phone: '1' }),
      /Required fields are missing: \[Name\]/,
    );
    await refused(
      'INVALID_FIELD',
      () => accounts.create({ Name: 'A', Nowhere__c: 1 }),
      /No such column 'Nowhere__c' on sobject of type Account/,
    );
    await refused('STRING_TOO_LONG', () => accounts.create({ Name: 'x'.repeat(256) }));
    await refused(
      'DUPLICATE_VALUE',
      () => accounts.create({ Name: 'A', [KEY]: 'W-2' }),
      /duplicate value found: Conformance_Key__c/,
    );
    await refused('ENTITY_IS_DELETED', () => accounts.update({ Id: ids[0], Name: 'A' }));
    await refused('NOT_FOUND', () => accounts.retrieve('001000000000001AAA'));
    await refused('NOT_FOUND', () => connection.sobject('Nothing__c').describe());
    await refused(
      'INVALID_FIELD',
      () => connection.query('SELECT Nowhere__c FROM Account'),
      /No such column 'Nowhere__c' on entity 'Account'/,
    );
    await refused(
      'INVALID_TYPE',
      () => connection.query('SELECT Id FROM Nothing'),
      /sObject type 'Nothing' is not supported/,
    );
    await refused('MALFORMED_QUERY', () => connection.query('SELECT FROM Account'));
    await refused('INVALID_QUERY_LOCATOR', () => connection.queryMore('01gzz0000000001AAA-2000'));
    await refused('JSON_PARSER_ERROR', () =>
      connection.request({
        method: 'POST',
        url: '/sobjects/Account',
        body: '{',
        headers: { 'content-type': 'application/json' },
      }),
    );
    assert.equal(await sandbox.count("Account WHERE Name IN ('A')"), 0);
  });
}
