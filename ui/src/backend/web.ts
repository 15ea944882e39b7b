import { type Backend, BackendError, isErrorView } from './backend';
import type { ErrorView, ProgressView } from './bindings';

const unreachable: ErrorView = {
  code: 'unreachable',
  message: 'The page cannot reach Drawbridge. Nothing was changed.',
  hint: 'Check that Drawbridge is still running, then try again.',
  retry_after_seconds: null,
};

async function errorOf(response: Response): Promise<ErrorView> {
  const body: unknown = await response.json().catch(() => null);
  if (isErrorView(body)) return body;
  return {
    code: 'internal',
    message: `Drawbridge answered ${response.status} without saying why.`,
    hint: null,
    retry_after_seconds: null,
  };
}

/** The backend of a page in a browser, over the development host. */
export const webBackend: Backend = {
  async call(name, request) {
    let response: Response;
    try {
      response = await fetch(`/api/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
    } catch {
      throw new BackendError(unreachable);
    }
    if (!response.ok) throw new BackendError(await errorOf(response));
    return response.json();
  },

  watch(work, onProgress) {
    const events = new EventSource(`/api/progress/${work.kind}/${work.id}`);
    events.onmessage = (event: MessageEvent<string>) => {
      const progress = JSON.parse(event.data) as ProgressView;
      // An event source would join again for ever.
      if (progress.ended) events.close();
      onProgress(progress);
    };
    return () => events.close();
  },

  async openExternal(url) {
    window.open(url, '_blank', 'noopener,noreferrer');
  },
};
