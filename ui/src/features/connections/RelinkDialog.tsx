import { Button, Modal } from '@mantine/core';
import { type ConnectionView, type SyncRelinkView, useConnectionRelink, useRelinkForecast } from '@/backend';
import { EnvironmentBadge, ErrorNotice, formatCountOf, formatWhen, SkeletonRows, useReturnFocus } from '@/components';
import css from './Dialogs.module.css';

/** Links a refreshed sandbox: first what it comes to, then one word from the person. */
export function RelinkDialog({ connection, onClose }: { connection: ConnectionView; onClose: () => void }) {
  useReturnFocus();
  const forecast = useRelinkForecast(connection.id);
  const relink = useConnectionRelink();
  const shown = forecast.data;

  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={
        <span className={css.leaveTitle}>
          <EnvironmentBadge environment="sandbox" />
          {`Re-link ${connection.name}?`}
        </span>
      }
    >
      <div className={css.form}>
        {forecast.error ? (
          <ErrorNotice inline error={forecast.error} retry={() => forecast.refetch()} />
        ) : shown === undefined ? (
          <SkeletonRows columns="1fr" rows={4} sentence="Looking for the records in the refreshed sandbox" />
        ) : (
          <div className={css.facts}>
            <p>
              {shown.last_seen_at
                ? `This sandbox was refreshed after ${formatWhen(shown.last_seen_at)}.`
                : 'This sandbox was refreshed.'}{' '}
              Its records are copies of production; your links point at records that may not exist.
            </p>
            {shown.syncs.map((sync) => (
              <Sync key={sync.sync} sync={sync} />
            ))}
            <h3>What happens</h3>
            <ul>
              <li>
                The connection is pinned to org {shown.to_org} instead of {shown.from_org}.
              </li>
              <li>Records that are not found again wait on the Matching tab; none is made anew by itself.</li>
              <li>What was read from and written to the org before is forgotten; its runs can no longer be undone.</li>
            </ul>
            <h3>What does not happen</h3>
            <ul>
              <li>Nothing is written to Salesforce.</li>
              <li>Syncs, mappings and decisions stay.</li>
            </ul>
          </div>
        )}
        {relink.error && <ErrorNotice inline error={relink.error} action={null} />}
        <footer className={css.foot}>
          <Button onClick={onClose} data-autofocus>
            Not now
          </Button>
          <span className={css.grow} />
          <Button
            variant="filled"
            disabled={relink.isPending || shown === undefined}
            onClick={() => relink.mutate({ connection: connection.id, apply: true }, { onSuccess: onClose })}
          >
            {relink.isPending ? 'Re-linking' : `Re-link ${connection.name} (SANDBOX)`}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}

function Sync({ sync }: { sync: SyncRelinkView }) {
  return (
    <section>
      <h3>{sync.name}</h3>
      <ul>
        <li>{formatCountOf(sync.found_again, 'record')} found again by external ID</li>
        <li>{formatCountOf(sync.not_there, 'record')} not in the copy</li>
        <li>
          {formatCountOf(sync.need_review, 'customer')} whose record ID is there, which proves nothing in a copy: the
          next preview finds those that an address or the billing system leads to, and the others wait on the Matching
          tab
        </li>
      </ul>
      {sync.missing_fields.length > 0 && (
        <p>
          The copy lacks {formatCountOf(sync.missing_fields.length, 'field')}: create{' '}
          {sync.missing_fields.length === 1 ? 'it' : 'them'} on the Fields tab next.
        </p>
      )}
    </section>
  );
}
