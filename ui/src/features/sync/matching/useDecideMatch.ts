import { type Query, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
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

  // Decisions are sent one after another, in the order they were made: each takes the place of the one before.
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const under = useRef(0);
  const [error, setError] = useState<unknown>(null);

  /** Whether it was saved. */
  const send = async (row: MatchView, decision: MatchDecisionView | null): Promise<boolean> => {
    setError(null);
    under.current += 1;
    const saved = queue.current.then(async () => {
      try {
        await decide.mutateAsync({ sync, customer: row.customer, decision });
        client.setQueryData<Settled>(key, (now) => settledAfter(now ?? NONE, row, decision));
        return true;
      } catch (refused) {
        setError(refused);
        return false;
      }
    });
    queue.current = saved;
    await client.cancelQueries(pages);
    client.setQueriesData<MatchListView>(pages, (page) => (page ? decidedIn(page, row, decision) : page));
    const done = await saved;
    under.current -= 1;
    if (under.current === 0) {
      // What is stored, which is also what a refused decision goes back to. Asked earlier, it would undo the next one.
      void client.invalidateQueries(pages);
      void client.invalidateQueries({ queryKey: ['match_take_over_all'] });
    }
    return done;
  };

  return {
    send,
    error,
    forget: () => setError(null),
    /** Waits until every decision made so far has its answer. */
    answered: () => queue.current,
    settled: Object.keys(settled.data ?? NONE).length,
  };
}
