/** Where the keyboard is in a table, and how large the table is. */
export interface Place {
  /** Current row; -1 when none. */
  row: number;
  column: string | null;
  rows: number;
  /** Columns the keys can reach; none when only rows can be current. */
  columns: string[];
  /** Rows of a page. */
  page: number;
}

/** Where a key leads; `null` when it is no key of the table. */
export function nextPlace(key: string, ctrl: boolean, at: Place): { row: number; column: string | null } | null {
  const to = (row: number) => ({ row: Math.min(at.rows - 1, Math.max(0, row)), column: at.column });
  switch (key) {
    case 'ArrowDown':
      return to(at.row + 1);
    case 'ArrowUp':
      return to(at.row < 0 ? at.rows - 1 : at.row - 1);
    case 'PageDown':
      return to(at.row + at.page);
    case 'PageUp':
      return to(at.row - at.page);
    case 'Home':
      return ctrl || at.columns.length === 0 ? to(0) : { row: Math.max(0, at.row), column: at.columns[0] ?? null };
    case 'End':
      return ctrl || at.columns.length === 0
        ? to(at.rows - 1)
        : { row: Math.max(0, at.row), column: at.columns[at.columns.length - 1] ?? null };
    case 'ArrowLeft':
    case 'ArrowRight': {
      if (at.columns.length === 0) return null;
      const now = at.column === null ? -1 : at.columns.indexOf(at.column);
      const next = now < 0 ? 0 : now + (key === 'ArrowRight' ? 1 : -1);
      return {
        row: Math.max(0, at.row),
        column: at.columns[Math.min(at.columns.length - 1, Math.max(0, next))] ?? null,
      };
    }
    default:
      return null;
  }
}
