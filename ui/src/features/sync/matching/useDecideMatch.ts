import { type Query, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type MatchDecisionView,
  type MatchListRequest,
  type MatchListView,
  type MatchView,
  useMatchDecide,
} from '@/backend';
import { decidedIn, type Settled, settledAfter } from './decisions';

const NONE: Settled = {};

/** Decides about a customer's record: shown at once, taken back when the answer is an error. */
export function useDecideMatch(sync: number, plan: number) {
  const client = useQueryClient();
  const decide = useMatchDecide();
  // The backend counts only decisions about what matching left open; the others are kept here until the next preview.
  const key = ['match_settled', plan];
  const settled = useQuery<Settled>({ queryKey: key, queryFn: skipToken, gcTime: Number.POSITIVE_INFINITY });
  const pages = {
    queryKey: ['match_list'],
    predicate: (query: Query) => (query.queryKey[1] as MatchListRequest).sync === sync,
  };

  /** Whether it was saved. */
  const send = async (row: MatchView, decision: MatchDecisionView | null): Promise<boolean> => {
    await client.cancelQueries(pages);
    client.setQueriesData<MatchListView>(pages, (page) => (page ? decidedIn(page, row, decision) : page));
    try {
      await decide.mutateAsync({ sync, customer: row.customer, decision });
      client.setQueryData<Settled>(key, (now) => settledAfter(now ?? NONE, row, decision));
      return true;
    } catch {
      // The error itself is shown from `error`; the rows go back to what is stored.
      await client.invalidateQueries(pages);
      return false;
    }
  };

  return { send, error: decide.error, forget: decide.reset, settled: Object.keys(settled.data ?? NONE).length };
}
