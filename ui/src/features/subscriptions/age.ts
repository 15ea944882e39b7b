import type { SourceAge } from '@/backend';

/** A cache older than this is said to be old, in hours. */
const OLD_AFTER_HOURS = 24;

/** Sources whose figures must carry their age: unreachable, or not read for a day. */
export function staleSources(sources: ReadonlyArray<SourceAge>, now: Date = new Date()): Array<SourceAge> {
  return sources.filter((source) => {
    if (!source.reachable) {
      return true;
    }
    if (source.pulled_at === null) {
      return false;
    }
    return now.getTime() - new Date(source.pulled_at).getTime() > OLD_AFTER_HOURS * 3_600_000;
  });
}

/** The earliest reading among sources; `null` when one was never read. */
export function oldestReading(sources: ReadonlyArray<SourceAge>): string | null {
  const times = sources.map((source) => source.pulled_at);
  if (times.length === 0 || times.includes(null)) {
    return null;
  }
  return [...(times as Array<string>)].sort()[0] ?? null;
}
