import type { Locator, Page } from 'playwright-core';

export const OUTCOMES = [
  'created',
  'updated',
  'unchanged',
  'skipped',
  'blocked',
  'rejected',
  'held',
  'unknown',
] as const;

/** The first whole number in a text: `Write 1,221 records` → 1221. */
export function figureIn(text: string | null): number {
  const digits = /\d[\d,]*/.exec(text ?? '')?.[0];
  if (digits === undefined) throw new Error(`no figure in “${text}”`);
  return Number(digits.replaceAll(',', ''));
}

export const figure = async (place: Locator) => figureIn(await place.textContent());

/** Waits until what `read` gives is as wanted; gives it. */
export async function until<T>(read: () => Promise<T>, wanted: (value: T) => boolean, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await read();
    if (wanted(value)) return value;
    if (Date.now() > end) throw new Error(`after ${seconds} seconds still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Presses Tab until a place has the focus, as a person without a mouse does. Gives where the focus could not be seen. */
export async function tabTo(page: Page, place: Locator, presses = 60): Promise<string[]> {
  const unseen: string[] = [];
  for (let press = 0; press < presses; press += 1) {
    if (await place.evaluate((element) => element === document.activeElement)) return unseen;
    await page.keyboard.press('Tab');
    const hidden = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      // A table keeps the focus and marks its current row, or a cell in it.
      const current = document.getElementById(focused.getAttribute('aria-activedescendant') ?? '');
      const inRow = current ? [current, ...current.querySelectorAll('*')] : [];
      const styles = [focused, focused.parentElement, ...inRow].flatMap((element) =>
        element ? [getComputedStyle(element), getComputedStyle(element, '::after')] : [],
      );
      const marks = styles.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
      return marks ? null : focused.outerHTML.slice(0, 200);
    });
    if (hidden) unseen.push(`the focus cannot be seen on ${hidden}`);
  }
  throw new Error(`${presses} times Tab do not lead to ${place}`);
}

/** Keeps every figure a place shows from now on; call what it gives to read them. */
export async function watchFigure(page: Page, testId: string): Promise<() => Promise<number[]>> {
  await page.evaluate((id) => {
    const seen: string[] = [];
    const look = () => {
      const text = document.querySelector(`[data-testid="${id}"]`)?.textContent;
      if (text && text !== seen[seen.length - 1]) seen.push(text);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { seenFigures: seen });
  }, testId);
  return async () => {
    const seen = await page.evaluate(() => (window as unknown as { seenFigures: string[] }).seenFigures);
    return seen.map(figureIn);
  };
}

/** Ticks every safety halt on screen, as a person does who means it. */
export async function acceptHalts(page: Page): Promise<void> {
  const ticks = page.locator('input[type="checkbox"][data-testid^="halt-"]');
  for (const tick of await ticks.all()) await tick.check();
}
