import type { ReactNode } from 'react';
import { NavLink, useLocation } from 'react-router';
import { classes } from './classes';
import css from './PageHead.module.css';

export interface PageTab {
  label: string;
  /** Absolute path, such as `/sync/1/fields`. */
  to: string;
  /** Small figure after the label. */
  count?: number;
}

/** The 56 px head of a page: title, quiet words, tabs, and what stands on the right; lines below it where one is too short. */
export function PageHead({
  title,
  meta,
  tabs,
  children,
}: {
  title: ReactNode;
  meta?: ReactNode;
  tabs?: PageTab[];
  /** The right side. */
  children?: ReactNode;
}) {
  const { pathname } = useLocation();
  const tab = tabs?.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <header className={css.head}>
      {typeof title === 'string' && <title>{[...(tab ? [tab.label] : []), title, 'Drawbridge'].join(' · ')}</title>}
      <h1>{title}</h1>
      {meta && <span className={classes('quiet', 'ellipsis')}>{meta}</span>}
      {tabs && (
        <nav className={css.tabs} aria-label="Tabs">
          {tabs.map((tab) => (
            <NavLink key={tab.to} to={tab.to} className={({ isActive }) => classes(css.tab, isActive && css.on)}>
              {tab.label}
              {tab.count ? <span className={css.count}>{tab.count}</span> : null}
            </NavLink>
          ))}
        </nav>
      )}
      {children && <div className={css.end}>{children}</div>}
    </header>
  );
}

/** The rest of the page below the head: takes the height that is left and scrolls. */
export function PageBody({ children, flush, className }: { children: ReactNode; flush?: boolean; className?: string }) {
  return <div className={classes(css.body, flush && css.flush, className)}>{children}</div>;
}
