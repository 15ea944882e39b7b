import { afterEach, describe, expect, it, vi } from 'vitest';
import { BackendError, errorView } from './backend';
import type { ProgressView } from './bindings';
import { tauriBackend } from './tauri';
import { webBackend } from './web';

const busy = { code: 'busy', message: 'Salesforce is busy.', hint: 'Wait.', retry_after_seconds: 30 } as const;
const picture = { work: { kind: 'run', id: 3 }, ended: false } as ProgressView;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the backend over the web', () => {
  it('posts the request and gives the answer', async () => {
    const fetched = vi.fn(async (_url: string, _init: RequestInit) => new Response('[]', { status: 200 }));
    vi.stubGlobal('fetch', fetched);
    expect(await webBackend.call('run_list', { sync: 1 })).toEqual([]);
    const [url, init] = fetched.mock.lastCall ?? [];
    expect(url).toBe('/api/run_list');
    expect(init).toMatchObject({ method: 'POST', body: '{"sync":1}' });
  });

  it('turns an error’s body into a BackendError', async () => {
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify(busy), { status: 503 }));
    const failure = await webBackend.call('sync_list', {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BackendError);
    expect((failure as BackendError).view).toEqual(busy);
    expect((failure as BackendError).message).toBe(busy.message);
  });

  it('says when an answer is no error of ours, and when there is none', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }));
    expect(errorView(await webBackend.call('sync_list', {}).catch((error) => error))).toMatchObject({
      code: 'internal',
    });
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('refused')));
    expect(errorView(await webBackend.call('sync_list', {}).catch((error) => error))).toMatchObject({
      code: 'unreachable',
    });
  });

  it('follows work until it ends', () => {
    const sources: { url: string; closed: boolean; onmessage?: (event: { data: string }) => void }[] = [];
    vi.stubGlobal(
      'EventSource',
      class {
        closed = false;
        url: string;
        constructor(url: string) {
          this.url = url;
          sources.push(this);
        }
        close() {
          this.closed = true;
        }
      },
    );
    const seen: ProgressView[] = [];
    webBackend.watch({ kind: 'run', id: 3 }, (progress) => seen.push(progress));
    expect(sources[0]?.url).toBe('/api/progress/run/3');
    sources[0]?.onmessage?.({ data: JSON.stringify(picture) });
    expect(sources[0]?.closed).toBe(false);
    sources[0]?.onmessage?.({ data: JSON.stringify({ ...picture, ended: true }) });
    expect(sources[0]?.closed).toBe(true);
    expect(seen.map((progress) => progress.ended)).toEqual([false, true]);
  });
});

describe('the backend in the window', () => {
  function host(invoke: (command: string, args: Record<string, unknown>) => Promise<unknown>) {
    const callbacks = new Map<number, (message: unknown) => void>();
    let next = 0;
    vi.stubGlobal('__TAURI_INTERNALS__', {
      invoke,
      transformCallback: (callback: (message: unknown) => void) => {
        next += 1;
        callbacks.set(next, callback);
        return next;
      },
      unregisterCallback: (id: number) => callbacks.delete(id),
    });
    return callbacks;
  }

  it('wraps the request and gives the answer', async () => {
    const invoke = vi.fn(async () => ({ id: 1 }));
    host(invoke);
    expect(await tauriBackend.call('sync_get', { sync: 1 })).toEqual({ id: 1 });
    expect(invoke).toHaveBeenCalledWith('sync_get', { request: { sync: 1 } }, undefined);
  });

  it('turns an error object into a BackendError', async () => {
    host(async () => Promise.reject(busy));
    const failure = await tauriBackend.call('sync_list', {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BackendError);
    expect((failure as BackendError).view).toEqual(busy);
  });

  it('opens links by command', async () => {
    const invoke = vi.fn(async () => null);
    host(invoke);
    await tauriBackend.openExternal('https://fernhill.my.salesforce.com');
    expect(invoke).toHaveBeenCalledWith('link_open', { url: 'https://fernhill.my.salesforce.com' }, undefined);
  });

  it('follows work by a channel, and again when following was refused', async () => {
    vi.useFakeTimers();
    let refuse = true;
    const asked: Record<string, unknown>[] = [];
    const callbacks = host(async (_command, args) => {
      asked.push(args);
      if (refuse) throw busy;
      return null;
    });
    const seen: ProgressView[] = [];
    const stop = tauriBackend.watch({ kind: 'run', id: 3 }, (progress) => seen.push(progress));
    refuse = false;
    await vi.advanceTimersByTimeAsync(1500);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({ work: { kind: 'run', id: 3 } });
    const channel = asked[1]?.channel as { id: number };
    callbacks.get(channel.id)?.({ index: 0, message: picture });
    expect(seen).toEqual([picture]);
    stop();
    callbacks.get(channel.id)?.({ index: 1, message: picture });
    expect(seen).toHaveLength(1);
  });
});

describe('work that nobody knows', () => {
  it('is not asked for again', async () => {
    vi.useFakeTimers();
    const invoke = vi.fn(async () => {
      throw { ...busy, code: 'not_found' };
    });
    vi.stubGlobal('__TAURI_INTERNALS__', { invoke, transformCallback: () => 1, unregisterCallback: () => {} });
    tauriBackend.watch({ kind: 'plan', id: 99 }, () => {});
    await vi.advanceTimersByTimeAsync(5000);
    expect(invoke).toHaveBeenCalledTimes(1);
  });
});

describe('the boundary', () => {
  it('is the only place that knows Tauri', () => {
    const files = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
    const importers = Object.entries(files)
      .filter(([path, text]) => !path.startsWith('./') && /@tauri-apps\//.test(text))
      .map(([path]) => path);
    expect(Object.keys(files).length).toBeGreaterThan(30);
    expect(importers).toEqual([]);
  });
});
