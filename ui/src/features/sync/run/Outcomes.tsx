import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type OutcomeRowView, type OutcomeView, type RunView, usePages } from '@/backend';
import {
  Card,
  Cell,
  EmptyState,
  ErrorNotice,
  ExternalLink,
  formatCount,
  SkeletonRows,
  StatusWord,
  type TableColumn,
  VirtualTable,
} from '@/components';
import chip from '../shared/chip.module.css';
import { OUTCOME_WORDS } from '../shared/words';
import css from './run.module.css';

interface Props {
  run: RunView;
  outcome: OutcomeView | null;
  onOutcome: (outcome: OutcomeView | null) => void;
  /** Tries one customer's rejected record again. */
  onRetry: (customer: string) => void;
}

function Changes({ row }: { row: OutcomeRowView }) {
  const first = row.changes[0];
  if (!first) {
    return <span className={css.quiet}>no change</span>;
  }
  const title = row.changes.map(
    (change) => `${change.label}: ${change.before.text || 'blank'} → ${change.after.text || 'blank'}`,
  );
  const more = row.changes.length - 1;
  return (
    <span className={css.two} title={title.join('\n')}>
      <span style={{ fontWeight: 420 }}>
        <Cell cell={first.before} /> → <Cell cell={first.after} />
      </span>
      <span>
        {first.label}
        {more > 0 ? `, and ${formatCount(more)} more` : ''}
      </span>
    </span>
  );
}

const columnsWith = (onRetry: (customer: string) => void): Array<TableColumn<OutcomeRowView>> => [
  {
    key: 'name',
    head: 'Record',
    width: 'minmax(180px, 1.2fr)',
    render: (row) => (
      <span className={css.two}>
        <span title={row.name}>{row.name}</span>
        <span className="mono">{row.customer}</span>
      </span>
    ),
  },
  { key: 'outcome', head: 'Outcome', width: '112px', render: (row) => <StatusWord status={row.outcome} /> },
  { key: 'changes', head: 'Sent', width: 'minmax(200px, 1.4fr)', render: (row) => <Changes row={row} /> },
  {
    key: 'problem',
    head: 'Problem',
    width: 'minmax(180px, 1.6fr)',
    render: (row) =>
      row.problem ? (
        <span className={css.two} title={row.problem}>
          <span style={{ fontWeight: 420 }}>{row.problem}</span>
          <span className="mono">{row.code}</span>
        </span>
      ) : null,
  },
  {
    key: 'link',
    head: 'Salesforce',
    width: '96px',
    render: (row) => (row.record_url ? <ExternalLink href={row.record_url}>Open</ExternalLink> : null),
  },
  {
    key: 'retry',
    head: '',
    width: '72px',
    render: (row) =>
      row.outcome === 'rejected' ? (
        <Button size="compact-sm" aria-label={`Retry ${row.name}`} onClick={() => onRetry(row.customer)}>
          Retry
        </Button>
      ) : null,
  },
];

/** What became of each record. */
export function Outcomes({ run, outcome, onOutcome, onRetry }: Props) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 150);
  const [selected, setSelected] = useState<number | null>(null);
  const filter = useMemo(() => ({ run: run.id, outcome, search }), [run.id, outcome, search]);
  const pages = usePages('run_outcomes', filter, { pageSize: 200 });
  return (
    <Card className={css.outcomes} title="Records" meta={formatCount(pages.totalRows)} id="run-outcomes">
      <div className={css.outcomeTools}>
        <TextInput
          size="xs"
          w={220}
          aria-label="Find a record by name or ID"
          placeholder="Name or ID"
          leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {outcome ? (
          <button type="button" className={chip.chip} data-on onClick={() => onOutcome(null)}>
            {OUTCOME_WORDS[outcome]} ×
          </button>
        ) : (
          <span className={css.phaseDetail}>Click a count above to see only those records</span>
        )}
      </div>
      {pages.error ? (
        <ErrorNotice error={pages.error} retry={pages.refetch} />
      ) : pages.isPending ? (
        <SkeletonRows columns="1fr 112px 1fr 1fr" rowHeight={44} />
      ) : pages.totalRows === 0 ? (
        <EmptyState icon={IconFilterOff} title="No record matches">
          This run has no record with that outcome and name.
        </EmptyState>
      ) : (
        <VirtualTable
          label={`Records of run ${run.id}`}
          columns={columnsWith(onRetry)}
          rowHeight={44}
          totalRows={pages.totalRows}
          getRow={pages.getRow}
          onRange={pages.onRange}
          selected={selected}
          onSelect={(index) => setSelected(index)}
          minWidth={892}
          resetKey={JSON.stringify(filter)}
        />
      )}
    </Card>
  );
}
