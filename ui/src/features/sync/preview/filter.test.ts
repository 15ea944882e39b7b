import { describe, expect, it } from 'vitest';
import type { PlanRowView } from '@/backend';
import { decided, EVERYTHING, inOrder, narrows, partlyHeld, rowsRequest } from './filter';

const columns = [
  { field: 'A__c', label: 'A', numeric: false, changes: 0 },
  { field: 'B__c', label: 'B', numeric: true, changes: 3 },
  { field: 'C__c', label: 'C', numeric: false, changes: 1 },
];

const text = (value: string) => ({ kind: 'text' as const, text: value });
const cell = (after: string | null) => ({
  before: text('old'),
  after: after === null ? null : text(after),
  held: false,
  drifted: false,
});

const row: PlanRowView = {
  customer: 'c1',
  name: 'One',
  action: 'update',
  record: '001',
  matched_by: null,
  cells: [cell(null), cell('2'), cell('new')],
  reason: null,
  held: false,
  drift: null,
};

describe("the preview's columns", () => {
  it("puts columns with changes first and keeps the mapping's order", () => {
    expect(inOrder(columns).map((column) => [column.field, column.place])).toEqual([
      ['B__c', 1],
      ['C__c', 2],
      ['A__c', 0],
    ]);
  });
});

describe("the preview's filter", () => {
  it('asks for the window it is told, with the filter', () => {
    const request = rowsRequest(57, { ...EVERYTHING, action: 'update' }, 200, 100);
    expect(request).toMatchObject({ plan: 57, action: 'update', offset: 200, limit: 100 });
  });

  it('knows whether it leaves rows out', () => {
    expect(narrows(EVERYTHING)).toBe(false);
    expect(narrows({ ...EVERYTHING, sort: 'name' })).toBe(false);
    expect(narrows({ ...EVERYTHING, held: true })).toBe(true);
    expect(narrows({ ...EVERYTHING, search: 'edge' })).toBe(true);
  });
});

describe('a decision', () => {
  it('holds one field and leaves the others', () => {
    const after = decided(row, columns, 'B__c', true);
    expect(after.cells.map((one) => one.held)).toEqual([false, true, false]);
    expect(after.held).toBe(false);
    expect(partlyHeld(after)).toBe(true);
  });

  it('holds the whole row', () => {
    const after = decided(row, columns, null, true);
    expect(after.held).toBe(true);
    expect(partlyHeld(after)).toBe(false);
  });
});
