// Upserts a CSV by Bulk API 2.0 through jsforce, as its documentation shows.
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../conformance/jsforce/package.json', import.meta.url));
const jsforce = require('jsforce');
const { BENCH_ORG: instanceUrl, BENCH_TOKEN: accessToken, BENCH_FILE: file, BENCH_KEY: key } = process.env;
const connection = new jsforce.Connection({ instanceUrl, accessToken, version: '64.0', logLevel: 'NONE' });
const { failedResults, unprocessedRecords } = await connection.bulk2.loadAndWaitForResults({
  object: 'Account',
  operation: 'upsert',
  externalIdFieldName: key,
  input: createReadStream(file),
  pollInterval: 1_000,
  pollTimeout: 3_600_000,
});
if (failedResults.length + unprocessedRecords.length > 0) {
  console.error(failedResults[0] ?? unprocessedRecords[0]);
  process.exit(1);
}
