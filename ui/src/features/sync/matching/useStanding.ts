import { type MatchCountsView, useCommand, useMatchCounts } from '@/backend';
import { contradicted } from './decisions';

/** The most conflicts looked through; 500 is the most a page gives. */
const CONFLICTS = 500;

/**
 * How the customers of a sync stand. The backend counts every decision about a conflict; one that the last preview
 * followed, and that made the conflict, is left out here: it is nothing that still has to follow.
 */
export function useStanding(sync: number) {
  const query = useMatchCounts(sync);
  const counts = query.data?.counts;
  const asked = { sync, state: 'conflict', search: '', offset: 0, limit: CONFLICTS } as const;
  const doubtful = counts !== undefined && counts.conflicts > 0 && counts.decided > 0;
  const conflicts = useCommand('match_list', asked, { enabled: doubtful });
  const followed = doubtful ? (conflicts.data?.rows ?? []).filter(contradicted).length : 0;
  const standing: MatchCountsView | undefined = counts && { ...counts, decided: counts.decided - followed };
  return { counts: standing, error: query.error, refetch: query.refetch };
}
