import { Modal, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useCommand, useSyncs } from '@/backend';
import { classes, useFocus } from '@/components';
import css from './Palette.module.css';
import { customerEntries, filterEntries, staticEntries } from './paletteEntries';

/** Finds screens, syncs, actions and customers by typing. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      yOffset={96}
      centered={false}
      padding={0}
      size={560}
      attributes={{ content: { 'aria-label': 'Find anything' } }}
      transitionProps={{ duration: 0 }}
      classNames={{ body: css.body }}
    >
      {opened && <Finder onClose={onClose} />}
    </Modal>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const id = useId();
  const field = useFocus<HTMLInputElement>();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const [search] = useDebouncedValue(words.trim(), 120);
  const syncs = useSyncs().data;
  const customers = useCommand(
    'subscription_list',
    {
      search,
      source: null,
      status: [],
      interval: [],
      currency: [],
      plan: [],
      sort: 'customer',
      descending: false,
      offset: 0,
      limit: 25,
    },
    { enabled: search.length > 1, keepPrevious: true },
  );

  const entries = useMemo(() => {
    const found = filterEntries(staticEntries(syncs ?? []), words);
    return search.length > 1 ? [...found, ...customerEntries(customers.data?.rows ?? [])] : found;
  }, [syncs, words, search, customers.data]);
  const current = Math.min(at, entries.length - 1);

  useEffect(() => {
    document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, current]);

  const go = (index: number) => {
    const entry = entries[index];
    if (!entry) return;
    onClose();
    if ('to' in entry.goal) navigate(entry.goal.to);
    else setColorScheme(entry.goal.scheme);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(entries.length - 1, current + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, current - 1));
    else if (event.key === 'Enter') go(current);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className={css.search}>
        <IconSearch size={16} stroke={1.75} aria-hidden="true" />
        <input
          ref={field}
          className={css.input}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          placeholder="Find a screen, sync, action or customer"
          aria-label="Find anything"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={entries.length > 0 ? `${id}-${current}` : undefined}
          spellCheck={false}
        />
      </div>
      <div className={css.list} id={`${id}-list`} role="listbox" aria-label="Found" tabIndex={-1}>
        {entries.map((entry, index) => (
          <div key={entry.key}>
            {entry.group !== entries[index - 1]?.group && <div className={css.group}>{entry.group}</div>}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the search field takes the keys */}
            <div
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className={classes(css.entry, index === current && css.current)}
              onMouseMove={() => index !== current && setAt(index)}
              onClick={() => go(index)}
            >
              <entry.icon size={16} stroke={1.75} />
              <span className="ellipsis">{entry.label}</span>
              {entry.meta && <span className={classes(css.meta, 'ellipsis')}>{entry.meta}</span>}
            </div>
          </div>
        ))}
        {entries.length === 0 && (
          <p className={css.none} role="status">
            {customers.isFetching ? 'Searching customers' : `Nothing is called “${words.trim()}”.`}
          </p>
        )}
        {customers.error && (
          <p className={css.none} role="alert">
            Customers could not be searched: {customers.error.message}
          </p>
        )}
      </div>
    </>
  );
}
