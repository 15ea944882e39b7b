import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** What a person typed, kept while the app runs: whoever comes back finds it as it was. */
export function useKept<T>(connection: number, name: string, initial: T): [T, (next: T) => void] {
  const client = useQueryClient();
  const { data } = useQuery<T>({
    queryKey: ['kept', connection, name],
    queryFn: () => initial,
    initialData: initial,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const keep = useCallback(
    (next: T) => client.setQueryData(['kept', connection, name], next),
    [client, connection, name],
  );
  return [data ?? initial, keep];
}

/** Keeps it from somewhere else, as a row does that fills in a form. */
export function useKeep() {
  const client = useQueryClient();
  return useCallback(
    (connection: number, name: string, next: unknown) => client.setQueryData(['kept', connection, name], next),
    [client],
  );
}
