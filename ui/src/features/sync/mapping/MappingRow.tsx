import { ActionIcon, NativeSelect, UnstyledButton } from '@mantine/core';
import { IconArrowRight, IconBraces, IconChevronDown, IconKey, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { BlankPolicyView, LengthPolicyView, RuleDraft, RuleView, WritePolicyView } from '@/backend';
import { Cell, StatusWord, TypeBadge } from '@/components';
import { BLANK_WORDS, LENGTH_WORDS, WRITE_WORDS } from '../shared/words';
import { hasProblem, nameInExpressions } from './changes';
import css from './mapping.module.css';
import { Problems } from './Problems';
import { NEEDS_ORG } from './Unreached';

interface Props {
  rule: RuleView;
  sourceName: string;
  /** Whether there is a customer to show values of. */
  hasSample: boolean;
  changed: boolean;
  /** Whether the org was not asked: nothing can be changed then. */
  off: boolean;
  /** Whether its editor is unfolded. */
  open: boolean;
  onOpen: () => void;
  onChange: (part: Partial<RuleDraft>) => void;
  onRemove: () => void;
  /** The editor. */
  children: ReactNode;
}

function options<V extends string>(words: Record<V, string>): Array<{ value: V; label: string }> {
  return (Object.keys(words) as Array<V>).map((value) => ({ value, label: words[value] }));
}

const CHEVRON = <IconChevronDown size={12} stroke={2.2} aria-hidden />;
const WRITE = options({ ...WRITE_WORDS, never: `${WRITE_WORDS.never} (off)` });
const BLANK = options(BLANK_WORDS);
const LENGTH = options(LENGTH_WORDS);

/** One field rule: what comes from where, into which field, its three policies, and its problems. */
export function MappingRow(props: Props) {
  const { rule, off, onChange } = props;
  const fixed = rule.external_id || off;
  const row = useRef<HTMLElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const { open } = props;
  // The same name an expression takes, so that it can be copied from here.
  const name = rule.expression || rule.source === '' ? rule.source : nameInExpressions(rule.source);
  // What was unfolded, or grew, is seen whole where there is room for it.
  useEffect(() => {
    if (open) row.current?.scrollIntoView?.({ block: 'nearest' });
  }, [open]);
  return (
    <section
      ref={row}
      className={css.rule}
      aria-label={`${rule.source_label} to ${rule.field_label}`}
      data-problem={hasProblem(rule) || undefined}
      data-open={props.open || undefined}
      data-off={rule.write === 'never' || undefined}
      data-changed={props.changed || undefined}
      data-testid={`rule-${rule.field}`}
      onKeyDown={(event) => {
        // A list of choices that is open takes the key for itself.
        const listed = event.target instanceof HTMLElement && event.target.getAttribute('aria-expanded') === 'true';
        if (props.open && event.key === 'Escape' && (!listed || event.target === opener.current)) {
          props.onOpen();
          opener.current?.focus();
        }
      }}
    >
      <div className={css.row}>
        <UnstyledButton
          ref={opener}
          className={`${css.pair} ${css.source}`}
          onClick={props.onOpen}
          aria-expanded={props.open}
          title={[rule.explanation, name].filter((part) => part !== '').join(' ')}
        >
          <span className={css.name}>{rule.source_label}</span>
          {rule.expression || name === '' ? (
            <span className={css.api}>{name || 'choose a value or write an expression'}</span>
          ) : (
            <span className={`${css.api} ${css.end}`}>
              <bdi>{name}</bdi>
            </span>
          )}
          {rule.expression ? (
            <span className={css.braces} title="Expression">
              <IconBraces size={14} stroke={1.9} aria-hidden />
            </span>
          ) : (
            <TypeBadge type={rule.source_kind} />
          )}
        </UnstyledButton>
        <span className={css.value} data-testid={`sample-${rule.field}`}>
          {rule.sample_problem ? (
            <span className={css.unfit} title={rule.sample_problem}>
              {rule.sample ? <Cell cell={rule.sample} /> : 'does not fit'}
            </span>
          ) : rule.sample ? (
            <Cell cell={rule.sample} />
          ) : (
            <span className={css.unknown}>
              {!props.hasSample || rule.source === ''
                ? ''
                : rule.expression
                  ? 'not known'
                  : `${props.sourceName} does not say`}
            </span>
          )}
        </span>
        <IconArrowRight size={16} className={css.arrow} aria-label="goes to" />
        <div className={css.pair}>
          <span className={css.name} title={rule.field_label}>
            {rule.field_label}
            {rule.external_id ? <IconKey size={12} stroke={2.2} aria-label="External ID, unique" /> : null}
          </span>
          <span className={css.api} title={rule.field}>
            {rule.field}
          </span>
          {rule.field_kind ? (
            <TypeBadge type={rule.field_kind} />
          ) : off ? (
            <span className={css.none}>not known</span>
          ) : (
            <StatusWord status="blocked">Missing</StatusWord>
          )}
        </div>
        <NativeSelect
          className={css.select}
          rightSection={CHEVRON}
          aria-label={`When ${rule.field_label} is written`}
          data={WRITE}
          value={rule.write}
          disabled={fixed}
          title={
            rule.external_id
              ? 'The external ID is always written: records are found by it'
              : off
                ? NEEDS_ORG
                : undefined
          }
          onChange={(event) => onChange({ write: event.currentTarget.value as WritePolicyView })}
        />
        <NativeSelect
          className={css.select}
          rightSection={CHEVRON}
          aria-label={`${rule.field_label} if the source is blank`}
          data={BLANK}
          value={rule.blank}
          disabled={fixed}
          onChange={(event) => onChange({ blank: event.currentTarget.value as BlankPolicyView })}
        />
        {rule.has_length ? (
          <NativeSelect
            className={css.select}
            rightSection={CHEVRON}
            aria-label={`${rule.field_label} if the text is too long`}
            data={LENGTH}
            value={rule.length}
            disabled={fixed}
            onChange={(event) => onChange({ length: event.currentTarget.value as LengthPolicyView })}
          />
        ) : (
          <span className={css.none}>does not apply</span>
        )}
        <ActionIcon
          size={24}
          className={css.remove}
          aria-label={`Remove the rule for ${rule.field_label}`}
          title={
            rule.external_id
              ? 'Records are found by the external ID: its rule stays'
              : off
                ? NEEDS_ORG
                : 'Remove the rule'
          }
          disabled={fixed}
          onClick={props.onRemove}
        >
          <IconTrash size={14} stroke={1.9} />
        </ActionIcon>
      </div>
      {props.open ? props.children : null}
      {props.open ? null : <Problems problems={rule.problems} label={`Problems of ${rule.field_label}`} />}
    </section>
  );
}
