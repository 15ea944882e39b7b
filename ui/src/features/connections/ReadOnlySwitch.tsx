import { Switch } from '@mantine/core';
import { type ConnectionView, useReadOnlySet } from '@/backend';
import { ErrorNotice } from '@/components';
import { SOURCES } from './products';
import css from './ReadOnlySwitch.module.css';

/** Says whether anything may be changed through a billing connection. */
export function ReadOnlySwitch({ connection }: { connection: ConnectionView }) {
  const set = useReadOnlySet();
  if (connection.provider === 'salesforce') return null;
  const { name } = SOURCES[connection.provider];
  const wanted = set.isPending ? set.variables.read_only : connection.read_only;
  return (
    <div className={css.row}>
      <Switch
        classNames={{ label: css.label ?? '', description: css.words ?? '' }}
        label="Read-only"
        description={
          wanted
            ? `Nothing is changed in ${name}: such calls, imports and links are refused.`
            : `Changes in ${name} are made when you confirm them.`
        }
        checked={wanted}
        disabled={set.isPending}
        onChange={(event) => set.mutate({ connection: connection.id, read_only: event.currentTarget.checked })}
        data-testid={`read-only-${connection.id}`}
      />
      {set.error ? <ErrorNotice inline error={set.error} /> : null}
    </div>
  );
}
