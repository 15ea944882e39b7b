import { NativeSelect, UnstyledButton } from '@mantine/core';
import { IconArrowRight, IconBan, IconChevronDown, IconKey } from '@tabler/icons-react';
import type { BlankPolicyView, LengthPolicyView, RulePolicies, RuleView, WritePolicyView } from '@/backend';
import { Cell, StatusWord, TypeBadge } from '@/components';
import { BLANK_WORDS, LENGTH_WORDS, WRITE_WORDS } from '../shared/words';
import css from './mapping.module.css';

interface Props {
  rule: RuleView;
  sourceName: string;
  /** Whether there is a customer to show values of. */
  hasSample: boolean;
  policies: RulePolicies;
  changed: boolean;
  /** Whether the explanation is unfolded. */
  open: boolean;
  onOpen: () => void;
  onChoose: (part: Partial<RulePolicies>) => void;
}

function options<V extends string>(words: Record<V, string>): Array<{ value: V; label: string }> {
  return (Object.keys(words) as Array<V>).map((value) => ({ value, label: words[value] }));
}

const CHEVRON = <IconChevronDown size={12} stroke={2.2} aria-hidden />;
const WRITE = options(WRITE_WORDS);
const BLANK = options(BLANK_WORDS);
const LENGTH = options(LENGTH_WORDS);

/** One field rule: what comes from where, into which field, and its three policies. */
export function MappingRow(props: Props) {
  const { rule, policies, onChoose } = props;
  return (
    <section
      className={css.rule}
      aria-label={`${rule.source_label} to ${rule.field_label}`}
      data-problem={rule.problem !== null || undefined}
      data-open={props.open || undefined}
      data-off={policies.write === 'never' || undefined}
      data-changed={props.changed || undefined}
    >
      <div className={css.row}>
        <UnstyledButton className={css.pair} onClick={props.onOpen} aria-expanded={props.open} title={rule.explanation}>
          <span className={css.name}>{rule.source_label}</span>
          <span className={css.api}>{rule.source}</span>
          <TypeBadge type={rule.source_kind} />
        </UnstyledButton>
        <span className={css.value} data-testid={`sample-${rule.field}`}>
          {rule.sample ? (
            <Cell cell={rule.sample} />
          ) : (
            <span className={css.unknown}>{props.hasSample ? `${props.sourceName} does not say` : ''}</span>
          )}
        </span>
        <IconArrowRight size={16} className={css.arrow} aria-label="goes to" />
        <div className={css.pair}>
          <span className={css.name}>
            {rule.field_label}
            {rule.external_id ? <IconKey size={12} stroke={2.2} aria-label="External ID, unique" /> : null}
          </span>
          <span className={css.api}>{rule.field}</span>
          {rule.field_kind ? <TypeBadge type={rule.field_kind} /> : <StatusWord status="blocked">Missing</StatusWord>}
        </div>
        <NativeSelect
          className={css.select}
          rightSection={CHEVRON}
          aria-label={`When ${rule.field_label} is written`}
          data={WRITE}
          value={policies.write}
          disabled={rule.external_id}
          title={rule.external_id ? 'The external ID is always written: records are found by it' : undefined}
          onChange={(event) => onChoose({ write: event.currentTarget.value as WritePolicyView })}
        />
        <NativeSelect
          className={css.select}
          rightSection={CHEVRON}
          aria-label={`${rule.field_label} if the source is blank`}
          data={BLANK}
          value={policies.blank}
          disabled={rule.external_id}
          onChange={(event) => onChoose({ blank: event.currentTarget.value as BlankPolicyView })}
        />
        {rule.has_length ? (
          <NativeSelect
            className={css.select}
            rightSection={CHEVRON}
            aria-label={`${rule.field_label} if the text is too long`}
            data={LENGTH}
            value={policies.length}
            disabled={rule.external_id}
            onChange={(event) => onChoose({ length: event.currentTarget.value as LengthPolicyView })}
          />
        ) : (
          <span className={css.none}>does not apply</span>
        )}
      </div>
      {props.open ? (
        <div className={css.explain} data-testid="rule-explanation">
          {rule.explanation}
        </div>
      ) : null}
      {rule.problem ? (
        <div className={css.problem} role="note">
          <StatusWord tone="blocked" icon={IconBan}>
            {rule.problem}
          </StatusWord>
        </div>
      ) : null}
    </section>
  );
}
