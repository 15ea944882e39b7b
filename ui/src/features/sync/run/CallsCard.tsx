import { IconGauge } from '@tabler/icons-react';
import type { OrgView, PlanView, ProgressView, RunView } from '@/backend';
import { Card, formatCount } from '@/components';
import { callsOf } from '../preview/forecast';
import css from './run.module.css';

interface Props {
  run: RunView;
  progress: ProgressView | null;
  plan: PlanView | undefined;
  org: OrgView | null;
}

const DAY = 24 * 3_600_000;

/** Whether the calls of a run are still among those of the last 24 hours. */
function countsStill(run: RunView): boolean {
  return run.finished_at === null || Date.now() - Date.parse(run.finished_at) < DAY;
}

/** API calls: what the org has left, what this run takes. */
export function CallsCard({ run, progress, plan, org }: Props) {
  const calls = progress?.api_calls ?? run.api_calls;
  const limit = progress?.api_limit ?? org?.api_limit ?? null;
  const used = org?.api_used ?? null;
  const left = progress?.api_left ?? (limit !== null && used !== null ? limit - used : null);
  // Of people and programs, and of Drawbridge: its previews call, too.
  const others = limit !== null && left !== null && countsStill(run) ? Math.max(0, limit - left - calls) : null;
  return (
    <Card
      title={
        <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
          <IconGauge size={16} aria-hidden />
          API calls
        </span>
      }
      end={<span className={css.phaseDetail}>org limit, last 24 hours</span>}
    >
      <div className={css.cardBody}>
        {left !== null && limit !== null ? (
          <>
            <div>
              <span className={css.calls}>{formatCount(left)}</span>{' '}
              <span className={css.quiet}>left of {formatCount(limit)}</span>
            </div>
            <div className={css.gauge} aria-hidden>
              <i style={{ width: `${Math.min(100, ((limit - left) / Math.max(1, limit)) * 100)}%` }} />
            </div>
          </>
        ) : null}
        <div className={css.pairs}>
          <span>{run.status === 'running' ? 'This run so far' : 'This run'}</span>
          <span data-testid="run-calls">{formatCount(calls)}</span>
          {plan ? (
            <>
              <span>Forecast for this run</span>
              <span>{formatCount(callsOf(plan.forecast))}</span>
            </>
          ) : null}
          {others !== null ? (
            <>
              <span>Everything else in this org</span>
              <span>{formatCount(others)}</span>
            </>
          ) : null}
        </div>
      </div>
    </Card>
  );
}
