/** Words and figures as people read them. Money and dates stay text: no floats, no time zones for dates. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?$/;

const withSeparators = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** `2136` → `2,136`. */
export function formatCount(count: number): string {
  return (count < 0 ? '−' : '') + withSeparators(String(Math.abs(Math.trunc(count))));
}

/** `1, "record"` → `1 record`; `221, "record"` → `221 records`. */
export function formatCountOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Decimal text with separators and the digits it came with: `1234.5` → `1,234.5`. What is no decimal stays as it is. */
export function formatDecimal(text: string): string {
  const match = DECIMAL.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction] = match;
  return (sign === '-' ? '−' : '') + withSeparators(whole) + (fraction ? `.${fraction}` : '');
}

/** Decimal text with two decimals, rounded half away from zero: `1450` → `1,450.00`. */
export function formatMoney(text: string): string {
  const match = DECIMAL.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = ''] = match;
  let cents = BigInt(whole + fraction.slice(0, 2).padEnd(2, '0'));
  if (Number(fraction[2] ?? '0') >= 5) cents += 1n;
  const digits = cents.toString().padStart(3, '0');
  const negative = sign === '-' && cents !== 0n;
  return `${negative ? '−' : ''}${withSeparators(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

/** `0.66` → `66%`. */
export function formatPercent(part: number): string {
  return `${Math.floor(part * 100)}%`;
}

/** `2027-03-01`, or the day of a moment as written → `1 Mar 2027`. Never passes through a time zone. */
export function formatDate(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  if (!match) return iso;
  const [, year, month, day] = match;
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

const two = (part: number) => String(part).padStart(2, '0');
const localDay = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** The time of a moment where the person is: `09:32`. */
export function formatTime(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A moment where the person is: `1 Mar 2027, 09:32`. */
export function formatMoment(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${formatDate(localDay(at))}, ${formatTime(iso)}`;
}

/** A moment near now: `today 09:28`, `yesterday 17:20`, else `18 Nov 2026, 16:20`. */
export function formatWhen(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const before = new Date(now);
  before.setDate(before.getDate() - 1);
  if (localDay(at) === localDay(now)) return `today ${formatTime(iso)}`;
  if (localDay(at) === localDay(before)) return `yesterday ${formatTime(iso)}`;
  return formatMoment(iso);
}

/** How long ago, in one unit: `just now`, `3 min ago`, `2 hours ago`, `5 days ago`. */
export function formatAge(iso: string, now: Date = new Date()): string {
  const minutes = Math.floor((now.getTime() - new Date(iso).getTime()) / 60_000);
  if (Number.isNaN(minutes)) return iso;
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${formatCountOf(hours, 'hour')} ago`;
  return `${formatCountOf(Math.floor(hours / 24), 'day')} ago`;
}

/** Seconds as people say them: `40 s`, `1 min 54 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
