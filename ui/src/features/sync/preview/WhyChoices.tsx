import { UnstyledButton } from '@mantine/core';
import type { FieldExplainView, PlanRowView } from '@/backend';
import { type Choice, undoChoices, writeChoices } from './choiceWords';
import css from './panel.module.css';

interface Props {
  row: PlanRowView;
  entry: FieldExplainView;
  sobject: string;
  /** Run that is taken back, when the plan is an undo. */
  undoes: number | null;
  onDecide: (field: string | null, hold: boolean) => void;
}

/** What is chosen for a field: the record's hold goes before the field's own. */
export function choiceOf(row: PlanRowView, entry: FieldExplainView): Choice {
  if (row.held) {
    return 'record';
  }
  return entry.held ? 'field' : 'write';
}

/** Write the value, hold the field, or hold the whole record. */
export function WhyChoices({ row, entry, sobject, undoes, onDecide }: Props) {
  const now = choiceOf(row, entry);
  const choose = (choice: Choice) => {
    if (choice === 'record') {
      onDecide(null, true);
      return;
    }
    if (row.held) {
      onDecide(null, false);
    }
    if (entry.held !== (choice === 'field')) {
      onDecide(entry.field, choice === 'field');
    }
  };
  const choices = undoes === null ? writeChoices(entry, sobject) : undoChoices(entry, sobject, undoes);
  return (
    <div className={css.section}>
      {/* An undo follows no write policy: it puts back whatever nobody has changed since. */}
      <h3>{undoes === null ? `Write policy: ${entry.policy}` : 'What the undo does here'}</h3>
      <div role="radiogroup" aria-label={`What to do with ${entry.label}`}>
        {choices.map(({ choice, name, effect }) => (
          <UnstyledButton
            key={choice}
            role="radio"
            aria-checked={now === choice}
            className={css.choice}
            data-testid={`choice-${choice}`}
            onClick={() => choose(choice)}
          >
            <span className={css.dot} aria-hidden />
            <span>
              <span className={css.choiceName}>{name}</span>
              <br />
              <span className={css.small}>{effect}</span>
            </span>
          </UnstyledButton>
        ))}
      </div>
    </div>
  );
}
