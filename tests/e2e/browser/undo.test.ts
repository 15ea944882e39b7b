import { describe, expect, it } from 'vitest';
import type { RunView, SyncView } from '../../../ui/src/backend/bindings.ts';
import { ask, connectAll, runPlan } from '../support/backend.ts';
import { walk } from '../support/walk.ts';

let sync: SyncView;
let first: RunView;

const here = walk('undo', async ({ host, simulated }) => {
  sync = await connectAll(host, simulated, 'sandbox', true);
  await ask(host.url, 'fields_deploy', { sync: sync.id });
  const { id } = await ask(host.url, 'plan_start', { sync: sync.id });
  first = await runPlan(host.url, id);
});
const { at, look } = here;

describe('an undo of a run that created records', () => {
  it('leaves them at first, and says so', async () => {
    expect(first.counts.created).toBeGreaterThan(0);
    await here.page.getByRole('main').getByRole('link', { name: `Run ${first.id}` }).click();
    await at('run-undo').click();
    await at('undo-strip').waitFor();
    expect(await at('undo-strip').textContent()).toContain('records the run created stay');
    expect(await at('undo-delete-created').isChecked()).toBe(false);
    expect(await at('group-delete').count()).toBe(0);
    await look('undo-leaves');
  });

  it('deletes them where a person wants it, previewed anew and counted apart', async () => {
    await at('undo-delete-created').focus();
    await here.page.keyboard.press('Space');
    await at('group-delete').waitFor();
    expect(await at('undo-delete-created').isChecked()).toBe(true);
    const created = first.counts.created.toLocaleString('en-US');
    expect(await at('group-delete').textContent()).toContain(created);
    const restored = first.counts.updated.toLocaleString('en-US');
    expect(await at('preview-write').textContent()).toBe(
      `Delete ${created} and restore ${restored} in Fernhill (SANDBOX)`,
    );
    await at('group-delete').click();
    await at('row-deletion').first().waitFor();
    await look('undo-deletes');
  });

  it('accounts for every one of them', async () => {
    await at('preview-write').click();
    await at('run-banner').waitFor();
    const banner = await at('run-banner').textContent();
    expect(banner).toContain(`put back as before run ${first.id}`);
    expect(banner).toContain('that it created deleted');
    expect(await at('count-deleted').textContent()).toBe(first.counts.created.toLocaleString('en-US'));
    expect(await at('equation-sum').textContent()).toContain('Adds up');
    for (const [width, height] of [
      [1024, 700],
      [1280, 800],
    ] as const) {
      await here.page.setViewportSize({ width, height });
      await look(`undo-deleted-${width}`);
    }
  });
});
