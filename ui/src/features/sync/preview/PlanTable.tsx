// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot leave out the rows that are not on screen
import { IconUserEdit } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { CellKind, PlanRowView } from '@/backend';
import { StatusWord } from '@/components';
import { DecisionControl } from './DecisionControl';
import { DiffCell } from './DiffCell';
import { driftText } from './drift';
import { changes, type PlacedColumn, writable } from './filter';
import css from './table.module.css';
import { useCellInView } from './useCellInView';

const ROW = 44;
const FIXED = '70px 240px';

/** Where the cursor stands: a row, and a column or the record itself (-1). */
export interface Cursor {
  row: number;
  column: number;
}

interface Props {
  label: string;
  /** Head of the record's column. */
  sobject: string;
  /** Whether decisions still count. */
  open: boolean;
  columns: ReadonlyArray<PlacedColumn>;
  total: number;
  rowAt: (index: number) => PlanRowView | undefined;
  cursor: Cursor;
  onCursor: (cursor: Cursor) => void;
  onRange: (first: number, last: number) => void;
  onDecide: (row: PlanRowView, field: string | null, hold: boolean) => void;
  onWhy: (row: PlanRowView, field: string | null) => void;
  onClose: () => void;
  /** A change of this value brings the table back to its top: the filter. */
  resetKey: string;
}

/** What a column holds, as the first rows tell. */
interface Held {
  kind: CellKind;
  /** Letters of the longest text to be written. */
  longest: number;
}

function heldBy(column: PlacedColumn, rowAt: Props['rowAt']): Held {
  const cells = Array.from({ length: 20 }, (_, index) => rowAt(index)?.cells[column.place]);
  const kinds = cells.flatMap((cell) => [cell?.after?.kind, cell?.before?.kind]);
  return {
    kind: kinds.find((kind) => kind !== undefined && kind !== 'blank') ?? (column.numeric ? 'number' : 'text'),
    longest: Math.max(0, ...cells.map((cell) => cell?.after?.text.length ?? 0)),
  };
}

/** Narrowest width: figures and dates are never cut off, texts may be. */
const NARROWEST: Partial<Record<CellKind, number>> = { number: 116, money: 116, date: 122, moment: 166 };

function widthOf(column: PlacedColumn, held: Held): number {
  // A head has two lines; its longest word must stand whole.
  const longest = Math.max(...column.head.split(' ').map((word) => word.length));
  const head = Math.min(190, Math.max(longest * 6.4, column.head.length * 3.6) + 22);
  const value = NARROWEST[held.kind] ?? Math.min(168, Math.max(112, held.longest * 9 + 44));
  return Math.round(Math.max(value, head));
}

