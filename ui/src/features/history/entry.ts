import { IconArrowsExchange, IconPencilBolt, IconTerminal2, IconUsersPlus } from '@tabler/icons-react';
import type { HistoryEntryView, HistoryKindView } from '@/backend';
import { formatCountOf, formatSeconds, type IconType } from '@/components';
import { formatElapsed } from '../billing/console/words';
import { OUTCOME_ORDER, OUTCOMES } from '../billing/operations/words';
import { PRODUCTS } from '../billing/products';
import { type Sum, sumOf, type Term, tookOf, troubleOf } from './words';

/** An entry of one kind. */
export type EntryOf<K extends HistoryKindView> = Extract<HistoryEntryView, { kind: K }>;

/** One entry by kind and number. */
export interface EntryKey {
  kind: HistoryKindView;
  id: number;
}

export const KINDS: ReadonlyArray<HistoryKindView> = ['run', 'operation', 'import', 'call'];

/** What entries of a kind are called, one and many, and how they look. */
export const KIND: Record<HistoryKindView, { one: string; many: string; icon: IconType }> = {
  run: { one: 'Run', many: 'Runs', icon: IconArrowsExchange },
  operation: { one: 'Operation', many: 'Operations', icon: IconPencilBolt },
  import: { one: 'Import', many: 'Imports', icon: IconUsersPlus },
  call: { one: 'API call', many: 'API calls', icon: IconTerminal2 },
};

export function keyOf(entry: HistoryEntryView): EntryKey {
  switch (entry.kind) {
    case 'run':
      return { kind: 'run', id: entry.run };
    case 'call':
      return { kind: 'call', id: entry.call };
    default:
      return { kind: entry.kind, id: entry.id };
  }
}

/** `Run 12`, `API call 7`. */
export const nameOf = ({ kind, id }: EntryKey): string => `${KIND[kind].one} ${id}`;

/** The entry that an address names. */
export function keyIn(params: URLSearchParams): EntryKey | null {
  for (const kind of KINDS) {
    const id = Number(params.get(kind));
    if (Number.isInteger(id) && id > 0) return { kind, id };
  }
  return null;
}

/** When it first began. */
export function beganOf(entry: HistoryEntryView): string {
  switch (entry.kind) {
    case 'run':
      return entry.started_at;
    case 'operation':
      return entry.started_at ?? entry.created_at;
    case 'import':
      return entry.began_at ?? entry.started_at;
    case 'call':
      return entry.begun_at;
  }
}

/** Seconds from its beginning to its end; `null` while it goes on. */
function secondsOf(from: string, to: string | null): number | null {
  return to === null ? null : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000);
}

/** How long it took, in words. */
export function tookIn(entry: HistoryEntryView): string {
  if (entry.kind === 'run') return tookOf(entry);
  if (entry.kind === 'call') return entry.state === 'answered' ? formatElapsed(entry.elapsed_ms) : '';
  const seconds = secondsOf(beganOf(entry), entry.finished_at);
  if (seconds === null) return '';
  return seconds < 1 ? 'under 1 s' : formatSeconds(seconds);
}

/** The equation of an operation: `4 = 3 done + 1 rejected`. */
function operationSum(batch: EntryOf<'operation'>): Sum {
  const terms = OUTCOME_ORDER.map(
    (one): Term => ({ count: batch.counts[one], word: OUTCOMES[one].word.toLowerCase(), ...troubleOf(one) }),
  );
  return { read: batch.rows, terms: [...terms, { count: batch.open, word: 'open' }] };
}

/** The terms of an import's equation. */
export const IMPORT_TERMS: ReadonlyArray<[keyof EntryOf<'import'>['counts'], string]> = [
  ['created', 'made'],
  ['already', 'customers already'],
  ['skipped', 'left out'],
  ['blocked', 'blocked'],
  ['rejected', 'refused'],
  ['unknown', 'answer lost'],
];

/** The equation of an import: `60 = 12 made + 48 customers already`. */
function importSum(view: EntryOf<'import'>): Sum {
  const terms = IMPORT_TERMS.map(([one, word]): Term => ({ count: view.counts[one], word, ...troubleOf(one) }));
  return { read: view.read, terms: [...terms, { count: view.open, word: 'open' }] };
}

/**
 * The equation of an entry, what a person must look at first, without the terms that are nothing; a call by hand has
 * none.
 */
export function sumIn(entry: HistoryEntryView): Sum | null {
  // One row tells its outcome by a word.
  if (entry.kind === 'call' || (entry.kind === 'operation' && entry.rows === 1)) return null;
  const { read, terms } =
    entry.kind === 'run' ? sumOf(entry) : entry.kind === 'operation' ? operationSum(entry) : importSum(entry);
  const some = terms.filter(({ count }) => count > 0);
  return { read, terms: [...some.filter(({ tone }) => tone), ...some.filter(({ tone }) => !tone)] };
}

/** What it was, in a line, and beside what it stands. */
export function whatOf(entry: HistoryEntryView): { first: string; second: string; mono?: boolean } {
  switch (entry.kind) {
    case 'run':
      return { first: entry.sync_name, second: `mapping v${entry.mapping_version}, ${entry.way}` };
    case 'operation':
      return {
        first: entry.title,
        second:
          entry.origin === 'form'
            ? 'by hand'
            : `${entry.origin === 'csv' ? 'by a CSV file' : 'by selected rows'}, ${formatCountOf(entry.rows, 'row')}`,
      };
    case 'import':
      return { first: `Accounts become customers in ${entry.source_name}`, second: entry.sync_name };
    case 'call': {
      const query = entry.query.map((one) => `${one.name}=${one.value}`).join('&');
      const path = query === '' ? entry.path : `${entry.path}?${query}`;
      return {
        first: `${entry.method} ${path}`,
        second: entry.changes ? 'may have changed something' : 'only reads',
        mono: true,
      };
    }
  }
}

/** The billing system it went to, as far as it is one: name and product. */
export function systemOf(entry: EntryOf<'operation'> | EntryOf<'call'>): string {
  const product = PRODUCTS[entry.provider];
  return entry.connection_name === product ? product : `${entry.connection_name} (${product})`;
}
