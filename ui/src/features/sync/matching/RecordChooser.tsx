import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { type RecordView, type SyncView, useMatchSearch } from '@/backend';
import { ErrorNotice, useFocus } from '@/components';
import panel from '../preview/panel.module.css';
import css from './matching.module.css';
import { recordName } from './words';

interface Props {
  sync: SyncView;
  onPick: (record: RecordView) => void;
}

/** Looks for any record of the org by name or id. */
export function RecordChooser({ sync, onPick }: Props) {
  const [words, setWords] = useState('');
  const [search] = useDebouncedValue(words.trim(), 150);
  const [at, setAt] = useState(0);
  const id = useId();
  const field = useFocus<HTMLInputElement>();
  const query = useMatchSearch(sync.id, search);
  const records = search === '' ? [] : (query.data ?? []);
  const current = Math.min(at, records.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    const record = records[current];
    if (event.key === 'ArrowDown') {
      setAt(Math.min(records.length - 1, current + 1));
    } else if (event.key === 'ArrowUp') {
      setAt(Math.max(0, current - 1));
    } else if (event.key === 'Enter' && record && !query.isPlaceholderData && search === words.trim()) {
      onPick(record);
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div className={panel.section} data-testid="match-chooser">
      <h3>Choose another {sync.sobject}</h3>
      <TextInput
        ref={field}
        size="xs"
        role="combobox"
        aria-label={`Find ${sync.sobject} by name or record id`}
        aria-expanded={records.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={records.length > 0 ? `${id}-${current}` : undefined}
        placeholder="Part of the name, or a record id"
        leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        spellCheck={false}
        data-testid="match-search"
      />
      <div id={`${id}-list`} className={css.found} role="listbox" aria-label="Found" tabIndex={-1}>
        {records.map((record, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the search field takes the keys
          <div
            key={record.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            className={css.option}
            onMouseMove={() => index !== current && setAt(index)}
            onClick={() => onPick(record)}
          >
            <div className={css.name}>{recordName(record)}</div>
            <div className={css.id}>{record.id}</div>
          </div>
        ))}
      </div>
      {query.error ? <ErrorNotice inline error={query.error} retry={() => void query.refetch()} /> : null}
      <p role="status">
        {search === ''
          ? `Looks through every ${sync.sobject} the last preview read.`
          : query.data && records.length === 0 && !query.isFetching
            ? `No name contains “${search}”. Try one word of it: legal forms such as Inc. or GmbH are not searched.`
            : records.length > 0
              ? 'Enter accepts the marked one.'
              : ''}
      </p>
    </div>
  );
}
