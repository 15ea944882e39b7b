import type { SyncView } from '@/backend';

/** The tab of a sync that holds its next step. */
export function syncHome(sync: SyncView): string {
  const base = `/sync/${sync.id}`;
  const run = sync.latest_run;
  const plan = sync.latest_plan;
  if (run && (run.status === 'running' || run.status === 'interrupted' || run.status === 'halted'))
    return `${base}/runs/${run.id}`;
  if (plan && plan.status !== 'used') return `${base}/preview`;
  if (run) return `${base}/runs`;
  return `${base}/fields`;
}
