import { IconBan, IconCircleCheck, IconPlus } from '@tabler/icons-react';
import type { PromotionLine, PromotionState } from '@/backend';
import { StatusWord } from '@/components';
import css from './promotion.module.css';

const GROUPS: ReadonlyArray<{ state: PromotionState; title: string; words: string }> = [
  { state: 'cannot', title: 'Needs somebody', words: 'An admin of the org, or a change of the mapping.' },
  { state: 'to_do', title: 'Drawbridge can create', words: 'With access for you, and nobody else.' },
  { state: 'ok', title: 'Ready', words: '' },
];

const LOOK = {
  cannot: { tone: 'blocked', icon: IconBan },
  to_do: { tone: 'update', icon: IconPlus },
  ok: { tone: 'create', icon: IconCircleCheck },
} as const;

/** The fields of a mapping in another org, grouped by what is to be done. */
export function Checklist({ lines }: { lines: ReadonlyArray<PromotionLine> }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys scroll it
    <section className={css.checklist} aria-label="Checklist" tabIndex={0} data-testid="checklist">
      {GROUPS.map(({ state, title, words }) => {
        const of = lines.filter((line) => line.state === state);
        return of.length === 0 ? null : (
          <div key={state} data-testid={`checklist-${state}`}>
            <h3>
              <StatusWord {...LOOK[state]}>{title}</StatusWord> <b>{of.length}</b>{' '}
              {words ? <span className={css.quiet}>{words}</span> : null}
            </h3>
            <ul>
              {of.map((line) => (
                <Line key={line.field} line={line} />
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}

function Line({ line }: { line: PromotionLine }) {
  const open = line.checks.filter((check) => !check.ok);
  return (
    <li className={css.line}>
      <span className={css.name}>{line.label}</span>
      <span className={css.api}>{line.field}</span>
      {open.map((check) => (
        <span key={check.sentence} className={css.check}>
          {check.sentence} {line.state === 'cannot' ? check.remedy : null}
        </span>
      ))}
      {line.state === 'cannot' && !line.blocking ? (
        <span className={css.check}>
          The sync can be made all the same; the preview shows which records this blocks.
        </span>
      ) : null}
      {open.length === 0 ? (
        <details className={css.details}>
          <summary>{line.checks.length} checked</summary>
          <ul>
            {line.checks.map((check) => (
              <li key={check.sentence}>{check.sentence}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </li>
  );
}
