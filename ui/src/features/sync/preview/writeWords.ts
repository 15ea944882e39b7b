import type { PlanLinksView, PlanView, SyncView } from '@/backend';
import { formatCount, formatCountOf } from '@/components';
import { environmentWord } from '../shared/words';

/** Links a run would write: a customer for whom another Account is named already is left as it is. */
export function linksWritten(view: Pick<PlanLinksView, 'to_link' | 'conflicts'> | undefined): number {
  return view ? Math.max(0, view.to_link - view.conflicts) : 0;
}

/** What a run is about to write. */
export interface Written {
  records: number;
  /** Run that is taken back, when it is an undo. */
  undoes?: PlanView['undoes'];
  /** At most so many links, in the billing system. */
  links?: number;
  /** Records that are deleted; `null` where some are, but not known how many. */
  deleted?: number | null;
}

function recordWords(org: string, { records, undoes = null, deleted = 0 }: Written): string {
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

/** `Write 221 records to Fernhill UAT (SANDBOX) and up to 53 links to Alguna`: every place that is written to. */
export function writeWords(sync: SyncView, written: Written): string {
  const { records, undoes = null, links = 0 } = written;
  const count = formatCountOf(links, 'link');
  if (records === 0 && links > 0) {
    return `${undoes === null ? 'Record' : 'Take back'} ${count} in Alguna`;
  }
  const words = recordWords(`${sync.org_name} (${environmentWord(sync.environment)})`, written);
  if (links === 0) {
    return words;
  }
  return undoes === null ? `${words} and up to ${count} to Alguna` : `${words} and take back up to ${count} in Alguna`;
}

/** The same of the links alone, for a line of its own. */
export function linkLine(links: number, undoes: PlanView['undoes']): string {
  const count = formatCountOf(links, 'link');
  return undoes === null ? `Up to ${count} recorded in Alguna` : `Up to ${count} taken back in Alguna`;
}
