import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';
import { useNavigate } from 'react-router';
import type { ErrorView, UnreachedView } from '@/backend';
import { formatWhen, StatusWord } from '@/components';
import css from './mapping.module.css';

/** Why what needs the org is off. */
export const NEEDS_ORG = 'Salesforce could not be asked, and this needs it. Try again first.';

interface Props {
  unreached: UnreachedView;
  busy: boolean;
  onAgain: () => void;
}

function wordOf(why: ErrorView | null): string {
  if (why === null) return 'Salesforce has not answered yet.';
  return why.code === 'unreachable' ? 'Salesforce cannot be reached.' : 'Salesforce could not be asked.';
}

/** The rules stand there as they are stored: says that the org was not asked, why, and what is shown instead. */
export function UnreachedStrip({ unreached, busy, onAgain }: Props) {
  const navigate = useNavigate();
  const { why, fields_at } = unreached;
  const signIn = why?.code === 'needs_sign_in';
  return (
    <div className={css.outdated} role="status" data-testid="mapping-unreached">
      <StatusWord status={signIn ? 'needs_sign_in' : 'stale'}>{wordOf(why)}</StatusWord>
      <span className={css.said}>
        {why ? `${why.message} ` : null}
        {fields_at === null
          ? 'The rules are as they are stored; their fields were not read yet, and nothing was checked.'
          : `The rules are as they are stored, the fields as they were read ${formatWhen(fields_at)}. Nothing was checked.`}
      </span>
      {signIn ? (
        <Button size="compact-sm" onClick={() => navigate('/connections')}>
          Open Connections
        </Button>
      ) : null}
      {why === null ? null : (
        <Button size="compact-sm" loading={busy} onClick={onAgain} data-testid="mapping-again">
          Try again
        </Button>
      )}
    </div>
  );
}

/** A button for what needs the org: where that was not asked it is off, and says so. */
export function OrgButton({
  off,
  onClick,
  ...props
}: { off: boolean } & ButtonProps & Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps>) {
  return off ? (
    <Tooltip label={NEEDS_ORG} multiline>
      <Button {...props} variant="default" data-disabled aria-disabled="true" />
    </Tooltip>
  ) : (
    <Button {...props} onClick={onClick} />
  );
}
