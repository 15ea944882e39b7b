import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Commands } from './bindings';
import { useBackend } from './context';

/** Commands that answer a window of rows and how many there are. */
export type PagedCommand =
  | 'plan_rows'
  | 'match_list'
  | 'run_outcomes'
  | 'subscription_list'
  | 'history_list'
  | 'console_list'
  | 'console_rows'
  | 'operation_rows';
type Row<K extends PagedCommand> = Commands[K]['response']['rows'][number];

/** A long list read page by page: what a `VirtualTable` needs, and the first page whole. */
export interface Pages<K extends PagedCommand> {
  totalRows: number;
  getRow: (index: number) => Row<K> | undefined;
  onRange: (first: number, last: number) => void;
  /** The first loaded page of the present filter, with totals. */
  first: Commands[K]['response'] | undefined;
  /** No page at all yet. */
  isPending: boolean;
  /** The rows on screen still belong to the filter before. */
  isPrevious: boolean;
  error: Error | null;
  refetch: () => void;
}

/**
 * Reads the pages on screen and their neighbours. `filter` is the request without offset and limit;
 * each different filter starts at the top.
 */
export function usePages<K extends PagedCommand>(
  name: K,
  filter: Omit<Commands[K]['request'], 'offset' | 'limit'>,
  options: { pageSize?: number; enabled?: boolean } = {},
): Pages<K> {
  const { pageSize = 100, enabled = true } = options;
  const backend = useBackend();
  const key = JSON.stringify(filter);
  const [range, setRange] = useState({ key, first: 0, last: 0 });
  const [first, last] = range.key === key ? [range.first, range.last] : [0, 0];

  const pages = useMemo(() => {
    const wanted = new Set([0]);
    for (let page = Math.max(0, first - 1); page <= last + 1; page += 1) wanted.add(page);
    return [...wanted].sort((a, b) => a - b);
  }, [first, last]);

  // Several queries at once do not keep what the filter before gave, so it is kept here: a table that
  // went away meanwhile would lose the focus.
  const before = useRef<Commands[K]['response'] | undefined>(undefined);
  const results = useQueries({
    queries: pages.map((page) => {
      const request = { ...filter, offset: page * pageSize, limit: pageSize } as Commands[K]['request'];
      return {
        queryKey: [name, request] as const,
        queryFn: (): Promise<Commands[K]['response']> => backend.call(name, request),
        enabled,
        ...(page === 0 ? { placeholderData: () => before.current } : {}),
      };
    }),
  });

  const top = results[0];
  useEffect(() => {
    if (top?.data && !top.isPlaceholderData) before.current = top.data;
  }, [top?.data, top?.isPlaceholderData]);
  const totalRows = top?.data?.total ?? 0;
  const getRow = (index: number): Row<K> | undefined => {
    const at = pages.indexOf(Math.floor(index / pageSize));
    return at < 0 ? undefined : (results[at]?.data?.rows[index % pageSize] as Row<K> | undefined);
  };
  const onRange = useCallback(
    (firstRow: number, lastRow: number) => {
      const next = { key, first: Math.floor(firstRow / pageSize), last: Math.floor(lastRow / pageSize) };
      setRange((now) => (now.key === key && now.first === next.first && now.last === next.last ? now : next));
    },
    [key, pageSize],
  );
  return {
    totalRows,
    getRow,
    onRange,
    first: top?.data,
    isPending: top?.isPending ?? true,
    isPrevious: top?.isPlaceholderData ?? false,
    error: results.find((result) => result.error)?.error ?? null,
    refetch: () => {
      for (const result of results) void result.refetch();
    },
  };
}
