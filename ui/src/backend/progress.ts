import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ProgressView, Work } from './bindings';
import { useBackend } from './context';
import { OUTDATED_BY_WORK, outdate } from './queries';

/** Follows work under way; when it ends, everything it changed is asked again. `null` follows nothing. */
export function useProgress(work: Work | null): ProgressView | null {
  const backend = useBackend();
  const client = useQueryClient();
  const [progress, setProgress] = useState<ProgressView | null>(null);
  const kind = work?.kind;
  const id = work?.id;

  useEffect(() => {
    setProgress(null);
    if (kind === undefined || id === undefined) return;
    return backend.watch({ kind, id }, (next) => {
      setProgress(next);
      if (next.ended) void outdate(client, OUTDATED_BY_WORK[kind]);
    });
  }, [backend, client, kind, id]);

  return progress;
}
