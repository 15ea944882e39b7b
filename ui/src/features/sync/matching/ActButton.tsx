import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { Key } from '@/components';

interface Props extends ButtonProps {
  /** The key that does the same; screen readers are told it apart from the name. */
  hint: string;
  onClick: () => void;
  'data-testid': string;
  children: ReactNode;
}

/** A small button that shows its key. */
export function ActButton({ hint, children, ...button }: Props) {
  return (
    <Button
      size="compact-sm"
      aria-keyshortcuts={hint}
      rightSection={
        <span aria-hidden>
          <Key>{hint}</Key>
        </span>
      }
      {...button}
    >
      {children}
    </Button>
  );
}
