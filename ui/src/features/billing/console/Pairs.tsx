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
  return (
    <div className={css.pairs}>
      {rows.map((one, at) => {
        const means = known.find((parameter) => parameter.name === one.name);
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
              placeholder={means ? `${means.required ? 'Required. ' : ''}${means.means}` : 'Value'}
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
          {noun === 'header' ? 'The key of the connection is sent by itself.' : 'Rows without a value are not sent.'}
        </span>
      </div>
    </div>
  );
}
