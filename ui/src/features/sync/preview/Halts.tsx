import { Checkbox } from '@mantine/core';
import type { HaltView } from '@/backend';
import css from './preview.module.css';

interface Props {
  halts: ReadonlyArray<HaltView>;
  accepted: ReadonlyArray<string>;
  onAccept: (accepted: Array<string>) => void;
}

/** Safety halts: each is unusual, and each needs its own tick. */
export function Halts({ halts, accepted, onAccept }: Props) {
  if (halts.length === 0) {
    return null;
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a strip of ticks over the table
    <div className={css.halts} role="group" aria-label="Unusual, to be ticked before a run">
      {halts.map((halt) => (
        <Checkbox
          key={halt.name}
          size="xs"
          radius={3}
          checked={accepted.includes(halt.name)}
          data-testid={`halt-${halt.name}`}
          label={halt.message}
          onChange={(event) =>
            onAccept(
              event.currentTarget.checked ? [...accepted, halt.name] : accepted.filter((name) => name !== halt.name),
            )
          }
        />
      ))}
    </div>
  );
}
