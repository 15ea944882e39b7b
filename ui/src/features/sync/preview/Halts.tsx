import { Checkbox, UnstyledButton } from '@mantine/core';
import type { HaltView } from '@/backend';
import { formatCountOf } from '@/components';
import chip from '../shared/chip.module.css';
import css from './preview.module.css';

interface Props {
  halts: ReadonlyArray<HaltView>;
  accepted: ReadonlyArray<string>;
  onAccept: (accepted: Array<string>) => void;
  /** The halt whose rows the table shows alone; `null` for none. */
  shown: string | null;
  onShow: (halt: string | null) => void;
}

/** Safety halts: each is unusual, needs its own tick, and leads to the rows it speaks of. */
export function Halts({ halts, accepted, onAccept, shown, onShow }: Props) {
  if (halts.length === 0) {
    return null;
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a strip of ticks over the table
    <div className={css.halts} role="group" aria-label="Unusual, to be ticked before a run">
      {halts.map((halt) => (
        <div key={halt.name} className={css.halt}>
          <Checkbox
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
          {halt.rows > 0 ? (
            <UnstyledButton
              className={chip.chip}
              aria-pressed={shown === halt.name}
              onClick={() => onShow(shown === halt.name ? null : halt.name)}
              data-testid={`halt-rows-${halt.name}`}
            >
              Show {halt.more ? 'the first ' : ''}
              {formatCountOf(halt.rows, 'record')}
            </UnstyledButton>
          ) : null}
        </div>
      ))}
    </div>
  );
}
