import type { ReactNode } from 'react';
import css from './operations.module.css';

/** The head of what stands beside the list of operations. */
export function PaneHead({ title, meaning, children }: { title: string; meaning?: ReactNode; children?: ReactNode }) {
  return (
    <header className={css.paneHead}>
      <div>
        <h2>{title}</h2>
        {meaning ? <p className="quiet">{meaning}</p> : null}
      </div>
      {children}
    </header>
  );
}
