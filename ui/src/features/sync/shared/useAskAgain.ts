import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CommandName, Request } from '@/backend';

/** Asks a command again about once a second while something is under way, besides what live pictures tell. */
export function useAskAgain<K extends CommandName>(active: boolean, name: K, request: Request<K>): void {
  const client = useQueryClient();
  const asked = JSON.stringify(request);
  useEffect(() => {
    if (!active) {
      return;
    }
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: [name, JSON.parse(asked)] }), 1000);
    return () => clearInterval(timer);
  }, [client, active, name, asked]);
}
