import { Button, Modal } from '@mantine/core';
import { type ConnectionView, useConnectionLeave, useSyncs } from '@/backend';
import { EnvironmentBadge, ErrorNotice, formatCountOf, SkeletonRows, useReturnFocus } from '@/components';
import css from './Dialogs.module.css';
import { SOURCES } from './products';

/** Asks before leaving a connection, and says exactly what happens and what does not. */
export function LeaveDialog({ connection, onClose }: { connection: ConnectionView; onClose: () => void }) {
  useReturnFocus();
  const leave = useConnectionLeave();
  const syncs = useSyncs();
  const production = connection.environment === 'production';
  const place = connection.environment ? ` (${connection.environment.toUpperCase()})` : '';
  const users = syncs.data?.filter((sync) => sync.org === connection.id || sync.source === connection.id);

  return (
    <Modal
      opened
      onClose={onClose}
      size={520}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={production ? { header: css.redHead ?? '', content: css.redContent ?? '' } : {}}
      title={
        <span className={css.leaveTitle}>
          {connection.environment && (
            <EnvironmentBadge environment={connection.environment} onProduction={production} />
          )}
          {`Leave ${connection.name}?`}
        </span>
      }
    >
      <div className={css.form}>
        {syncs.error ? (
          <ErrorNotice inline error={syncs.error} retry={() => syncs.refetch()} />
        ) : users === undefined ? (
          <SkeletonRows columns="1fr" rows={4} sentence="Looking which syncs use this connection" />
        ) : (
          <Facts connection={connection} syncs={users.map((sync) => sync.name)} />
        )}
        {leave.error && <ErrorNotice inline error={leave.error} action={null} />}
        <footer className={css.foot}>
          <Button onClick={onClose} data-autofocus>
            Stay connected
          </Button>
          <span className={css.grow} />
          <Button
            variant="danger"
            disabled={leave.isPending || users === undefined}
            onClick={() => leave.mutate({ connection: connection.id }, { onSuccess: onClose })}
          >
            {leave.isPending ? 'Leaving' : `Leave ${connection.name}${place}`}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}

/** What becomes of the connection itself. */
function Afterwards({ syncs }: { syncs: string[] }) {
  if (syncs.length === 0) return <li>The connection disappears from Drawbridge.</li>;
  return (
    <li>
      The connection stays listed as <b>Needs sign-in</b>, because{' '}
      {formatCountOf(syncs.length, 'sync uses', 'syncs use')} it and {syncs.length === 1 ? 'waits' : 'wait'} until you
      sign in again: {syncs.join(', ')}.
    </li>
  );
}

function Facts({ connection, syncs }: { connection: ConnectionView; syncs: string[] }) {
  if (connection.provider === 'salesforce') {
    return (
      <div className={css.facts}>
        <h3>What happens</h3>
        <ul>
          <li>
            Drawbridge’s login of {connection.org?.username ?? 'this user'} is removed from this computer’s keychain,
            and revoked in Salesforce if Salesforce can be reached now.
          </li>
          <Afterwards syncs={syncs} />
        </ul>
        <h3>What does not happen</h3>
        <ul>
          <li>Nothing in {connection.name} changes: fields, records and values stay as they are.</li>
          <li>Nothing is deleted in Salesforce.</li>
        </ul>
      </div>
    );
  }
  const { name, secret } = SOURCES[connection.provider];
  return (
    <div className={css.facts}>
      <h3>What happens</h3>
      <ul>
        <li>
          The {secret.includes('token') ? 'token' : 'key'} is removed from this computer’s keychain. It stays valid in{' '}
          {name}; delete it there if nobody else uses it.
        </li>
        {syncs.length > 0 ? (
          <Afterwards syncs={syncs} />
        ) : (
          <li>
            The connection disappears from Drawbridge, and with it what was read from {name}:{' '}
            {formatCountOf(connection.customers, 'customer')} and{' '}
            {formatCountOf(connection.subscriptions, 'subscription')}.
          </li>
        )}
      </ul>
      <h3>What does not happen</h3>
      <ul>
        <li>Nothing in {name} changes.</li>
        <li>Nothing in Salesforce changes.</li>
      </ul>
    </div>
  );
}
