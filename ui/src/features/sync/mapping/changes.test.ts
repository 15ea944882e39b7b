import { describe, expect, it } from 'vitest';
import type { FieldChoiceView, RuleDraft, RuleView } from '@/backend';
import {
  changedFields,
  changeRule,
  findFields,
  insertTerm,
  isExpression,
  newRule,
  placeIn,
  rowsOf,
  visibleRules,
} from './changes';

const draft = (field: string, more: Partial<RuleDraft> = {}): RuleDraft => ({
  ...newRule(field),
  source: 'customer.name',
  ...more,
});

const view: RuleView = {
  source: 'customer.name',
  expression: false,
  source_label: 'Customer name',
  explanation: 'The customer’s name.',
  source_kind: 'Text',
  sample: { kind: 'text', text: 'Burlington' },
  sample_problem: null,
  field: 'Name',
  field_label: 'Account Name',
  field_kind: 'Text 255',
  external_id: false,
  has_length: true,
  required: true,
  write: 'always',
  blank: 'leave',
  length: 'block',
  problems: [],
};

describe('unsaved rules', () => {
  const saved = [draft('Name'), draft('Site')];

  it('count what is changed, added and removed, and nothing that is taken back', () => {
    const changed = changeRule(saved, 'Name', { write: 'never' });
    expect([...changedFields(saved, changed)]).toEqual(['Name']);
    expect(changedFields(saved, changeRule(changed, 'Name', { write: 'always' })).size).toBe(0);
    expect([...changedFields(saved, [...saved, newRule('Industry')])]).toEqual(['Industry']);
    expect([...changedFields(saved, saved.slice(1))]).toEqual(['Name']);
    expect(changedFields(saved, [...saved].reverse()).size).toBe(0);
  });

  it('are shown with what is known of them, checked or not', () => {
    const industry: FieldChoiceView = {
      name: 'Industry',
      label: 'Industry',
      kind: 'Picklist',
      custom: false,
      required: false,
    };
    const rows = rowsOf([draft('Name', { source: '{{ customer.name }}' }), newRule('Industry')], [view], [industry]);
    expect(rows.map((row) => [row.field_label, row.source_label, row.field_kind, row.has_length])).toEqual([
      ['Account Name', 'Expression', 'Text 255', true],
      ['Industry', 'Nothing yet', 'Picklist', false],
    ]);
    expect(rowsOf([draft('Name', { blank: 'clear' })], [view], [])[0]?.blank).toBe('clear');
  });
});

describe('the filter', () => {
  it('shows rules that are off, with problems, or with the words', () => {
    const off = { ...view, field: 'Off__c', write: 'never' as const };
    const bad = {
      ...view,
      field: 'Bad__c',
      problems: [{ severity: 'stops' as const, message: 'Gone.', next_step: 'Look.' }],
    };
    const odd = {
      ...view,
      field: 'Odd__c',
      problems: [{ severity: 'warns' as const, message: 'Long.', next_step: '' }],
    };
    const rows = [view, off, bad, odd];
    expect(visibleRules(rows, 'off', '')).toEqual([off]);
    expect(visibleRules(rows, 'problems', '')).toEqual([bad]);
    expect(visibleRules(rows, 'all', 'bad__')).toEqual([bad]);
    expect(visibleRules(rows, 'all', 'pack.')).toHaveLength(4);
    expect(visibleRules(rows, 'all', 'customer name')).toHaveLength(4);
    expect(visibleRules(rows, 'warnings', '')).toEqual([odd]);
  });

  it('finds fields by label, API name and type', () => {
    const fields: FieldChoiceView[] = [
      { name: 'Seats__c', label: 'Licensed seats', kind: 'Number 8, 0', custom: true, required: false },
      { name: 'Site', label: 'Account Site', kind: 'Text 80', custom: false, required: false },
    ];
    expect(findFields(fields, 'seats number').map((one) => one.name)).toEqual(['Seats__c']);
    expect(findFields(fields, '')).toHaveLength(2);
  });
});

describe('an expression', () => {
  it('is told by its braces', () => {
    expect(isExpression('{{ customer.name }}')).toBe(true);
    expect(isExpression('{% if x %}1{% endif %}')).toBe(true);
    expect(isExpression('customer.name')).toBe(false);
  });

  it('takes a name or a filter where the cursor stands', () => {
    expect(insertTerm('', 0, 'name', 'customer.name')).toEqual({ text: '{{ customer.name }}', at: 19 });
    expect(insertTerm('{{  }}', 3, 'name', 'customer.name').text).toBe('{{ customer.name }}');
    expect(insertTerm('{{ customer.name }}', 16, 'filter', '| upper').text).toBe('{{ customer.name | upper }}');
    expect(insertTerm('{{ customer.name }}', 19, 'filter', '| upper').text).toBe('{{ customer.name | upper }}');
    expect(insertTerm('Hello ', 6, 'name', 'customer.name').text).toBe('Hello {{ customer.name }}');
  });

  it('is pointed into by line and character', () => {
    expect(placeIn('ab\n{{ x }}', 2, 4)).toBe(6);
    expect(placeIn('😀{{ x }}', 1, 5)).toBe(5);
    expect(placeIn('', 3, 9)).toBe(0);
  });
});
