import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { type ConnectionView, useAction, useCommand } from '@/backend';
import { ErrorNotice } from '@/components';
import css from './operations.module.css';

/** Whether the connection may be written to: the strip that says it may not, and the way to change that. */
export function Guard({ connection }: { connection: ConnectionView }) {
  const guard = useCommand('billing_guard_get', { connection: connection.id });
  const set = useAction('billing_guard_set');
  const change = (read_only: boolean) => set.mutate({ connection: connection.id, read_only });
  if (!guard.data) return null;
  return (
    <>
      {guard.data.read_only ? (
        <p className={css.guard} role="note" data-testid="read-only">
          <IconLock size={16} stroke={1.75} aria-hidden />
          <span>
            <b>Read-only.</b> “{connection.name}” can be looked at; nothing is changed in ProfitWell.
          </span>
          <Button size="compact-sm" disabled={set.isPending} onClick={() => change(false)}>
            Allow changes
          </Button>
        </p>
      ) : null}
      {set.error ? <ErrorNotice inline error={set.error} action={null} /> : null}
    </>
  );
}

/** Takes the right to write away. */
export function GuardSwitch({ connection }: { connection: ConnectionView }) {
  const guard = useCommand('billing_guard_get', { connection: connection.id });
  const set = useAction('billing_guard_set');
  if (!guard.data || guard.data.read_only) return null;
  return (
    <Button
      size="compact-sm"
      variant="quiet"
      leftSection={<IconLock size={14} stroke={1.9} aria-hidden />}
      disabled={set.isPending}
      onClick={() => set.mutate({ connection: connection.id, read_only: true })}
    >
      Make read-only
    </Button>
  );
}
