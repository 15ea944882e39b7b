import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { HistoryRowView } from '@/backend';
import { StatusWord } from '@/components';

/** How a run came out: what does not add up, or did not finish, is never green. */
export function Standing({ run }: { run: HistoryRowView }) {
  if (run.balance === 'wrong') {
    return (
      <StatusWord tone="rejected" icon={IconAlertTriangle}>
        Does not add up
      </StatusWord>
    );
  }
  if (run.status === 'running') {
    return (
      <StatusWord tone="update" icon={IconRefresh}>
        Running
      </StatusWord>
    );
  }
  return run.balance === 'right' ? <StatusWord status="adds_up" /> : <StatusWord status={run.status} />;
}
