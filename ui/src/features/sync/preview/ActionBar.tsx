import { Button, NativeSelect, Tooltip } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import type { PlanView, SyncView, WayView } from '@/backend';
import { callsInWords, leftInWords, timeFromWords, timeInWords, tooFewCalls, waitInWords } from './forecast';
import { heldInWords } from './heldWords';
import css from './preview.module.css';
import { writeWords } from './writeWords';

interface Props {
  sync: SyncView;
  plan: PlanView;
  /** Why nothing can be written now; `null` when it can. */
  hindrance: string | null;
  busy: boolean;
  /** How to write; `null` leaves it to the number of records. */
  way: WayView | null;
  onWay: (way: WayView | null) => void;
  /** Links a run would write. */
  links: number;
  onPilot: () => void;
  onWrite: () => void;
}

/** What a run would cost, what is held, and the one way on. */
export function ActionBar({ sync, plan, hindrance, busy, way, onWay, links, onPilot, onWrite }: Props) {
  const { forecast, tally, counts } = plan;
  const left = leftInWords(forecast);
  const changed = counts.create + counts.update + counts.delete;
  const few = tooFewCalls(forecast);
  return (
    <footer className={css.bar}>
      <span className={css.cost} data-testid="preview-forecast">
        <IconGauge size={16} aria-hidden color={few ? 'var(--db-blocked)' : undefined} />
        <span>
          {tally.to_write === 0 ? (
            <b>A run would write no record.</b>
          ) : (
            <>
              <b>{callsInWords(forecast)}</b>
              <span className={css.quiet}>
                {few ? (
                  <span data-testid="preview-waits">{`, and ${waitInWords(forecast)}. `}</span>
                ) : (
                  <span title={timeFromWords(forecast)} data-testid="preview-time">
                    {`, ${timeInWords(forecast)}${forecast.timed_runs === 0 ? ' at a guess' : ''}. `}
                  </span>
                )}
                {left ? `${left}.` : null}
              </span>
            </>
          )}
        </span>
      </span>
      <span className={`${css.quiet} ${css.nowrap}`} data-testid="preview-held">
        {changed > 0 ? heldInWords(tally) : null}
      </span>
      <div className={css.acts}>
        <NativeSelect
          size="xs"
          aria-label="How to write"
          title="Few records go by calls of 200, each answered at once; from 2,000 on by Bulk jobs of up to 10,000"
          value={way ?? ''}
          onChange={(event) => onWay((event.currentTarget.value || null) as WayView | null)}
          data={[
            { value: '', label: 'Way: automatic' },
            { value: 'collections', label: 'Way: calls of 200' },
            { value: 'bulk', label: 'Way: Bulk jobs' },
          ]}
          className={css.way}
          data-testid="preview-way"
        />
        <Button
          onClick={onPilot}
          disabled={hindrance !== null || busy || tally.to_write === 0}
          data-testid="preview-pilot"
        >
          Pilot…
        </Button>
        <Tooltip label={hindrance} disabled={hindrance === null} multiline>
          <Button
            variant={sync.environment === 'production' ? 'production' : 'filled'}
            className={css.write}
            data-testid="preview-write"
            data-disabled={hindrance !== null || undefined}
            aria-disabled={hindrance !== null}
            loading={busy}
            onClick={() => {
              if (hindrance === null) {
                onWrite();
              }
            }}
          >
            {writeWords(sync, { records: tally.to_write, undoes: plan.undoes, links, deleted: tally.to_delete })}
          </Button>
        </Tooltip>
      </div>
    </footer>
  );
}
