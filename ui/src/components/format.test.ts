import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatCount,
  formatCountOf,
  formatDate,
  formatDecimal,
  formatMoment,
  formatMoney,
  formatPercent,
  formatSeconds,
  formatTime,
  formatWhen,
} from './format';

describe('money', () => {
  it.each([
    ['1450', '1,450.00'],
    ['0', '0.00'],
    ['0.5', '0.50'],
    ['1234567.891', '1,234,567.89'],
    ['0.005', '0.01'],
    ['0.0049', '0.00'],
    ['999.995', '1,000.00'],
    ['-12.3', '−12.30'],
    ['-0.001', '0.00'],
    // More digits than a float can hold.
    ['12345678901234567890.12', '12,345,678,901,234,567,890.12'],
  ])('%s reads %s', (text, read) => expect(formatMoney(text)).toBe(read));

  it('leaves what is no decimal as it is', () => expect(formatMoney('n/a')).toBe('n/a'));
});

describe('figures', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [2136, '2,136'],
    [1_000_000, '1,000,000'],
    [-7204, '−7,204'],
  ])('count %s reads %s', (count, read) => expect(formatCount(count)).toBe(read));

  it('keeps the digits of a decimal', () => {
    expect(formatDecimal('1234.5')).toBe('1,234.5');
    expect(formatDecimal('19')).toBe('19');
  });

  it('says one record and two records', () => {
    expect(formatCountOf(1, 'record')).toBe('1 record');
    expect(formatCountOf(2136, 'record')).toBe('2,136 records');
    expect(formatCountOf(0, 'check needs', 'checks need')).toBe('0 checks need');
  });

  it('never rounds up to done', () => {
    expect(formatPercent(0.66)).toBe('66%');
    expect(formatPercent(0.999)).toBe('99%');
    expect(formatPercent(1)).toBe('100%');
  });
});

describe('dates', () => {
  it('does not move a day, whatever the time zone', () => {
    expect(formatDate('2027-03-01')).toBe('1 Mar 2027');
    expect(formatDate('2026-12-31T23:59:59-11:00')).toBe('31 Dec 2026');
  });

  it('shows a moment where the person is', () => {
    const at = new Date(2026, 10, 21, 9, 5);
    expect(formatMoment(at.toISOString())).toBe('21 Nov 2026, 09:05');
    expect(formatTime(at.toISOString())).toBe('09:05');
  });

  it('names today and yesterday', () => {
    const now = new Date(2026, 10, 21, 12, 0);
    expect(formatWhen(new Date(2026, 10, 21, 9, 28).toISOString(), now)).toBe('today 09:28');
    expect(formatWhen(new Date(2026, 10, 20, 17, 20).toISOString(), now)).toBe('yesterday 17:20');
    expect(formatWhen(new Date(2026, 10, 18, 16, 20).toISOString(), now)).toBe('18 Nov 2026, 16:20');
    expect(formatWhen(new Date(2025, 10, 21, 9, 0).toISOString(), now)).toBe('21 Nov 2025, 09:00');
  });

  it('says an age in one unit', () => {
    const now = new Date('2026-11-21T12:00:00Z');
    expect(formatAge('2026-11-21T11:59:40Z', now)).toBe('just now');
    expect(formatAge('2026-11-21T11:57:00Z', now)).toBe('3 min ago');
    expect(formatAge('2026-11-21T11:00:00Z', now)).toBe('1 hour ago');
    expect(formatAge('2026-11-16T11:00:00Z', now)).toBe('5 days ago');
  });

  it('says seconds as people do', () => {
    expect(formatSeconds(40)).toBe('40 s');
    expect(formatSeconds(114)).toBe('1 min 54 s');
    expect(formatSeconds(7500)).toBe('2 h 5 min');
  });
});
