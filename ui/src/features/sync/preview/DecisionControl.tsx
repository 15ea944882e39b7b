import { UnstyledButton } from '@mantine/core';
import { IconCheck, IconHandStop } from '@tabler/icons-react';
import type { PlanRowView } from '@/backend';
import { partlyHeld, whollyHeld } from './filter';
import css from './table.module.css';

interface Props {
  row: PlanRowView;
  disabled: boolean;
  onDecide: (hold: boolean) => void;
}

/**
 * Write the record, or hold it. A ring says that some of its fields are held; when all of them are, the hand is
 * pressed, for nothing of the record is written.
 */
export function DecisionControl({ row, disabled, onDecide }: Props) {
  const partly = partlyHeld(row);
  const held = whollyHeld(row);
  const why = partly
    ? 'Written, except for the fields held'
    : held && !row.held
      ? 'Each of its changes is held'
      : undefined;
  const word = row.action === 'delete' ? 'Delete' : 'Write';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would break the row's grid
    <div
      className={css.decision}
      role="group"
      aria-label={`${word} or hold ${row.name}`}
      data-partly={partly || undefined}
      title={why}
    >
      <UnstyledButton
        tabIndex={-1}
        disabled={disabled}
        data-kind="write"
        aria-pressed={!held}
        aria-label={`${word} ${row.name}`}
        onClick={() => onDecide(false)}
      >
        <IconCheck size={14} stroke={1.9} />
      </UnstyledButton>
      <UnstyledButton
        tabIndex={-1}
        disabled={disabled}
        data-kind="hold"
        aria-pressed={held}
        aria-label={`Hold ${row.name}`}
        onClick={() => onDecide(true)}
      >
        <IconHandStop size={14} stroke={1.9} />
      </UnstyledButton>
    </div>
  );
}
