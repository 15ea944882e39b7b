import { IconArrowBackUp, IconHistory, IconReceipt2, IconUserEdit } from '@tabler/icons-react';
import type { FieldExplainView } from '@/backend';
import { Cell } from '@/components';
import { driftText } from './drift';
import css from './panel.module.css';

interface Props {
  entry: FieldExplainView;
  sourceName: string;
  /** Run that is taken back, when the plan is an undo. */
  undoes: number | null;
}

/**
 * What became of a field, in a sentence. An undo compares with what its run wrote: the source has no part in it, for
 * what would be put back is what stood there before.
 */
export function headline(entry: FieldExplainView, undoes: number | null): string {
  const there = entry.before.text !== entry.base?.text;
  if (undoes !== null) {
    return there
      ? `Changed in Salesforce since run ${undoes} wrote it`
      : `Run ${undoes} wrote this; the undo puts back what stood there before`;
  }
  if (entry.base === null) {
    return 'Not written by Drawbridge before';
  }
  const here = entry.after.text !== entry.base.text;
  if (here && there) {
    return 'Both sides changed since the last sync';
  }
  return there ? 'Changed in Salesforce since the last sync' : 'Changed at the source since the last sync';
}

/** What Drawbridge wrote, what stands there now, and what would be written: three values one below the other. */
export function ThreeWay({ entry, sourceName, undoes }: Props) {
  return (
    <div className={css.section} data-testid="three-way">
      <h3>{headline(entry, undoes)}</h3>
      <div className={css.three}>
        <IconHistory size={16} aria-hidden />
        <div>{undoes === null ? 'Drawbridge last wrote' : `Run ${undoes} wrote`}</div>
        <div className={css.value}>{entry.base ? <Cell cell={entry.base} /> : 'nothing yet'}</div>
        <IconUserEdit size={16} aria-hidden data-drift={entry.drift ? true : undefined} />
        <div>
          <div>Salesforce now</div>
          {entry.drift ? (
            <div className={css.small} data-drift>
              {driftText(entry.drift)}
            </div>
          ) : null}
        </div>
        <div className={css.value}>
          <Cell cell={entry.before} />
        </div>
        {undoes === null ? (
          <IconReceipt2 size={16} aria-hidden data-source />
        ) : (
          <IconArrowBackUp size={16} aria-hidden data-source />
        )}
        <div>{undoes === null ? `${sourceName} now` : `Before run ${undoes}`}</div>
        <div className={css.value}>
          <Cell cell={entry.after} />
        </div>
      </div>
    </div>
  );
}
