import { Button } from '@mantine/core';
import css from './operations.module.css';

/** How much a list found, and the way to all of it where it was cut. */
export function Found({ words, onAll }: { words: string; onAll: (() => void) | null }) {
  return (
    <p className={css.found} data-testid="found">
      {words}
      {onAll ? (
        <Button size="compact-sm" onClick={onAll}>
          Show all
        </Button>
      ) : null}
    </p>
  );
}
