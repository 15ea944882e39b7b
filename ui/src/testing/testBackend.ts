import {
  type Backend,
  BackendError,
  type Commands,
  type ErrorCode,
  type ErrorView,
  type ProgressView,
  type Work,
} from '@/backend';

/** Answers of a test's backend, by command. */
export type Answers = {
  [K in keyof Commands]?: (
    request: Commands[K]['request'],
  ) => Commands[K]['response'] | Promise<Commands[K]['response']>;
};

export interface TestBackend extends Backend {
  /** Every command called so far, in order. */
  calls: { name: keyof Commands; request: unknown }[];
  /** Pages opened in the person's browser. */
  opened: string[];
  /** Sends a picture to whoever follows this work. */
  report: (progress: ProgressView) => void;
}

export function errorOf(code: ErrorCode, message: string, hint: string | null = null): BackendError {
  const view: ErrorView = { code, message, hint, retry_after_seconds: null };
  return new BackendError(view);
}

/** A backend given as a plain object; a command without an answer is an error of the test. */
export function testBackend(answers: Answers): TestBackend {
  const followers: { work: Work; onProgress: (progress: ProgressView) => void }[] = [];
  const calls: TestBackend['calls'] = [];
  const opened: string[] = [];
  return {
    calls,
    opened,
    async call(name, request) {
      calls.push({ name, request });
      const answer = answers[name];
      if (!answer) throw errorOf('internal', `The test gives no answer to ${name}.`);
      return answer(request);
    },
    watch(work, onProgress) {
      const follower = { work, onProgress };
      followers.push(follower);
      return () => void followers.splice(followers.indexOf(follower), 1);
    },
    async openExternal(url) {
      opened.push(url);
    },
    report(progress) {
      for (const one of followers) {
        if (one.work.kind === progress.work.kind && one.work.id === progress.work.id) one.onProgress(progress);
      }
    },
  };
}
