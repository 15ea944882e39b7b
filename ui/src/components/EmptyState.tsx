import type { ReactNode } from 'react';
import css from './States.module.css';
import type { IconType } from './status';

/** What is missing, and the one next action. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  actions,
}: {
  icon: IconType;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={css.middle}>
      <span className={css.icon} aria-hidden="true">
        <Icon size={20} stroke={1.6} />
      </span>
      <h2 className={css.title}>{title}</h2>
      {children && <p className={css.words}>{children}</p>}
      {actions && <div className={css.actions}>{actions}</div>}
    </div>
  );
}
