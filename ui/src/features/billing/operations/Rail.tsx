import { IconHistory } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { ConnectionView } from '@/backend';
import { classes } from '@/components';
import { CONSOLE, groupsOf, OPERATIONS, type Place } from './catalogue';
import css from './operations.module.css';

/** The operations there are, each with what it is for. */
export function Rail({ at, connection }: { at: Place; connection: ConnectionView }) {
  const to = (place: Place) =>
    place === 'api_call'
      ? CONSOLE
      : `${OPERATIONS}?${new URLSearchParams({ connection: `${connection.id}`, op: place })}`;
  return (
    <nav className={css.rail} aria-label="Operations">
      <Link
        to={to('journal')}
        className={classes(css.line, css.journal, at === 'journal' && css.on)}
        aria-current={at === 'journal' ? 'page' : undefined}
      >
        <b>
          <IconHistory size={14} stroke={1.9} aria-hidden /> History of operations
        </b>
      </Link>
      {groupsOf(connection.provider).map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h3>{group.title}</h3>
          {group.lines.map((line) => (
            <Link
              key={line.place}
              to={to(line.place)}
              className={classes(css.line, at === line.place && css.on)}
              aria-current={at === line.place ? 'page' : undefined}
              data-testid={`op-${line.place}`}
            >
              <b>{line.label}</b>
              <span>{line.meaning}</span>
            </Link>
          ))}
        </section>
      ))}
    </nav>
  );
}
