import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Accessibility } from './accessibility.ts';
import { launch, type Visit, visit } from './browser.ts';
import { type Host, type Simulated, startHost, startSimulated } from './processes.ts';
import { shoot } from './screenshots.ts';

/** A person's walk through the page of a host of its own, beside simulated servers of its own. */
export class Walk {
  host!: Host;
  simulated!: Simulated;
  browser!: Browser;
  visit!: Visit;
  readonly accessibility = new Accessibility();

  get page(): Page {
    return this.visit.page;
  }

  readonly at = (id: string): Locator => this.page.getByTestId(id);

  /** Leads to another tab of a sync. */
  readonly tab = (name: string | RegExp): Promise<void> =>
    this.page
      .getByRole('main')
      .getByRole('link', typeof name === 'string' ? { name, exact: true } : { name })
      .click();

  /** Looks at the screen: pictures for people, and a check that everybody can use it. */
  readonly look = async (name: string, options?: { readme: boolean }): Promise<void> => {
    await shoot(this.page, name, options);
    await this.accessibility.check(this.page, name);
  };
}

/**
 * Begins a walk before the tests of a file and ends it after them. What `prepare` does is there before the page
 * opens, beside so many simulated customers; a test that fails leaves a picture and what the page and the host said.
 */
export function walk(name: string, prepare: (walk: Walk) => Promise<void>, customers?: number): Walk {
  const walk = new Walk();
  beforeAll(async () => {
    [walk.host, walk.browser] = await Promise.all([startHost({ BROWSER: 'true' }), launch()]);
    walk.simulated = await startSimulated(walk.host.loginPort, customers);
    await prepare(walk);
    walk.visit = await visit(walk.browser, walk.host.url);
  });
  afterAll(async () => {
    await walk.browser?.close();
    await Promise.all([walk.host?.stop(), walk.simulated?.stop()]);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || !walk.visit) return;
    await shoot(walk.page, `failed-${name}`).catch(() => {});
    console.error([...walk.visit.complaints, ...walk.visit.refusals, walk.host.log()].join('\n'));
  });
  return walk;
}
