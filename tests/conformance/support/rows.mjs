// Made-up Accounts for bulk loads, with everything in them that CSV makes hard.
import assert from 'node:assert/strict';
import { short } from './checks.mjs';

/** How many rows a bulk load has. */
export const MANY = short ? 1_000 : 50_000;
/** The number as a line of the report shows it. */
export const many = MANY.toLocaleString('en-US');

const STREETS = [
  '1 High Street',
  '2 "Quoted" Lane',
  '3, Comma Road',
  '4 First line\n4 Second line',
  '5 Überstraße – 東京 🚀',
  "6 O'Neill's",
];

/** Rows `0..count` whose keys start with `start`; every value is a text, as in CSV. */
export function accounts(start, count = MANY) {
  return Array.from({ length: count }, (_, i) => ({
    Name: `${start} company ${i}`,
    Conformance_Key__c: `${start}-${String(i).padStart(6, '0')}`,
    Conformance_Amount__c: `${i}.${String(10 + (i % 90))}`,
    Conformance_Since__c: `2026-0${1 + (i % 9)}-1${i % 10}`,
    Conformance_Active__c: i % 2 === 0 ? 'true' : 'false',
    BillingStreet: STREETS[i % STREETS.length],
  }));
}

/** Rows that no org takes: the date is none. */
export function refused(start, count) {
  return accounts(start, count).map((row, i) => ({
    ...row,
    Conformance_Key__c: `${start}-bad-${i}`,
    Conformance_Since__c: '31 January',
  }));
}

/** The columns of {@link accounts}. */
export const COLUMNS = Object.keys(accounts('X', 1)[0]);

/** Fails unless both lists hold the same rows, by key, cell by cell; numbers may be written differently. */
export function assertSameRows(found, sent) {
  assert.equal(found.length, sent.length, 'number of rows');
  const byKey = new Map(found.map((row) => [row.Conformance_Key__c, row]));
  assert.equal(byKey.size, sent.length, 'number of different keys');
  for (const row of sent) {
    const other = byKey.get(row.Conformance_Key__c);
    assert.ok(other, `${row.Conformance_Key__c} is not there`);
    for (const column of COLUMNS) {
      const same =
        column === 'Conformance_Amount__c'
          ? Number(other[column]) === Number(row[column])
          : String(other[column]) === row[column];
      if (!same) assert.equal(other[column], row[column], `${row.Conformance_Key__c}, ${column}`);
    }
  }
}

/** The rows as CSV. */
export function csv(rows) {
  const cell = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))]
    .map((row) => `${row.map(cell).join(',')}\n`)
    .join('');
}
