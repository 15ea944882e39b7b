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
  /** Only records with a problem of this code. */
  code: string | null;
  /** Shows the records of every outcome and problem again. */
  onAll: () => void;
  /** Tries one customer's rejected record again; saved though a duplicate rule warns, where that is allowed. */
  onRetry: (customer: string, allowDuplicates: boolean) => void;
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

const columnsWith = (onRetry: Props['onRetry']): Array<TableColumn<OutcomeRowView>> => [
  {
    key: 'name',
    head: 'Record',
    width: 'minmax(150px, 1.2fr)',
    render: (row) => (
      <span className={css.two}>
        <span title={row.name}>{row.name}</span>
        <span className="mono">{row.customer}</span>
      </span>
    ),
  },
  { key: 'outcome', head: 'Outcome', width: '112px', render: (row) => <StatusWord status={row.outcome} /> },
  { key: 'changes', head: 'Sent', width: 'minmax(140px, 1.4fr)', render: (row) => <Changes row={row} /> },
  {
    key: 'problem',
    head: 'Problem',
    width: 'minmax(140px, 1.6fr)',
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
    render: (row) => (
      <span className={css.two}>
        {row.record_url ? <ExternalLink href={row.record_url}>Open</ExternalLink> : null}
        {row.twin?.record_url ? <ExternalLink href={row.twin.record_url}>Duplicate</ExternalLink> : null}
      </span>
    ),
  },
  {
    key: 'retry',
    head: '',
    width: '132px',
    // To send a duplicate once more as it was would be refused once more: where it may be saved anyway, that is offered.
    render: (row) => {
      if (row.outcome !== 'rejected') return null;
      return row.twin?.allowable ? (
        <Button
          size="compact-sm"
          aria-label={`Save anyway: ${row.name}`}
          title={`Saves it beside ${row.twin.record}, which the duplicate rule takes for the same`}
          onClick={() => onRetry(row.customer, true)}
        >
          Save anyway
        </Button>
      ) : (
        <Button size="compact-sm" aria-label={`Retry ${row.name}`} onClick={() => onRetry(row.customer, false)}>
          Retry
        </Button>
      );
    },
  },
];

/** What became of each record. */
export function Outcomes({ run, outcome, code, onAll, onRetry }: Props) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 150);
  const [selected, setSelected] = useState<number | null>(null);
  const filter = useMemo(
    () => ({ run: run.id, outcome, search, ...(code === null ? {} : { code }) }),
    [run.id, outcome, code, search],
  );
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
          <button type="button" className={chip.chip} data-on onClick={onAll}>
            {OUTCOME_WORDS[outcome]}
            {code === null ? '' : `, ${code}`} ×
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
          minWidth={770}
          resetKey={JSON.stringify(filter)}
        />
      )}
    </Card>
  );
}
