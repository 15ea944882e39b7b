import { Radio } from '@mantine/core';
import css from './choice.module.css';

interface Option<V extends string> {
  value: V;
  label: string;
  description: string;
}

interface Props<V extends string> {
  label: string;
  options: ReadonlyArray<Option<V>>;
  value: V;
  onChange: (value: V) => void;
  /** Each option is found by this and its value. */
  testId: string;
}

/** One of a few ways, each with a sentence of what it does. */
export function Choice<V extends string>({ label, options, value, onChange, testId }: Props<V>) {
  return (
    <Radio.Group label={label} value={value} onChange={(chosen) => onChange(chosen as V)}>
      <div className={css.radios}>
        {options.map((option) => (
          <Radio key={option.value} size="xs" {...option} data-testid={`${testId}-${option.value}`} />
        ))}
      </div>
    </Radio.Group>
  );
}
