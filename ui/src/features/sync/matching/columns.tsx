import type { MatchStateView, MatchView, SyncView } from '@/backend';
import { StatusWord, type TableColumn } from '@/components';
import { DecisionCell } from './DecisionCell';
import { likeliest } from './decisions';
import css from './matching.module.css';
import { Score } from './Score';
import { recordName, withoutRecord } from './words';

type Column = TableColumn<MatchView>;

/** Two lines of a row; the second is quiet. */
function Lines({ first, second, mono }: { first: string; second?: string | undefined; mono?: boolean }) {
  return (
    <>
      <span className={css.line} title={first}>
        {first}
      </span>
      {second ? (
        <span className={mono ? css.id : css.under} title={second}>
          {second}
        </span>
      ) : null}
    </>
  );
}

/** With a capital at the beginning, for text that stands by itself. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Likeliest({ row }: { row: MatchView }) {
  const best = likeliest(row) ?? row.proposals[0];
  if (!best) {
    return null;
  }
  const others = row.proposals.length - 1;
  if (best.takeover) {
    return <Lines first={recordName(best.record)} second={`linked to ${best.takeover.customer}, which is gone`} />;
  }
  const more = best.taken_by === null ? (others > 0 ? `or ${others} more` : undefined) : 'belongs to another customer';
  return <Lines first={recordName(best.record)} second={more} />;
}

function Evidence({ row }: { row: MatchView }) {
  const [first, ...others] = (likeliest(row) ?? row.proposals[0])?.evidence ?? [];
  return first ? <Lines first={sentence(first)} second={others.join(', ')} /> : null;
}

/** What a group shows of each customer; `narrow` while the panel stands beside it. */
export function columnsOf(group: MatchStateView, sync: SyncView, narrow: boolean): Array<Column> {
  const customer: Column = {
    key: 'customer',
    head: 'Customer',
    width: narrow ? 'minmax(120px, 220px)' : 'minmax(180px, 280px)',
    render: (row) => (
      <>
        <span className={css.name} title={row.name}>
          {row.name}
        </span>
        <span className={css.id}>{row.customer}</span>
      </>
    ),
  };
  const decision: Column = {
    key: 'decision',
    head: 'Decision',
    width: narrow ? '164px' : '200px',
    render: (row) => <DecisionCell sync={sync} row={row} />,
  };
  const evidence: Column = {
    key: 'evidence',
    head: 'What both share',
    width: 'minmax(140px, 1.3fr)',
    render: (row) => <Evidence row={row} />,
  };
  switch (group) {
    case 'proposed':
      return [
        customer,
        {
          key: 'record',
          head: `Likeliest ${sync.sobject}`,
          width: narrow ? 'minmax(96px, 1fr)' : 'minmax(140px, 1fr)',
          render: (row) => <Likeliest row={row} />,
        },
        {
          key: 'score',
          head: 'How likely',
          width: narrow ? '84px' : '92px',
          align: 'end',
          render: (row) => <Score score={(likeliest(row) ?? row.proposals[0])?.score ?? 0} />,
        },
        // Beside the panel, which lists it whole, there is no room for it.
        ...(narrow ? [] : [evidence]),
        decision,
      ];
    case 'conflict':
      return [
        customer,
        {
          key: 'problem',
          head: 'What contradicts itself, and the next step',
          width: 'minmax(200px, 1fr)',
          render: (row) => <span className={css.wrapped}>{row.problem}</span>,
        },
        decision,
      ];
    case 'found':
      return [
        customer,
        {
          key: 'record',
          head: sync.sobject,
          width: 'minmax(140px, 1fr)',
          render: (row) =>
            row.record ? (
              <Lines
                first={recordName(row.record)}
                {...(row.record.name ? { second: row.record.id, mono: true } : {})}
              />
            ) : (
              <span className={css.under}>no longer among the records read</span>
            ),
        },
        {
          key: 'by',
          head: 'How it was found',
          width: 'minmax(140px, 1fr)',
          render: (row) => <Lines first={row.matched_by ?? ''} />,
        },
        decision,
      ];
    case 'not_found':
      return [
        customer,
        {
          key: 'without',
          head: 'What becomes of it',
          width: 'minmax(200px, 1fr)',
          render: () => <span className={css.wrapped}>{withoutRecord(sync)}</span>,
        },
        decision,
      ];
    case 'apart':
      return [
        customer,
        {
          key: 'apart',
          head: 'At the last preview',
          width: 'minmax(140px, 1fr)',
          render: () => <StatusWord status="skipped">Set apart by a person</StatusWord>,
        },
        decision,
      ];
  }
}
