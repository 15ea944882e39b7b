import { Button, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconHistory, IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { type ApiCallView, usePages } from '@/backend';
import {
  EmptyState,
  ErrorNotice,
  FilterBar,
  FilterSearch,
  formatWhen,
  SkeletonRows,
  StatusWord,
  type TableColumn,
  VirtualTable,
} from '@/components';
import css from './console.module.css';
import { standingOfCall } from './words';

const COLUMNS: Array<TableColumn<ApiCallView>> = [
  {
    key: 'call',
    head: 'Newest first',
    width: 'minmax(0, 1fr)',
    render: (call) => <Call call={call} />,
  },
];

function Call({ call }: { call: ApiCallView }) {
  const standing = standingOfCall(call);
  const query = call.query.map((one) => `${one.name}=${one.value}`).join('&');
  const path = query === '' ? call.path : `${call.path}?${query}`;
  return (
    <span className={css.call}>
      <span className={css.callPath} title={`${call.method} ${path}`}>
        <span className={css.verb} data-changes={call.changes || undefined}>
          {call.method}
        </span>
        <span className="ellipsis">{path}</span>
      </span>
      <span className={css.callMeta}>
        <StatusWord tone={standing.tone} icon={standing.icon}>
          {standing.word}
        </StatusWord>
        <span className="ellipsis">{`${call.connection_name}, ${formatWhen(call.begun_at)}`}</span>
      </span>
    </span>
  );
}

/** The calls that were made, newest first; one that is picked comes back into the form. */
export function Calls({ onPick }: { onPick: (call: ApiCallView) => void }) {
  const [search, setSearch] = useState('');
  const [changes, setChanges] = useState(false);
  const [selected, setSelected] = useState<number | null>(null);
  const [words] = useDebouncedValue(search, 120);
  const table = useRef<HTMLDivElement>(null);
  const filter = { search: words, connection: null, changes };
  const pages = usePages('console_list', filter, { pageSize: 50 });
  const page = pages.first;
  const clear = () => {
    setSearch('');
    setChanges(false);
  };
  const pick = (index: number) => {
    setSelected(index);
    const call = pages.getRow(index);
    if (call) onPick(call);
  };

  const body = () => {
    if (pages.error && !page) return <ErrorNotice inline error={pages.error} retry={pages.refetch} />;
    if (!page) return <SkeletonRows rows={8} rowHeight={52} columns="1fr" sentence="Reading the history" />;
    if (page.all === 0) {
      return (
        <EmptyState icon={IconHistory} title="No call yet" actions={null}>
          Every call is written down here before it is sent: what, where to, and how it ended. Answers are not kept.
        </EmptyState>
      );
    }
    if (page.total === 0) {
      return (
        <EmptyState
          icon={IconSearch}
          title="Nothing matches"
          actions={<Button onClick={clear}>Clear the filter</Button>}
        >
          No call has these words.
        </EmptyState>
      );
    }
    return (
      <div ref={table} className={css.callsTable}>
        <VirtualTable
          label="Calls"
          columns={COLUMNS}
          rowHeight={52}
          headHeight={28}
          totalRows={pages.totalRows}
          getRow={pages.getRow}
          onRange={pages.onRange}
          selected={selected}
          onSelect={(index, column) => (column === null ? setSelected(index) : pick(index))}
          onOpen={(_call, index) => pick(index)}
          resetKey={JSON.stringify(filter)}
        />
      </div>
    );
  };

  return (
    <aside className={css.calls} aria-label="Calls made">
      <FilterBar onClear={search !== '' || changes ? clear : null} clearId="console-calls-clear">
        <FilterSearch
          width={152}
          label="Find calls by path, id, body or connection"
          placeholder="Find a call"
          value={search}
          onChange={setSearch}
          onLeave={() => table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()}
          data-testid="console-search"
        />
        <Button
          size="compact-sm"
          variant={changes ? 'light' : 'default'}
          aria-pressed={changes}
          onClick={() => setChanges(!changes)}
          title="Only calls that may have changed something"
        >
          Changes
        </Button>
      </FilterBar>
      {body()}
    </aside>
  );
}

/** Reads worth a first look. */
export function Examples({
  examples,
  onPick,
}: {
  examples: Array<{ key: string; does: string; call: string }>;
  onPick: (key: string) => void;
}) {
  return (
    <ul className={css.examples}>
      {examples.map((one) => (
        <li key={one.key}>
          <UnstyledButton className={css.example} onClick={() => onPick(one.key)}>
            <span>{one.does}</span>
            <span className={css.exampleCall}>{one.call}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
