import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useId, useRef } from 'react';
import { classes } from './classes';
import { SkeletonBar } from './SkeletonRows';
import { nextPlace } from './tableKeys';
import css from './VirtualTable.module.css';

export interface TableColumn<R> {
  /** Stable name of the column. */
  key: string;
  head: ReactNode;
  /** A `grid-template-columns` track: `120px`, `minmax(160px, 2fr)`. */
  width: string;
  /** `end` for figures; the head follows. */
  align?: 'start' | 'end';
  render: (row: R, index: number) => ReactNode;
  /** Sorting by clicking the head: how it is sorted now, and what a click does. */
  sort?: { direction: 'ascending' | 'descending' | 'none'; onToggle: () => void };
}

export interface VirtualTableProps<R> {
  /** Name for screen readers. */
  label: string;
  columns: TableColumn<R>[];
  rowHeight: number;
  totalRows: number;
  /** The row at an index; `undefined` while its page is under way. */
  getRow: (index: number) => R | undefined;
  /** Tells which rows are on screen, so that their pages and neighbours are read. */
  onRange?: (first: number, last: number) => void;
  /** The current row; `null` when none. */
  selected?: number | null;
  /** The focused cell's column in the current row; needs `onSelect`. */
  selectedColumn?: string | null;
  /** A row became current by click or key; `column` is the cell's key when a cell was meant. */
  onSelect?: (index: number, column: string | null) => void;
  /** Enter or double click. */
  onOpen?: (row: R, index: number) => void;
  /** Other keys while the table has the focus; return true when it was used. */
  onKey?: (event: KeyboardEvent, row: R | undefined, index: number) => boolean | undefined;
  /** Dense tables mark the current row with an accent edge. */
  dense?: boolean;
  /** Left and right move between cells. */
  cells?: boolean;
  headHeight?: number;
  /** Smallest width before the table scrolls sideways. */
  minWidth?: number;
  rowClassName?: (row: R, index: number) => string | undefined;
  /** Changing this scrolls to the top: use the filter. */
  resetKey?: string;
}

