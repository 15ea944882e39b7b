import { UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFilterOff, IconX } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { type OperationBatchView, type OperationOutcomeView, type OperationRowView, usePages } from '@/backend';
import {
  EmptyState,
  ErrorNotice,
  FilterSearch,
  formatCount,
  SkeletonRows,
  StatusWord,
  type TableColumn,
  VirtualTable,
} from '@/components';
import css from './operations.module.css';
import { RowDetails } from './Result';
import { SaveTable } from './SaveTable';
import { OUTCOME_ORDER, OUTCOMES, SENDING, TO_SEND } from './words';

/** The rows of a batch, by outcome and by words; one of them in detail. */
export function BatchRows({ batch, running }: { batch: OperationBatchView; running: boolean }) {
  const [outcome, setOutcome] = useState<OperationOutcomeView | null>(null);
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 150);
  const [selected, setSelected] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const table = useRef<HTMLDivElement>(null);
  const filter = useMemo(() => ({ batch: batch.id, outcome, search }), [batch.id, outcome, search]);
  const pages = usePages('operation_rows', filter, { pageSize: 100 });
  const row = selected === null ? undefined : pages.getRow(selected);
  const blocked = batch.rows - batch.sendable;
  const shown = OUTCOME_ORDER.filter((one) => (one === 'blocked' ? blocked : batch.counts[one]) > 0);
  const toTable = () => table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();

  const columns: TableColumn<OperationRowView>[] = useMemo(
    () => [
      {
        key: 'number',
        head: batch.origin === 'csv' ? 'Line' : 'Row',
        width: '64px',
        align: 'end',
        render: (one) => formatCount(one.number),
      },
      {
        key: 'outcome',
        head: 'Outcome',
        width: '128px',
        render: (one) => <Outcome row={one} started={batch.status !== null} />,
      },
      { key: 'what', head: 'What happens', width: 'minmax(280px, 1fr)', render: (one) => <What row={one} /> },
    ],
    [batch.origin, batch.status],
  );
  const choose = (next: OperationOutcomeView | null) => {
    setOutcome(next);
    setSelected(null);
    setOpen(false);
  };

  return (
    <>
      <search className={css.bar}>
        <FilterSearch
          width={220}
          label="Find rows by ID, alias or words"
          placeholder="ID, alias or words"
          value={text}
          onChange={setText}
          onLeave={toTable}
          data-testid="rows-search"
        />
        <div className={css.filters}>
          <UnstyledButton className={css.filter} aria-pressed={outcome === null} onClick={() => choose(null)}>
            All <b>{formatCount(batch.rows)}</b>
          </UnstyledButton>
          {shown.map((one) => (
            <UnstyledButton
              key={one}
              className={css.filter}
              aria-pressed={outcome === one}
              onClick={() => choose(outcome === one ? null : one)}
              data-testid={`filter-${one}`}
            >
              {OUTCOMES[one].word} <b>{formatCount(one === 'blocked' ? blocked : batch.counts[one])}</b>
            </UnstyledButton>
          ))}
        </div>
        <span className={css.grow} />
        <SaveTable batch={batch.id} />
      </search>
      <div className={css.split} data-drawer={open || undefined}>
        <div ref={table} className={css.table}>
          {pages.error && !pages.first ? (
            <ErrorNotice error={pages.error} retry={pages.refetch} />
          ) : pages.isPending ? (
            <SkeletonRows rows={10} rowHeight={44} columns="64px 128px 1fr" sentence="Reading the rows" />
          ) : pages.totalRows === 0 ? (
            <EmptyState icon={IconFilterOff} title="Nothing matches">
              None of the rows has these words and this outcome{running ? ' yet' : ''}.
            </EmptyState>
          ) : (
            <VirtualTable
              label="Rows"
              columns={columns}
              rowHeight={44}
              totalRows={pages.totalRows}
              getRow={pages.getRow}
              onRange={pages.onRange}
              selected={selected}
              onSelect={(index, column) => {
                setSelected(index);
                if (column !== null) setOpen(true);
              }}
              onOpen={(_one, index) => {
                setSelected(index);
                setOpen(true);
              }}
              onKey={(event) => {
                if (event.key !== 'Escape' || !open) return undefined;
                setOpen(false);
                return true;
              }}
              minWidth={480}
              resetKey={JSON.stringify(filter)}
            />
          )}
        </div>
        {open && row ? (
          <aside className={css.drawer} aria-label={`Row ${row.number}`}>
            <header>
              <h3>
                {batch.origin === 'csv' ? 'Line' : 'Row'} {formatCount(row.number)}
              </h3>
              <Outcome row={row} started={batch.status !== null} />
              <span className={css.grow} />
              <UnstyledButton
                className={css.close}
                aria-label="Close"
                onClick={() => {
                  setOpen(false);
                  toTable();
                }}
              >
                <IconX size={16} stroke={1.75} aria-hidden />
              </UnstyledButton>
            </header>
            <div className={css.drawerBody}>
              {row.subject ? <code>{row.subject}</code> : null}
              {row.sentence ? <p>{row.sentence}</p> : null}
              <RowDetails row={row} />
            </div>
          </aside>
        ) : null}
      </div>
    </>
  );
}

function Outcome({ row, started }: { row: OperationRowView; started: boolean }) {
  const look = row.outcome
    ? OUTCOMES[row.outcome]
    : row.problems.length > 0
      ? OUTCOMES.blocked
      : row.begun_at && started
        ? SENDING
        : TO_SEND;
  return (
    <StatusWord tone={look.tone} icon={look.icon}>
      {look.word}
    </StatusWord>
  );
}

function What({ row }: { row: OperationRowView }) {
  if (row.problems.length > 0) {
    const text = row.problems.map((one) => (one.field ? `${one.field}: ${one.message}` : one.message)).join(' ');
    return <Lines first={row.subject} second={text} />;
  }
  return <Lines first={row.sentence || row.subject} second={row.message ?? ''} />;
}

/** Two lines: one each, or both for the one there is. */
function Lines({ first, second }: { first: string; second: string }) {
  if (first === '' || second === '') {
    return (
      <span className={css.clamp} title={first || second}>
        {first || second}
      </span>
    );
  }
  return (
    <span className={css.two}>
      <span title={first}>{first}</span>
      <span title={second}>{second}</span>
    </span>
  );
}
