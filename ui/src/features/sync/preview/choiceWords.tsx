import type { ReactNode } from 'react';
import type { FieldExplainView } from '@/backend';
import { Cell } from '@/components';

export type Choice = 'write' | 'field' | 'record';

/** A choice and what comes of it. */
export interface ChoiceWords {
  choice: Choice;
  name: ReactNode;
  effect: ReactNode;
}

/** The choices for a field that a run would write. */
export function writeChoices(entry: FieldExplainView, sobject: string): Array<ChoiceWords> {
  const before = <Cell cell={entry.before} />;
  const wasBlank = entry.before.kind === 'blank';
  return [
    {
      choice: 'write',
      name: (
        <>
          Write <Cell cell={entry.after} />
        </>
      ),
      effect: wasBlank ? 'Fills what is blank now.' : <>Replaces {before}; the run keeps it.</>,
    },
    {
      choice: 'field',
      name: 'Hold this field',
      effect: wasBlank ? 'It stays blank; other fields are written.' : <>{before} stays; others are written.</>,
    },
    { choice: 'record', name: 'Hold the whole record', effect: `Nothing is written to this ${sobject}.` },
  ];
}

/** The choices for a field that an undo would put back: to hold is to keep what stands there now. */
export function undoChoices(entry: FieldExplainView, sobject: string, run: number): Array<ChoiceWords> {
  const before = <Cell cell={entry.before} />;
  // Without a drift what stands there is what the run wrote.
  const whose = entry.drift === null ? `which run ${run} wrote` : `which was saved after run ${run}`;
  return [
    {
      choice: 'write',
      name: (
        <>
          Put back <Cell cell={entry.after} />
        </>
      ),
      effect: (
        <>
          Replaces {before}, {whose}.
        </>
      ),
    },
    {
      choice: 'field',
      name: 'Hold this field',
      effect: (
        <>
          Keeps {before}, {whose}; the other fields are put back.
        </>
      ),
    },
    {
      choice: 'record',
      name: 'Hold the whole record',
      effect: `This ${sobject} stays as it is now; nothing of run ${run} is taken back here.`,
    },
  ];
}
