import type { CSSProperties, ReactNode } from 'react';
import css from './States.module.css';

/** Widths of a row's bars, so that rows do not look stamped. */
const WIDTHS = ['78%', '54%', '84%', '48%', '60%', '70%', '51%'];

/** A bar where a value will be. */
export function SkeletonBar({ row = 0, end }: { row?: number; end?: boolean }) {
  const style: CSSProperties = { width: WIDTHS[row % WIDTHS.length], ...(end ? { marginLeft: 'auto' } : {}) };
  return <span className={css.bar} style={style} />;
}

/** Rows to come, in the real grid, with a sentence; shown after 150 ms. */
export function SkeletonRows({
  rows = 7,
  columns,
  rowHeight = 32,
  sentence,
}: {
  rows?: number;
  /** `grid-template-columns` of the real rows. */
  columns: string;
  rowHeight?: number;
  /** What is being read, with a count when there is one. */
  sentence?: ReactNode;
}) {
  const tracks = columns
    .replace(/\([^)]*\)/g, '')
    .trim()
    .split(/\s+/).length;
  return (
    <div className={css.skeleton} role="status" aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          className={css.skeletonRow}
          style={{ gridTemplateColumns: columns, height: rowHeight }}
          aria-hidden="true"
        >
          {Array.from({ length: tracks }, (_, column) => (
            <SkeletonBar key={column} row={row + column * 2} />
          ))}
        </div>
      ))}
      <p className={sentence ? css.sentence : 'unseen'}>{sentence ?? 'Loading'}</p>
    </div>
  );
}
