import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ErrorView, PlanView } from '@/backend';
import { EmptyState, ErrorNotice } from '@/components';

interface Props {
  plan: PlanView;
  /** The error of this session, with its code; the stored sentence otherwise. */
  error: ErrorView | null;
  busy: boolean;
  onAgain: () => void;
}

/** The plan could not be made; that nothing was written is part of the message. */
export function PlanFailed({ plan, error, busy, onAgain }: Props) {
  if (error) {
    return <ErrorNotice error={error} retry={onAgain} />;
  }
  return (
    <EmptyState
      icon={IconAlertTriangle}
      title="The preview was not made"
      actions={
        <Button variant="filled" loading={busy} onClick={onAgain}>
          Preview again
        </Button>
      }
    >
      {plan.error ?? 'The reason was not kept.'} Nothing was written.
    </EmptyState>
  );
}
