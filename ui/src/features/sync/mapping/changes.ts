import type { FieldChoiceView, MappingView, RuleDraft, RuleView } from '@/backend';

/** Rules that are not saved, and the version they were made on. */
export interface Draft {
  basedOn: number;
  rules: ReadonlyArray<RuleDraft>;
}

export type RuleFilter = 'all' | 'problems' | 'warnings' | 'off';

/** A rule as it is saved, ready to be changed. */
export function draftOf(rule: RuleView): RuleDraft {
  const { field, source, write, blank, length } = rule;
  return { field, source, write, blank, length };
}

/** The rules of a mapping, ready to be changed. */
export function rulesOf(view: MappingView): Array<RuleDraft> {
  return view.rules.map(draftOf);
}

function same(one: RuleDraft, other: RuleDraft): boolean {
  return (
    one.source === other.source && one.write === other.write && one.blank === other.blank && one.length === other.length
  );
}

/** The fields whose rule is not as it is saved: changed, added or removed. */
export function changedFields(saved: ReadonlyArray<RuleDraft>, now: ReadonlyArray<RuleDraft>): Set<string> {
  const before = new Map(saved.map((rule) => [rule.field, rule]));
  const changed = new Set<string>();
  for (const rule of now) {
    const old = before.get(rule.field);
    if (!old || !same(old, rule)) changed.add(rule.field);
    before.delete(rule.field);
  }
  for (const field of before.keys()) changed.add(field);
  return changed;
}

/** The rules with one of them changed. */
export function changeRule(rules: ReadonlyArray<RuleDraft>, field: string, part: Partial<RuleDraft>): Array<RuleDraft> {
  return rules.map((rule) => (rule.field === field ? { ...rule, ...part } : rule));
}

/** A rule for a field nothing fills yet. */
export function newRule(field: string): RuleDraft {
  return { field, source: '', write: 'always', blank: 'leave', length: 'block' };
}

/** Whether a source is an expression, as the engine tells it: by its braces. */
export function isExpression(source: string): boolean {
  return ['{{', '{%', '{#'].some((open) => source.includes(open));
}

/** The name by which an expression reads a value of the source: `pack.subscription.value`. */
export function nameInExpressions(value: string): string {
  return `pack.${value}`;
}

/** What a row shows of a rule that was not checked yet: what is known of its field. */
export function uncheckedView(rule: RuleDraft, field: FieldChoiceView | undefined): RuleView {
  const expression = isExpression(rule.source);
  return {
    ...rule,
    expression,
    source_label: expression ? 'Expression' : rule.source || 'Nothing yet',
    explanation: '',
    source_kind: expression ? 'Expression' : 'Text',
    sample: null,
    sample_problem: null,
    field_label: field?.label ?? rule.field,
    field_kind: field?.kind ?? null,
    external_id: false,
    has_length: field ? /^(Text|Email|URL)/.test(field.kind) : true,
    required: field?.required ?? false,
    problems: [],
  };
}

/** Each rule with what is known about it, in the order of the rules. */
export function rowsOf(
  rules: ReadonlyArray<RuleDraft>,
  views: ReadonlyArray<RuleView>,
  fields: ReadonlyArray<FieldChoiceView>,
): Array<RuleView> {
  const known = new Map(views.map((view) => [view.field, view]));
  return rules.map((rule) => {
    const view = known.get(rule.field);
    if (!view) {
      return uncheckedView(
        rule,
        fields.find((field) => field.name === rule.field),
      );
    }
    const { write, blank, length } = rule;
    if (view.source !== rule.source.trim()) {
      const label = isExpression(rule.source) ? 'Expression' : view.source_label;
      return {
        ...view,
        source: rule.source,
        expression: isExpression(rule.source),
        source_label: label,
        write,
        blank,
        length,
      };
    }
    return { ...view, write, blank, length };
  });
}

/** Whether something of a rule keeps plans from being made, or records from being written. */
export function hasProblem(rule: RuleView): boolean {
  return rule.problems.some((problem) => problem.severity !== 'warns');
}

/** Whether something of a rule may not be what was meant. */
export function hasWarning(rule: RuleView): boolean {
  return rule.problems.some((problem) => problem.severity === 'warns');
}

/** The rows a search and a filter leave. */
export function visibleRules(rows: ReadonlyArray<RuleView>, filter: RuleFilter, search: string): Array<RuleView> {
  const words = search.trim().toLowerCase();
  return rows.filter((rule) => {
    const kept =
      filter === 'all' ||
      (filter === 'problems' && hasProblem(rule)) ||
      (filter === 'warnings' && hasWarning(rule)) ||
      (filter === 'off' && rule.write === 'never');
    const source = rule.expression ? rule.source : nameInExpressions(rule.source);
    const text = `${source} ${rule.source_label} ${rule.field} ${rule.field_label}`.toLowerCase();
    return kept && text.includes(words);
  });
}

/** Fields by label or API name, for the picker. */
export function findFields(fields: ReadonlyArray<FieldChoiceView>, search: string): Array<FieldChoiceView> {
  const words = search.trim().toLowerCase().split(/\s+/);
  return fields.filter((field) => {
    const text = `${field.label} ${field.name} ${field.kind}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A name or filter put into an expression where the cursor stands; gives the text and the cursor after it. */
export function insertTerm(
  text: string,
  at: number,
  kind: 'name' | 'filter' | 'test',
  usage: string,
): { text: string; at: number } {
  const before = text.slice(0, at);
  const inside =
    Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%')) >
    Math.max(before.lastIndexOf('}}'), before.lastIndexOf('%}'));
  const spaced = inside && !/\s$/.test(before) ? ` ${usage}` : usage;
  // Outside braces a name makes its own; a filter goes to what the last braces hold.
  if (inside) return { text: before + spaced + text.slice(at), at: at + spaced.length };
  if (kind === 'name') {
    const put = `{{ ${usage} }}`;
    return { text: before + put + text.slice(at), at: at + put.length };
  }
  const close = before.lastIndexOf('}}');
  if (close < 0) return { text: before + usage + text.slice(at), at: at + usage.length };
  const held = text.slice(0, close).replace(/\s+$/, '');
  const put = `${held} ${usage} }}`;
  return { text: put + text.slice(close + 2), at: put.length };
}

/** Where a line and a character stand in a text, both from 1. */
export function placeIn(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  // The engine counts characters, the text area counts what they are made of.
  const within = Array.from(lines[line - 1] ?? '').slice(0, column - 1);
  return Math.min(text.length, before + within.join('').length);
}
