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

/** Where something ends and takes what had the focus with it, gives the focus to an element that stays. */
export function useFallenFocus(shown: boolean, stays: RefObject<HTMLElement | null>): void {
  const before = useRef(shown);
  useEffect(() => {
    const ended = before.current && !shown;
    before.current = shown;
    if (!ended) return;
    // A dialog gives the focus back by itself where it can.
    const timer = setTimeout(() => {
      if (document.activeElement === document.body) stays.current?.focus();
    });
    return () => clearTimeout(timer);
  }, [shown, stays]);
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
