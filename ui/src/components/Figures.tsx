import type { CellView } from '@/backend';
import { classes } from './classes';
import css from './Figures.module.css';
import { formatDate, formatDecimal, formatMoment, formatMoney } from './format';

/** An amount with two decimals; `currency` follows in small letters, or stands in the column's head. */
export function Money({ amount, currency }: { amount: string; currency?: string }) {
  return (
    <span className={css.figure}>
      {formatMoney(amount)}
      {currency && <span className={css.currency}>{currency}</span>}
    </span>
  );
}

/** A date, `1 Mar 2027`; with `time`, a moment where the person is: `1 Mar 2027, 09:32`. */
export function DateText({ value, time }: { value: string; time?: boolean }) {
  return (
    <time className={css.figure} dateTime={value}>
      {time ? formatMoment(value) : formatDate(value)}
    </time>
  );
}

/** The text of a cell, as `Cell` shows it. */
export function cellText(cell: CellView): string {
  switch (cell.kind) {
    case 'blank':
      return 'blank';
    case 'money':
      return formatMoney(cell.text);
    case 'number':
      return formatDecimal(cell.text);
    case 'date':
      return formatDate(cell.text);
    case 'moment':
      return formatMoment(cell.text);
    case 'flag':
      return cell.text === 'true' ? 'Yes' : cell.text === 'false' ? 'No' : cell.text;
    default:
      return cell.text;
  }
}

/** A value of either side. Blank is written out; `null` means the source does not say. */
export function Cell({ cell, className }: { cell: CellView | null; className?: string }) {
  if (!cell) return <span className={classes(css.blank, className)}>not known</span>;
  if (cell.kind === 'blank') return <span className={classes(css.blank, className)}>blank</span>;
  const text = cellText(cell);
  if (cell.kind === 'text' || cell.kind === 'flag') {
    return (
      <span className={classes('ellipsis', css.text, className)} title={text}>
        {text}
      </span>
    );
  }
  return <span className={classes(css.figure, className)}>{text}</span>;
}
