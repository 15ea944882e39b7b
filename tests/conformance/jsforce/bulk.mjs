// Bulk API 2.0: load rows by external id, read the outcome of every row, and take all of them out again.
import assert from 'node:assert/strict';
import { sandbox } from '../support/org.mjs';
import { accounts, assertSameRows, COLUMNS, MANY, many, refused } from '../support/rows.mjs';

const LOAD = {
  object: 'Account',
  operation: 'upsert',
  externalIdFieldName: 'Conformance_Key__c',
  pollInterval: 200,
  pollTimeout: 280_000,
};
const BAD = 7;
const query = `SELECT Id, ${COLUMNS} FROM Account WHERE Conformance_Key__c LIKE 'J-%'`;

export async function run(checks, connection) {
  const sent = accounts('J');

  await checks.check(`bulk ingest of ${many} rows, ${BAD} more refused`, async () => {
    const input = [...sent, ...refused('J', BAD)];
    const results = await connection.bulk2.loadAndWaitForResults({ ...LOAD, input });
    const { successfulResults, failedResults, unprocessedRecords } = results;
    assert.deepEqual([successfulResults.length, failedResults.length, unprocessedRecords.length], [MANY, BAD, 0]);
    assert.ok(successfulResults.every((row) => row.sf__Created === 'true' && /^001\w{15}$/.test(row.sf__Id)));
    assert.equal(new Set(successfulResults.map((row) => row.sf__Id)).size, MANY);
    assertSameRows(successfulResults, sent);
    for (const row of failedResults) {
      assert.match(row.Conformance_Key__c, /^J-bad-/);
      assert.match(row.sf__Error, /^[A-Z_]+:.*:Conformance_Since__c --$/);
    }
    assertSameRows(await sandbox.rows(query), sent);
  });

  await checks.check('bulk upsert of rows that are there: updated, not created', async () => {
    const changed = sent.slice(0, 500).map((row) => ({ ...row, Name: `${row.Name}, changed` }));
    const { successfulResults } = await connection.bulk2.loadAndWaitForResults({ ...LOAD, input: changed });
    assert.equal(successfulResults.length, 500);
    assert.ok(successfulResults.every((row) => row.sf__Created === 'false'));
    assertSameRows(successfulResults, changed);
    assert.equal(await sandbox.count("Account WHERE Name LIKE 'J company %, changed'"), 500);
    for (const row of changed) sent[Number(row.Conformance_Key__c.slice(2))] = row;
    assert.equal(await sandbox.count("Account WHERE Conformance_Key__c LIKE 'J-%'"), MANY);
  });

  await checks.check(`bulk query of the same ${many} rows`, async () => {
    const stream = await connection.bulk2.query(query, { pollInterval: 200, pollTimeout: 280_000 });
    assertSameRows(await stream.toArray(), sent);
  });

  await checks.check('a column the org does not know fails the whole load', async () => {
    const input = [{ Name: 'Lost', Conformance_Key__c: 'J-lost', Nowhere__c: '1' }];
    await assert.rejects(
      connection.bulk2.loadAndWaitForResults({ ...LOAD, input }),
      /InvalidBatch : Field name not found : Nowhere__c/,
    );
    assert.equal(await sandbox.count("Account WHERE Conformance_Key__c = 'J-lost'"), 0);
  });

  await checks.check('a load step by step: state, abort, unprocessed rows', async () => {
    const ingest = connection.bulk2.createJob({ object: 'Account', operation: 'insert' });
    const opened = await ingest.open();
    assert.deepEqual([opened.state, opened.object, opened.apiVersion], ['Open', 'Account', 67]);
    await ingest.uploadData('Name\nAborted\n');
    await ingest.abort();
    assert.equal((await ingest.check()).state, 'Aborted');
    await assert.rejects(ingest.poll(100, 5_000), /aborted/);
    assert.deepEqual(await ingest.getUnprocessedRecords(), [{ Name: 'Aborted' }]);
    assert.equal(await sandbox.count("Account WHERE Name = 'Aborted'"), 0);
    await ingest.delete();
    await assert.rejects(ingest.check(), { errorCode: 'NOT_FOUND' });
  });

  await checks.check(`bulk delete of the ${many} rows`, async () => {
    const ids = (await sandbox.rows("SELECT Id FROM Account WHERE Conformance_Key__c LIKE 'J-%'")).map(({ Id }) => ({
      Id,
    }));
    const { operation, object, pollInterval, pollTimeout } = { ...LOAD, operation: 'delete' };
    const { successfulResults } = await connection.bulk2.loadAndWaitForResults({
      operation,
      object,
      pollInterval,
      pollTimeout,
      input: ids,
    });
    assert.equal(successfulResults.length, MANY);
    assert.equal(await sandbox.count("Account WHERE Conformance_Key__c LIKE 'J-%'"), 0);
  });
}