/** The preview's table: two-line rows, diff cells, the record fixed at the left, everything by keyboard. */
export function PlanTable(props: Props) {
  const { columns, total, rowAt, cursor, onCursor, onRange, onDecide, onWhy, resetKey } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const id = useId();
  const [scrolled, setScrolled] = useState(false);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 8,
    scrollPaddingStart: 32,
  });
  const shown = rows.getVirtualItems();
  useCellInView(scroll, cursor.column);
  // What is in view, without the rows drawn ahead.
  const first = rows.range?.startIndex ?? 0;
  const last = rows.range?.endIndex ?? 0;

  useEffect(() => onRange(first, last), [first, last, onRange]);
  useEffect(() => {
    scroll.current?.scrollTo?.({ top: 0 });
  }, [resetKey]);
  // The panel moves the cursor, too: the record it tells of stays in view.
  const { scrollToIndex } = rows;
  useEffect(() => {
    if (total > 0) {
      scrollToIndex(cursor.row);
    }
  }, [cursor.row, total, scrollToIndex]);

  const held = columns.map((column) => heldBy(column, rowAt));
  const widths = columns.map((column, at) => widthOf(column, held[at] ?? { kind: 'text', longest: 0 }));
  const template = `${FIXED} ${widths.map((one) => `minmax(${one}px, 1fr)`).join(' ')}`;
  const width = 310 + widths.reduce((sum, one) => sum + one, 0);
  const rightSet = new Set(
    columns
      .filter((column, at) => column.numeric || NARROWEST[held[at]?.kind ?? 'text'] !== undefined)
      .map((column) => column.field),
  );

  const go = (row: number, column: number) => {
    const next = {
      row: Math.max(0, Math.min(total - 1, row)),
      column: Math.max(-1, Math.min(columns.length - 1, column)),
    };
    onCursor(next);
    rows.scrollToIndex(next.row);
  };

  const fieldAt = (row: PlanRowView | undefined): string | null => {
    const column = columns[cursor.column];
    return column && changes(row?.cells[column.place]) ? column.field : null;
  };

  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? ROW * 10) / ROW) - 2);
    const moves: Record<string, [number, number]> = {
      ArrowDown: [cursor.row + 1, cursor.column],
      ArrowUp: [cursor.row - 1, cursor.column],
      ArrowLeft: [cursor.row, cursor.column - 1],
      ArrowRight: [cursor.row, cursor.column + 1],
      PageDown: [cursor.row + page, cursor.column],
      PageUp: [cursor.row - page, cursor.column],
      Home: [0, cursor.column],
      End: [total - 1, cursor.column],
    };
    const move = moves[event.key];
    const row = rowAt(cursor.row);
    const letter = event.key.toLowerCase();
    if (move) {
      go(move[0], move[1]);
    } else if (row && (letter === 'a' || letter === 'h') && props.open && writable(row)) {
      onDecide(row, fieldAt(row), letter === 'h');
    } else if (row && (letter === 'w' || event.key === 'Enter')) {
      onWhy(row, fieldAt(row));
    } else if (event.key === 'Escape') {
      props.onClose();
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div
      ref={scroll}
      className={css.scroll}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 2}
      aria-activedescendant={total > 0 ? `${id}-${cursor.row}` : undefined}
      data-scrolled={scrolled || undefined}
      onScroll={(event) => setScrolled(event.currentTarget.scrollLeft > 0)}
      onKeyDown={keys}
    >
      <div className={css.grid} style={{ height: rows.getTotalSize() + 32, width, minWidth: '100%' }}>
        <div className={css.head} role="row" tabIndex={-1} style={{ gridTemplateColumns: template }}>
          <div className={css.fixedA} role="columnheader" tabIndex={-1}>
            Write
          </div>
          <div className={css.fixedB} role="columnheader" tabIndex={-1}>
            {props.sobject}
          </div>
          {columns.map((column, at) => (
            <div
              key={column.field}
              role="columnheader"
              data-column={at}
              data-current={cursor.column === at || undefined}
              tabIndex={-1}
              data-right={rightSet.has(column.field) || undefined}
              title={`${column.label} (${column.field})`}
            >
              <span className={css.headText}>{column.head}</span>
            </div>
          ))}
        </div>
        {shown.map((virtual) => (
          <Row
            key={virtual.key}
            id={`${id}-${virtual.index}`}
            index={virtual.index}
            top={virtual.start + 32}
            template={template}
            row={rowAt(virtual.index)}
            columns={columns}
            right={rightSet}
            open={props.open}
            cursor={cursor.row === virtual.index ? cursor.column : null}
            onPick={(column) => {
              onCursor({ row: virtual.index, column });
              scroll.current?.focus({ preventScroll: true });
            }}
            onDecide={onDecide}
            onWhy={onWhy}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  id: string;
  index: number;
  top: number;
  template: string;
  row: PlanRowView | undefined;
  columns: ReadonlyArray<PlacedColumn>;
  right: ReadonlySet<string>;
  cursor: number | null;
  open: boolean;
  onPick: (column: number) => void;
  onDecide: Props['onDecide'];
  onWhy: Props['onWhy'];
}

function Row(props: RowProps) {
  const { row, columns, right, cursor, onPick, onDecide, onWhy } = props;
  const frame = {
    id: props.id,
    role: 'row',
    tabIndex: -1,
    className: css.row,
    'aria-rowindex': props.index + 2,
    'aria-selected': cursor !== null,
    style: { gridTemplateColumns: props.template, transform: `translateY(${props.top}px)` },
  };
  if (!row) {
    return (
      <div {...frame}>
        <div className={css.fixedA} />
        <div className={css.fixedB}>
          <span className={css.bone} style={{ width: 140 + ((props.index * 37) % 60), margin: 0 }} />
        </div>
        {columns.map((column) => (
          <div key={column.field}>
            <span className={css.bone} style={{ width: 60 }} />
          </div>
        ))}
      </div>
    );
  }
  return (
    <div {...frame} data-customer={row.customer}>
      <div className={css.fixedA} role="gridcell" tabIndex={-1}>
        {writable(row) ? (
          <DecisionControl row={row} disabled={!props.open} onDecide={(hold) => onDecide(row, null, hold)} />
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid answers the keyboard */}
      <div
        className={css.fixedB}
        role="gridcell"
        tabIndex={-1}
        onClick={() => onPick(-1)}
        onDoubleClick={() => onWhy(row, null)}
      >
        <span className={css.name} title={row.name}>
          {row.name}
        </span>
        {row.drift ? (
          <span className={css.drift} title={`Changed in Salesforce by ${driftText(row.drift)}`}>
            <IconUserEdit size={12} stroke={2.2} aria-label="Changed in Salesforce by" />
            <span className={css.driftText}>{driftText(row.drift)}</span>
          </span>
        ) : (
          <span className={css.id}>{row.customer}</span>
        )}
      </div>
      {row.action === 'delete' ? (
        <div className={css.reason} role="gridcell" tabIndex={-1} data-testid="row-deletion">
          <span className={css.reasonText}>
            <StatusWord status="delete" />{' '}
            {row.held ? 'Held: the record stays.' : 'The record goes to the recycle bin.'}
          </span>
          <span className={`${css.reasonText} ${css.reasonStep}`}>
            The run created it, and nobody has saved it since.
          </span>
        </div>
      ) : row.reason ? (
        <div className={css.reason} role="gridcell" tabIndex={-1} data-testid="row-reason">
          <span className={css.reasonText} title={row.reason.message}>
            {row.reason.message}
          </span>
          <span className={`${css.reasonText} ${css.reasonStep}`} title={row.reason.next_step}>
            {row.reason.next_step}
          </span>
        </div>
      ) : (
        columns.map((column, at) => {
          const cell = row.cells[column.place];
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid answers the keyboard
            <div
              key={column.field}
              role="gridcell"
              tabIndex={-1}
              onClick={() => onPick(at)}
              onDoubleClick={() => onWhy(row, changes(cell) ? column.field : null)}
            >
              <div className={cursor === at ? css.cursor : undefined}>
                {cell ? <DiffCell cell={cell} rowHeld={row.held} right={right.has(column.field)} /> : null}
              </div>
            </div>
          );
        })
      )}
    </div>
  );
}
