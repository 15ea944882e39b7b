import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatWhen } from './format';
import css from './States.module.css';
import { StatusWord } from './StatusWord';

/** The data stays; the strip says how old it is and why. */
export function StaleStrip({
  readAt,
  children,
  retry,
  retryLabel = 'Try now',
}: {
  /** When the data was read; `null` when never. */
  readAt: string | null;
  /** Why it is old, and when the next try is. */
  children?: ReactNode;
  retry?: () => void;
  retryLabel?: string;
}) {
  return (
    <div className={css.strip} role="status">
      <StatusWord status="stale">{readAt ? `Read ${formatWhen(readAt)}.` : 'Not read yet.'}</StatusWord>
      <span>{children}</span>
      <span className={css.space} />
      {retry && (
        <Button size="compact-sm" onClick={retry}>
          {retryLabel}
        </Button>
      )}
    </div>
  );
}
