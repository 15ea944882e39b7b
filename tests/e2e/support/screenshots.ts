import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { inProject, outFolder } from './paths.ts';

/** Changes the appearance the system asks for, and waits until the page follows. */
export async function appear(page: Page, scheme: 'light' | 'dark') {
  await page.emulateMedia({ colorScheme: scheme });
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
}

/** Takes a picture of the screen in light and in dark. `readme` also renews the README's picture, when asked to. */
export async function shoot(page: Page, name: string, { readme = false } = {}) {
  for (const scheme of ['dark', 'light'] as const) {
    await appear(page, scheme);
    const path = join(outFolder(), `${name}-${scheme}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    if (readme && scheme === 'light' && process.env.UPDATE_SCREENSHOTS === '1') {
      const images = inProject('docs/images');
      mkdirSync(images, { recursive: true });
      copyFileSync(path, join(images, `${name}-light.png`));
    }
  }
}
