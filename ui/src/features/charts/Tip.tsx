import css from './charts.module.css';

export interface TipRow {
  label: string;
  value: string;
  colour?: string;
}

/** What stands at the pointer: exact figures with their words. */
export function Tip({ title, rows }: { title: string; rows: ReadonlyArray<TipRow> }) {
  return (
    <div className={css.tip}>
      <p className={css.tipTitle}>{title}</p>
      {rows.map((row) => (
        <p key={row.label} className={css.tipRow}>
          <span className={css.key} style={{ background: row.colour ?? 'transparent' }} aria-hidden />
          <span>{row.label}</span>
          <span className={css.tipValue}>{row.value}</span>
        </p>
      ))}
    </div>
  );
}
