import { describe, expect, it } from 'vitest';
import { nextPlace, type Place } from './tableKeys';

const at = (change: Partial<Place> = {}): Place => ({
  row: 5,
  column: 'value',
  rows: 100,
  columns: ['name', 'value', 'date'],
  page: 20,
  ...change,
});

describe('the keys of a table', () => {
  it.each([
    ['ArrowDown', 6],
    ['ArrowUp', 4],
    ['PageDown', 25],
    ['PageUp', 0],
  ])('%s goes to row %s and keeps the column', (key, row) => {
    expect(nextPlace(key, false, at())).toEqual({ row, column: 'value' });
  });

  it('stays inside', () => {
    expect(nextPlace('ArrowDown', false, at({ row: 99 }))?.row).toBe(99);
    expect(nextPlace('PageDown', false, at({ row: 95 }))?.row).toBe(99);
    expect(nextPlace('ArrowRight', false, at({ column: 'date' }))?.column).toBe('date');
    expect(nextPlace('ArrowLeft', false, at({ column: 'name' }))?.column).toBe('name');
  });

  it('starts at the first row going down and at the last going up', () => {
    expect(nextPlace('ArrowDown', false, at({ row: -1 }))?.row).toBe(0);
    expect(nextPlace('ArrowUp', false, at({ row: -1 }))?.row).toBe(99);
  });

  it('goes to the ends of a row, and with Ctrl to the ends of the table', () => {
    expect(nextPlace('Home', false, at())).toEqual({ row: 5, column: 'name' });
    expect(nextPlace('End', false, at())).toEqual({ row: 5, column: 'date' });
    expect(nextPlace('Home', true, at())).toEqual({ row: 0, column: 'value' });
    expect(nextPlace('End', true, at())).toEqual({ row: 99, column: 'value' });
  });

  it('leaves other keys alone, and sideways keys where only rows can be current', () => {
    expect(nextPlace('a', false, at())).toBeNull();
    expect(nextPlace('ArrowRight', false, at({ columns: [] }))).toBeNull();
    expect(nextPlace('Home', false, at({ columns: [] }))?.row).toBe(0);
  });
});
