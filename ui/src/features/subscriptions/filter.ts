import type { BreakdownRequest, SubscriptionSort, SubscriptionsRequest } from '@/backend';

/** What the table shows of all subscriptions. */
export interface Filter {
  search: string;
  source: number | null;
  status: ReadonlyArray<string>;
  interval: ReadonlyArray<string>;
  currency: ReadonlyArray<string>;
  /** The empty one stands for no plan. */
  plan: ReadonlyArray<string>;
  sort: SubscriptionSort;
  descending: boolean;
}

export const EVERYTHING: Filter = {
  search: '',
  source: null,
  status: [],
  interval: [],
  currency: [],
  plan: [],
  sort: 'customer',
  descending: false,
};

/** Whether a filter leaves anything out. */
export function narrows(filter: Filter): boolean {
  return (
    filter.search.trim() !== '' ||
    filter.source !== null ||
    filter.status.length + filter.interval.length + filter.currency.length + filter.plan.length > 0
  );
}

/** What a filter leaves out, without an order. */
export type Narrowing = Omit<Filter, 'sort' | 'descending'>;

/** What the filter leaves out, as the backend is asked. */
export function narrowingOf(filter: Narrowing): BreakdownRequest {
  return {
    search: filter.search.trim(),
    source: filter.source,
    status: [...filter.status],
    interval: [...filter.interval],
    currency: [...filter.currency],
    plan: [...filter.plan],
  };
}

/** The filter as the backend is asked. */
export function requestOf(filter: Filter): Omit<SubscriptionsRequest, 'offset' | 'limit'> {
  return { ...narrowingOf(filter), sort: filter.sort, descending: filter.descending };
}

const LISTS = ['status', 'interval', 'currency', 'plan'] as const;

/** A filter as an address carries it; empty where it leaves nothing out. */
export function paramsOf(filter: Narrowing): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.search.trim() !== '') params.set('search', filter.search.trim());
  if (filter.source !== null) params.set('source', String(filter.source));
  for (const part of LISTS) {
    for (const value of filter[part]) params.append(part, value);
  }
  return params;
}

/** The filter of an address. */
export function filterOf(params: URLSearchParams): Filter {
  const lists = Object.fromEntries(LISTS.map((part) => [part, params.getAll(part)]));
  // Beside a customer the source says whose it is, and filters nothing.
  const source = params.has('customer') ? null : Number(params.get('source')) || null;
  return { ...EVERYTHING, ...lists, search: params.get('search') ?? '', source };
}

/** An address of the screens that follow the filter. */
export function pathWith(path: string, filter: Narrowing): string {
  const params = paramsOf(filter).toString();
  return params === '' ? path : `${path}?${params}`;
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
