import { readFileSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inProject } from './paths.ts';

/** A page in a browser, and everything about it that should not have happened. */
export interface Visit {
  page: Page;
  /** Console errors, uncaught errors, refused content, and requests that left for another host. */
  complaints: string[];
  /** Answers of the backend that are errors: expected in some tests, so they are told apart. */
  refusals: string[];
  /** The commands the page has called so far. */
  commands: string[];
  close: () => Promise<void>;
}

/** The window's content security policy, with the development host in the place of Tauri's own channel. */
function policy(): string {
  const { app } = JSON.parse(readFileSync(inProject('tauri.conf.json'), 'utf8'));
  const csp: string = app.security.csp;
  const own = csp.replace('connect-src ipc: http://ipc.localhost', "connect-src 'self'");
  if (own === csp) throw new Error('the policy in tauri.conf.json has another connect-src than expected');
  return own;
}

/** Whether the window freezes `Object.prototype`. */
function frozen(): boolean {
  const { app } = JSON.parse(readFileSync(inProject('tauri.conf.json'), 'utf8'));
  return app.security.freezePrototype === true;
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.DRAWBRIDGE_BROWSER ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--force-color-profile=srgb'],
  });
}

/** Opens the page of a development host, at the size of the window, under the window's policy. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const refusals: string[] = [];
  const commands: string[] = [];

  await page.route(`${url}/`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy() } });
  });
  // As the window does before anything of the page runs.
  if (frozen()) await page.addInitScript(() => void Object.freeze(Object.prototype));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  context.on('request', (request) => {
    const address = new URL(request.url());
    const here = address.origin === url || address.protocol === 'data:' || address.protocol === 'blob:';
    if (!here) complaints.push(`request to ${request.url()}`);
    const command = /^\/api\/(\w+)$/.exec(address.pathname)?.[1];
    if (command) commands.push(command);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) refusals.push(`${response.status()} ${response.url()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself writes a line for each answer that is an error; those are in `refusals`.
    const ofTheBrowser = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !ofTheBrowser) complaints.push(`console: ${message.text()}`);
  });
  await page.goto(url);
  return { page, complaints, refusals, commands, close: () => context.close() };
}
