import { describe, expect, it } from 'vitest';
import { planName } from './columns';
import { EVERYTHING, filterOf, narrows, paramsOf, pathWith, requestOf, sortedBy, switched } from './filter';
import { statusWord } from './Status';

describe('the filter of subscriptions', () => {
  it('is no filter when only the order differs', () => {
    expect(narrows({ ...EVERYTHING, sort: 'mrr', descending: true })).toBe(false);
    expect(narrows({ ...EVERYTHING, currency: ['EUR'] })).toBe(true);
    expect(narrows({ ...EVERYTHING, search: '   ' })).toBe(false);
  });

  it('goes into an address and comes back', () => {
    const filter = {
      ...EVERYTHING,
      search: 'edge & söhne',
      source: 3,
      status: ['past_due', ''],
      currency: ['USD'],
      plan: ['Team, Add-on', ''],
    };
    expect(filterOf(new URLSearchParams(paramsOf(filter).toString()))).toEqual(filter);
    expect(pathWith('/subscriptions', EVERYTHING)).toBe('/subscriptions');
    // Beside a customer the source only says whose it is.
    expect(filterOf(new URLSearchParams('source=3&customer=c')).source).toBe(null);
  });

  it('asks for trimmed words', () => {
    expect(requestOf({ ...EVERYTHING, search: ' edge ' }).search).toBe('edge');
  });

  it('starts revenue with the largest and turns round on the second click', () => {
    const once = sortedBy(EVERYTHING, 'mrr');
    expect([once.sort, once.descending]).toEqual(['mrr', true]);
    const twice = sortedBy(once, 'mrr');
    expect([twice.sort, twice.descending]).toEqual(['mrr', false]);
    expect(sortedBy(once, 'plan').descending).toBe(false);
  });

  it('switches a value on and off', () => {
    expect(switched(['USD'], 'EUR')).toEqual(['USD', 'EUR']);
    expect(switched(['USD', 'EUR'], 'USD')).toEqual(['EUR']);
  });
});

describe('words of a row', () => {
  it('prefers a name to an id', () => {
    expect(planName({ plan: 'Growth 2026', name: 'Growth for Edge' })).toBe('Growth 2026');
    expect(planName({ plan: 'pln_growth', name: 'Growth for Edge' })).toBe('Growth for Edge');
    expect(planName({ plan: 'pln_growth', name: null })).toBe('pln_growth');
    expect(planName({ plan: null, name: null })).toBeNull();
  });

  it('writes a status as a word', () => {
    expect(statusWord('past_due')).toBe('Past due');
    expect(statusWord('Active')).toBe('Active');
  });
});
