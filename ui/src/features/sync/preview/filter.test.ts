import { describe, expect, it } from 'vitest';
import type { PlanRowView } from '@/backend';
import { decided, decisionsOf, EVERYTHING, inOrder, narrows, partlyHeld, rowsRequest, whollyHeld } from './filter';

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
  why_held: null,
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

  it('leaves nothing to write once each change is held by itself', () => {
    const after = ['B__c', 'C__c'].reduce((one, field) => decided(one, columns, field, true), row);
    expect(after.held).toBe(false);
    expect(whollyHeld(after)).toBe(true);
    expect(partlyHeld(after)).toBe(false);
  });

  it('lets each change go where a record of held changes is to be written', () => {
    const held = ['B__c', 'C__c'].reduce((one, field) => decided(one, columns, field, true), row);
    expect(decisionsOf(held, columns, null, false)).toEqual(['B__c', 'C__c']);
    expect(decisionsOf({ ...held, held: true }, columns, null, false)).toEqual([null, 'B__c', 'C__c']);
    expect(decisionsOf(held, columns, null, true)).toEqual([null]);
    expect(decisionsOf(held, columns, 'B__c', false)).toEqual(['B__c']);
    const partly = decided(row, columns, 'B__c', true);
    expect(decisionsOf(partly, columns, null, false)).toEqual([null]);
  });

  it('holds the whole row', () => {
    const after = decided(row, columns, null, true);
    expect(after.held).toBe(true);
    expect(partlyHeld(after)).toBe(false);
  });
});
