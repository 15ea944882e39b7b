import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { type MappingTermsView, type RuleDraft, type RuleView, useCommand } from '@/backend';
import { ErrorNotice, TypeBadge } from '@/components';
import { isExpression, nameInExpressions } from './changes';
import { ExpressionEditor } from './ExpressionEditor';
import css from './editor.module.css';
import { Samples } from './Samples';

interface Props {
  sync: number;
  /** The rule as a row knows it. */
  view: RuleView;
  /** The rule as it stands. */
  rule: RuleDraft;
  /** Whether the org was not asked: the rule is only looked at then. */
  off: boolean;
  onChange: (part: Partial<RuleDraft>) => void;
}

const EXPRESSION = '{{';

/** What feeds a field: a value by name or an expression, and what it gives for real customers. */
export function RuleEditor({ sync, view, rule, off, onChange }: Props) {
  const terms = useCommand('mapping_terms', { sync }, { staleTime: Number.POSITIVE_INFINITY });
  const [writing, setWriting] = useState(isExpression(rule.source));
  const [search, setSearch] = useState('');
  const [words] = useDebouncedValue(search, 200);
  const [offset, setOffset] = useState(0);
  const [asked] = useDebouncedValue(rule, 200);
  const tried = useCommand(
    'mapping_try',
    { sync, rule: asked, search: words, offset },
    { keepPrevious: true, enabled: !off && asked.source.trim() !== '' },
  );
  const current = asked.source === rule.source && !tried.isPlaceholderData;

  return (
    <div className={css.editor} data-testid="rule-editor">
      <fieldset className={css.feed} disabled={off}>
        <div className={css.source}>
          {view.external_id ? (
            <p className={css.sentence}>
              Records are found by this field: it always takes the customer’s id. {view.explanation}
            </p>
          ) : (
            <SourceChoice
              label={`What feeds ${view.field_label}`}
              first={rule.source === ''}
              terms={terms.data}
              value={writing ? EXPRESSION : rule.source}
              onChoose={(value) => {
                setWriting(value === EXPRESSION);
                if (value !== EXPRESSION) onChange({ source: value });
                else if (!isExpression(rule.source)) onChange({ source: asExpression(rule.source) });
              }}
            />
          )}
        </div>
        {terms.error ? <ErrorNotice inline error={terms.error} retry={() => void terms.refetch()} /> : null}
        {writing && !view.external_id ? (
          <ExpressionEditor
            label={`Expression for ${view.field_label}`}
            takes={tried.data?.field_kind ?? view.field_kind}
            text={rule.source}
            terms={terms.data}
            problems={rule.source.trim() === '' ? [] : (tried.data?.problems ?? [])}
            checked={current && tried.data !== undefined}
            onChange={(source) => onChange({ source })}
          />
        ) : (
          <Explained
            terms={terms.data}
            name={rule.source}
            problems={rule.source === '' ? [] : (tried.data?.problems ?? [])}
          />
        )}
      </fieldset>
      {off ? (
        <p className={css.sentence}>What it gives real customers is tried when Salesforce answers again.</p>
      ) : (
        <Samples
          view={rule.source.trim() === '' ? undefined : tried.data}
          waiting={!current}
          error={tried.error}
          retry={() => void tried.refetch()}
          search={search}
          onSearch={(text) => {
            setSearch(text);
            setOffset(0);
          }}
          offset={offset}
          onOffset={setOffset}
        />
      )}
    </div>
  );
}

/** An expression that begins with what the rule had by name. */
function asExpression(name: string): string {
  return name === '' ? '{{  }}' : `{{ ${nameInExpressions(name)} }}`;
}

interface ChoiceProps {
  label: string;
  /** Whether it is the first thing to do. */
  first: boolean;
  terms: MappingTermsView | undefined;
  value: string;
  onChoose: (value: string) => void;
}

function SourceChoice({ label, first, terms, value, onChoose }: ChoiceProps) {
  const field = useRef<HTMLInputElement>(null);
  const [wanted] = useState(first);
  useEffect(() => {
    if (!wanted) return;
    // The dialog the field was chosen in gives the focus back first.
    const timer = setTimeout(() => field.current?.focus());
    return () => clearTimeout(timer);
  }, [wanted]);
  const values = new Map(terms?.values.map((one) => [one.name, one]));
  const data = [
    { value: EXPRESSION, label: 'An expression' },
    ...(terms?.values.map((one) => ({ value: one.name, label: one.label })) ?? []),
  ];
  if (value !== '' && value !== EXPRESSION && !values.has(value)) data.push({ value, label: value });
  return (
    <Select
      ref={field}
      aria-label={label}
      data-testid="rule-source"
      placeholder="Choose a value, or an expression"
      searchable
      nothingFoundMessage="No value has these words. An expression can make one."
      allowDeselect={false}
      withScrollArea={false}
      classNames={{ options: css.options ?? '' }}
      w={320}
      data={data}
      value={value === '' ? null : value}
      onChange={(chosen) => chosen !== null && onChoose(chosen)}
      filter={({ options, search }) => {
        const words = search.trim().toLowerCase();
        return options.filter((option) => {
          if (!('value' in option)) return false;
          const one = values.get(option.value);
          return `${option.label} ${option.value} ${one?.explanation ?? ''}`.toLowerCase().includes(words);
        });
      }}
      renderOption={({ option }) => {
        const one = values.get(option.value);
        return (
          <span className={css.option}>
            <span className={css.optionName}>
              {option.label}
              {one ? <TypeBadge type={one.kind} /> : null}
            </span>
            <span className={css.optionSentence}>
              {one?.explanation ??
                (option.value === EXPRESSION ? 'Made of names, filters and words between {{ and }}.' : '')}
            </span>
          </span>
        );
      }}
    />
  );
}

interface ExplainedProps {
  terms: MappingTermsView | undefined;
  name: string;
  problems: ReadonlyArray<{ problem: { message: string; next_step: string } }>;
}

/** How a value comes about, in its own sentence, and what is wrong with the rule. */
function Explained({ terms, name, problems }: ExplainedProps) {
  const value = terms?.values.find((one) => one.name === name);
  return (
    <div className={css.explained}>
      {value ? (
        <p className={css.sentence} data-testid="rule-explanation">
          {value.explanation}
        </p>
      ) : null}
      {name === '' ? (
        <p className={css.sentence}>Nothing feeds this field yet. Its values show here when something does.</p>
      ) : null}
      {problems.map(({ problem }) => (
        <p key={problem.message} className={css.problem} role="alert">
          {problem.message} {problem.next_step}
        </p>
      ))}
    </div>
  );
}
