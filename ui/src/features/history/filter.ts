import type { EnvironmentView, HistoryKindView, HistoryRequest, OutcomeView, RunStatusView } from '@/backend';

/** What the table shows of all entries. */
export interface Filter {
  kinds: ReadonlyArray<HistoryKindView>;
  search: string;
  sync: number | null;
  org: number | null;
  /** Connection of a billing system. */
  source: number | null;
  environment: EnvironmentView | null;
  status: ReadonlyArray<RunStatusView>;
  outcome: ReadonlyArray<OutcomeView>;
  /** Days where the person is, `2026-11-21`; both count. */
  from: string;
  until: string;
}

export const EVERYTHING: Filter = {
  kinds: [],
  search: '',
  sync: null,
  org: null,
  source: null,
  environment: null,
  status: [],
  outcome: [],
  from: '',
  until: '',
};

export const STATUSES: ReadonlyArray<RunStatusView> = ['finished', 'running', 'interrupted', 'stopped', 'halted'];

/** Outcomes that a person should look at. */
export const PROBLEMS: ReadonlyArray<OutcomeView> = ['rejected', 'unknown', 'held', 'blocked'];

/** Whether a filter leaves anything out. */
export function narrows(filter: Filter): boolean {
  return (
    filter.search.trim() !== '' ||
    filter.sync !== null ||
    filter.org !== null ||
    filter.source !== null ||
    filter.environment !== null ||
    filter.kinds.length + filter.status.length + filter.outcome.length > 0 ||
    filter.from !== '' ||
    filter.until !== ''
  );
}

/** The moment a day begins where the person is; `null` for what is no day. */
export function beginOf(day: string, later = 0): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!match) return null;
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + later);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The filter as the backend is asked. */
export function requestOf(filter: Filter): Omit<HistoryRequest, 'offset' | 'limit'> {
  return {
    kinds: [...filter.kinds],
    search: filter.search.trim(),
    sync: filter.sync,
    org: filter.org,
    source: filter.source,
    environment: filter.environment,
    status: [...filter.status],
    outcome: [...filter.outcome],
    from: beginOf(filter.from),
    until: beginOf(filter.until, 1),
  };
}

/** The values with one switched. */
export function switched<T>(values: ReadonlyArray<T>, value: T): Array<T> {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
}
