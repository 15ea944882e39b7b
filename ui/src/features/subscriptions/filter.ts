import type { SubscriptionSort, SubscriptionsRequest } from '@/backend';

/** What the table shows of all subscriptions. */
export interface Filter {
  search: string;
  source: number | null;
  status: ReadonlyArray<string>;
  interval: ReadonlyArray<string>;
  currency: ReadonlyArray<string>;
  sort: SubscriptionSort;
  descending: boolean;
}

export const EVERYTHING: Filter = {
  search: '',
  source: null,
  status: [],
  interval: [],
  currency: [],
  sort: 'customer',
  descending: false,
};

/** Whether a filter leaves anything out. */
export function narrows(filter: Filter): boolean {
  return (
    filter.search.trim() !== '' ||
    filter.source !== null ||
    filter.status.length + filter.interval.length + filter.currency.length > 0
  );
}

/** The filter as the backend is asked. */
export function requestOf(filter: Filter): Omit<SubscriptionsRequest, 'offset' | 'limit'> {
  return {
    search: filter.search.trim(),
    source: filter.source,
    status: [...filter.status],
    interval: [...filter.interval],
    currency: [...filter.currency],
    sort: filter.sort,
    descending: filter.descending,
  };
}

/** A click on a column's head: figures and dates begin with the largest, words with A; a second click turns round. */
export function sortedBy(filter: Filter, sort: SubscriptionSort): Filter {
  if (filter.sort === sort) {
    return { ...filter, descending: !filter.descending };
  }
  return { ...filter, sort, descending: sort === 'mrr' };
}

/** The chosen values with one switched. */
export function switched(values: ReadonlyArray<string>, value: string): Array<string> {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
}
