import { useQueryClient } from '@tanstack/react-query';
import { type MatchListRequest, type MatchView, useBackend } from '@/backend';
import { nextWhere, undecided } from './decisions';

/** Rows of a page of the list. */
export const PAGE = 100;

type Asked = Omit<MatchListRequest, 'offset' | 'limit'>;

/** Looks for the next customer without a decision, reading on where the list was not scrolled to yet. */
export function useNextUndecided(asked: Asked, total: number) {
  const backend = useBackend();
  const client = useQueryClient();
  const rowAt = async (index: number): Promise<MatchView | undefined> => {
    const request = { ...asked, offset: Math.floor(index / PAGE) * PAGE, limit: PAGE };
    const page = await client.fetchQuery({
      queryKey: ['match_list', request],
      queryFn: () => backend.call('match_list', request),
      staleTime: Number.POSITIVE_INFINITY,
    });
    return page.rows[index % PAGE];
  };
  return (from: number) => nextWhere(from, total, rowAt, undecided);
}
