// Who am I, queries and describes.
import assert from 'node:assert/strict';
import jsforce from 'jsforce';
import { short } from '../support/checks.mjs';
import { sandbox } from '../support/org.mjs';

/** Options of a query whose pages are 200 rows where there are few rows, else the 2,000 rows of a real org. */
const PAGE = short ? 200 : 2_000;
const paged = short ? { headers: { 'Sforce-Query-Options': `batchSize=${PAGE}` } } : {};

const plain = (rows) => rows.map(({ attributes, ...row }) => row);

export async function run(checks, connection) {
  await checks.check('identity', async () => {
    const me = await connection.identity();
    assert.equal(me.username, sandbox.username);
    assert.equal(me.organization_id, sandbox.id);
    assert.equal(connection.userInfo.id, me.user_id);
    const [user] = await sandbox.rows(`SELECT Id FROM User WHERE Username = '${sandbox.username}'`);
    assert.equal(me.user_id, user.Id);
  });

  const all = 'SELECT Id, Name, BillingCity, CreatedDate FROM Account ORDER BY Name, Id';
  await checks.check(`query of several pages (${PAGE} rows each) by autoFetch`, async () => {
    const expected = await sandbox.rows(all);
    assert.ok(expected.length > PAGE, `only ${expected.length} Accounts`);
    const found = await connection.query(all, { ...paged, autoFetch: true, maxFetch: 1_000_000 });
    assert.equal(found.totalSize, expected.length);
    assert.deepEqual(plain(found.records), expected);
  });

  await checks.check('the same by queryMore, page by page', async () => {
    const first = await connection.query(all, paged);
    assert.deepEqual([first.records.length, first.totalSize], [PAGE, await sandbox.count('Account')]);
    assert.match(first.nextRecordsUrl, new RegExp(`/services/data/v67\\.0/query/01g\\w+-${PAGE}$`));
    let page = first;
    const rows = [...page.records];
    while (!page.done) {
      page = await connection.queryMore(page.nextRecordsUrl, paged);
      rows.push(...page.records);
    }
    assert.deepEqual(plain(rows), await sandbox.rows(all));
  });

  await checks.check('query with parent fields and a subquery', async () => {
    const found = await connection.query(
      'SELECT Id, Owner.Name, (SELECT Id, LastName, Account.Name FROM Contacts) FROM Account WHERE Id IN (SELECT AccountId FROM Contact)',
      { autoFetch: true, maxFetch: 100_000 },
    );
    const contacts = await sandbox.rows('SELECT Id, LastName, AccountId FROM Contact WHERE AccountId != null');
    const seen = found.records.flatMap((account) =>
      account.Contacts.records.map(({ Id, LastName }) => ({ Id, LastName, AccountId: account.Id })),
    );
    const byId = (a, b) => (a.Id < b.Id ? -1 : 1);
    assert.ok(seen.length > 100);
    assert.deepEqual(seen.sort(byId), contacts.sort(byId));
    assert.ok(found.records.every((account) => account.Owner.Name && account.Owner.attributes.type === 'User'));
  });

  await checks.check('count, find with conditions, findOne', async () => {
    const { accounts } = await sandbox.state();
    assert.equal(await connection.sobject('Account').count(), accounts);
    assert.equal((await connection.query('SELECT COUNT() FROM Account')).totalSize, accounts);
    const found = await connection
      .sobject('Account')
      .find(
        {
          Name: { $like: 'A%' },
          CreatedDate: { $lt: jsforce.SfDate.toDateTimeLiteral(new Date(Date.now() + 86_400_000)) },
        },
        ['Id', 'Name'],
      )
      .sort('-Name')
      .limit(5);
    assert.deepEqual(
      plain(found),
      await sandbox.rows("SELECT Id, Name FROM Account WHERE Name LIKE 'A%' ORDER BY Name DESC LIMIT 5"),
    );
    assert.ok(found.length > 1);
    const one = await connection.sobject('Account').findOne({ Id: found[0].Id }, 'Name');
    assert.equal(one.Name, found[0].Name);
  });

  await checks.check('describe and describeGlobal', async () => {
    const account = await connection.sobject('Account').describe();
    const field = (name) => account.fields.find((each) => each.name === name);
    assert.deepEqual([account.name, account.keyPrefix, account.createable], ['Account', '001', true]);
    assert.deepEqual([field('Id').type, field('Name').type, field('Name').nillable], ['id', 'string', false]);
    assert.deepEqual([field('OwnerId').type, field('OwnerId').referenceTo.includes('User')], ['reference', true]);
    assert.equal(Object.keys(field('Name')).length, 57);
    assert.ok(account.childRelationships.some((each) => each.relationshipName === 'Contacts'));
    const { sobjects } = await connection.describeGlobal();
    for (const name of ['Account', 'Contact', 'User', 'PermissionSet']) {
      assert.ok(
        sobjects.some((each) => each.name === name),
        name,
      );
    }
  });

  await checks.check('limits, from the body and from every answer', async () => {
    // A connection of its own: an older answer must not speak for this one.
    const { instanceUrl, accessToken, version } = connection;
    const fresh = new jsforce.Connection({ instanceUrl, accessToken, version, logLevel: 'NONE' });
    const { DailyApiRequests: calls } = await fresh.limits();
    const { limit, used } = fresh.limitInfo.apiUsage;
    assert.equal(limit, calls.Max);
    assert.ok(used > 0 && calls.Remaining > 0 && calls.Remaining < calls.Max);
  });
}
