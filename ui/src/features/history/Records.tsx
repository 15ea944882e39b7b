import { TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useCommand } from '@/backend';
import { DrawerSection, ErrorNotice, formatCount, SkeletonRows, StatusWord } from '@/components';
import css from './drawer.module.css';

/** So many of a run's records stand in the drawer; the run itself has all of them. */
const SHOWN = 30;

interface Props {
  run: number;
  onExplain: (customer: string) => void;
}

/** The records of a run; each leads to where its values come from. */
export function Records({ run, onExplain }: Props) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 150);
  const page = useCommand(
    'run_outcomes',
    { run, outcome: null, search, offset: 0, limit: SHOWN },
    { keepPrevious: true },
  );
  const rows = page.data?.rows ?? [];
  const more = (page.data?.total ?? 0) - rows.length;
  return (
    <DrawerSection title="Records" note={page.data ? formatCount(page.data.total) : ''}>
      <TextInput
        size="xs"
        mb={6}
        aria-label="Find a record of this run by name or ID"
        placeholder="Name or ID"
        leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-testid="history-records-search"
      />
      {page.error ? <ErrorNotice inline error={page.error} retry={() => void page.refetch()} /> : null}
      {page.isPending ? <SkeletonRows rows={6} columns="1fr 90px" /> : null}
      {page.data && rows.length === 0 ? <p className={css.quiet}>No record has this name or ID.</p> : null}
      <ul className={css.records}>
        {rows.map((row) => (
          <li key={row.customer}>
            <UnstyledButton
              className={css.record}
              title={`Where the values of ${row.name} come from`}
              onClick={() => onExplain(row.customer)}
            >
              <span className="ellipsis">{row.name}</span>
              <StatusWord status={row.outcome} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {more > 0 ? <p className={css.quiet}>And {formatCount(more)} more: search, or open the run.</p> : null}
    </DrawerSection>
  );
}
