import type { RulePolicies, RuleView } from '@/backend';

/** Unsaved policies, by field. */
export type Drafts = Readonly<Record<string, RulePolicies>>;

export type RuleFilter = 'all' | 'problems' | 'off';

/** The policies of a rule as they are saved. */
export function savedPolicies(rule: RuleView): RulePolicies {
  return { field: rule.field, write: rule.write, blank: rule.blank, length: rule.length };
}

/** The policies of a rule as they stand on the screen. */
export function policiesOf(rule: RuleView, drafts: Drafts): RulePolicies {
  return drafts[rule.field] ?? savedPolicies(rule);
}

/** The drafts after a choice; a choice that returns to what is saved is no change. */
export function choose(drafts: Drafts, rule: RuleView, part: Partial<RulePolicies>): Drafts {
  const next = { ...policiesOf(rule, drafts), ...part };
  const saved = savedPolicies(rule);
  const same = next.write === saved.write && next.blank === saved.blank && next.length === saved.length;
  const { [rule.field]: _, ...others } = drafts;
  return same ? others : { ...others, [rule.field]: next };
}

/** The rules a search and a filter leave. */
export function visibleRules(
  rules: ReadonlyArray<RuleView>,
  drafts: Drafts,
  filter: RuleFilter,
  search: string,
): Array<RuleView> {
  const words = search.trim().toLowerCase();
  return rules.filter((rule) => {
    const kept =
      filter === 'all' || (filter === 'problems' ? rule.problem !== null : policiesOf(rule, drafts).write === 'never');
    const text = `${rule.source} ${rule.source_label} ${rule.field} ${rule.field_label}`.toLowerCase();
    return kept && text.includes(words);
  });
}
