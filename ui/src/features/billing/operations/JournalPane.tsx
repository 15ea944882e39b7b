import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFilterOff, IconHistory } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { type OperationBatchView, useCommand } from '@/backend';
import {
  EmptyState,
  ErrorNotice,
  FilterSearch,
  formatCount,
  formatCountOf,
  formatWhen,
  SkeletonRows,
  StatusWord,
  type TableColumn,
  VirtualTable,
} from '@/components';
import { PRODUCTS } from '../products';
import { OPERATIONS } from './catalogue';
import css from './operations.module.css';
import { PaneHead } from './PaneHead';
import { useHere } from './place';
import { ORIGINS, OUTCOME_ORDER, OUTCOMES, standing } from './words';

/** So many are shown at a time. */
const MORE = 100;
const MOST = 500;
const LOOK_AGAIN = 2_000;

/** Everything that was sent from here, newest first. */
export function JournalPane() {
  const { connection, go } = useHere();
  const alguna = connection.provider === 'alguna';
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 150);
  const [limit, setLimit] = useState(MORE);
  const [selected, setSelected] = useState<number | null>(null);
  const table = useRef<HTMLDivElement>(null);
  const list = useCommand(
    'operation_list',
    { connection: connection.id, search, offset: 0, limit },
    { keepPrevious: true },
  );
  const batches = list.data?.batches ?? [];
  const running = batches.some((one) => one.status === 'running');
  const again = useRef(list.refetch);
  useEffect(() => {
    again.current = list.refetch;
  });
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void again.current(), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [running]);

  const body = () => {
    if (list.error && !list.data) return <ErrorNotice error={list.error} retry={() => void list.refetch()} />;
    if (!list.data) {
      return <SkeletonRows rows={12} rowHeight={44} columns="140px 1fr 220px" sentence="Reading the history" />;
    }
    if (list.data.total === 0 && search === '') {
      return (
        <EmptyState
          icon={IconHistory}
          title="Nothing was sent yet"
          actions={
            <Button variant="filled" onClick={() => go(alguna ? 'link_customer' : 'create_subscription')}>
              {alguna ? 'Link a customer' : 'Create a subscription'}
            </Button>
          }
        >
          Every operation is kept here, with what stood there before and what {PRODUCTS[connection.provider]} answered.
        </EmptyState>
      );
    }
    if (list.data.total === 0) {
      return (
        <EmptyState
          icon={IconFilterOff}
          title="Nothing matches"
          actions={<Button onClick={() => setText('')}>Clear the search</Button>}
        >
          No operation has these words.
        </EmptyState>
      );
    }
    return (
      <div ref={table} className={css.table}>
        <VirtualTable
          label="Operations"
          columns={COLUMNS}
          rowHeight={44}
          totalRows={batches.length}
          getRow={(index) => batches[index]}
          selected={selected}
          onSelect={(index, column) => {
            const batch = batches[index];
            setSelected(index);
            if (column !== null && batch) go('journal', { batch: batch.id });
          }}
          onOpen={(batch) => go('journal', { batch: batch.id })}
          minWidth={700}
          resetKey={search}
        />
      </div>
    );
  };

  return (
    <>
      <PaneHead title="History of operations" meaning={`What was sent by ${connection.name}, newest first`} />
      {list.data && (list.data.total > 0 || search !== '') ? (
        <search className={css.bar}>
          <FilterSearch
            width={280}
            label="Find operations by ID, alias, person or words"
            placeholder="ID, alias, person or words"
            value={text}
            onChange={setText}
            onLeave={() => table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()}
            data-testid="journal-search"
          />
          <span className="quiet" data-testid="journal-count">
            {formatCountOf(list.data.total, 'entry', 'entries')}
          </span>
          <span className={css.grow} />
          {list.data.total > batches.length && limit < MOST ? (
            <Button size="compact-sm" onClick={() => setLimit(Math.min(MOST, limit + MORE))}>
              Show {formatCount(Math.min(MORE, list.data.total - batches.length))} more
            </Button>
          ) : null}
        </search>
      ) : null}
      {body()}
    </>
  );
}

/** Those that stand still with rows to go. */
const RESUMABLE: ReadonlySet<OperationBatchView['status']> = new Set(['interrupted', 'stopped', 'halted'] as const);

const linkTo = ({ connection, id }: OperationBatchView) =>
  new URLSearchParams({ connection: `${connection}`, op: 'journal', batch: `${id}` });

const COLUMNS: TableColumn<OperationBatchView>[] = [
  {
    key: 'when',
    head: 'When',
    width: '148px',
    render: (batch) => (
      <span className={css.when}>
        <span>{formatWhen(batch.started_at ?? batch.created_at)}</span>
        <span>{batch.who ?? ''}</span>
      </span>
    ),
  },
  {
    key: 'what',
    head: 'What',
    width: 'minmax(240px, 1fr)',
    render: (batch) =>
      batch.origin === 'form' ? (
        <span className={css.clamp} title={batch.title}>
          {batch.title}
        </span>
      ) : (
        <span className={css.two}>
          <span title={batch.title}>{batch.title}</span>
          <span>{`${ORIGINS[batch.origin]}, ${formatCountOf(batch.rows, 'row')}`}</span>
        </span>
      ),
  },
  {
    key: 'status',
    head: 'How it stands',
    width: '240px',
    render: (batch) => <Stands batch={batch} />,
  },
  {
    key: 'act',
    head: <span className="unseen">What can be done</span>,
    width: '112px',
    align: 'end',
    render: (batch) =>
      RESUMABLE.has(batch.status) ? (
        <Button size="compact-sm" component={Link} to={`${OPERATIONS}?${linkTo(batch)}`}>
          Resume…
        </Button>
      ) : null,
  },
];

/** One row tells its outcome; several tell how they stand, and what is open. */
function Stands({ batch }: { batch: OperationBatchView }) {
  const of = OUTCOME_ORDER.filter((one) => batch.counts[one] > 0);
  const only = batch.rows === 1 && batch.status === 'finished' ? of[0] : undefined;
  const look = only ? OUTCOMES[only] : standing(batch);
  const counts = of.map((one) => `${formatCount(batch.counts[one])} ${OUTCOMES[one].word.toLowerCase()}`);
  if (batch.open > 0 && batch.status !== null) counts.push(`${formatCount(batch.open)} open`);
  return (
    <span className={css.two}>
      <StatusWord tone={look.tone} icon={look.icon}>
        {look.word}
      </StatusWord>
      <span>{batch.rows === 1 ? '' : counts.join(', ') || 'not sent'}</span>
    </span>
  );
}
