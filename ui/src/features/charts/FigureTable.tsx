import type { ReactNode } from 'react';
import css from './charts.module.css';

export interface FigureColumn<T> {
  head: string;
  /** Words stand on the left, figures on the right. */
  words?: boolean;
  cell: (row: T) => ReactNode;
}

/** The figures of a chart for reading: a plain table that scrolls within its card. */
export function FigureTable<T>({
  label,
  columns,
  rows,
  rowKey,
}: {
  label: string;
  columns: ReadonlyArray<FigureColumn<T>>;
  rows: ReadonlyArray<T>;
  rowKey: (row: T) => string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={css.scroll} tabIndex={0} aria-label={label}>
      <table className={css.figures}>
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" data-words={column.words || undefined}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.head} scope="row" data-words>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.head} data-words={column.words || undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A figure of a table: not known is said, never left out. */
export function known(text: string | null, write: (text: string) => string): ReactNode {
  return text === null ? <span className="quiet">not known</span> : write(text);
}
