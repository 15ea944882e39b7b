import type { ReactNode } from 'react';
import css from './Key.module.css';

/** A keyboard hint. */
export function Key({ children }: { children: ReactNode }) {
  return <kbd className={css.key}>{children}</kbd>;
}

/** The modifier of shortcuts here: `⌘` on a Mac, else `Ctrl`. */
export const MODIFIER = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';
