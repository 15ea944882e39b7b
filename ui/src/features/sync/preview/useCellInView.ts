import { type RefObject, useEffect } from 'react';

/** The part of a table that scrolls, as far as a column may be hidden in it. */
interface Pane {
  scrollLeft: number;
  clientWidth: number;
  /** Width of the columns that stay at the left, over the others. */
  fixed: number;
}

/** Where to scroll sideways so that a column is seen whole, right of the columns that stay. */
export function leftFor({ scrollLeft, clientWidth, fixed }: Pane, left: number, width: number): number {
  const room = clientWidth - fixed;
  if (left - scrollLeft < fixed || width > room) {
    return Math.max(0, left - fixed);
  }
  return Math.max(scrollLeft, left + width - clientWidth);
}

/**
 * Keeps the cursor's column in view, also when the table gets narrower because a panel opens beside it: what the
 * keyboard is about to hold must be seen.
 */
export function useCellInView(table: RefObject<HTMLElement | null>, column: number) {
  useEffect(() => {
    const pane = table.current;
    if (!pane || column < 0) {
      return;
    }
    const bring = () => {
      const head = pane.querySelector<HTMLElement>(`[role="columnheader"][data-column="${column}"]`);
      const first = pane.querySelector<HTMLElement>('[role="columnheader"][data-column="0"]');
      if (head && first) {
        const { scrollLeft, clientWidth } = pane;
        pane.scrollLeft = leftFor(
          { scrollLeft, clientWidth, fixed: first.offsetLeft },
          head.offsetLeft,
          head.offsetWidth,
        );
      }
    };
    bring();
    // It also tells the width it begins with.
    const watcher = new ResizeObserver(bring);
    watcher.observe(pane);
    return () => watcher.disconnect();
  }, [table, column]);
}
