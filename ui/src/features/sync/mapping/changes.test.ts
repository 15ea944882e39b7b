import { describe, expect, it } from 'vitest';
import type { RuleView } from '@/backend';
import { choose, visibleRules } from './changes';

const rule: RuleView = {
  source: 'subscription.value',
  source_label: 'Value per interval',
  explanation: 'MRR times the months of the interval.',
  source_kind: 'Decimal',
  sample: { kind: 'money', text: '1450' },
  field: 'Alguna_Subscription_Value__c',
  field_label: 'Alguna Subscription Value',
  field_kind: 'Currency 8, 2',
  external_id: false,
  has_length: false,
  write: 'always',
  blank: 'leave',
  length: 'block',
  problem: null,
};

describe('unsaved policies', () => {
  it('counts a change, and no change when it is taken back', () => {
    const changed = choose({}, rule, { write: 'never' });
    expect(Object.keys(changed)).toEqual([rule.field]);
    expect(choose(changed, rule, { write: 'always' })).toEqual({});
  });

  it('keeps the changes of other rules', () => {
    const other = { ...rule, field: 'Other__c' };
    const drafts = choose(choose({}, rule, { blank: 'clear' }), other, { write: 'if_empty' });
    expect(Object.keys(drafts).sort()).toEqual(['Alguna_Subscription_Value__c', 'Other__c']);
    expect(Object.keys(choose(drafts, other, { write: 'always' }))).toEqual([rule.field]);
  });
});

describe('the filter', () => {
  it('shows rules that are off, as the screen has them', () => {
    expect(visibleRules([rule], {}, 'off', '')).toEqual([]);
    expect(visibleRules([rule], choose({}, rule, { write: 'never' }), 'off', '')).toEqual([rule]);
  });

  it('shows rules with problems, and finds by source or field', () => {
    const bad = { ...rule, field: 'Bad__c', problem: 'The field is read only.' };
    expect(visibleRules([rule, bad], {}, 'problems', '')).toEqual([bad]);
    expect(visibleRules([rule, bad], {}, 'all', 'bad__')).toEqual([bad]);
    expect(visibleRules([rule, bad], {}, 'all', 'per interval')).toHaveLength(2);
  });
});
