import { Button } from '@mantine/core';
import { IconClock, IconTable } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import {
  type ErrorView,
  type PlanReading,
  type PlanView,
  type SyncView,
  usePlan,
  usePlanStart,
  useProgress,
} from '@/backend';
import { EmptyState, ErrorNotice, formatAge, SkeletonRows } from '@/components';
import { InterruptedStrip } from '../run/InterruptedStrip';
import { HeadEnd } from '../shared/HeadEnd';
import { SyncFrame } from '../shared/SyncFrame';
import { useAskAgain } from '../shared/useAskAgain';
import { PlanFailed } from './PlanFailed';
import { Planning } from './Planning';
import { PlanReady } from './PlanReady';
import { PreviewAgain } from './PreviewAgain';
import css from './preview.module.css';
import { usePreviousPlan } from './usePreviousPlan';

/** What a run would do, before it does anything. */
export function PreviewTab() {
  return <SyncFrame>{(sync) => <Preview key={sync.id} sync={sync} />}</SyncFrame>;
}

/** A plan of an older mapping is stale, whatever it was when it was stored. */
function upToDate(plan: PlanView, sync: SyncView): PlanView {
  // An undo is made with the mapping of its run.
  const old = plan.undoes === null && plan.status === 'ready' && plan.mapping_version !== sync.mapping_version;
  return old ? { ...plan, status: 'stale' } : plan;
}

function Preview({ sync }: { sync: SyncView }) {
  const start = usePlanStart();
  const id = start.data?.id ?? sync.latest_plan?.id ?? null;
  const latest = Math.max(id ?? 0, sync.latest_plan?.id ?? 0) || null;
  // An older preview, which a person wants to see because the latest could not be made.
  const [older, setOlder] = useState<number | null>(null);
  const shown = older !== null && latest !== null && older < latest ? older : latest;
  const previous = usePreviousPlan(sync, latest);
  const query = usePlan(shown);
  const known = start.data?.id === shown ? start.data : sync.latest_plan;
  const stored = query.data ?? (known?.id === shown ? known : undefined);
  const plan = stored && upToDate(stored, sync);
  const planning = plan?.status === 'planning';
  const progress = useProgress(planning ? { kind: 'plan', id: plan.id } : null);
  useAskAgain(planning, 'plan_get', { plan: shown ?? 0 });
  // The picture goes when the plan has ended; its error has the code that chooses the next step.
  const [failure, setFailure] = useState<ErrorView | null>(null);
  const failed = progress?.error ?? null;
  useEffect(() => {
    if (failed) {
      setFailure(failed);
    }
  }, [failed]);
  const preview = (reading: PlanReading) => {
    setFailure(null);
    setOlder(null);
    start.mutate(reading === 'changes' ? { sync: sync.id } : { sync: sync.id, reading });
  };
  const again = () => preview('changes');

  if (latest === null) {
    return (
      <div className={css.centre}>
        {start.error ? (
          <ErrorNotice error={start.error} retry={again} />
        ) : (
          <EmptyState
            icon={IconTable}
            title="No preview yet"
            actions={
              <Button variant="filled" loading={start.isPending} onClick={again} data-testid="preview-start">
                Preview
              </Button>
            }
          >
            A preview reads customers from {sync.source_name}, compares them with {sync.sobject_plural} in{' '}
            {sync.org_name}, and shows what a run would write. It writes nothing itself.
          </EmptyState>
        )}
      </div>
    );
  }
  if (!plan) {
    return query.error ? (
      <div className={css.centre}>
        <ErrorNotice error={query.error} retry={() => void query.refetch()} />
      </div>
    ) : (
      <SkeletonRows rows={12} rowHeight={44} columns="70px 240px 1fr 1fr 1fr 1fr" sentence="Reading the preview" />
    );
  }

  const readAt = plan.offline?.org_at ?? plan.finished_at;

  return (
    <div className={css.screen}>
      {planning ? null : (
        <HeadEnd>
          <span className={css.meta}>
            <IconClock size={14} stroke={1.9} aria-hidden />
            {readAt ? `${plan.status === 'failed' ? 'Tried' : 'Read'} ${formatAge(readAt)}, ` : ''}mapping v
            {plan.mapping_version}
          </span>
          <PreviewAgain sync={sync} busy={start.isPending} onPreview={preview} />
        </HeadEnd>
      )}
      {planning ? null : <InterruptedStrip sync={sync} />}
      {start.error ? (
        <div className={css.notice}>
          <ErrorNotice inline error={start.error} retry={again} />
        </div>
      ) : null}
      {older !== null && shown === older ? (
        <p className={css.notice} role="status" data-testid="preview-older">
          The preview after this one could not be made. Nothing was written by it; this one shows what was read before.
        </p>
      ) : null}
      {planning ? (
        <div className={css.centre}>
          <Planning sync={sync} progress={progress} />
        </div>
      ) : plan.status === 'failed' ? (
        <div className={css.centre}>
          <PlanFailed
            sync={sync}
            plan={plan}
            error={failure}
            onAgain={again}
            onOffline={() => preview('offline')}
            onPrevious={previous === null ? null : () => setOlder(previous)}
            busy={start.isPending}
          />
        </div>
      ) : (
        <PlanReady key={plan.id} sync={sync} plan={plan} onAgain={again} busy={start.isPending} />
      )}
    </div>
  );
}
