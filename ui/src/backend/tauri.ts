import { Channel, invoke } from '@tauri-apps/api/core';
import { type Backend, BackendError, errorView } from './backend';
import type { ProgressView } from './bindings';

const REATTACH_AFTER = 1000;

/** The backend inside Drawbridge's own window. */
export const tauriBackend: Backend = {
  async call(name, request) {
    try {
      return await invoke(name, { request });
    } catch (error) {
      throw new BackendError(errorView(error));
    }
  },

  watch(work, onProgress) {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attach = () => {
      const channel = new Channel<ProgressView>();
      channel.onmessage = (progress) => {
        if (!stopped) onProgress(progress);
      };
      invoke('progress_watch', { work, channel }).catch((error: unknown) => {
        // Work that nobody knows has no pictures to come.
        if (!stopped && errorView(error).code !== 'not_found') timer = setTimeout(attach, REATTACH_AFTER);
      });
    };
    attach();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  },

  async openExternal(url) {
    try {
      await invoke('link_open', { url });
    } catch (error) {
      throw new BackendError(errorView(error));
    }
  },
};
