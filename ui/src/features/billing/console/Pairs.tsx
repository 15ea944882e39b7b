import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ParameterView } from '@/backend';
import css from './console.module.css';
import { type Row, row } from './draft';

interface Props {
  /** One of them: `parameter` or `header`. */
  noun: string;
  rows: Row[];
  /** What is documented, for names and meanings. */
  known?: ParameterView[];
  onChange: (rows: Row[]) => void;
}

/** Names with values, row by row. */
export function Pairs({ noun, rows, known = [], onChange }: Props) {
  const change = (key: number, part: Partial<Row>) =>
    onChange(rows.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const documented = (one: Row) => known.find((parameter) => parameter.name === one.name);
  const fields = rows.filter((one) => documented(one));
  const others = rows.filter((one) => !documented(one) && !(one.offered && one.value === ''));
  return (
    <div className={css.pairs}>
      {fields.length === 0 ? null : (
        <div className={css.known}>
          {fields.map((one) => {
            const parameter = documented(one);
            return (
              <div key={one.key} className={css.knownField}>
                <label htmlFor={`console-row-${one.key}`} className={css.knownName}>
                  {one.name}
                  {parameter?.required ? (
                    <span className={css.required} title="Required">
                      {' *'}
                    </span>
                  ) : null}
                </label>
                <TextInput
                  id={`console-row-${one.key}`}
                  aria-label={`Value of ${one.name}`}
                  aria-required={parameter?.required}
                  placeholder={parameter?.means ?? ''}
                  title={parameter?.means}
                  value={one.value}
                  onChange={(event) => change(one.key, { value: event.currentTarget.value })}
                  classNames={{ input: one.value === '' ? '' : 'mono' }}
                  spellCheck={false}
                />
              </div>
            );
          })}
        </div>
      )}
      {others.map((one, at) => {
        const place = `${noun} ${at + 1}`;
        return (
          <div key={one.key} className={css.pair}>
            <TextInput
              aria-label={`Name of ${place}`}
              placeholder="Name"
              value={one.name}
              onChange={(event) => change(one.key, { name: event.currentTarget.value })}
              classNames={{ input: 'mono' }}
              spellCheck={false}
            />
            <TextInput
              aria-label={`Value of ${one.name || place}`}
              placeholder="Value"
              value={one.value}
              onChange={(event) => change(one.key, { value: event.currentTarget.value })}
              classNames={{ input: one.value === '' ? '' : 'mono' }}
              spellCheck={false}
            />
            <ActionIcon
              size={32}
              aria-label={`Remove ${one.name || place}`}
              onClick={() => onChange(rows.filter((other) => other.key !== one.key))}
            >
              <IconX size={14} stroke={1.9} />
            </ActionIcon>
          </div>
        );
      })}
      <div className={css.addRow}>
        <Button
          size="compact-sm"
          leftSection={<IconPlus size={12} stroke={2.2} aria-hidden />}
          onClick={() => onChange([...rows, row()])}
        >
          {`Add ${noun}`}
        </Button>
        <span className={css.hint}>
          {noun === 'header'
            ? 'The key of the connection is sent by itself.'
            : known.some((one) => one.required)
              ? 'What has no value is not sent. * is required.'
              : 'What has no value is not sent.'}
        </span>
      </div>
    </div>
  );
}
