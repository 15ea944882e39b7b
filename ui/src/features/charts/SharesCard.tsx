import type { CSSProperties } from 'react';
import { Link } from 'react-router';
import { type BreakdownBy, type CurrencyBreakdownView, type ShareView, useAction } from '@/backend';
import { formatCount, formatMoney } from '@/components';
import { type Filter, narrowingOf, pathWith } from '@/features/subscriptions/filter';
import { Status, statusWord } from '@/features/subscriptions/Status';
import { ChartCard } from './ChartCard';
import css from './charts.module.css';
import { FigureTable, known } from './FigureTable';
import { SaveCsv, Saved } from './SaveCsv';

const OF = {
  plan: { title: 'By plan', head: 'Plan', none: 'No plan', others: 'other plans', other: 'other plan' },
  status: { title: 'By status', head: 'Status', none: 'No status', others: 'other words', other: 'other word' },
} as const;

/** The parts of one currency as bars, the largest first; each leads to its rows. */
export function SharesCard({ by, of, filter }: { by: BreakdownBy; of: CurrencyBreakdownView; filter: Filter }) {
  const saving = useAction('breakdown_save');
  const words = OF[by];
  const shares = by === 'plan' ? of.plans : of.statuses;
  const largest = Math.max(...shares.largest.map(sizeOf), shares.others ? sizeOf(shares.others) : 0, 0);
  // Where nothing has a figure the bars show how many there are.
  const byRows = largest === 0;
  const most = Math.max(...shares.largest.map((one) => one.rows), shares.others?.rows ?? 0, 1);
  const wide = (share: ShareView) => (byRows ? share.rows / most : sizeOf(share) / largest) * 100;
  const save = () => saving.mutate({ filter: narrowingOf(filter), by });
  const otherWord = `${formatCount(shares.other_count)} ${shares.other_count === 1 ? words.other : words.others}`;
  const nameOf = (share: ShareView) =>
    share === shares.others ? otherWord : (by === 'status' ? statusWord(share.value) : share.value) || words.none;
  const rows = shares.others ? [...shares.largest, shares.others] : shares.largest;
  // Rows are grids of their own: their figures stand below each other.
  const longest = Math.max(9, ...rows.map((share) => formatMoney(share.mrr ?? '').length));
  const goal = (share: ShareView) =>
    pathWith('/subscriptions', { ...filter, currency: [of.currency], [by]: [share.value] });

  return (
    <ChartCard
      title={words.title}
      meta={byRows ? 'no MRR is known: by count' : `${of.currency}, by MRR`}
      id={by}
      save={<SaveCsv of={words.title.toLowerCase()} saving={saving} onSave={save} />}
      saved={<Saved saving={saving} onRetry={save} />}
      chart={
        <div className={css.shares} style={{ '--figure': `${longest}ch` } as CSSProperties}>
          <div className={css.sharesHead} aria-hidden="true">
            <span>{words.head}</span>
            <span />
            <span>Rows</span>
            <span>MRR{of.currency ? `, ${of.currency}` : ''}</span>
          </div>
          <ul aria-label={words.title}>
            {rows.map((share) => {
              const name = nameOf(share);
              const cells = (
                <>
                  <span className={css.shareName} title={name}>
                    {by === 'status' && share !== shares.others ? (
                      <Status word={share.value} />
                    ) : (
                      <span className="ellipsis">{name}</span>
                    )}
                  </span>
                  <span className={css.track} aria-hidden="true">
                    {wide(share) > 0 ? (
                      <span
                        className={css.bar}
                        data-rest={share === shares.others || undefined}
                        data-negative={Number(share.mrr ?? 0) < 0 || undefined}
                        style={{ width: `${wide(share)}%` }}
                      />
                    ) : null}
                  </span>
                  <span className={css.shareRows}>
                    {formatCount(share.rows)}
                    <span className="unseen"> {share.rows === 1 ? 'row' : 'rows'}, </span>
                  </span>
                  <span className={css.shareMrr}>
                    {known(share.mrr, formatMoney)}
                    <span className="unseen"> {of.currency} MRR</span>
                  </span>
                </>
              );
              return (
                <li key={share === shares.others ? '…others' : `=${share.value}`}>
                  {share === shares.others ? (
                    <div className={css.share}>{cells}</div>
                  ) : (
                    <Link className={css.share} to={goal(share)} data-testid={`share-${by}`} data-value={share.value}>
                      {cells}
                    </Link>
                  )}
                </li>
              );
            })}
          </ul>
        </div>
      }
      table={
        <FigureTable
          label={`${words.title}${of.currency ? `, in ${of.currency}` : ''}, the largest MRR first`}
          rows={rows}
          rowKey={(share) => (share === shares.others ? '…others' : `=${share.value}`)}
          columns={[
            {
              head: words.head,
              words: true,
              cell: (share) => (share === shares.others ? otherWord : <Link to={goal(share)}>{nameOf(share)}</Link>),
            },
            { head: 'Rows', cell: (share) => formatCount(share.rows) },
            { head: 'With a figure', cell: (share) => formatCount(share.known) },
            { head: `MRR${of.currency ? `, ${of.currency}` : ''}`, cell: (share) => known(share.mrr, formatMoney) },
          ]}
        />
      }
    />
  );
}

/** How long a bar is; a negative sum is as long as it is large, and says so by its sign and its shape. */
function sizeOf(share: ShareView): number {
  return Math.abs(Number(share.mrr ?? 0));
}
