// `data upsert bulk`, `data export bulk` and `data delete bulk`.
import assert from 'node:assert/strict';
import { sandbox } from '../support/org.mjs';
import { accounts, assertSameRows, COLUMNS, csv, MANY, many, refused } from '../support/rows.mjs';
import { fails, read, sf, write } from './terminal.mjs';

const ON = ['--target-org', 'sandbox', '--wait', '5'];
const UPSERT = [
  'data',
  'upsert',
  'bulk',
  '--sobject',
  'Account',
  '--external-id',
  'Conformance_Key__c',
  '--line-ending',
  'LF',
  ...ON,
];
const query = `SELECT Id, ${COLUMNS} FROM Account WHERE Conformance_Key__c LIKE 'F-%'`;

export async function run(checks) {
  const sent = accounts('F');

  await checks.check(`data upsert bulk of ${many} rows`, async () => {
    const { jobInfo } = await sf([...UPSERT, '--file', write('accounts.csv', csv(sent))]);
    assert.deepEqual(
      [jobInfo.state, Number(jobInfo.numberRecordsProcessed), Number(jobInfo.numberRecordsFailed)],
      ['JobComplete', MANY, 0],
    );
    assertSameRows(await sandbox.rows(query), sent);
  });

  await checks.check('data upsert bulk, three rows refused; data bulk results', async () => {
    const file = write('mixed.csv', csv([...sent.slice(0, 5), ...refused('F', 3)]));
    const { data, name } = await fails([...UPSERT, '--file', file]);
    assert.equal(name, 'FailedRecordDetailsError');
    const found = await sf(['data', 'bulk', 'results', '--job-id', data.jobId, '--target-org', 'sandbox']);
    assert.deepEqual([found.processedRecords, found.successfulRecords, found.failedRecords], [8, 5, 3]);
    assert.match(read(found.failedFilePath), /:Conformance_Since__c --/);
    assert.equal(await sandbox.count("Account WHERE Conformance_Key__c LIKE 'F-bad%'"), 0);
  });

  await checks.check(`data export bulk of the same ${many} rows`, async () => {
    const file = write('export.json', '');
    const args = ['data', 'export', 'bulk', '--query', query, '--output-file', file, '--result-format', 'json', ...ON];
    assert.equal((await sf(args)).totalSize, MANY);
    assertSameRows(JSON.parse(read('export.json')), sent);
  });

  await checks.check(`data delete bulk of the ${many} rows`, async () => {
    const ids = (await sandbox.rows("SELECT Id FROM Account WHERE Conformance_Key__c LIKE 'F-%'")).map(({ Id }) => Id);
    const file = write('ids.csv', `Id\n${ids.join('\n')}\n`);
    await sf(['data', 'delete', 'bulk', '--sobject', 'Account', '--file', file, '--line-ending', 'LF', ...ON]);
    assert.equal(await sandbox.count("Account WHERE Conformance_Key__c LIKE 'F-%'"), 0);
  });
}
