/** Days as plain dates: no time zone has a say. */
export interface Month {
  year: number;
  /** From 1. */
  month: number;
}

const two = (part: number) => String(part).padStart(2, '0');
const iso = (at: Date) => `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
const utc = (day: string) => new Date(`${day}T00:00:00Z`);

/** Today in UTC, which is how ProfitWell counts days. */
export const today = (now = new Date()): string => iso(now);

/** Whether a text is a day that exists. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text).getTime()) && iso(utc(text)) === text;
}

export function plusDays(day: string, days: number): string {
  const at = utc(day);
  at.setUTCDate(at.getUTCDate() + days);
  return iso(at);
}

/** The same day of another month, or that month's last. */
export function plusMonths(day: string, months: number): string {
  const at = utc(day);
  const wanted = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() + months);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(wanted, last));
  return iso(at);
}

export const monthOf = (day: string): Month => ({ year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)) });

/** The weeks that show a month, Monday first; days of its neighbours included. */
export function weeksOf({ year, month }: Month): string[][] {
  const first = `${String(year).padStart(4, '0')}-${two(month)}-01`;
  const start = plusDays(first, -((utc(first).getUTCDay() + 6) % 7));
  const weeks: string[][] = [];
  for (let day = start; weeks.length < 6; ) {
    const week = Array.from({ length: 7 }, (_, at) => plusDays(day, at));
    weeks.push(week);
    day = plusDays(day, 7);
    if (day.slice(0, 7) > first.slice(0, 7)) break;
  }
  return weeks;
}
