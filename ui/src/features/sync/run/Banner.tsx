import { Button } from '@mantine/core';
import { IconArrowBackUp, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import type { RunView } from '@/backend';
import { formatCountOf, STATUS, StatusWord } from '@/components';
import { runPath, tabPath } from '../shared/paths';
import css from './run.module.css';
import { standingOf, storyOf } from './story';

interface Props {
  run: RunView;
  /** The newest run that takes it back, or a part of it. */
  undo: RunView | null;
  busy: boolean;
  onResume: () => void;
  /** Whether rejected records are being tried again. */
  retrying: boolean;
  onRetry: () => void;
  /** Whether the undo is being begun; `null` when nothing can be undone. */
  undoing: boolean | null;
  onUndo: () => void;
}

/** That another run takes it back, and which. */
function TakenBack({ undo }: { undo: RunView }) {
  const link = (
    <Link to={runPath(undo.sync, undo.id)} className={css.inText}>
      {undo.status === 'finished' ? 'run' : 'Run'} {undo.id}
    </Link>
  );
  return undo.status === 'finished' ? (
    <>Undone by {link}.</>
  ) : (
    <>
      {link} {undo.status === 'running' ? 'is undoing it.' : 'began to undo it and has not finished.'}
    </>
  );
}

/** How a run that no longer writes came out, why, and what to do. */
export function Banner({ run, undo, busy, onResume, retrying, onRetry, undoing, onUndo }: Props) {
  const navigate = useNavigate();
  if (run.status === 'running') {
    return null;
  }
  const finished = run.status === 'finished';
  const { status, word } = standingOf(run, undo);
  // What a person stopped waits for a person, like what was cut off.
  const tone = status === 'stopped' ? 'blocked' : STATUS[status].tone;
  return (
    <div className={css.banner} data-tone={tone} data-testid="run-banner">
      <span data-testid="run-status" data-status={run.status}>
        <StatusWord status={status}>{word}</StatusWord>
      </span>
      <span className={css.bannerText}>
        {storyOf(run)} {undo ? <TakenBack undo={undo} /> : null}
      </span>
      <span className={css.bannerActions}>
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
            {undo?.status === 'finished' ? 'Undo again…' : 'Undo…'}
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
      </span>
    </div>
  );
}
