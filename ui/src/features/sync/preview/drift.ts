import type { DriftView } from '@/backend';
import { formatWhen } from '@/components';

/** Who changed a record in Salesforce and when: `Tom Okafor, today 08:51`. */
export function driftText(drift: DriftView): string {
  const by = drift.by ?? 'Somebody';
  return drift.at ? `${by}, ${formatWhen(drift.at)}` : by;
}
