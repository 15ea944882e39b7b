import type { ActionView, PlanCellView, PlanColumn, PlanRowsRequest, PlanRowView, PlanSort } from '@/backend';
import { shortLabels } from '../shared/heads';

/** What the preview table shows of a plan. */
export interface PlanFilter {
  action: ActionView | null;
  drifted: boolean;
  held: boolean;
  /** Only the rows that this halt speaks of. */
  halt: string | null;
  fields: ReadonlyArray<string>;
  search: string;
  sort: PlanSort;
}

export const EVERYTHING: PlanFilter = {
  action: null,
  drifted: false,
  held: false,
  halt: null,
  fields: [],
  search: '',
  sort: 'largest_change',
};

export const SORT_WORDS: Record<PlanSort, string> = {
  largest_change: 'largest change',
  name: 'name',
  customer: 'customer ID',
};

/** The request for one window of rows. */
export function rowsRequest(plan: number, filter: PlanFilter, offset: number, limit: number): PlanRowsRequest {
  const { halt, ...rest } = filter;
  return { ...rest, ...(halt === null ? {} : { halt }), fields: [...filter.fields], plan, offset, limit };
}

/** Whether a filter leaves anything out. */
export function narrows(filter: PlanFilter): boolean {
  return (
    filter.action !== null ||
    filter.drifted ||
    filter.held ||
    filter.halt !== null ||
    filter.fields.length > 0 ||
    filter.search.trim() !== ''
  );
}

/** A column with its place in the rows' cells and the words over it. */
export interface PlacedColumn extends PlanColumn {
  place: number;
  head: string;
}

/** Columns that have changes first, each part in the order of the mapping. */
export function inOrder(columns: ReadonlyArray<PlanColumn>): Array<PlacedColumn> {
  const heads = shortLabels(columns.map((column) => column.label));
  const placed = columns.map((column, place) => ({ ...column, place, head: heads[place] ?? column.label }));
  return [...placed.filter((column) => column.changes > 0), ...placed.filter((column) => column.changes === 0)];
}

/** Whether a cell shows a change. */
export function changes(cell: PlanCellView | undefined): boolean {
  return cell !== undefined && cell.after !== null;
}

/** Whether a row stands for something a run could write. */
export function writable(row: PlanRowView): boolean {
  return row.action === 'create' || row.action === 'update' || row.action === 'delete';
}

/** Whether each change of a row is held by itself, so that nothing of the row is written. */
export function everyChangeHeld(row: PlanRowView): boolean {
  const changed = row.cells.filter(changes);
  return changed.length > 0 && changed.every((cell) => cell.held);
}

/** Whether nothing of a row is written: it is held as a whole, or change by change. */
export function whollyHeld(row: PlanRowView): boolean {
  return row.held || everyChangeHeld(row);
}

/** Whether a row is written, but not all of it. */
export function partlyHeld(row: PlanRowView): boolean {
  return !whollyHeld(row) && row.cells.some((cell) => cell.held && changes(cell));
}

/**
 * What to decide, one after another, so that a decision does what its button says: to write a record each change of
 * which is held lets these changes go too, or nothing would come of it. `null` stands for the record.
 */
export function decisionsOf(
  row: PlanRowView,
  columns: ReadonlyArray<PlanColumn>,
  field: string | null,
  hold: boolean,
): Array<string | null> {
  if (field !== null || hold || !everyChangeHeld(row)) {
    return [field];
  }
  const fields = columns.filter((_, place) => changes(row.cells[place])).map((column) => column.field);
  return row.held ? [null, ...fields] : fields;
}

/** The row after a decision, before the answer comes. */
export function decided(
  row: PlanRowView,
  columns: ReadonlyArray<PlanColumn>,
  field: string | null,
  hold: boolean,
): PlanRowView {
  if (field === null) {
    return { ...row, held: hold };
  }
  const place = columns.findIndex((column) => column.field === field);
  return {
    ...row,
    cells: row.cells.map((cell, at) => (at === place ? { ...cell, held: hold } : cell)),
  };
}
