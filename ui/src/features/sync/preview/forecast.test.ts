import { describe, expect, it } from 'vitest';
import type { ForecastView } from '@/backend';
import { callsInWords, callsOf, leftInWords, timeFromWords, timeInWords, tooFewCalls, waitInWords } from './forecast';

const forecast = (change: Partial<ForecastView> = {}): ForecastView => ({
  check_calls: 4,
  write_calls: 5,
  verify_calls: 5,
  calls_left: 98_220,
  calls_limit: 100_000,
  calls_usable: null,
  seconds: 28,
  timed_runs: 0,
  ...change,
});
const nothing = { check_calls: 0, write_calls: 0, verify_calls: 0 };

describe('what a run will cost', () => {
  it('adds up checks, writes and reading back', () => {
    expect(callsOf(forecast())).toBe(14);
    expect(callsInWords(forecast())).toBe('About 14 API calls');
    expect(callsInWords(forecast({ ...nothing, write_calls: 1 }))).toBe('About 1 API call');
    expect(callsInWords(forecast({ check_calls: 1_200 }))).toBe('About 1,210 API calls');
  });

  it('says what is left as far as the org does', () => {
    expect(leftInWords(forecast())).toBe('98,220 of 100,000 left in the last 24 hours');
    expect(leftInWords(forecast({ calls_limit: null }))).toBe('98,220 left');
    expect(leftInWords(forecast({ calls_left: null }))).toBeNull();
    expect(leftInWords(forecast({ calls_left: 0 }))).toBe('0 of 100,000 left in the last 24 hours');
  });

  it('rounds minutes up', () => {
    expect(timeInWords(forecast({ seconds: 0 }))).toBe('under a minute');
    expect(timeInWords(forecast({ seconds: 59 }))).toBe('under a minute');
    expect(timeInWords(forecast({ seconds: 60 }))).toBe('about 1 minute');
    expect(timeInWords(forecast({ seconds: 61 }))).toBe('about 2 minutes');
    expect(timeInWords(forecast({ seconds: 72_000 }))).toBe('about 20 hours');
  });

  it('says what the time is reckoned from', () => {
    expect(timeFromWords(forecast())).toContain('a guess');
    expect(timeFromWords(forecast({ timed_runs: 1 }))).toContain('the last run to this org');
    expect(timeFromWords(forecast({ timed_runs: 5 }))).toContain('the last 5 runs to this org');
  });

  it('warns where the last calls are left to others, and says that a run waits', () => {
    const few = forecast({ calls_left: 5_010, calls_usable: 10 });
    expect(tooFewCalls(few)).toBe(true);
    expect(waitInWords(few)).toContain('only 10 can be made now');
    expect(waitInWords(forecast({ calls_left: 4_000, calls_usable: 0 }))).toContain('none can be made now');
    expect(tooFewCalls(forecast({ calls_left: 5_014, calls_usable: 14 }))).toBe(false);
  });

  it('warns where the org has fewer calls left than the run makes', () => {
    expect(tooFewCalls(forecast({ calls_left: 13 }))).toBe(true);
    expect(tooFewCalls(forecast({ calls_left: 14 }))).toBe(false);
    expect(tooFewCalls(forecast({ calls_left: null }))).toBe(false);
  });
});
