import { type RefObject, useEffect, useRef, useState } from 'react';

/** Gives the focus to an element when it appears: for the first field of a dialog's next step. */
export function useFocus<E extends HTMLElement>(wanted = true): RefObject<E | null> {
  const element = useRef<E>(null);
  const first = useRef(wanted);
  useEffect(() => {
    if (first.current) element.current?.focus();
  }, []);
  return element;
}

/** Gives the focus back to what had it before, when a dialog goes away by being taken out. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    },
    [before],
  );
}
