import { Button } from '@mantine/core';
import { IconArrowBackUp, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { RunView } from '@/backend';
import { formatCountOf, StatusWord } from '@/components';
import { tabPath } from '../shared/paths';
import { balanceOf } from './picture';
import css from './run.module.css';

interface Props {
  run: RunView;
  busy: boolean;
  onResume: () => void;
  /** Whether rejected records are being tried again. */
  retrying: boolean;
  onRetry: () => void;
  /** Whether the undo is being begun; `null` when nothing can be undone. */
  undoing: boolean | null;
  onUndo: () => void;
}

/** What became of the records a run left, when a newer one came after it. */
function supersededStory(run: RunView): string {
  return `Run ${run.superseded_by} came after it, so it cannot be resumed: what it left is in newer previews.`;
}

function story(run: RunView): string {
  const written = run.counts.created + run.counts.updated + run.counts.deleted;
  const left = formatCountOf(run.still_to_write, 'record waits', 'records wait');
  if (run.superseded_by !== null && run.status !== 'finished') {
    return supersededStory(run);
  }
  switch (run.status) {
    case 'interrupted':
      return `Drawbridge was cut off while writing. ${left}. Resume reads back what was in flight before anything is sent again.`;
    case 'stopped':
      return `A person stopped it. ${formatCountOf(written, 'record was', 'records were')} written and stay; ${left}.`;
    case 'halted':
      return `It stopped by itself to be safe. ${left}. Look at the problems first, then resume or preview again.`;
    default: {
      return [
        ...(balanceOf(run) === 'wrong' ? ['Its figures do not add up: do not rely on it'] : []),
        run.undoes === null
          ? `${formatCountOf(written, 'record')} written`
          : `${formatCountOf(run.counts.updated, 'record')} put back as before run ${run.undoes}`,
        ...(run.counts.deleted > 0 ? [`${formatCountOf(run.counts.deleted, 'record')} that it created deleted`] : []),
        ...(run.counts.rejected > 0 ? [`${formatCountOf(run.counts.rejected, 'record')} rejected by Salesforce`] : []),
        ...(run.counts.unknown > 0 ? [`${formatCountOf(run.counts.unknown, 'answer')} missing`] : []),
        ...(run.differs > 0
          ? [`${formatCountOf(run.differs, 'record')} read back differently from what was sent`]
          : []),
      ].join(', ');
    }
  }
}

/** How a run that no longer writes came out, why, and what to do. */
export function Banner({ run, busy, onResume, retrying, onRetry, undoing, onUndo }: Props) {
  const navigate = useNavigate();
  if (run.status === 'running') {
    return null;
  }
  const finished = run.status === 'finished';
  const clean =
    finished &&
    balanceOf(run) === 'right' &&
    run.counts.rejected === 0 &&
    run.counts.unknown === 0 &&
    run.differs === 0;
  const tone = clean ? 'create' : run.status === 'halted' || balanceOf(run) === 'wrong' ? 'rejected' : 'blocked';
  return (
    <div className={css.banner} data-tone={tone} role="status" data-testid="run-banner">
      <span data-testid="run-status" data-status={run.status}>
        {finished && !clean ? <StatusWord status="warning">Finished</StatusWord> : <StatusWord status={run.status} />}
      </span>
      <span className={css.bannerText}>
        {story(run)}
        {finished ? '.' : ''}
        {run.reason ? ` ${run.reason}` : ''}
      </span>
      <span className={css.spacer} />
      {finished && run.counts.rejected > 0 && run.superseded_by === null ? (
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={retrying}
          onClick={onRetry}
          data-testid="run-retry"
        >
          Retry {formatCountOf(run.counts.rejected, 'rejected record')}
        </Button>
      ) : null}
      {undoing === null ? null : (
        <Button
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          loading={undoing}
          onClick={onUndo}
          data-testid="run-undo"
        >
          Undo…
        </Button>
      )}
      {finished || run.superseded_by !== null ? (
        <Button onClick={() => navigate(tabPath(run.sync, 'preview'))} data-testid="run-next">
          Open the preview
        </Button>
      ) : (
        <Button
          variant="filled"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={busy}
          onClick={onResume}
          data-testid="run-resume"
        >
          Resume
        </Button>
      )}
    </div>
  );
}
