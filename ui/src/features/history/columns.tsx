import { IconArrowBackUp } from '@tabler/icons-react';
import type { HistoryEntryView } from '@/backend';
import { EnvironmentBadge, formatCountOf, formatWhen, type TableColumn } from '@/components';
import { Equation } from './Equation';
import { beganOf, KIND, keyOf, nameOf, systemOf, tookIn, whatOf } from './entry';
import css from './history.module.css';
import { Standing } from './Standing';

/** The table's columns. */
export const COLUMNS: Array<TableColumn<HistoryEntryView>> = [
  {
    key: 'entry',
    head: 'Entry',
    width: '184px',
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
            {entry.kind !== 'run' || entry.undone_by === null ? null : (
              <span className={css.undone}>
                <IconArrowBackUp size={13} stroke={1.9} aria-hidden />
                undone by run {entry.undone_by}
              </span>
            )}
          </span>
        </span>
      );
    },
  },
  {
    key: 'what',
    head: 'What',
    width: 'minmax(144px, 1fr)',
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
    width: 'minmax(150px, 1fr)',
    render: (entry) => <Where entry={entry} />,
  },
  {
    key: 'equation',
    head: 'What became of it',
    width: 'minmax(274px, 2.4fr)',
    render: (entry) => (
      <span className={css.became}>
        <span className={css.standing}>
          <Standing entry={entry} />
        </span>{' '}
        <Equation entry={entry} />
      </span>
    ),
  },
  {
    key: 'took',
    head: 'Took',
    width: '88px',
    align: 'end',
    render: (entry) => (
      <span className={css.two}>
        <span className={css.second}>{tookIn(entry)}</span>
        <span>{entry.kind === 'run' ? formatCountOf(entry.api_calls, 'API call') : null}</span>
      </span>
    ),
  },
];

/** The org or billing system, and the person. */
function Where({ entry }: { entry: HistoryEntryView }) {
  if (entry.kind === 'run') {
    return (
      <span className={css.two}>
        <span className={css.strong} title={entry.org_name}>
          {entry.org_name}
        </span>
        <span className={css.org}>
          <EnvironmentBadge environment={entry.environment} />
          <span className="ellipsis" title={entry.user_name ?? undefined}>
            {entry.user_name ?? 'user not known'}
          </span>
        </span>
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

/** In a narrow window: how long it took stands in the drawer, and the equation needs the room. */
export const SLIM = COLUMNS.filter((column) => column.key !== 'took');

/** Beside an open drawer: what tells entries apart. */
export const NARROW: Array<TableColumn<HistoryEntryView>> = ['entry', 'equation', 'what'].flatMap((key) =>
  COLUMNS.filter((column) => column.key === key),
);
