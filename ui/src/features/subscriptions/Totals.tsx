import { IconClock } from '@tabler/icons-react';
import type { SubscriptionsView } from '@/backend';
import { formatCount, formatMoney, formatWhen } from '@/components';
import css from './subscriptions.module.css';

interface Props {
  page: SubscriptionsView;
  /** Since when the figures are old; `undefined` while they are fresh. */
  oldSince: string | null | undefined;
}

/** Totals of everything the filter leaves, each currency by itself. */
export function Totals({ page, oldSince }: Props) {
  return (
    <footer className={css.totals}>
      <div>
        <div className={css.totalLabel}>Shown</div>
        <div className={css.total} data-testid="subscriptions-shown">
          {page.total === page.all ? formatCount(page.all) : `${formatCount(page.total)} of ${formatCount(page.all)}`}
        </div>
      </div>
      <span className={css.rule} />
      {page.totals.map((total) => (
        <div key={total.currency}>
          <div className={css.totalLabel}>MRR, {total.currency}</div>
          <div className={css.total} data-testid="subscriptions-total" data-currency={total.currency}>
            {formatMoney(total.amount)}
          </div>
        </div>
      ))}
      <span className={css.spacer} />
      {oldSince === undefined ? (
        <span className={css.third}>Totals follow the filter and are not converted</span>
      ) : (
        <span className={css.old}>
          <IconClock size={12} stroke={2.2} aria-hidden />
          {oldSince === null ? 'not all sources were read' : `as of ${formatWhen(oldSince)}`}
        </span>
      )}
    </footer>
  );
}
