/** A tab of a sync. */
export type SyncTab = 'fields' | 'mapping' | 'links' | 'preview' | 'runs' | 'settings';

/** Where a tab of a sync lives. */
export function tabPath(sync: number, tab: SyncTab): string {
  return `/sync/${sync}/${tab}`;
}

/** Where a run of a sync lives. */
export function runPath(sync: number, run: number): string {
  return `/sync/${sync}/runs/${run}`;
}
