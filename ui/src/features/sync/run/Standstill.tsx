import type { ProgressView, RunView } from '@/backend';
import { formatSeconds, StatusWord } from '@/components';
import { NoAnswer } from '../shared/NoAnswer';
import css from './run.module.css';
import { isPaused } from './Steering';

/** Why a run under way sends nothing at present, and what makes it go on. */
export function Standstill({ run, progress }: { run: RunView; progress: ProgressView | null }) {
  if (run.status !== 'running') {
    return null;
  }
  const waiting = progress?.waiting ?? null;
  if (waiting) {
    return (
      <div className={css.banner} data-testid="run-waiting">
        <StatusWord status="stale">Waiting for API calls</StatusWord>
        <span className={css.bannerText}>
          {waiting.why} It looks again every {formatSeconds(waiting.every_seconds)} and goes on by itself; you can stop
          it, and resume it later.
        </span>
      </div>
    );
  }
  if (isPaused(run, progress)) {
    return (
      <div className={css.banner} data-testid="run-paused">
        <StatusWord status="stopped">Paused</StatusWord>
        <span className={css.bannerText}>
          No further call goes out until you let it go on; calls under way end and are recorded. If you close Drawbridge
          meanwhile, the run is interrupted and can be resumed.
        </span>
      </div>
    );
  }
  const noAnswer = progress?.no_answer ?? null;
  if (noAnswer) {
    return (
      <div className={css.banner} data-testid="run-no-answer">
        <NoAnswer why={noAnswer} otherwise="the run is interrupted, and can be resumed" className={css.bannerText} />
      </div>
    );
  }
  return null;
}
