import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconClock,
  IconHandStop,
} from '@tabler/icons-react';
import type { IconType } from '@/components';
import css from './subscriptions.module.css';

interface Look {
  icon: IconType;
  colour: string;
  /** Whether the word takes the colour too: only where a person should look. */
  loud: boolean;
}

const LOOKS: ReadonlyArray<[RegExp, Look]> = [
  [/past.?due|unpaid|delinquent|overdue/i, { icon: IconAlertTriangle, colour: 'var(--db-unknown)', loud: true }],
  [/pending/i, { icon: IconHandStop, colour: 'var(--db-held)', loud: true }],
  [/trial/i, { icon: IconClock, colour: 'var(--db-unchanged)', loud: false }],
  [/end|cancel|churn|expire|paused/i, { icon: IconCircleMinus, colour: 'var(--db-unchanged)', loud: true }],
  [/active/i, { icon: IconCircleCheck, colour: 'var(--db-create)', loud: false }],
];

const OTHER: Look = { icon: IconCircleDashed, colour: 'var(--db-unchanged)', loud: true };

/** The source's own word, written as a word: `past_due` reads `Past due`. */
export function statusWord(word: string): string {
  const plain = word.replaceAll('_', ' ').trim();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** The status of a subscription; a customer without one has none. */
export function Status({ word }: { word: string }) {
  if (word === '') {
    return <span className={css.third}>none</span>;
  }
  const look = LOOKS.find(([pattern]) => pattern.test(word))?.[1] ?? OTHER;
  const Icon = look.icon;
  return (
    <span className={css.status} style={look.loud ? { color: look.colour } : undefined} title={word}>
      <span style={{ display: 'grid', color: look.colour }} aria-hidden>
        <Icon size={14} stroke={1.9} />
      </span>
      <span className="ellipsis">{statusWord(word)}</span>
    </span>
  );
}
