import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import type { ProgressView, RunView } from '@/backend';
import { StatusWord } from '@/components';

interface Props {
  run: RunView;
  progress: ProgressView | null;
  /** Whether it was asked to stop and has not yet. */
  stopping: boolean;
  busy: boolean;
  onPause: () => void;
  onContinue: () => void;
  onStop: () => void;
}

/** Whether a person paused the run: the newest of what is known. */
export function isPaused(run: RunView, progress: ProgressView | null): boolean {
  return run.paused || (progress?.paused ?? false);
}

function wordOf(paused: boolean, stopping: boolean, progress: ProgressView | null): string {
  if (stopping) return 'Stopping';
  if (paused) return 'Paused';
  if (progress?.waiting) return 'Waiting';
  return progress?.no_answer ? 'Trying again' : 'Writing';
}

/** What a run under way is doing, and what a person may ask of it. */
export function Steering({ run, progress, stopping, busy, onPause, onContinue, onStop }: Props) {
  const paused = isPaused(run, progress);
  const word = wordOf(paused, stopping, progress);
  // A button that is loading loses the focus, which the one in its place is to have.
  return (
    <>
      <span data-testid="run-status" data-status={run.status}>
        <StatusWord status={word === 'Paused' ? 'stopped' : 'running'}>{word}</StatusWord>
      </span>
      {paused ? (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          disabled={stopping}
          aria-busy={busy}
          onClick={busy ? undefined : onContinue}
          data-testid="run-continue"
        >
          Go on
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          disabled={stopping}
          aria-busy={busy}
          onClick={busy ? undefined : onPause}
          data-testid="run-pause"
        >
          Pause
        </Button>
      )}
      <Button
        variant="danger"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        disabled={stopping}
        onClick={onStop}
        data-testid="run-stop"
      >
        Stop…
      </Button>
    </>
  );
}
