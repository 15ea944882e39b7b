import type { HistoryEntryView } from '@/backend';
import { formatCount } from '@/components';
import { sumIn } from './entry';
import css from './history.module.css';

/** Its numbers. They wrap, a term never apart from its number, and are never cut. */
export function Equation({ entry }: { entry: HistoryEntryView }) {
  const sum = sumIn(entry);
  if (sum === null) return null;
  const terms = sum.terms.length > 0 ? sum.terms : [{ count: 0, word: '' }];
  return terms.map(({ count, word, tone }, place) => [
    <span key={word} className={css.term}>
      {place === 0 ? `${formatCount(sum.read)} = ` : '+ '}
      <span style={tone ? { color: `var(--db-${tone})`, fontWeight: 520 } : {}}>
        {`${formatCount(count)} ${word}`.trim()}
      </span>
    </span>,
    ' ',
  ]);
}
