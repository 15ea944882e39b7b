import { Button, TextInput } from '@mantine/core';
import { IconPlayerStop, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { type ImportView, type SyncView, useAction, useCommand } from '@/backend';
import { Card, ErrorNotice, formatCount, formatCountOf, SkeletonRows } from '@/components';
import { useAskAgain } from '../shared/useAskAgain';
import { ImportDialog } from './ImportDialog';
import { ImportRows } from './ImportRows';
import css from './links.module.css';

/** Accounts without a customer: a preview, and the customers it creates in the billing system. */
export function ImportCard({ sync }: { sync: SyncView }) {
  const latest = useCommand('import_latest', { sync: sync.id });
  const [types, setTypes] = useState('');
  const [currency, setCurrency] = useState('');
  const start = useAction('import_start');
  const run = useAction('import_run');
  const stop = useAction('import_stop');
  const [asking, setAsking] = useState(false);
  const known = latest.data?.[0];
  const running = run.isPending || known?.status === 'running';
  useAskAgain(running, 'import_latest', { sync: sync.id });
  const listed = types
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const preview = () =>
    start.mutate({ sync: sync.id, types: listed, currency: currency.trim() === '' ? null : currency.trim() });
  const begin = (import_: ImportView) => {
    run.reset();
    setAsking(false);
    run.mutate({ import: import_.id, confirm: import_.warning ? import_.source_name : null });
  };
  return (
    <Card title="Accounts without a customer" data-testid="import">
      <div className={css.body}>
        <p className={css.quiet}>
          Accounts of {sync.org_name} that are no customer yet can become customers in {sync.source_name}. The preview
          writes nothing. An Account’s id becomes the customer’s alias, so no Account is imported twice.
        </p>
        <div className={css.row}>
          <TextInput
            label="Only of these types"
            description="Several by comma; all types when empty"
            w={260}
            value={types}
            onChange={(event) => setTypes(event.currentTarget.value)}
            data-testid="import-types"
          />
          <TextInput
            label="Currency where an Account has none"
            description="Such as EUR; without it they wait"
            w={260}
            value={currency}
            onChange={(event) => setCurrency(event.currentTarget.value)}
            data-testid="import-currency"
          />
          <Button
            leftSection={<IconSearch size={16} aria-hidden />}
            loading={start.isPending}
            disabled={running}
            onClick={preview}
            data-testid="import-preview"
          >
            {known ? 'Preview again' : 'Preview'}
          </Button>
        </div>
        {start.error || run.error || stop.error || latest.error ? (
          <ErrorNotice inline error={start.error ?? run.error ?? stop.error ?? latest.error} />
        ) : null}
        {start.isPending ? (
          <SkeletonRows rows={4} columns="1fr 1fr 1fr" sentence="Reading customers, Accounts and Contacts" />
        ) : known ? (
          <>
            <div className={css.row}>
              <span data-testid="import-sentence">{sentence(known)}</span>
              <span className={css.spacer} />
              {running ? (
                <Button
                  variant="danger"
                  leftSection={<IconPlayerStop size={16} aria-hidden />}
                  disabled={stop.isPending}
                  onClick={() => stop.mutate({ import: known.id })}
                  data-testid="import-stop"
                >
                  Stop
                </Button>
              ) : known.status === 'finished' || (known.status === null && known.create === 0) ? null : (
                <Button variant="filled" onClick={() => setAsking(true)} data-testid="import-run">
                  {known.status === null
                    ? `Create ${formatCountOf(known.create, 'customer')} in ${known.source_name}`
                    : `Resume: ${formatCountOf(known.open, 'Account')} left`}
                </Button>
              )}
            </div>
            {known.reason ? <p className={css.quiet}>{known.reason}</p> : null}
            <ImportRows import_={known} />
          </>
        ) : null}
      </div>
      {known ? (
        <ImportDialog opened={asking} import_={known} onClose={() => setAsking(false)} onRun={() => begin(known)} />
      ) : null}
    </Card>
  );
}

/** Why Accounts must be settled first, with their numbers. */
function causes(one: ImportView): string {
  const each = one.blocked_by.map((cause) => `${formatCount(cause.accounts)} ${cause.words}`);
  return each.length === 0 ? '' : ` (${each.join(', ')})`;
}

/** How an import stands, with its equation once it was run. */
export function sentence(one: ImportView): string {
  if (one.status === null) {
    return `${formatCountOf(one.read, 'Account')} read: ${formatCount(one.create)} would become customers, ${formatCount(one.skip)} are left out, ${formatCount(one.blocked)} must be settled first${causes(one)}. Nothing has been written.`;
  }
  const counts = one.counts;
  const still = one.open > 0 ? ` + ${formatCount(one.open)} still to do` : '';
  const equation = `${formatCount(one.read)} read = ${formatCount(counts.created)} created + ${formatCount(counts.already)} already customers + ${formatCount(counts.skipped)} left out + ${formatCount(counts.blocked)} blocked + ${formatCount(counts.rejected)} rejected + ${formatCount(counts.unknown)} unknown${still}.`;
  if (one.status !== 'finished') {
    return equation;
  }
  return one.adds_up
    ? `${equation} The next preview of the sync finds the new customers by their alias.`
    : `${equation} It does not add up: do not rely on it.`;
}
