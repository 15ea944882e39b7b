import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { inProject } from './paths.ts';
import { appear } from './screenshots.ts';

const axe = readFileSync(inProject('ui/node_modules/axe-core/axe.min.js'), 'utf8');

/** Collects what on the screens of a test keeps some people out. */
export class Accessibility {
  readonly #breaches = new Map<string, Set<string>>();

  /** Notes something that keeps people out; the same on several screens is told once. */
  note(breach: string, screen: string) {
    this.#breaches.set(breach, (this.#breaches.get(breach) ?? new Set()).add(screen));
  }

  /** Looks for serious and critical breaches of WCAG 2.2 A and AA on the screen, in both appearances. */
  async check(page: Page, screen: string): Promise<void> {
    for (const scheme of ['dark', 'light'] as const) {
      await appear(page, scheme);
      // Evaluated by the debugger, so that the page's policy need not allow it.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
          // Not in WCAG's letter: without a name a dialog is silent.
          rules: { 'aria-dialog-name': { enabled: true } },
          resultTypes: ['violations'],
        }),
      );
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        for (const { target, failureSummary } of nodes) {
          const why = failureSummary?.split('\n')[1]?.trim();
          this.note(`${id} (${impact}) on ${target.join(' ')}: ${why}`, `${screen}, ${scheme}`);
        }
      }
    }
  }

  /** Everything found, one line each, with the screens it is on; empty when nothing was. */
  found(): string {
    return [...this.#breaches].map(([breach, screens]) => `${breach} [${[...screens].join('; ')}]`).join('\n');
  }
}
