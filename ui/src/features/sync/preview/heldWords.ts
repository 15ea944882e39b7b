import type { PlanTallyView } from '@/backend';
import { formatCountOf } from '@/components';

type Held = Pick<PlanTallyView, 'held_rows' | 'held_fields'>;

/** `2 records and 3 fields`: what is held, counted alike wherever it is said; `0` when nothing is. */
export function heldCount({ held_rows: records, held_fields: fields }: Held): string {
  const parts = [
    records > 0 ? formatCountOf(records, 'record') : null,
    fields > 0 ? formatCountOf(fields, 'field') : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '0' : parts.join(' and ');
}

/** `2 records and 3 fields held` */
export function heldInWords(tally: Held): string {
  return tally.held_rows + tally.held_fields === 0 ? 'Nothing held' : `${heldCount(tally)} held`;
}
