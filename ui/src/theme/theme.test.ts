import { describe, expect, it } from 'vitest';
import { cssVariablesResolver, theme } from './theme';
import { dark, fixed, light, type Token } from './tokens';

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The ratio of WCAG 2: 1 to 21. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const TONES = ['create', 'update', 'unchanged', 'skipped', 'blocked', 'held', 'rejected', 'unknown'] as const;

/** Ink, ground, and the least ratio: 4.5 for text, 3 for the edges of controls. */
const PAIRS: [Token, Token, number][] = [
  ...(['text', 'text-2', 'text-3', 'accent-ink'] as const).flatMap((ink): [Token, Token, number][] => [
    [ink, 'surface', 4.5],
    [ink, 'bg', 4.5],
    [ink, 'sunken', 4.5],
    [ink, 'hover', 4.5],
    [ink, 'accent-tint', 4.5],
  ]),
  ['text-on', 'accent', 4.5],
  ['text-on', 'accent-hover', 4.5],
  ['text-on', 'sandbox', 4.5],
  ['sandbox-ink', 'sandbox-band', 4.5],
  ['sandbox-ink-2', 'sandbox-band', 4.5],
  ['production-ink', 'production-tint', 4.5],
  ['surface', 'text-3', 4.5],
  ...(['c1', 'c2', 'c3', 'c4', 'c5'] as const).map((line): [Token, Token, number] => [line, 'surface', 3]),
  ['line-control', 'surface', 3],
  ['focus', 'surface', 3],
  ['focus', 'bg', 3],
  ...TONES.flatMap((tone): [Token, Token, number][] => [
    [tone, 'surface', 4.5],
    [tone, 'bg', 4.5],
    [tone, `${tone}-tint`, 4.5],
    ['text-2', `${tone}-tint`, 4.5],
  ]),
];

describe('the contrast that a person measures', () => {
  it('knows black on white', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5);
    expect(contrast('#616979', '#FFFFFF')).toBeCloseTo(5.5, 1);
  });

  for (const [name, scheme] of [
    ['light', light],
    ['dark', dark],
  ] as const) {
    it.each(PAIRS)(`${name}: %s on %s is at least %s`, (ink, ground, least) => {
      expect(contrast(scheme[ink], scheme[ground])).toBeGreaterThanOrEqual(least);
    });
  }

  it('holds on the production red', () => {
    expect(contrast(fixed['production-on'], fixed.production)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(fixed['production-on-2'], fixed.production)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(fixed['production-on'], fixed['production-line'])).toBeGreaterThanOrEqual(4.5);
  });
});

describe('the variables', () => {
  // The resolver does not look at the theme it is given.
  const resolved = cssVariablesResolver(theme as Parameters<typeof cssVariablesResolver>[0]);

  it('gives both schemes the same names', () => {
    expect(Object.keys(resolved.dark).sort()).toEqual(Object.keys(resolved.light).sort());
    expect(resolved.light['--db-accent']).toBe(light.accent);
    expect(resolved.dark['--db-accent']).toBe(dark.accent);
  });

  it('keeps production out of the reach of schemes', () => {
    expect(resolved.variables['--db-production']).toBe('#B4142C');
    for (const scheme of [resolved.light, resolved.dark]) {
      expect(scheme).not.toHaveProperty('--db-production');
      expect(scheme).not.toHaveProperty('--db-production-on');
    }
  });
});
