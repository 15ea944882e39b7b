import { Fragment } from 'react';
import css from './operations.module.css';

/** A line of the terminal that breaks between words only. */
export function CommandLine({ text }: { text: string }) {
  return (
    <code className={css.command} data-testid="cli">
      {text.split(' ').map((word, place) => (
        <Fragment key={place}>
          {place > 0 ? ' ' : ''}
          <span>{word}</span>
        </Fragment>
      ))}
    </code>
  );
}
