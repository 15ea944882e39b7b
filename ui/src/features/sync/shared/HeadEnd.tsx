import { createContext, type ReactNode, useContext } from 'react';
import { createPortal } from 'react-dom';

/** Where the right side of the page head stands. */
export const HeadSlot = createContext<HTMLElement | null>(null);

/** Puts what a screen wants to say or offer into the right side of the page head. */
export function HeadEnd({ children }: { children: ReactNode }) {
  const slot = useContext(HeadSlot);
  return slot ? createPortal(children, slot) : null;
}
