import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { ConnectionView } from '@/backend';
import { PRODUCTS } from '../products';
import css from './operations.module.css';

/** The strip that says that nothing may be changed there, and where to change that. */
export function Guard({ connection }: { connection: ConnectionView }) {
  const navigate = useNavigate();
  if (!connection.read_only) return null;
  return (
    <div className={css.guard} role="note" data-testid="read-only">
      <IconLock size={16} stroke={1.75} aria-hidden />
      <span>
        <b>Read-only.</b> “{connection.name}” can be looked at and forms can be tried; nothing is changed in{' '}
        {PRODUCTS[connection.provider]}
        until read-only is switched off for this connection.
      </span>
      <Button size="compact-sm" onClick={() => navigate('/connections')}>
        Open Connections
      </Button>
    </div>
  );
}
