import { useRef, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import {
  type OutcomeView,
  type RunView,
  type SyncView,
  useConnections,
  usePlan,
  useProgress,
  useRun,
  useRunContinue,
  useRunPause,
  useRunProblems,
  useRunResume,
  useRunRetry,
  useRunStop,
  useRuns,
  useUndoStart,
} from '@/backend';
import { ErrorNotice, SkeletonRows, useFallenFocus } from '@/components';
import { RunLinksCard, useRunLinks } from '../links/RunLinksCard';
import { HeadEnd } from '../shared/HeadEnd';
import { tabPath } from '../shared/paths';
import { SyncFrame } from '../shared/SyncFrame';
import { useAskAgain } from '../shared/useAskAgain';
import { asAnother } from './asAnother';
import { Banner } from './Banner';
import { CallsCard } from './CallsCard';
import { EquationCard } from './EquationCard';
import { FactsCard } from './FactsCard';
import { Hero } from './Hero';
import { Outcomes } from './Outcomes';
import { PhasePath } from './PhasePath';
import { Problems } from './Problems';
import { countedLive, livePhases, phasesOf } from './picture';
import css from './run.module.css';
import { Standstill } from './Standstill';
import { Steering } from './Steering';
import { StopDialog } from './StopDialog';
import { undoOf } from './story';

/** One run: live while it writes, its account afterwards. */
export function RunPage() {
  const id = Number(useParams().run);
  return <SyncFrame>{(sync) => <RunScreen key={id} id={id} sync={sync} />}</SyncFrame>;
}

function RunScreen({ id, sync }: { id: number; sync: SyncView }) {
  const run = useRun(id);
  if (run.data) {
    return <RunBody run={run.data} sync={sync} />;
  }
  return run.error ? (
    <ErrorNotice error={run.error} retry={() => void run.refetch()} />
  ) : (
    <SkeletonRows columns="1fr 344px" rowHeight={44} sentence="Reading the run" />
  );
}

function RunBody({ run, sync }: { run: RunView; sync: SyncView }) {
  const running = run.status === 'running';
  const progress = useProgress(running ? { kind: 'run', id: run.id } : null);
  // The equation needs one whole answer, which the pictures are not.
  useAskAgain(running, 'run_get', { run: run.id });
  const problems = useRunProblems(run.id);
  const plan = usePlan(run.plan);
  const takenBack = undoOf(run, useRuns(run.sync).data ?? []);
  const links = useRunLinks(run);
  const linked = links.data?.counts.recorded ?? 0;
  const connections = useConnections();
  const org = connections.data?.find((one) => one.id === sync.org)?.org ?? null;
  const stop = useRunStop();
  const resume = useRunResume();
  const pause = useRunPause();
  const goOn = useRunContinue();
  const retry = useRunRetry();
  const undo = useUndoStart();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const said = useRef<HTMLDivElement>(null);
  useFallenFocus(running, said);
  const [outcome, setOutcome] = useState<OutcomeView | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const counts = progress?.counts ?? run.counts;

  const show = (one: OutcomeView | null, problem: string | null) => {
    setOutcome(one);
    setCode(problem);
    document.getElementById('run-outcomes')?.scrollIntoView({ block: 'nearest' });
  };
  const again = (customers: Array<string> | null, allowDuplicates: boolean) => {
    stop.reset();
    retry.mutate({ run: run.id, customers, ...(allowDuplicates ? { allow_duplicates: true } : {}) });
  };
  const error =
    stop.error ?? pause.error ?? goOn.error ?? resume.error ?? retry.error ?? undo.error ?? progress?.error ?? null;
  return (
    <>
      <HeadEnd>
        {running ? (
          <Steering
            run={run}
            progress={progress}
            stopping={stop.isSuccess}
            busy={pause.isPending || goOn.isPending}
            onPause={() => pause.mutate({ run: run.id })}
            onContinue={() => goOn.mutate({ run: run.id })}
            onStop={() => setAsking(true)}
          />
        ) : null}
      </HeadEnd>
      <PhasePath phases={livePhases(progress?.phases ?? [], phasesOf(run, plan.data))} />
      {/* Always there, so that what it says is also said aloud. */}
      <div ref={said} className={css.said} role="status" tabIndex={-1}>
        <Standstill run={run} progress={progress} />
        <Banner
          run={run}
          undo={takenBack}
          busy={resume.isPending}
          retrying={retry.isPending}
          onRetry={() => again(null, false)}
          onResume={() => {
            stop.reset();
            resume.mutate({ run: run.id });
          }}
          undoing={run.counts.created + run.counts.updated + linked > 0 ? undo.isPending : null}
          onUndo={() =>
            undo.mutate({ run: run.id }, { onSuccess: (plan) => void navigate(tabPath(plan.sync, 'preview')) })
          }
        />
      </div>
      <div className={css.grid}>
        <div className={css.main}>
          {error ? (
            <ErrorNotice
              inline
              error={error}
              {...asAnother(error === resume.error ? error : null, () =>
                resume.mutate({ run: run.id, as_another_user: true }),
              )}
            />
          ) : null}
          <Hero
            run={run}
            progress={progress}
            counts={counts}
            outcome={outcome}
            onOutcome={running ? null : (one) => show(one, null)}
          />
          {problems.error && !progress ? (
            <ErrorNotice inline error={problems.error} retry={() => void problems.refetch()} />
          ) : (
            <Problems problems={progress?.problems ?? problems.data ?? []} onShow={running ? null : show} />
          )}
          {running ? null : (
            <Outcomes
              run={run}
              problems={problems.data ?? []}
              outcome={outcome}
              code={code}
              onAll={() => show(null, null)}
              onRetry={(customer, allowDuplicates) => again([customer], allowDuplicates)}
            />
          )}
        </div>
        <aside className={css.side} aria-label="Account of the run">
          <CallsCard run={run} progress={progress} plan={plan.data} org={org} />
          <EquationCard run={running ? countedLive(run, progress) : run} />
          <RunLinksCard run={run} links={links.data} error={links.error} />
          <FactsCard run={run} />
        </aside>
      </div>
      <StopDialog
        opened={asking}
        run={run}
        busy={stop.isPending}
        onClose={() => setAsking(false)}
        onStop={() => stop.mutate({ run: run.id }, { onSettled: () => setAsking(false) })}
      />
    </>
  );
}
