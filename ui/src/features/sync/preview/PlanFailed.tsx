import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ErrorView, type PlanView, type SyncView, useConnections } from '@/backend';
import { EmptyState, ErrorNotice } from '@/components';
import css from './preview.module.css';
import { andNothingWritten, unreachedSide } from './unreached';

interface Props {
  sync: SyncView;
  plan: PlanView;
  /** The error of this session, with its code; the stored sentence otherwise. */
  error: ErrorView | null;
  busy: boolean;
  onAgain: () => void;
  /** Makes a preview of what was read before. */
  onOffline: () => void;
  /** Shows the preview before this one; `null` where none is known. */
  onPrevious: (() => void) | null;
}

/** The plan could not be made: whose fault it was, that nothing was written, and what there is to look at instead. */
export function PlanFailed({ sync, plan, error, busy, onAgain, onOffline, onPrevious }: Props) {
  const connections = useConnections().data ?? [];
  const message = error?.message ?? plan.error ?? 'The reason was not kept.';
  const side = unreachedSide(message, sync, connections);
  const wasRead = connections.some((one) => one.id === sync.source && one.pulled_at !== null);
  const title = side === null ? null : `${side} could not be reached. Nothing was written.`;
  const instead = (
    <>
      {onPrevious ? (
        <Button onClick={onPrevious} data-testid="preview-previous">
          Show the previous preview
        </Button>
      ) : null}
      {wasRead && plan.undoes === null ? (
        <Button disabled={busy} onClick={onOffline} data-testid="preview-from-read">
          Preview from what was read
        </Button>
      ) : null}
    </>
  );
  if (error) {
    const told = title
      ? { ...error, message: title, hint: [message, error.hint].filter(Boolean).join(' ') }
      : { ...error, message: andNothingWritten(message) };
    return (
      <div className={css.failed} data-testid="plan-failed">
        <ErrorNotice error={told} retry={onAgain} />
        <div className={css.instead}>{instead}</div>
      </div>
    );
  }
  return (
    <div data-testid="plan-failed">
      <EmptyState
        icon={IconAlertTriangle}
        title={title ?? 'The preview was not made'}
        actions={
          <>
            <Button variant="filled" loading={busy} onClick={onAgain}>
              Preview again
            </Button>
            {instead}
          </>
        }
      >
        {title ? message : andNothingWritten(message)}
      </EmptyState>
    </div>
  );
}
