import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { ConnectionView } from '@/backend';
import { EnvironmentBadge, formatCountOf, StatusWord, useFocus } from '@/components';
import css from './Dialogs.module.css';
import { Identity } from './Identity';

/** The other side has answered: who it is, and the next step. */
export function Connected({
  connection,
  existing,
  onClose,
}: {
  connection: ConnectionView;
  existing: ConnectionView[];
  onClose: () => void;
}) {
  const done = useFocus<HTMLButtonElement>();
  const all = [...existing.filter((one) => one.id !== connection.id), connection];
  const hasOrg = all.some((one) => one.provider === 'salesforce');
  const hasSource = all.some((one) => one.provider !== 'salesforce');
  const wrong = connection.checks.filter((check) => check.state !== 'ok').length;
  return (
    <div className={css.form}>
      <div className={css.identity}>
        <p className={css.known}>
          <StatusWord status={connection.status} />
          {connection.environment && <EnvironmentBadge environment={connection.environment} />}
        </p>
        <Identity connection={connection} />
      </div>
      {connection.status === 'refreshed' && (
        <p>{connection.status_reason} Its card re-links it, and tells first what that comes to.</p>
      )}
      <p>
        {wrong > 0
          ? `${formatCountOf(wrong, 'check needs', 'checks need')} a look; the card says who can fix them.`
          : 'Nothing has been written.'}{' '}
        {!hasOrg && 'Next, connect a Salesforce sandbox.'}
        {!hasSource && 'Next, connect ProfitWell or Alguna.'}
      </p>
      <footer className={css.foot}>
        <span className={css.grow} />
        {hasOrg && hasSource && (
          <Button component={Link} to="/sync/new">
            New sync
          </Button>
        )}
        <Button variant="filled" onClick={onClose} ref={done}>
          Done
        </Button>
      </footer>
    </div>
  );
}
