import { Select, Switch } from '@mantine/core';
import { type SyncView, useAction, useCommand } from '@/backend';
import { Card, ErrorNotice, SkeletonRows } from '@/components';
import css from './links.module.css';

/** Whether runs of the sync record in the billing system which Account each customer is. */
export function WritebackCard({ sync }: { sync: SyncView }) {
  const view = useCommand('writeback_get', { sync: sync.id });
  const set = useAction('writeback_set');
  const now = set.data ?? view.data;
  const several = (now?.integrations.length ?? 0) > 1;
  return (
    <Card title="Links recorded in Alguna" data-testid="writeback">
      {view.error ? (
        <ErrorNotice inline error={view.error} retry={() => void view.refetch()} />
      ) : !now ? (
        <SkeletonRows rows={2} columns="1fr" sentence="Asking Alguna" />
      ) : (
        <div className={css.body}>
          <Switch
            label="Record the id of each customer’s Account in Alguna"
            checked={now.on}
            disabled={!now.offered || set.isPending}
            onChange={(event) =>
              set.mutate({ sync: sync.id, on: event.currentTarget.checked, integration: now.integration })
            }
            data-testid="writeback-switch"
          />
          <p data-testid="writeback-reason">{now.reason}</p>
          {now.place ? (
            <p className={css.quiet}>A link is {now.place}. Each preview says which ones a run would record.</p>
          ) : null}
          {several ? (
            <Select
              label="Alguna’s integration with this org"
              w={320}
              placeholder="Choose one"
              data={now.integrations.map((one) => ({ value: one.id, label: one.label }))}
              value={now.integration}
              onChange={(value) => set.mutate({ sync: sync.id, on: now.on, integration: value })}
              data-testid="writeback-integration"
            />
          ) : null}
          {now.problem ? <p className={css.quiet}>{now.problem}</p> : null}
          {set.error ? <ErrorNotice inline error={set.error} /> : null}
        </div>
      )}
    </Card>
  );
}
