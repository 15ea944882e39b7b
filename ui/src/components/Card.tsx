import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import css from './Card.module.css';
import { classes } from './classes';

/** A surface with a hairline; with `title`, a 44 px head. Other props go to the `section`. */
export function Card({
  title,
  meta,
  end,
  className,
  children,
  ...rest
}: Omit<ComponentPropsWithoutRef<'section'>, 'title'> & {
  title?: ReactNode;
  /** Quiet words after the title. */
  meta?: ReactNode;
  /** The right side of the head. */
  end?: ReactNode;
}) {
  return (
    <section className={classes(css.card, className)} {...rest}>
      {title !== undefined && (
        <header className={css.head}>
          <h2>{title}</h2>
          {meta && <span className="quiet">{meta}</span>}
          <span className={css.space} />
          {end}
        </header>
      )}
      {children}
    </section>
  );
}
