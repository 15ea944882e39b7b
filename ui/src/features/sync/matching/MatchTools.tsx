import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { formatCountOf, Key } from '@/components';
import preview from '../preview/preview.module.css';
import css from './matching.module.css';

interface Props {
  search: string;
  onSearch: (text: string) => void;
  /** The panel is open and names its own keys. */
  brief: boolean;
  /** What happened last. */
  said: string;
  total: number;
}

const HINTS: ReadonlyArray<{ key: string; word: string; always?: boolean }> = [
  { key: 'A', word: 'accept' },
  { key: 'C', word: 'choose' },
  { key: 'R', word: 'new record' },
  { key: 'L', word: 'leave out' },
  { key: 'T', word: 'take back' },
  { key: 'N', word: 'next undecided', always: true },
];

/** Search over the list, and its keys. */
export function MatchTools({ search, onSearch, brief, said, total }: Props) {
  return (
    <div className={preview.tool}>
      <TextInput
        size="xs"
        w={190}
        aria-label="Find a customer by name or id"
        placeholder="Customer or source ID"
        leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        data-testid="matching-search"
      />
      <span className={css.said} role="status" title={said} data-testid="matching-said">
        {said}
      </span>
      {HINTS.filter((hint) => hint.always || !brief).map((hint) => (
        <span key={hint.key} className={preview.keys}>
          <Key>{hint.key}</Key>
          {hint.word}
        </span>
      ))}
      <span className={preview.rule} />
      <span className={preview.range} data-testid="matching-range">
        {formatCountOf(total, 'customer')}
      </span>
    </div>
  );
}
