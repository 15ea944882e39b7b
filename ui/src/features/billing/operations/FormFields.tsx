import { Input, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { BillingChoiceView, OperationFieldView, OperationFormView, OperationSlotView } from '@/backend';
import { centsSentence } from './amount';
import { DateField } from './DateField';
import { type Fields, fieldId, filledFrom } from './draft';
import { IntegrationField } from './IntegrationField';
import css from './operations.module.css';
import { Picker } from './Picker';

interface Props {
  form: OperationFormView;
  connection: number;
  fields: Fields;
  onChange: (fields: Fields) => void;
  onLeave: (field: OperationFieldView) => void;
  /** What is wrong with a field, where it should be said. */
  problem: (field: OperationFieldView) => string | undefined;
  /** What was made up for an empty field. */
  generated: Fields;
  /** Fields that are filled in elsewhere. */
  without?: ReadonlyArray<OperationFieldView>;
  /** What stands below a field. */
  after?: Partial<Record<OperationFieldView, ReactNode>>;
}

/** Those that take a whole line. */
const WIDE: ReadonlySet<OperationFieldView> = new Set(['subscription', 'user', 'email', 'name', 'customer', 'account']);
const LAST: ReadonlySet<OperationFieldView> = new Set(['data_provider_user_id']);
/** Words of the API as people read them. */
const word = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Fields that are not on screen: the price is typed in major units, and a currency that cannot be changed stands beside it. */
export function isHidden(form: OperationFormView, field: OperationFieldView): boolean {
  return field === 'value_cents' || (field === 'plan_currency' && form.kind === 'update_subscription');
}

/** The fields of a form, each with its help and what is wrong with it. */
export function FormFields(props: Props) {
  const { form, without = [], after = {} } = props;
  // What may be left empty and is a name only stands at the end.
  const late = (slot: OperationSlotView) =>
    Number(slot.field === 'subscription_alias') + 2 * Number(LAST.has(slot.field));
  const shown = form.slots
    .filter((slot) => !isHidden(form, slot.field) && !without.includes(slot.field))
    .toSorted((one, other) => late(one) - late(other));
  return (
    <div className={css.fields}>
      {shown.map((slot) => (
        <div key={slot.field} className={WIDE.has(slot.field) || shown.length <= 2 ? css.wide : undefined}>
          <Slot {...props} slot={slot} />
          {after[slot.field]}
        </div>
      ))}
    </div>
  );
}

function Slot({
  form,
  connection,
  fields,
  onChange,
  onLeave,
  problem,
  generated,
  slot,
}: Props & { slot: OperationSlotView }) {
  const { field, label, required } = slot;
  const value = fields[field] ?? '';
  const error = problem(field);
  const set = (text: string) => {
    const next = { ...fields, [field]: text };
    // A trial costs nothing; whoever chooses one need not say so.
    if (field === 'status' && text === 'trialing' && !fields.value?.trim()) next.value = '0';
    // The currency belongs to the subscription that was picked.
    if (field === 'subscription' && form.kind === 'update_subscription') delete next.plan_currency;
    onChange(next);
  };
  const made = value.trim() === '' ? generated[field] : undefined;
  const description = made ? (
    <>
      Made up for you: <code data-testid={`generated-${field}`}>{made}</code>. Type another one to use that instead.
    </>
  ) : (
    slot.help
  );
  const common = { id: fieldId(field), label, error, required, value, onBlur: () => onLeave(field) };
  const order: ('label' | 'input' | 'error' | 'description')[] = ['label', 'input', 'error', 'description'];

  // A plan that is to be made is none of those that are there.
  const input = form.kind === 'create_plan' && slot.input === 'plan' ? 'text' : slot.input;
  switch (input) {
    case 'user':
    case 'plan':
      return <Picker {...common} connection={connection} kind={input} description={description} onChange={set} />;
    case 'subscription':
      return (
        <Picker
          {...common}
          connection={connection}
          kind="subscription"
          description={description}
          onChange={set}
          onChoose={(choice: BillingChoiceView) => {
            const next = { ...fields, [field]: choice.value };
            onChange(choice.event ? filledFrom(form, next, choice.event) : next);
          }}
        />
      );
    case 'customer':
    case 'account':
    case 'linked_account':
    case 'customer_alias':
      return (
        <Picker
          {...common}
          connection={connection}
          kind={input}
          customer={input === 'customer' ? null : fields.customer?.trim() || null}
          description={description}
          onChange={set}
        />
      );
    case 'integration':
      return <IntegrationField {...common} connection={connection} description={description} onChange={set} />;
    case 'date':
      return <DateField {...common} description={description} onChange={set} />;
    case 'amount': {
      const currency = (fields.plan_currency ?? '').toUpperCase();
      const cents = centsSentence(value);
      return (
        <TextInput
          {...common}
          withAsterisk={required}
          aria-required={required}
          required={false}
          inputMode="decimal"
          placeholder="49.00"
          autoComplete="off"
          inputWrapperOrder={order}
          onChange={(event) => set(event.currentTarget.value)}
          rightSectionWidth={currency ? 52 : 0}
          rightSection={currency ? <span className={css.unit}>{currency}</span> : null}
          description={
            <>
              {cents ? <span className={css.cents}>{cents}</span> : null}
              {slot.help}
            </>
          }
        />
      );
    }
    case 'choice':
      return slot.choices.length <= 3 ? (
        <Input.Wrapper
          label={label}
          withAsterisk={required}
          error={error}
          description={slot.help}
          inputWrapperOrder={order}
          labelElement="div"
          labelProps={{ id: `${fieldId(field)}-label` }}
        >
          <SegmentedControl
            id={fieldId(field)}
            role="radiogroup"
            aria-labelledby={`${fieldId(field)}-label`}
            fullWidth
            value={value}
            data={slot.choices.map((choice) => ({ value: choice, label: word(choice) }))}
            onChange={set}
          />
        </Input.Wrapper>
      ) : (
        <Select
          {...common}
          required={false}
          withAsterisk={required}
          searchable
          nothingFoundMessage="No such word"
          data={slot.choices.map((choice) => ({ value: choice, label: choice.toUpperCase() }))}
          description={slot.help}
          inputWrapperOrder={order}
          onChange={(chosen) => set(chosen ?? slot.preset ?? '')}
          comboboxProps={{ shadow: 'xl' }}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          withAsterisk={required}
          aria-required={required}
          required={false}
          autoComplete="off"
          spellCheck={false}
          inputWrapperOrder={order}
          description={description}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
  }
}
