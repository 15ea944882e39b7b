import type { Backend } from './backend';

/** The backend of the host the page runs in. */
export async function chooseBackend(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) return (await import('./tauri')).tauriBackend;
  return (await import('./web')).webBackend;
}
