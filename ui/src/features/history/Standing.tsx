import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { HistoryEntryView, HistoryRowView } from '@/backend';
import { StatusWord } from '@/components';
import { standingOfCall } from '../billing/console/words';
import { OUTCOME_ORDER, OUTCOMES, standing } from '../billing/operations/words';
import type { EntryOf } from './entry';

/** How an entry came out, in a word. */
export function Standing({ entry }: { entry: HistoryEntryView }) {
  switch (entry.kind) {
    case 'run':
      return <RunStanding run={entry} />;
    case 'operation':
      return <OperationStanding batch={entry} />;
    case 'import':
      return <ImportStanding view={entry} />;
    case 'call': {
      const look = standingOfCall(entry);
      return (
        <StatusWord tone={look.tone} icon={look.icon}>
          {look.word}
        </StatusWord>
      );
    }
  }
}

const Wrong = () => (
  <StatusWord tone="rejected" icon={IconAlertTriangle}>
    Does not add up
  </StatusWord>
);

const Running = () => (
  <StatusWord tone="update" icon={IconRefresh}>
    Running
  </StatusWord>
);

/** How a run came out: what does not add up, or did not finish, is never green. */
export function RunStanding({ run }: { run: HistoryRowView }) {
  if (run.balance === 'wrong') return <Wrong />;
  if (run.status === 'running') return <Running />;
  return run.balance === 'right' ? <StatusWord status="adds_up" /> : <StatusWord status={run.status} />;
}

/** One operation tells its outcome; several tell how they stand. */
function OperationStanding({ batch }: { batch: EntryOf<'operation'> }) {
  if (batch.status === 'finished' && !batch.adds_up) return <Wrong />;
  const only =
    batch.rows === 1 && batch.status === 'finished' ? OUTCOME_ORDER.find((one) => batch.counts[one] > 0) : undefined;
  const look = only ? OUTCOMES[only] : standing(batch);
  return (
    <StatusWord tone={look.tone} icon={look.icon}>
      {look.word}
    </StatusWord>
  );
}

function ImportStanding({ view }: { view: EntryOf<'import'> }) {
  if (view.status === 'running') return <Running />;
  if (view.status === 'finished' && !view.adds_up) return <Wrong />;
  if (view.status === 'finished' && view.counts.rejected + view.counts.unknown > 0) {
    return (
      <StatusWord tone="held" icon={IconAlertTriangle}>
        Finished with problems
      </StatusWord>
    );
  }
  return view.status === 'finished' || view.status === null ? (
    <StatusWord status="adds_up" />
  ) : (
    <StatusWord status={view.status} />
  );
}
