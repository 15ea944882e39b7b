import { IconAlertTriangle, IconBan } from '@tabler/icons-react';
import type { MappingProblemView } from '@/backend';
import { StatusWord } from '@/components';
import css from './mapping.module.css';

/** Everything that is wrong, each with what to do about it. */
export function Problems({ problems, label }: { problems: ReadonlyArray<MappingProblemView>; label: string }) {
  return problems.length === 0 ? null : (
    <ul className={css.problems} aria-label={label}>
      {problems.map((problem) => (
        <li key={problem.message}>
          {problem.severity === 'warns' ? (
            <span className={css.warning}>
              <IconAlertTriangle size={14} stroke={1.9} aria-label="Warning" />
              {problem.message}
            </span>
          ) : (
            <StatusWord tone="blocked" icon={IconBan}>
              {problem.message}
            </StatusWord>
          )}{' '}
          <span className={css.step}>{problem.next_step}</span>
        </li>
      ))}
    </ul>
  );
}
