import { Switch } from '@mantine/core';
import { type ConnectionView, useReadOnlySet } from '@/backend';
import { ErrorNotice } from '@/components';
import { SOURCES } from './products';
import css from './ReadOnlySwitch.module.css';

/** What the switch means for a connection, on or off. */
function meaning({ provider, environment }: ConnectionView, readOnly: boolean): string {
  if (provider === 'salesforce') {
    if (readOnly) {
      return 'Nothing is written to this org: runs, undos and new fields are refused.';
    }
    const typed = environment === 'production' ? ' and type its domain' : '';
    return `Runs write to this org when you approve their preview${typed}.`;
  }
  const product = SOURCES[provider].name;
  return readOnly
    ? `Nothing is changed in ${product}: such calls, imports and links are refused.`
    : `Changes in ${product} are made when you confirm them.`;
}

/** Says whether anything may be changed through a connection. */
export function ReadOnlySwitch({ connection }: { connection: ConnectionView }) {
  const set = useReadOnlySet();
  const wanted = set.isPending ? set.variables.read_only : connection.read_only;
  return (
    <div className={css.row}>
      <Switch
        classNames={{ label: css.label ?? '', description: css.words ?? '' }}
        label="Read-only"
        description={meaning(connection, wanted)}
        checked={wanted}
        disabled={set.isPending}
        onChange={(event) => set.mutate({ connection: connection.id, read_only: event.currentTarget.checked })}
        data-testid={`read-only-${connection.id}`}
      />
      {set.error ? <ErrorNotice inline error={set.error} /> : null}
    </div>
  );
}
