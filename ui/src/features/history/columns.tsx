import { IconArrowBackUp } from '@tabler/icons-react';
import type { HistoryEntryView } from '@/backend';
import { EnvironmentBadge, formatCount, formatWhen, type TableColumn } from '@/components';
import { beganOf, importEquation, KIND, keyOf, nameOf, operationEquation, systemOf, tookIn, whatOf } from './entry';
import css from './history.module.css';
import { Standing } from './Standing';
import { equationOf } from './words';

/** The table's columns. */
export const COLUMNS: Array<TableColumn<HistoryEntryView>> = [
  {
    key: 'entry',
    head: 'Entry',
    width: '168px',
    render: (entry) => {
      const Icon = KIND[entry.kind].icon;
      return (
        <span className={css.entry}>
          <Icon size={16} stroke={1.6} aria-hidden />
          <span className={css.two}>
            <span className={css.strong}>
              {nameOf(keyOf(entry))}
              {entry.kind !== 'run' || entry.undoes === null ? null : (
                <span className={css.undo} title={`Undo of run ${entry.undoes}`}>
                  <IconArrowBackUp size={13} stroke={1.9} aria-hidden />
                  undo of {entry.undoes}
                </span>
              )}
            </span>
            <time dateTime={beganOf(entry)}>{formatWhen(beganOf(entry))}</time>
          </span>
        </span>
      );
    },
  },
  {
    key: 'what',
    head: 'What',
    width: 'minmax(230px, 1.8fr)',
    render: (entry) => {
      const { first, second, mono } = whatOf(entry);
      // A sentence is more to a person than how it came to be.
      if (entry.kind === 'operation' && entry.rows === 1) {
        return (
          <span className={css.sentence} title={first}>
            {first}
          </span>
        );
      }
      return (
        <span className={css.two}>
          <span className={mono ? css.path : css.strong} title={first}>
            {first}
          </span>
          <span title={second}>{second}</span>
        </span>
      );
    },
  },
  {
    key: 'where',
    head: 'Where and who',
    width: 'minmax(160px, 1fr)',
    render: (entry) => <Where entry={entry} />,
  },
  {
    key: 'equation',
    head: 'What became of it',
    width: 'minmax(200px, 1.4fr)',
    render: (entry) => (
      <span className={css.two}>
        <Equation entry={entry} />
        <span className={css.standing}>
          <Standing entry={entry} />
          {entry.kind !== 'run' || entry.undone_by === null ? null : (
            <span className={css.undo}>
              <IconArrowBackUp size={13} stroke={1.9} aria-hidden />
              undone by run {entry.undone_by}
            </span>
          )}
        </span>
      </span>
    ),
  },
  {
    key: 'mapping',
    head: 'Mapping',
    width: '64px',
    align: 'end',
    render: (entry) => (entry.kind === 'run' ? <span className={css.second}>v{entry.mapping_version}</span> : null),
  },
  {
    key: 'took',
    head: 'Took',
    width: '84px',
    align: 'end',
    render: (entry) => <span className={css.second}>{tookIn(entry)}</span>,
  },
  {
    key: 'calls',
    head: 'API calls',
    width: '72px',
    align: 'end',
    render: (entry) =>
      entry.kind === 'run' ? <span className={css.second}>{formatCount(entry.api_calls)}</span> : null,
  },
];

/** The org or billing system, and the person. */
function Where({ entry }: { entry: HistoryEntryView }) {
  if (entry.kind === 'run') {
    return (
      <span className={css.two}>
        <span className={css.org}>
          <span className="ellipsis" title={entry.org_name}>
            {entry.org_name}
          </span>
          <EnvironmentBadge environment={entry.environment} />
        </span>
        <span title={entry.user_name ?? undefined}>{entry.user_name ?? 'user not known'}</span>
      </span>
    );
  }
  const place = entry.kind === 'import' ? `${entry.org_name} into ${entry.source_name}` : systemOf(entry);
  return (
    <span className={css.two}>
      <span className="ellipsis" title={place}>
        {place}
      </span>
      <span>{entry.who ?? 'user not known'}</span>
    </span>
  );
}

/** Its numbers in a line; a call by hand has none. */
function Equation({ entry }: { entry: HistoryEntryView }) {
  // One row tells its outcome by a word.
  if (entry.kind === 'call' || (entry.kind === 'operation' && entry.rows === 1)) return null;
  const text =
    entry.kind === 'run'
      ? equationOf(entry)
      : entry.kind === 'operation'
        ? operationEquation(entry)
        : importEquation(entry);
  return (
    <span className="tabular" title={text}>
      {text}
    </span>
  );
}

/** Beside an open drawer: what tells entries apart. */
export const NARROW: Array<TableColumn<HistoryEntryView>> = ['entry', 'equation', 'what'].flatMap((key) =>
  COLUMNS.filter((column) => column.key === key),
);
