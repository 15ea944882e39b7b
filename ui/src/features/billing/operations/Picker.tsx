import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useRef } from 'react';
import { type BillingChoiceKind, type BillingChoiceView, useCommand } from '@/backend';
import css from './operations.module.css';

interface Props {
  id?: string;
  connection: number;
  kind: BillingChoiceKind;
  /** The customer whose links or aliases are picked from, or whose Account is looked for. */
  customer?: string | null;
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** One of the list was chosen. */
  onChoose?: (choice: BillingChoiceView) => void;
  onBlur?: () => void;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  placeholder?: string;
}

const NOUNS: Record<BillingChoiceKind, string> = {
  user: 'a user',
  subscription: 'a subscription',
  plan: 'a plan',
  customer: 'a customer',
  account: 'an Account',
  linked_account: 'an Account',
  integration: 'an integration',
  customer_alias: 'an alias',
};

/** Free typing, with what was read before to pick from. */
export function Picker(props: Props) {
  const { connection, kind, value, onChange, onChoose, customer = null } = props;
  const [search] = useDebouncedValue(value.trim(), 120);
  const choices = useCommand('billing_choices', { connection, kind, search, customer }, { keepPrevious: true });
  const found = choices.data ?? [];
  // A choice is told first as such, then as the text it puts into the field.
  const chosen = useRef<BillingChoiceView | null>(null);
  const named = new Map(found.map((choice) => [choice.value, choice]));
  return (
    <Autocomplete
      id={props.id}
      label={props.label}
      withAsterisk={props.required}
      aria-required={props.required}
      description={props.description}
      error={props.error}
      placeholder={props.placeholder ?? `Type, or pick ${NOUNS[kind]}`}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      value={value}
      onChange={(text) => {
        const choice = chosen.current;
        chosen.current = null;
        if (choice?.value === text && onChoose) onChoose(choice);
        else onChange(text);
      }}
      onBlur={props.onBlur}
      onOptionSubmit={(value) => {
        chosen.current = named.get(value) ?? null;
      }}
      data={[...named.keys()]}
      filter={({ options }) => options}
      maxDropdownHeight={280}
      // Whoever is led here by what is wrong reads that first.
      openOnFocus={false}
      comboboxProps={{ shadow: 'xl' }}
      autoComplete="off"
      spellCheck={false}
      renderOption={({ option }) => {
        const choice = named.get(option.value);
        const plain = !choice || choice.label === choice.value;
        return (
          <span className={css.choice}>
            <span>
              {plain ? option.value : choice.label}
              {plain ? null : <code>{choice.value}</code>}
            </span>
            {choice?.detail ? <small>{choice.detail}</small> : null}
          </span>
        );
      }}
    />
  );
}
