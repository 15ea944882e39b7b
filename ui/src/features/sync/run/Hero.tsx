import { UnstyledButton } from '@mantine/core';
import type { CountsView, OutcomeView, ProgressView, RunView } from '@/backend';
import { Card, formatCount, formatCountOf, formatSeconds, StatusWord } from '@/components';
import { OUTCOME_WORDS, termsOf } from '../shared/words';
import { sentOf } from './picture';
import css from './run.module.css';
import { isPaused } from './Steering';

interface Props {
  run: RunView;
  progress: ProgressView | null;
  counts: CountsView;
  /** Outcome the list below shows; `null` for all. */
  outcome: OutcomeView | null;
  /** Given once there is a list to filter. */
  onOutcome: ((outcome: OutcomeView | null) => void) | null;
}

const BAR: ReadonlyArray<{ outcome: OutcomeView; colour: string }> = [
  { outcome: 'created', colour: 'var(--db-create)' },
  { outcome: 'updated', colour: 'var(--db-update)' },
  { outcome: 'deleted', colour: 'var(--db-skipped)' },
  { outcome: 'rejected', colour: 'var(--db-rejected)' },
  { outcome: 'unknown', colour: 'var(--db-unknown)' },
];

/** The figure that carries the screen, its bar, and the outcomes. */
export function Hero({ run, progress, counts, outcome, onOutcome }: Props) {
  const sent = sentOf(run, progress);
  const total = run.to_write;
  // What it took so far says nothing about how long it takes while nothing moves.
  const moves = progress !== null && progress.no_answer === null && !isPaused(run, progress) && !progress.waiting;
  const percent = total === 0 ? 100 : Math.floor((Math.min(sent, total) / total) * 100);
  return (
    <Card className={css.hero}>
      <div className={css.big}>
        <b data-testid="run-figure">{formatCount(sent)}</b>
        <span>of {formatCount(total)} records sent</span>
        <span className={css.spacer} />
        {run.status === 'running' ? (
          <>
            {moves && progress.rate ? (
              <span>
                <b>{formatCount(Math.round(progress.rate))}</b> records a second
              </span>
            ) : null}
            {moves && progress.rate && progress.seconds_left !== null ? <span className={css.rule} /> : null}
            {moves && progress.seconds_left !== null ? (
              <span>
                about <b>{formatSeconds(progress.seconds_left)}</b> left
              </span>
            ) : null}
          </>
        ) : (
          <span>
            took <b>{run.seconds < 1 ? 'under a second' : formatSeconds(run.seconds)}</b>
          </span>
        )}
      </div>
      <div
        className={css.progress}
        role="progressbar"
        aria-label="Records sent"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        {BAR.filter(({ outcome: one }) => counts[one] > 0).map(({ outcome: one, colour }) => (
          <i
            key={one}
            style={{ width: `${(counts[one] / Math.max(1, total)) * 100}%`, background: colour }}
            title={`${OUTCOME_WORDS[one]} ${formatCount(counts[one])}`}
          />
        ))}
      </div>
      {run.status === 'running' && progress && (progress.bulk || progress.in_flight !== null) ? (
        <div className={css.phaseDetail} data-testid="run-under-way">
          {progress.bulk
            ? `${formatCountOf(progress.bulk.jobs, 'Bulk job')} under way: Salesforce has looked at ${formatCount(progress.bulk.processed)} of ${formatCountOf(progress.bulk.rows, 'record')}`
            : `Up to ${formatCountOf(progress.in_flight ?? 0, run.way === 'bulk' ? 'Bulk job' : 'call')} at a time`}
        </div>
      ) : null}
      <div className={css.counts}>
        {termsOf(counts).map((one) => {
          const inside = (
            <>
              <StatusWord status={one} />{' '}
              <span className={css.countFigure} data-testid={`count-${one}`}>
                {formatCount(counts[one])}
              </span>
            </>
          );
          return onOutcome ? (
            <UnstyledButton
              key={one}
              aria-pressed={outcome === one}
              onClick={() => onOutcome(outcome === one ? null : one)}
            >
              {inside}
            </UnstyledButton>
          ) : (
            <div key={one}>{inside}</div>
          );
        })}
      </div>
    </Card>
  );
}
