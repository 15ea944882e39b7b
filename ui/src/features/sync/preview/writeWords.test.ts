import { describe, expect, it } from 'vitest';
import { syncOf } from '../shared/testData';
import { heldCount, heldInWords } from './heldWords';
import { linkLine, linksWritten, writeWords } from './writeWords';

const sync = syncOf();
const ORG = 'Fernhill UAT (SANDBOX)';

describe('what a run is about to write', () => {
  it('names the records, the org and the links', () => {
    expect(writeWords(sync, { records: 55 })).toBe(`Write 55 records to ${ORG}`);
    expect(writeWords(sync, { records: 55, links: 53 })).toBe(
      `Write 55 records to ${ORG} and up to 53 links to Alguna`,
    );
    expect(writeWords(sync, { records: 0, links: 1 })).toBe('Record 1 link in Alguna');
  });

  it('says of an undo what it puts back and takes back', () => {
    const undo = { undoes: 2, links: 52 };
    expect(writeWords(sync, { ...undo, records: 55 })).toBe(
      `Put back 55 records in ${ORG} and take back up to 52 links in Alguna`,
    );
    expect(writeWords(sync, { ...undo, records: 42, deleted: 12 })).toBe(
      `Delete 12 and restore 30 in ${ORG} and take back up to 52 links in Alguna`,
    );
    expect(writeWords(sync, { ...undo, records: 0 })).toBe('Take back 52 links in Alguna');
    expect(writeWords(sync, { records: 3, undoes: 2, deleted: null })).toBe(`Delete or restore 3 records in ${ORG}`);
  });

  it('has a line for the links alone', () => {
    expect(linkLine(53, null)).toBe('Up to 53 links recorded in Alguna');
    expect(linkLine(1, 2)).toBe('Up to 1 link taken back in Alguna');
  });

  it('counts no link that contradicts another', () => {
    expect(linksWritten(undefined)).toBe(0);
    expect(linksWritten({ to_link: 55, conflicts: 2 })).toBe(53);
  });
});

describe('what is held', () => {
  it('is counted by records and fields', () => {
    expect(heldInWords({ held_rows: 2, held_fields: 3 })).toBe('2 records and 3 fields held');
    expect(heldInWords({ held_rows: 1, held_fields: 0 })).toBe('1 record held');
    expect(heldInWords({ held_rows: 0, held_fields: 1 })).toBe('1 field held');
    expect(heldInWords({ held_rows: 0, held_fields: 0 })).toBe('Nothing held');
    expect(heldCount({ held_rows: 0, held_fields: 0 })).toBe('0');
  });
});
