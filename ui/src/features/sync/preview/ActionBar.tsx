import { Button, NativeSelect, Tooltip } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import type { PlanView, SyncView, WayView } from '@/backend';
import { formatCount, formatCountOf } from '@/components';
import { environmentWord } from '../shared/words';
import { callsInWords, leftInWords, timeFromWords, timeInWords, tooFewCalls } from './forecast';
import css from './preview.module.css';

interface Props {
  sync: SyncView;
  plan: PlanView;
  /** Why nothing can be written now; `null` when it can. */
  hindrance: string | null;
  busy: boolean;
  /** How to write; `null` leaves it to the number of records. */
  way: WayView | null;
  onWay: (way: WayView | null) => void;
  /** Links a run would see to. */
  links: number;
  onPilot: () => void;
  onWrite: () => void;
}

/**
 * `Write 221 records to Fernhill UAT (SANDBOX)`, and what of them is deleted: `null` where that is so of some, but
 * not known of how many.
 */
export function writeWords(
  sync: SyncView,
  records: number,
  undoes: number | null = null,
  links = 0,
  deleted: number | null = 0,
): string {
  if (records === 0 && links > 0) {
    return `${undoes === null ? 'Record' : 'Take back'} ${formatCountOf(links, 'link')} in Alguna`;
  }
  const org = `${sync.org_name} (${environmentWord(sync.environment)})`;
  const count = formatCountOf(records, 'record');
  if (deleted === null) {
    return `Delete or restore ${count} in ${org}`;
  }
  if (deleted > 0) {
    return records === deleted
      ? `Delete ${count} in ${org}`
      : `Delete ${formatCount(deleted)} and restore ${formatCount(records - deleted)} in ${org}`;
  }
  return undoes === null ? `Write ${count} to ${org}` : `Put back ${count} in ${org}`;
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
                  <>, which is more than the org has. </>
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
      <span className={css.spacer} />
      <span className={`${css.quiet} ${css.nowrap}`} data-testid="preview-held">
        {changed > 0 ? `${formatCount(changed - tally.to_write)} of ${formatCount(changed)} held` : null}
      </span>
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
          {writeWords(sync, tally.to_write, plan.undoes, links, tally.to_delete)}
        </Button>
      </Tooltip>
    </footer>
  );
}
