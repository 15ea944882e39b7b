import { UnstyledButton } from '@mantine/core';
import type { FieldExplainView, PlanRowView } from '@/backend';
import { Cell } from '@/components';
import css from './panel.module.css';

interface Props {
  row: PlanRowView;
  entry: FieldExplainView;
  sobject: string;
  onDecide: (field: string | null, hold: boolean) => void;
}

type Choice = 'write' | 'field' | 'record';

/** What is chosen for a field: the record's hold goes before the field's own. */
export function choiceOf(row: PlanRowView, entry: FieldExplainView): Choice {
  if (row.held) {
    return 'record';
  }
  return entry.held ? 'field' : 'write';
}

/** Write the value, hold the field, or hold the whole record. */
export function WhyChoices({ row, entry, sobject, onDecide }: Props) {
  const now = choiceOf(row, entry);
  const wasBlank = entry.before.kind === 'blank';
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
  const choices: Array<{ choice: Choice; name: React.ReactNode; effect: React.ReactNode }> = [
    {
      choice: 'write',
      name: (
        <>
          Write <Cell cell={entry.after} />
        </>
      ),
      effect: wasBlank ? (
        'Fills what is blank now.'
      ) : (
        <>
          Replaces <Cell cell={entry.before} />; the run keeps it.
        </>
      ),
    },
    {
      choice: 'field',
      name: 'Hold this field',
      effect: wasBlank ? (
        'It stays blank; other fields are written.'
      ) : (
        <>
          <Cell cell={entry.before} /> stays; others are written.
        </>
      ),
    },
    { choice: 'record', name: 'Hold the whole record', effect: `Nothing is written to this ${sobject}.` },
  ];
  return (
    <div className={css.section}>
      <h3>Write policy: {entry.policy}</h3>
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
