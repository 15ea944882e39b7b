import { IconArrowRight, IconCheck, IconPlayerStop } from '@tabler/icons-react';
import type { PhaseView } from '@/backend';
import { formatCount } from '@/components';
import { PHASE_WORDS } from '../shared/words';
import css from './run.module.css';

function detailOf(phase: PhaseView): string {
  if (phase.detail) {
    return phase.detail;
  }
  if (phase.state === 'waiting') {
    return phase.name === 'verify' ? 'Reads back all rows' : 'Waiting';
  }
  return phase.total === null ? formatCount(phase.done) : `${formatCount(phase.done)} of ${formatCount(phase.total)}`;
}

function Sign({ state }: { state: PhaseView['state'] }) {
  if (state === 'done') {
    return <IconCheck size={12} stroke={2.2} aria-label="done" />;
  }
  if (state === 'running') {
    return <IconArrowRight size={12} stroke={2.2} aria-label="under way" />;
  }
  return state === 'stopped' ? <IconPlayerStop size={12} stroke={2.2} aria-label="stopped" /> : null;
}

/** The phases of a run, from left to right. */
export function PhasePath({ phases }: { phases: ReadonlyArray<PhaseView> }) {
  return (
    <ol className={css.path} aria-label="Phases">
      {phases.map((phase) => (
        <li
          key={phase.name}
          className={css.phase}
          data-state={phase.state}
          aria-current={phase.state === 'running' ? 'step' : undefined}
        >
          <div className={css.link}>
            <span className={css.dot}>
              <Sign state={phase.state} />
            </span>
            <span className={css.line}>
              {phase.state === 'running' && phase.total ? (
                <i style={{ width: `${Math.min(100, (phase.done / phase.total) * 100)}%` }} />
              ) : null}
            </span>
          </div>
          <div className={css.phaseName}>{PHASE_WORDS[phase.name]}</div>
          <div className={css.phaseDetail} title={detailOf(phase)}>
            {detailOf(phase)}
          </div>
        </li>
      ))}
    </ol>
  );
}
