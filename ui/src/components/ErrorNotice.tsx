import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { type ErrorCode, errorView } from '@/backend';
import { classes } from './classes';
import { formatSeconds } from './format';
import css from './States.module.css';

/** The step that helps with a code when the screen knows no better one. */
const STEP: Partial<Record<ErrorCode, 'connections' | 'retry'>> = {
  needs_sign_in: 'connections',
  blocked_by_policy: 'connections',
  wrong_org: 'connections',
  org_refreshed: 'connections',
  not_the_api: 'connections',
  sign_in_not_finished: 'retry',
  port_in_use: 'retry',
  unreachable: 'retry',
  busy: 'retry',
  quota_used_up: 'retry',
  refused: 'retry',
  lost_answer: 'retry',
  answer_cut: 'retry',
  already_running: 'retry',
  no_keychain: 'retry',
  disk_full: 'retry',
  file_not_saved: 'retry',
  database: 'retry',
  internal: 'retry',
  not_found: 'retry',
  field_missing: 'retry',
  plan_stale: 'retry',
  another_user: 'connections',
};

/**
 * An error: what happened and was not done, what to do, one action, the code.
 * `action` is the screen's own step, `null` none; without it the code decides between opening Connections and `retry`.
 */
export function ErrorNotice({
  error,
  retry,
  action,
  inline,
}: {
  /** Anything thrown. */
  error: unknown;
  retry?: () => void;
  action?: { label: string; onClick: () => void } | null;
  /** A strip inside a form or card instead of the middle of a pane. */
  inline?: boolean;
}) {
  const navigate = useNavigate();
  const view = errorView(error);
  const step = STEP[view.code];
  const usual =
    step === 'connections'
      ? { label: 'Open Connections', onClick: () => navigate('/connections') }
      : retry
        ? { label: 'Try again', onClick: retry }
        : null;
  const chosen = action === undefined ? usual : action;
  const wait =
    view.retry_after_seconds === null
      ? null
      : `Trying again makes sense in ${formatSeconds(view.retry_after_seconds)}.`;

  if (inline) {
    return (
      <div className={css.inline} role="alert">
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
        <div>
          <p className={css.what}>{view.message}</p>
          {view.hint && <p className={css.hint}>{view.hint}</p>}
          {wait && <p className={css.hint}>{wait}</p>}
          <p className={css.code}>{view.code}</p>
        </div>
        {chosen && (
          <Button size="compact-sm" onClick={chosen.onClick}>
            {chosen.label}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div className={css.middle} role="alert">
      <span className={classes(css.icon, css.wrong)} aria-hidden="true">
        <IconAlertTriangle size={20} stroke={1.6} />
      </span>
      <h2 className={css.title}>{view.message}</h2>
      {view.hint && <p className={css.words}>{view.hint}</p>}
      {wait && <p className={css.words}>{wait}</p>}
      {chosen && (
        <div className={css.actions}>
          <Button variant="filled" onClick={chosen.onClick}>
            {chosen.label}
          </Button>
        </div>
      )}
      <p className={css.code}>{view.code}</p>
    </div>
  );
}
