// `data …` on few records: queries, and one record at a time.
import assert from 'node:assert/strict';
import { FIELDS, sandbox } from '../support/org.mjs';
import { fails, run as raw, sf } from './terminal.mjs';

const ON = ['--target-org', 'sandbox'];
const query = (soql) => ['data', 'query', '--query', soql, ...ON];
const plain = (rows) => rows.map(({ attributes, ...row }) => row);

export async function run(checks) {
  await checks.check('data query of more than 2,000 rows', async () => {
    const soql = 'SELECT Id, Name, BillingCity FROM Account ORDER BY Name, Id';
    const expected = await sandbox.rows(soql);
    assert.ok(expected.length > 2_000, `only ${expected.length} Accounts`);
    const found = await sf(query(soql));
    assert.equal(found.totalSize, expected.length);
    assert.deepEqual(plain(found.records), expected);
  });

  await checks.check('data query as CSV, with a parent field', async () => {
    const soql = "SELECT Id, Name, Owner.Name, BillingCity FROM Account WHERE Name LIKE 'B%' ORDER BY Id";
    const { code, out, messages } = await raw([...query(soql), '--result-format', 'csv']);
    assert.equal(code, 0, messages);
    const expected = await sandbox.rows(soql);
    const lines = out.trim().split('\n');
    assert.equal(lines[0], 'Id,Name,Owner.Name,BillingCity');
    assert.deepEqual(
      lines.slice(1).map((line) => line.split(',')[0]),
      expected.map((row) => row.Id),
    );
    assert.ok(expected.length > 5 && lines[1].includes(expected[0].Owner.Name), lines[1]);
  });

  await checks.check('data query as a table, with aggregates and a subquery', async () => {
    const soql =
      'SELECT BillingCountry, COUNT(Id) howMany FROM Account WHERE BillingCountry != null GROUP BY BillingCountry';
    const { code, out, messages } = await raw(query(soql));
    assert.equal(code, 0, messages);
    assert.match(out, /HOWMANY/i);
    const expected = await sandbox.rows(soql);
    assert.ok(expected.length > 2, `only ${expected.length} countries`);
    const lines = out.split('\n');
    for (const { BillingCountry: country, howMany } of expected)
      assert.ok(
        lines.some((line) => line.includes(country) && line.split(/\D+/).includes(String(howMany))),
        `${country}: ${howMany} in ${out}`,
      );
    const found = await sf(
      query(
        'SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Id IN (SELECT AccountId FROM Contact) LIMIT 3',
      ),
    );
    assert.equal(found.records.length, 3);
    assert.ok(found.records.every((account) => account.Contacts.records.length > 0));
  });

  await checks.check('data query that is wrong', async () => {
    const { name, message } = await fails(query('SELECT Nowhere__c FROM Account'));
    assert.equal(name, 'INVALID_FIELD');
    assert.match(message, /No such column 'Nowhere__c' on entity 'Account'/);
  });

  await checks.check('data create, get, update, delete record', async () => {
    const record = (act, ...args) => sf(['data', act, 'record', '--sobject', 'Account', ...ON, ...args]);
    const made = await record('create', '--values', "Name='Sf Company' Conformance_Key__c='S-1' NumberOfEmployees=7");
    assert.equal(made.success, true);
    const stored = () => sandbox.rows(`SELECT Name, NumberOfEmployees FROM Account WHERE Id = '${made.id}'`);
    assert.deepEqual(await stored(), [{ Name: 'Sf Company', NumberOfEmployees: 7 }]);
    const found = await record('get', '--where', "Conformance_Key__c='S-1'");
    assert.deepEqual([found.Id, found.Name], [made.id, 'Sf Company']);
    await record('update', '--record-id', made.id, '--values', "Name='Sf Renamed'");
    assert.deepEqual(await stored(), [{ Name: 'Sf Renamed', NumberOfEmployees: 7 }]);
    await record('delete', '--record-id', made.id);
    assert.deepEqual(await stored(), []);
  });

  await checks.check('data create record that is refused', async () => {
    const args = ['data', 'create', 'record', '--sobject', 'Account', ...ON, '--values', "Phone='1'"];
    const { name, message } = await fails(args);
    assert.equal(name, 'REQUIRED_FIELD_MISSING');
    assert.match(message, /Required fields are missing: \[Name\]/);
  });

  await checks.check('api request rest', async () => {
    const { code, out, messages } = await raw([
      'api',
      'request',
      'rest',
      '/services/data/v67.0/sobjects/Account/describe',
      '--method',
      'GET',
      ...ON,
    ]);
    assert.equal(code, 0, messages);
    const { name, fields } = JSON.parse(out);
    assert.equal(name, 'Account');
    const names = fields.map((field) => `Account.${field.name}`);
    for (const field of FIELDS) assert.ok(names.includes(field), field);
  });
}
