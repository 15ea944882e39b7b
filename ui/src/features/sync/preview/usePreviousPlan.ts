import { useQueryClient } from '@tanstack/react-query';
import type { PlanView, SyncView } from '@/backend';

/**
 * The preview before one that failed: the newest looked at since the page was opened, or that of the last run. `null`
 * where neither is known.
 */
export function usePreviousPlan(sync: SyncView, failed: number | null): number | null {
  const seen = useQueryClient()
    .getQueriesData<PlanView>({ queryKey: ['plan_get'] })
    .flatMap(([, plan]) => (plan ? [plan] : []))
    .filter((plan) => plan.sync === sync.id && plan.status !== 'failed' && plan.status !== 'planning')
    .map((plan) => plan.id);
  const run = sync.latest_run?.plan;
  const before = [...seen, ...(run === undefined ? [] : [run])].filter((id) => failed !== null && id < failed);
  return before.length > 0 ? Math.max(...before) : null;
}
