import { describe, expect, it } from 'vitest';
import { axisOf, scaleOf, shortFigure, ticksOf } from './scale';

describe('axes', () => {
  it('end at round figures around the values', () => {
    expect(scaleOf([381_000, 428_315], { zero: false }).ticks).toEqual([380_000, 400_000, 420_000, 440_000]);
    expect(scaleOf([900, -300], { zero: true, steps: 4 }).domain).toEqual([-500, 1000]);
    expect(scaleOf([], { zero: false }).ticks.length).toBeGreaterThan(1);
  });

  it('hold one height, nothing at all, and more than any book has', () => {
    for (const values of [[0], [500], [-500], [1e21, 1.5e21], [0.01, 0.02], [-1e15, 3]]) {
      for (const zero of [true, false]) {
        const { domain, ticks } = scaleOf(values, { zero });
        expect(domain[0]).toBeLessThanOrEqual(Math.min(...values));
        expect(domain[1]).toBeGreaterThanOrEqual(Math.max(...values));
        expect(ticks.length, `${values}`).toBeLessThan(12);
        expect(new Set(ticks).size).toBe(ticks.length);
      }
    }
  });

  it('have words that differ', () => {
    const { ticks } = scaleOf([83_333_362_524, 83_333_364_300], { zero: false });
    const { write } = axisOf(ticks);
    expect(new Set(ticks.map(write)).size).toBe(ticks.length);
    expect([440_000, 1_500_000, 2e9, -250, 2e21].map((one) => shortFigure(one))).toEqual([
      '440k',
      '1.5m',
      '2bn',
      '−250',
      '2e21',
    ]);
  });

  it('name both ends and some months between', () => {
    const months = Array.from({ length: 12 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`);
    expect(ticksOf(months, 5)).toEqual(['2026-01', '2026-04', '2026-07', '2026-09', '2026-12']);
    expect(ticksOf(['2026-01'], 5)).toEqual(['2026-01']);
    expect(ticksOf([], 5)).toEqual([]);
  });
});
