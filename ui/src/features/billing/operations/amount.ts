import { formatCount } from '@/components';

/** `49` or `49.00` in cents, as digits; `null` where it is no such amount. */
export function centsOf(text: string): string | null {
  const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return null;
  const [, whole = '', fraction = ''] = match;
  return `${whole}${fraction.padEnd(2, '0')}`.replace(/^0+(?=\d)/, '');
}

/** `= 4,900 cents for ProfitWell`; empty where the amount cannot be read. */
export function centsSentence(text: string): string {
  const cents = centsOf(text);
  if (cents === null || cents.length > 15) return '';
  return `= ${formatCount(Number(cents))} ${cents === '1' ? 'cent' : 'cents'} for ProfitWell`;
}
