import { errorView } from '@/backend';

/** The step where a run was not resumed because another user is signed in: going on as that user, on purpose. */
export function asAnother(error: unknown, resume: () => void): { action?: { label: string; onClick: () => void } } {
  if (error === null || errorView(error).code !== 'another_user') {
    return {};
  }
  return { action: { label: 'Resume as this user', onClick: resume } };
}
