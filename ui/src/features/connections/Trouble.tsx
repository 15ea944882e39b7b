import { Button } from '@mantine/core';
import type { ConnectionView } from '@/backend';
import { STATUS } from '@/components';
import css from './Checks.module.css';

const SAYS = {
  needs_sign_in: 'The login or key is no longer accepted',
  unreachable: 'The other side cannot be reached',
  blocked_by_policy: 'A policy of the other side keeps Drawbridge out',
  refreshed: 'This sandbox was refreshed: another org stands in its place',
} as const;

const STAYS = {
  needs_sign_in: 'Nothing was changed. What was read before stays readable.',
  unreachable: 'Nothing was changed. What was read before stays readable.',
  blocked_by_policy: 'Nothing was changed. Signing in again does not help; an admin has to allow it.',
  refreshed: 'Nothing was changed. Re-linking finds the records again by external ID and tells first what it comes to.',
} as const;

/** Why a connection does not stand well, and the one step that mends it. */
export function Trouble({
  connection,
  mendLabel,
  onMend,
  onCheck,
  onRelink,
}: {
  connection: ConnectionView;
  mendLabel: string;
  onMend: () => void;
  onCheck: () => void;
  onRelink: () => void;
}) {
  if (connection.status === 'connected') return null;
  const { icon: Icon, tone } = STATUS[connection.status];
  const step =
    connection.status === 'needs_sign_in'
      ? { label: mendLabel, go: onMend }
      : connection.status === 'refreshed'
        ? { label: 'Re-link…', go: onRelink }
        : { label: 'Check again', go: onCheck };
  return (
    <div className={css.trouble} data-tone={tone} role="alert">
      <Icon size={16} stroke={1.75} />
      <div>
        <p className={css.what}>{connection.status_reason ?? SAYS[connection.status]}</p>
        <p className={css.more}>{STAYS[connection.status]}</p>
      </div>
      <Button size="compact-sm" onClick={step.go}>
        {step.label}
      </Button>
    </div>
  );
}
