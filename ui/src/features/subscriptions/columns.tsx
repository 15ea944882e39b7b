import { IconCheck, IconMinus } from '@tabler/icons-react';
import type { SubscriptionRowView, SubscriptionSort } from '@/backend';
import { DateText, Money, type TableColumn } from '@/components';
import { type Filter, sortedBy } from './filter';
import { Status } from './Status';
import css from './subscriptions.module.css';

/** A plan's name; where the source gives only the plan's id, the subscription's own name says more. */
export function planName(row: Pick<SubscriptionRowView, 'plan' | 'name'>): string | null {
  const isId = row.plan !== null && /^[a-z]+_\w+$/.test(row.plan);
  return isId ? (row.name ?? row.plan) : (row.plan ?? row.name);
}

/** The table's columns, with sorting by their heads. */
export function columnsOf(filter: Filter, onFilter: (filter: Filter) => void): Array<TableColumn<SubscriptionRowView>> {
  const sort = (by: SubscriptionSort) => ({
    direction:
      filter.sort !== by ? ('none' as const) : filter.descending ? ('descending' as const) : ('ascending' as const),
    onToggle: () => onFilter(sortedBy(filter, by)),
  });
  const text = (value: string | null) => (
    <span className={`ellipsis ${css.second}`} title={value ?? undefined}>
      {value ?? ''}
    </span>
  );
  return [
    {
      key: 'customer',
      head: 'Customer',
      width: 'minmax(188px, 1fr)',
      sort: sort('customer'),
      render: (row) => (
        <span className={`ellipsis ${css.name}`} title={row.customer_name}>
          {row.customer_name}
        </span>
      ),
    },
    {
      key: 'plan',
      head: 'Plan',
      width: 'minmax(98px, 0.4fr)',
      sort: sort('plan'),
      render: (row) => text(planName(row)),
    },
    {
      key: 'status',
      head: 'Status',
      width: '112px',
      sort: sort('status'),
      render: (row) => <Status word={row.status} />,
    },
    { key: 'interval', head: 'Interval', width: '76px', render: (row) => text(row.interval) },
    {
      key: 'mrr',
      head: 'MRR',
      width: '96px',
      align: 'end',
      sort: sort('mrr'),
      render: (row) => (row.mrr === null ? <span className={css.third}>not known</span> : <Money amount={row.mrr} />),
    },
    {
      key: 'currency',
      head: '',
      width: '34px',
      render: (row) => <span className={css.currency}>{row.mrr === null ? '' : row.currency}</span>,
    },
    {
      key: 'renews',
      head: 'Renews',
      width: '98px',
      align: 'end',
      sort: sort('renews'),
      render: (row) =>
        row.renews_on ? (
          <span className={css.second}>
            <DateText value={row.renews_on} />
          </span>
        ) : (
          <span className={css.third}>none</span>
        ),
    },
    {
      key: 'salesforce',
      head: 'Salesforce',
      width: '96px',
      render: (row) => (
        <span className={css.status} data-quiet title={row.record ?? undefined}>
          {row.record ? (
            <IconCheck size={14} stroke={1.9} aria-hidden />
          ) : (
            <IconMinus size={14} stroke={1.9} aria-hidden />
          )}
          {row.record ? 'linked' : 'not linked'}
        </span>
      ),
    },
  ];
}
