import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { WorkspaceView } from '../../../ui/src/backend/bindings.ts';
import { built } from '../support/paths.ts';
import { freshFolder } from '../support/processes.ts';
import { Window } from '../support/webdriver.ts';

const folder = freshFolder();
let window: Window | undefined;

afterAll(() => window?.close());

const begins = () => readFileSync(join(folder, 'drawbridge.db')).subarray(0, 15).toString('latin1');

it('encrypts its database with a key from the keychain, and opens it again', async () => {
  for (const start of ['first', 'second']) {
    window = await Window.open(built('drawbridge'), ['--data-dir', folder]);
    await window.appears('main h1');
    const workspace = await window.ask<WorkspaceView>('workspace_get', {});
    expect(workspace, start).toMatchObject({ demo: false, encrypted: true, warning: null, data_dir: folder });
    expect(begins() === 'SQLite format 3', start).toBe(false);
    await window.close();
  }
});
