import { IconArrowRight, IconCheck, IconMinus } from '@tabler/icons-react';
import type { PhaseView, ProgressView, SyncView } from '@/backend';
import { formatCount, StatusWord } from '@/components';
import { NoAnswer } from '../shared/NoAnswer';
import { ACTIONS, PHASE_WORDS } from '../shared/words';
import css from './preview.module.css';

const PLAN_PHASES: ReadonlyArray<PhaseView['name']> = ['pull', 'read', 'match', 'plan'];

function figure(phase: PhaseView): string {
  if (phase.state === 'waiting') {
    return '';
  }
  if (phase.total === null) {
    return phase.done > 0 ? formatCount(phase.done) : '';
  }
  return `${formatCount(phase.done)} of ${formatCount(phase.total)}`;
}

function share(phase: PhaseView): number {
  if (phase.state === 'done') {
    return 100;
  }
  return phase.total ? Math.min(100, (phase.done / phase.total) * 100) : 0;
}

function PhaseIcon({ state }: { state: PhaseView['state'] }) {
  if (state === 'done') {
    return <IconCheck size={16} color="var(--db-create)" aria-label="done" />;
  }
  return state === 'running' ? (
    <IconArrowRight size={16} color="var(--db-accent-ink)" aria-label="under way" />
  ) : (
    <IconMinus size={16} aria-label={state} />
  );
}

/** A plan being made: each phase with its live count. Nothing is written meanwhile. */
export function Planning({ sync, progress }: { sync: SyncView; progress: ProgressView | null }) {
  const phases =
    progress?.phases.filter((phase) => PLAN_PHASES.includes(phase.name)) ??
    PLAN_PHASES.map((name): PhaseView => ({ name, state: 'waiting', done: 0, total: null, detail: null }));
  return (
    <div className={css.planning} data-testid="planning">
      <h2 className={css.nothing}>Making the preview</h2>
      <p className={css.quiet} style={{ margin: '4px 0 16px' }}>
        {sync.source_name} and {sync.org_name} are read and compared. Nothing is written.
      </p>
      {progress?.no_answer ? (
        <div className={css.noAnswer} role="status" data-testid="planning-no-answer">
          <NoAnswer why={progress.no_answer} otherwise="the preview fails and says why" />
        </div>
      ) : null}
      <ol aria-label="Phases">
        {phases.map((phase) => (
          <li key={phase.name} className={css.phase} data-state={phase.state}>
            <PhaseIcon state={phase.state} />
            <span className={css.phaseName}>{PHASE_WORDS[phase.name]}</span>
            <span className={css.track}>
              <i style={{ width: `${share(phase)}%` }} />
            </span>
            <span>{phase.state === 'done' && phase.detail ? phase.detail : figure(phase)}</span>
          </li>
        ))}
      </ol>
      {progress ? (
        <div className={css.tallies} role="status">
          {ACTIONS.filter((action) => progress.planned[action] > 0).map((action) => (
            <div key={action}>
              <StatusWord status={action} />
              <div className={css.tally}>{formatCount(progress.planned[action])}</div>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