/** A table of any length: only the rows on screen exist. The arrow keys move; the focus stays on the table. */
export function VirtualTable<R>(props: VirtualTableProps<R>) {
  const {
    columns,
    rowHeight,
    totalRows,
    getRow,
    onRange,
    selected = null,
    selectedColumn = null,
    onSelect,
    resetKey,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const headHeight = props.headHeight ?? 32;
  const tracks = columns.map((column) => column.width).join(' ');

  const virtual = useVirtualizer({
    count: totalRows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    initialRect: { width: 1000, height: 700 },
  });
  const shown = virtual.getVirtualItems();
  const first = shown[0]?.index;
  const last = shown[shown.length - 1]?.index;

  useEffect(() => {
    if (first !== undefined && last !== undefined) onRange?.(first, last);
  }, [first, last, onRange]);

  // Only a new filter goes back to the top.
  useEffect(() => {
    virtual.scrollToOffset(0);
  }, [resetKey]);

  // Rows keep their handlers, whatever the screen hands over at each drawing.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const pick = useCallback((index: number, column: string | null) => latest.current.onSelect?.(index, column), []);
  const open = useCallback((index: number) => {
    const row = latest.current.getRow(index);
    if (row !== undefined) latest.current.onOpen?.(row, index);
  }, []);

  const select = (index: number, column: string | null) => {
    virtual.scrollToIndex(index, { align: 'auto' });
    onSelect?.(index, column);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Keys inside a cell's own controls belong to them.
    if (event.target !== event.currentTarget) return;
    const at = selected ?? -1;
    const row = at >= 0 ? getRow(at) : undefined;
    if (props.onKey?.(event, row, at)) {
      event.preventDefault();
      return;
    }
    if (event.altKey || event.metaKey || totalRows === 0) return;
    if (event.key === 'Enter' && row !== undefined && props.onOpen) {
      event.preventDefault();
      props.onOpen(row, at);
      return;
    }
    const height = scroller.current?.clientHeight ?? 0;
    const next = nextPlace(event.key, event.ctrlKey, {
      row: at,
      column: selectedColumn,
      rows: totalRows,
      columns: props.cells ? columns.map((column) => column.key) : [],
      page: Math.max(1, Math.floor((height - headHeight) / rowHeight) - 1),
    });
    if (!next) return;
    event.preventDefault();
    select(next.row, next.column);
  };

  const rowId = (index: number) => `${id}-row-${index}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot leave out the rows that are not on screen
    <div
      ref={scroller}
      className={classes(css.scroller, props.dense && css.dense)}
      role="grid"
      aria-label={props.label}
      aria-rowcount={totalRows + 1}
      aria-colcount={columns.length}
      aria-activedescendant={selected === null ? undefined : rowId(selected)}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={css.sheet} style={{ minWidth: props.minWidth, height: virtual.getTotalSize() + headHeight }}>
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus */}
        <div
          role="row"
          aria-rowindex={1}
          className={css.head}
          style={{ gridTemplateColumns: tracks, height: headHeight }}
        >
          {columns.map((column) => (
            <HeadCell key={column.key} column={column} />
          ))}
        </div>
        {shown.map((item) => {
          const row = getRow(item.index);
          const current = item.index === selected;
          return (
            <TableRow
              key={item.index}
              id={rowId(item.index)}
              index={item.index}
              start={item.start}
              height={rowHeight}
              tracks={tracks}
              columns={columns}
              row={row}
              selectable={onSelect !== undefined}
              current={current}
              focused={props.cells && current ? selectedColumn : null}
              className={row === undefined ? undefined : props.rowClassName?.(row, item.index)}
              onPick={pick}
              onOpen={open}
            />
          );
        })}
      </div>
    </div>
  );
}

interface TableRowProps<R> {
  id: string;
  index: number;
  start: number;
  height: number;
  tracks: string;
  columns: TableColumn<R>[];
  row: R | undefined;
  selectable: boolean;
  current: boolean;
  /** The focused cell's column. */
  focused: string | null;
  className: string | undefined;
  onPick: (index: number, column: string | null) => void;
  onOpen: (index: number) => void;
}

function PlainTableRow<R>(props: TableRowProps<R>) {
  const { index, row, columns, current, focused } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.selectable ? current : undefined}
      aria-busy={row === undefined || undefined}
      className={classes(css.row, current && css.current, props.className)}
      style={{ gridTemplateColumns: props.tracks, height: props.height, transform: `translateY(${props.start}px)` }}
      onClick={(event) => {
        const cell = (event.target as Element).closest<HTMLElement>('[data-column]');
        props.onPick(index, cell?.dataset.column ?? null);
      }}
      onDoubleClick={() => props.onOpen(index)}
    >
      {columns.map((column, place) => (
        // biome-ignore lint/a11y/useSemanticElements: see the grid
        // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
        <div
          key={column.key}
          role="gridcell"
          aria-colindex={place + 1}
          data-column={column.key}
          className={classes(css.cell, column.align === 'end' && css.end, column.key === focused && css.focused)}
        >
          {row === undefined ? (
            <SkeletonBar row={index + place} end={column.align === 'end'} />
          ) : (
            column.render(row, index)
          )}
        </div>
      ))}
    </div>
  );
}

/** Scrolling draws only rows that are new: the others have not changed. */
const TableRow = memo(PlainTableRow) as typeof PlainTableRow;

function HeadCell<R>({ column }: { column: TableColumn<R> }) {
  const { sort } = column;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the grid is not a table element
    // biome-ignore lint/a11y/useFocusableInteractive: the sort button inside takes the focus
    <div
      role="columnheader"
      aria-sort={sort?.direction}
      className={classes(css.headCell, column.align === 'end' && css.end)}
    >
      {sort ? (
        <button
          type="button"
          className={css.sort}
          onClick={sort.onToggle}
          data-sorted={sort.direction !== 'none' || undefined}
        >
          {column.head}
          {sort.direction !== 'none' && <span aria-hidden="true">{sort.direction === 'ascending' ? '↑' : '↓'}</span>}
        </button>
      ) : (
        column.head
      )}
    </div>
  );
}
