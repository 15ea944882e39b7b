import { IconMinus, IconPencil, IconPlus } from '@tabler/icons-react';
import type { RuleDifferenceView } from '@/backend';
import { StatusWord } from '@/components';
import css from './dialogs.module.css';
import { DIFFERENCE_WORDS } from './words';

const LOOK = {
  added: { tone: 'create', icon: IconPlus },
  removed: { tone: 'rejected', icon: IconMinus },
  changed: { tone: 'update', icon: IconPencil },
} as const;

/** What sets one mapping apart from another, field by field. */
export function Differences({ differences }: { differences: ReadonlyArray<RuleDifferenceView> }) {
  return (
    <ul className={css.differences} aria-label="Differences">
      {differences.map((one) => (
        <li key={one.field}>
          <StatusWord {...LOOK[one.kind]}>{DIFFERENCE_WORDS[one.kind]}</StatusWord>
          <span className={css.api}>{one.field}</span>
          {one.sentences.map((sentence) => (
            <span key={sentence} className={css.sentence}>
              {sentence}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}
