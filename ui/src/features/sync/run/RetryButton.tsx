import { Button } from '@mantine/core';
import type { OutcomeRowView, RunView } from '@/backend';

/** Tries one customer's rejected record again; saved though a duplicate rule warns, where that is allowed. */
export type OnRetry = (customer: string, allowDuplicates: boolean) => void;

/** Whether rejected records of a run can be tried again: not once a newer run came after it. */
export function retryable(run: RunView): boolean {
  return run.counts.rejected > 0 && run.superseded_by === null;
}

/**
 * Tries a rejected record again. To send a duplicate once more as it was would be refused once more: where it may be
 * saved anyway, that is offered.
 */
export function RetryButton({ row, onRetry }: { row: OutcomeRowView; onRetry: OnRetry }) {
  return row.twin?.allowable ? (
    <Button
      size="compact-sm"
      aria-label={`Save anyway: ${row.name}`}
      title={`Saves it beside ${row.twin.record}, which the duplicate rule takes for the same`}
      onClick={() => onRetry(row.customer, true)}
    >
      Save anyway
    </Button>
  ) : (
    <Button size="compact-sm" aria-label={`Retry ${row.name}`} onClick={() => onRetry(row.customer, false)}>
      Retry
    </Button>
  );
}
