import { describe, expect, it } from 'vitest';
import { oldestReading, staleSources } from './age';

const now = new Date('2026-11-21T09:30:00Z');
const fresh = { source: 1, name: 'Alguna', pulled_at: '2026-11-21T09:20:00Z', reachable: true };
const old = { source: 2, name: 'ProfitWell', pulled_at: '2026-11-19T09:20:00Z', reachable: true };
const gone = { source: 3, name: 'Alguna EU', pulled_at: '2026-11-21T09:25:00Z', reachable: false };
const never = { source: 4, name: 'New', pulled_at: null, reachable: true };

describe('the age of sources', () => {
  it('marks what is unreachable or a day old, and not what was never read', () => {
    expect(staleSources([fresh, old, gone, never], now).map((one) => one.source)).toEqual([2, 3]);
  });

  it('gives the oldest reading', () => {
    expect(oldestReading([fresh, old])).toBe(old.pulled_at);
    expect(oldestReading([fresh, never])).toBeNull();
    expect(oldestReading([])).toBeNull();
  });
});
