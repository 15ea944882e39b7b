import { describe, expect, it } from 'vitest';
import { plural, sumOfActions, sumOfOutcomes } from './words';

describe('words', () => {
  it('makes the plural of an sObject', () => {
    expect(plural('Account')).toBe('Accounts');
  });

  it('counts every one of the eight outcomes', () => {
    const counts = {
      created: 1,
      updated: 10,
      unchanged: 100,
      skipped: 1000,
      blocked: 10000,
      rejected: 100000,
      held: 1000000,
      unknown: 10000000,
      deleted: 100000000,
    };
    expect(sumOfOutcomes(counts)).toBe(111111111);
  });

  it('counts every one of the five actions', () => {
    expect(sumOfActions({ create: 1, update: 10, unchanged: 100, skipped: 1000, blocked: 10000, delete: 100000 })).toBe(
      111111,
    );
  });
});
