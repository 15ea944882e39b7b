import { Button } from '@mantine/core';
import { IconClock, IconRefresh, IconTable } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { type PlanView, type SyncView, usePlanStart, useProgress } from '@/backend';
import { EmptyState, ErrorNotice, formatAge, SkeletonRows, StaleStrip } from '@/components';
import preview from '../preview/preview.module.css';
import { HeadEnd } from '../shared/HeadEnd';
import { tabPath } from '../shared/paths';
import { SyncFrame } from '../shared/SyncFrame';
import { useAskAgain } from '../shared/useAskAgain';
import { sumOf } from './decisions';
import { Queue } from './Queue';
import { useDecideMatch } from './useDecideMatch';
import { useStanding } from './useStanding';
import { waitingWords } from './words';

/** Which record belongs to which customer, where a person has to say so. */
export function MatchingTab() {
  return <SyncFrame>{(sync) => <Matching key={sync.id} sync={sync} />}</SyncFrame>;
}

function Matching({ sync }: { sync: SyncView }) {
  const plan = sync.latest_plan;
  const navigate = useNavigate();
  const toPreview = () => navigate(tabPath(sync.id, 'preview'));
  const planning = plan?.status === 'planning';
  useProgress(planning ? { kind: 'plan', id: plan.id } : null);
  useAskAgain(planning, 'sync_get', { sync: sync.id });

  if (plan && !planning) {
    return <Reviewed key={plan.id} sync={sync} plan={plan} onPreview={toPreview} />;
  }
  return (
    <div className={preview.centre}>
      <EmptyState
        icon={IconTable}
        title={planning ? 'The preview is being made' : 'Preview first'}
        actions={
          <Button variant="filled" onClick={toPreview} data-testid="matching-preview">
            {planning ? 'Watch it' : 'Go to Preview'}
          </Button>
        }
      >
        {planning
          ? `Matching is part of it: each customer looks for its ${sync.sobject}. Nothing is written.`
          : `Matching is part of the preview: it looks for the ${sync.sobject} of each customer, and asks here where that is not certain.`}
      </EmptyState>
    </div>
  );
}

/** Why what stands here may be out of date; `null` when it is not. */
export function staleWords(plan: PlanView, sync: SyncView): string | null {
  if (plan.status === 'failed') {
    return 'The last preview was not made, so this may be what an earlier one found.';
  }
  if (plan.status === 'stale' && plan.mapping_version === sync.mapping_version) {
    return 'A setting of the sync changed since this preview; customers may find other records now.';
  }
  if (plan.mapping_version !== sync.mapping_version) {
    return 'The mapping changed since this preview; customers may find other records now.';
  }
  return plan.status === 'used' ? 'A run was made of this preview.' : null;
}

interface Props {
  sync: SyncView;
  plan: PlanView;
  onPreview: () => void;
}

/** What the last preview's matching found. */
function Reviewed({ sync, plan, onPreview }: Props) {
  const standing = useStanding(sync.id);
  const decide = useDecideMatch(sync.id, plan.id);
  const start = usePlanStart();
  const { counts } = standing;
  const waiting = (counts?.decided ?? 0) + decide.settled;
  const stale = staleWords(plan, sync);
  // A decision that is still on its way is followed, too.
  const again = () => void decide.answered().then(() => start.mutate({ sync: sync.id }, { onSuccess: onPreview }));

  return (
    <div className={preview.screen}>
      <HeadEnd>
        <span className={preview.meta} data-testid="matching-waiting">
          {waiting > 0 ? (
            waitingWords(waiting)
          ) : plan.finished_at ? (
            <>
              <IconClock size={14} stroke={1.9} aria-hidden />
              Read {formatAge(plan.finished_at)}
            </>
          ) : null}
        </span>
        <Button
          variant={waiting > 0 ? 'filled' : 'default'}
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={start.isPending}
          onClick={again}
          data-testid="matching-again"
        >
          Preview again
        </Button>
      </HeadEnd>
      {stale ? (
        <StaleStrip
          readAt={plan.finished_at}
          {...(waiting > 0 ? {} : { retry: again, retryLabel: start.isPending ? 'Starting' : 'Preview again' })}
        >
          {stale}
        </StaleStrip>
      ) : null}
      {start.error ? (
        <div className={preview.notice}>
          <ErrorNotice inline error={start.error} retry={again} />
        </div>
      ) : null}
      {standing.error && !counts ? (
        <div className={preview.centre}>
          <ErrorNotice error={standing.error} retry={() => void standing.refetch()} />
        </div>
      ) : !counts ? (
        <SkeletonRows rows={12} rowHeight={44} columns="220px 1fr 90px 1.3fr 170px" sentence="Reading the matches" />
      ) : sumOf(counts) === 0 ? (
        <div className={preview.centre}>
          <EmptyState icon={IconTable} title="No customer was matched yet">
            The last preview stored no matches. Preview again: matching is part of it, and nothing is written.
          </EmptyState>
        </div>
      ) : (
        <Queue sync={sync} counts={counts} decide={decide} />
      )}
    </div>
  );
}
