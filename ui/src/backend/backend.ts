import type { Commands, ErrorView, ProgressView, Work } from './bindings';

/** The whole of what the page may ask of Drawbridge, whichever host runs it. */
export interface Backend {
  /** Calls a command; fails with a `BackendError`. */
  call<K extends keyof Commands>(name: K, request: Commands[K]['request']): Promise<Commands[K]['response']>;
  /** Follows work under way, starting with a whole picture; the answer stops following. */
  watch(work: Work, onProgress: (progress: ProgressView) => void): () => void;
  /** Opens a page in the person's own browser. */
  openExternal(url: string): Promise<void>;
}

/** An error of the backend, with everything a person needs to go on. */
export class BackendError extends Error {
  readonly view: ErrorView;

  constructor(view: ErrorView) {
    super(view.message);
    this.name = 'BackendError';
    this.view = view;
  }
}

/** Whether a value is an error as the backend writes it. */
export function isErrorView(value: unknown): value is ErrorView {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}

/** Any thrown thing as an `ErrorView`; what is not ours is an internal error that says its text. */
export function errorView(error: unknown): ErrorView {
  if (error instanceof BackendError) return error.view;
  if (isErrorView(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `Drawbridge met an error of its own: ${text}`,
    hint: null,
    retry_after_seconds: null,
  };
}
