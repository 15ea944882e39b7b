import { formatMoney } from '@/components';

const SHORT = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONG = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const parts = (month: string): [string, number] => [month.slice(0, 4), Number(month.slice(5, 7)) - 1];

/** `2026-11` → `Nov 2026`. */
export function monthName(month: string): string {
  const [year, place] = parts(month);
  return `${SHORT[place] ?? month} ${year}`;
}

/** `2026-11` → `November`. */
export function monthWord(month: string): string {
  return LONG[parts(month)[1]] ?? month;
}

/** `2026-11` → `Nov`, for the months of an axis between its ends. */
export function monthShort(month: string): string {
  return SHORT[parts(month)[1]] ?? month;
}

/** An amount of a change: with its sign, and with none where nothing changed. */
export function signed(amount: string): string {
  const text = formatMoney(amount);
  return text.startsWith('−') || Number(amount) === 0 ? text : `+${text}`;
}

/** Whether an amount is more than nothing, less, or nothing. */
export function direction(amount: string): 'up' | 'down' | 'none' {
  const number = Number(amount);
  return number > 0 ? 'up' : number < 0 ? 'down' : 'none';
}

/** The last of a list; all of it where no number is given. */
export function last<T>(list: ReadonlyArray<T>, count: number | null): ReadonlyArray<T> {
  return count === null ? list : list.slice(-count);
}
