import type { OutcomeRowView, OutcomeView, RunView } from '@/backend';
import { cellText, ExternalLink, formatCount, StatusWord, type TableColumn } from '@/components';
import { type OnRetry, RetryButton, retryable } from './RetryButton';
import css from './run.module.css';

/** The first change that was not held back; the others stand in the record's details. */
function Changes({ row }: { row: OutcomeRowView }) {
  const first = row.changes.find((change) => change.held === null) ?? row.changes[0];
  if (!first) {
    return <span className={css.quiet}>no change</span>;
  }
  const title = row.changes.map(
    (change) =>
      `${change.label}: ${cellText(change.before)} → ${cellText(change.after)}${change.held === null ? '' : `, held. ${change.held}.`}`,
  );
  const held = row.changes.filter((change) => change.held !== null).length;
  const more = row.changes.length - 1;
  return (
    <span className={css.two} title={title.join('\n')}>
      <span style={{ fontWeight: 420 }}>
        {cellText(first.before)} → {cellText(first.after)}
      </span>
      <span>
        {more > 0 ? `${formatCount(row.changes.length)} fields${held > 0 ? `, ${formatCount(held)} held` : ''}: ` : ''}
        {first.label}
      </span>
    </span>
  );
}

/** Columns whose cells hold controls of their own: a click there opens nothing else. */
export const OWN_CONTROLS: ReadonlySet<string> = new Set(['link', 'retry']);

const COLUMNS: Array<TableColumn<OutcomeRowView>> = [
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
  { key: 'changes', head: 'Change', width: 'minmax(180px, 1.6fr)', render: (row) => <Changes row={row} /> },
];

const PROBLEM: TableColumn<OutcomeRowView> = {
  key: 'problem',
  head: 'Problem',
  width: 'minmax(150px, 1.6fr)',
  render: (row) =>
    row.problem ? (
      <span className={css.two} title={row.problem}>
        <span style={{ fontWeight: 420 }}>{row.problem}</span>
        <span className="mono">{row.code}</span>
      </span>
    ) : null,
};

const LINK: TableColumn<OutcomeRowView> = {
  key: 'link',
  head: 'Salesforce',
  width: '96px',
  render: (row) => (
    <span className={css.two}>
      {row.record_url ? <ExternalLink href={row.record_url}>Open</ExternalLink> : null}
      {row.twin?.record_url ? <ExternalLink href={row.twin.record_url}>Duplicate</ExternalLink> : null}
    </span>
  ),
};

const retryWith = (onRetry: OnRetry): TableColumn<OutcomeRowView> => ({
  key: 'retry',
  head: '',
  width: '132px',
  render: (row) => (row.outcome === 'rejected' ? <RetryButton row={row} onRetry={onRetry} /> : null),
});

/**
 * The columns for what is listed: none is reserved for what no listed record can have. Among records of every outcome
 * few were rejected, so that there each one's details offer to try it again.
 */
export function columnsOf(run: RunView, outcome: OutcomeView | null, onRetry: OnRetry) {
  const { skipped, blocked, rejected, held, unknown } = run.counts;
  const problems = skipped + blocked + rejected + held + unknown + run.differs > 0;
  const retry = outcome === 'rejected' && retryable(run);
  return [...COLUMNS, ...(problems ? [PROBLEM] : []), LINK, ...(retry ? [retryWith(onRetry)] : [])];
}

/** The least width at which each of these columns can be read. */
export function widthOf(columns: ReadonlyArray<TableColumn<OutcomeRowView>>): number {
  return columns.reduce((sum, { width }) => sum + Number(/\d+/.exec(width)?.[0] ?? 0), 0);
}
