import { describe, expect, it } from 'vitest';
import {
  actOf,
  contradicted,
  decidedIn,
  likeliest,
  makesRecords,
  nextWhere,
  openOf,
  sameDecision,
  settledAfter,
  sumOf,
  undecided,
} from './decisions';
import { countsOf, matchOf, proposalOf } from './testData';

describe('records of their own', () => {
  it('are made but where customers share Accounts', () => {
    expect(makesRecords({ pack: 'profitwell' })).toBe(true);
    expect(makesRecords({ pack: 'profitwell_account' })).toBe(false);
  });
});

describe('counts', () => {
  it('add up every group, and leave open what nobody decided', () => {
    expect(sumOf(countsOf({ found: 1, not_found: 10, proposed: 100, conflicts: 1000, apart: 10000 }))).toBe(11111);
    expect(openOf(countsOf({ proposed: 5, conflicts: 2, decided: 3 }))).toBe(4);
  });

  it('follow a decision about what matching left open, and no other', () => {
    const page = { rows: [matchOf()], total: 1, counts: countsOf({ decided: 2 }) };
    const ignore = { kind: 'ignore' } as const;
    expect(decidedIn(page, matchOf(), ignore).counts.decided).toBe(3);
    expect(decidedIn(page, matchOf(), ignore).rows[0]?.decision).toEqual(ignore);
    expect(decidedIn(page, matchOf({ decision: ignore }), { kind: 'create_new' }).counts.decided).toBe(2);
    expect(decidedIn(page, matchOf({ decision: ignore }), null).counts.decided).toBe(1);
    expect(decidedIn(page, matchOf({ state: 'not_found' }), ignore).counts.decided).toBe(2);
  });
});

describe('decisions about settled customers', () => {
  const row = matchOf({ state: 'apart', proposals: [], decision: { kind: 'ignore' } });

  it('count until they are back to what they were', () => {
    const once = settledAfter({}, row, null);
    expect(Object.keys(once)).toEqual([row.customer]);
    const twice = settledAfter(once, { ...row, decision: null }, { kind: 'create_new' });
    expect(Object.keys(twice)).toEqual([row.customer]);
    expect(settledAfter(twice, { ...row, decision: { kind: 'create_new' } }, { kind: 'ignore' })).toEqual({});
  });

  it('count where one that made a conflict is taken back, until the next one', () => {
    const accepted = { kind: 'accept', record: '001A' } as const;
    const row = matchOf({ state: 'conflict', problem: 'Record 001A also matches “b”.', decision: accepted });
    expect(contradicted(row)).toBe(true);
    expect(contradicted({ ...row, decision: { kind: 'accept', record: '001B' } })).toBe(false);
    expect(undecided(row)).toBe(true);
    const once = settledAfter({}, row, null);
    expect(Object.keys(once)).toEqual([row.customer]);
    expect(settledAfter(once, { ...row, decision: null }, { kind: 'ignore' })).toEqual({});
  });

  it('are none where matching left the customer open', () => {
    expect(settledAfter({}, matchOf(), { kind: 'ignore' })).toEqual({});
  });

  it('tell two accepted records apart', () => {
    expect(sameDecision({ kind: 'accept', record: 'a' }, { kind: 'accept', record: 'b' })).toBe(false);
    expect(sameDecision({ kind: 'accept', record: 'a' }, { kind: 'accept', record: 'a' })).toBe(true);
    expect(sameDecision(null, null)).toBe(true);
    expect(sameDecision(null, { kind: 'ignore' })).toBe(false);
  });
});

describe('what can be accepted', () => {
  it('is the best that belongs to nobody else', () => {
    const taken = proposalOf({ score: 95, taken_by: 'other' });
    const free = proposalOf({ record: { id: '001B', name: 'B', url: null }, score: 60 });
    expect(likeliest(matchOf({ proposals: [taken, free] }))?.record.id).toBe('001B');
    expect(likeliest(matchOf({ proposals: [taken] }))).toBeUndefined();
  });
});

describe('keys', () => {
  it('mean actions in either case, figures a proposal, and others nothing', () => {
    expect(actOf('a')).toBe('accept');
    expect(actOf('N')).toBe('next');
    expect(actOf('Escape')).toBe('close');
    expect(actOf('2')).toEqual({ accept: 1 });
    expect(actOf('0')).toBeNull();
    expect(actOf('x')).toBeNull();
  });
});

describe('the next undecided', () => {
  const decided = matchOf({ decision: { kind: 'ignore' } });
  const rows = [matchOf(), decided, decided, matchOf()];

  it('is below, then around, and never the same twice while another waits', async () => {
    expect(await nextWhere(0, 4, (index) => rows[index], undecided)).toBe(3);
    expect(await nextWhere(3, 4, async (index) => rows[index], undecided)).toBe(0);
  });

  it('is none when all are decided, or settled', async () => {
    expect(await nextWhere(1, 2, () => decided, undecided)).toBeNull();
    expect(await nextWhere(0, 0, () => decided, undecided)).toBeNull();
    expect(await nextWhere(0, 3, () => matchOf({ state: 'found' }), undecided)).toBeNull();
  });
});
