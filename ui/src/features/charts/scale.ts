/** Axes: figures there are approximate on purpose; the exact ones stand beside, in the tips and in the table. */

export interface Scale {
  domain: [number, number];
  ticks: Array<number>;
}

/** A step of 1, 2, 2.5 or 5 times a power of ten, for about so many steps. */
function stepOf(span: number, steps: number): number {
  const rough = span / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** Round ends around the values, and the lines between. `zero` draws the axis through zero. */
export function scaleOf(values: ReadonlyArray<number>, { zero, steps = 3 }: { zero: boolean; steps?: number }): Scale {
  const finite = values.filter(Number.isFinite);
  const all = zero || finite.length === 0 ? [...finite, 0] : finite;
  let low = Math.min(...all);
  let high = Math.max(...all);
  if (low === high) {
    // One height: it is drawn in the middle, or stands on zero.
    const room = Math.max(Math.abs(high) * 0.1, 1);
    low = zero ? Math.min(low, 0) : low - room;
    high = high + room;
  }
  const step = stepOf(high - low, steps);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  // Adding a step up again and again would add its rounding up, too.
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  return { domain: [ticks[0] ?? low, ticks.at(-1) ?? high], ticks };
}

const UNITS: ReadonlyArray<[number, string]> = [
  [1e12, 'tn'],
  [1e9, 'bn'],
  [1e6, 'm'],
  [1e3, 'k'],
];

/** `440000` → `440k`; larger than any unit reads `2e21`. */
export function shortFigure(value: number, decimals?: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size >= 1e16) return sign + size.toPrecision(2).replace(/\.?0*e\+/, 'e');
  const [unit, word] = UNITS.find(([one]) => size >= one) ?? [1, ''];
  const places = decimals === undefined ? {} : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const figure = Number((size / unit).toPrecision(decimals === undefined ? 4 : 15));
  return `${sign}${figure.toLocaleString('en-US', places)}${word}`;
}

/** The words of an axis: as short as leaves each its own, and how wide they are in pixels. */
export function axisOf(ticks: ReadonlyArray<number>): { write: (value: number) => string; width: number } {
  const plain = (value: number) => shortFigure(value);
  const ways = [plain, ...[2, 3, 4].map((decimals) => (value: number) => shortFigure(value, decimals))];
  const whole = (value: number) => value.toLocaleString('en-US').replace('-', '−');
  const distinct = (write: (value: number) => string) => new Set(ticks.map(write)).size === ticks.length;
  const write = ways.find(distinct) ?? whole;
  const longest = Math.max(0, ...ticks.map((tick) => write(tick).length));
  return { write, width: Math.max(44, Math.round(longest * 6.8) + 18) };
}

/** Which of the months have a word below the axis: both ends, and some evenly between. */
export function ticksOf(months: ReadonlyArray<string>, most: number): Array<string> {
  const gaps = months.length - 1;
  if (gaps < 1) return [...months];
  const count = Math.min(most - 1, gaps);
  const places = Array.from({ length: count + 1 }, (_, at) => Math.round((at * gaps) / count));
  return [...new Set(places)].map((place) => months[place] ?? '');
}
