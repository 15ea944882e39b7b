import { IconArrowBackUp } from '@tabler/icons-react';
import type { HistoryRowView } from '@/backend';
import { EnvironmentBadge, formatCount, formatWhen, type TableColumn } from '@/components';
import css from './history.module.css';
import { Standing } from './Standing';
import { equationOf, tookOf } from './words';

/** The table's columns. */
export const COLUMNS: Array<TableColumn<HistoryRowView>> = [
  {
    key: 'run',
    head: 'Run',
    width: '172px',
    render: (run) => (
      <span className={css.two}>
        <span className={css.strong}>
          Run {run.run}
          {run.undoes === null ? null : (
            <span className={css.undo} title={`Undo of run ${run.undoes}`}>
              <IconArrowBackUp size={13} stroke={1.9} aria-hidden />
              undo of {run.undoes}
            </span>
          )}
        </span>
        <time dateTime={run.started_at}>{formatWhen(run.started_at)}</time>
      </span>
    ),
  },
  {
    key: 'sync',
    head: 'Sync and way',
    width: 'minmax(150px, 1fr)',
    render: (run) => (
      <span className={css.two}>
        <span className={css.strong} title={run.sync_name}>
          {run.sync_name}
        </span>
        <span title={run.way}>{run.way}</span>
      </span>
    ),
  },
  {
    key: 'org',
    head: 'Org and user',
    width: 'minmax(170px, 1fr)',
    render: (run) => (
      <span className={css.two}>
        <span className={css.org}>
          <span className="ellipsis" title={run.org_name}>
            {run.org_name}
          </span>
          <EnvironmentBadge environment={run.environment} />
        </span>
        <span title={run.user_name ?? undefined}>{run.user_name ?? 'user not known'}</span>
      </span>
    ),
  },
  {
    key: 'equation',
    head: 'Read = outcomes',
    width: 'minmax(260px, 2fr)',
    render: (run) => (
      <span className={css.two}>
        <span className="tabular" title={equationOf(run)}>
          {equationOf(run)}
        </span>
        <span className={css.standing}>
          <Standing run={run} />
          {run.undone_by === null ? null : (
            <span className={css.undo}>
              <IconArrowBackUp size={13} stroke={1.9} aria-hidden />
              undone by run {run.undone_by}
            </span>
          )}
        </span>
      </span>
    ),
  },
  {
    key: 'mapping',
    head: 'Mapping',
    width: '68px',
    align: 'end',
    render: (run) => <span className={css.second}>v{run.mapping_version}</span>,
  },
  {
    key: 'took',
    head: 'Took',
    width: '92px',
    align: 'end',
    render: (run) => <span className={css.second}>{tookOf(run)}</span>,
  },
  {
    key: 'calls',
    head: 'API calls',
    width: '76px',
    align: 'end',
    render: (run) => <span className={css.second}>{formatCount(run.api_calls)}</span>,
  },
];

/** Beside an open drawer: what tells runs apart, with the equation where it can be seen. */
export const NARROW: Array<TableColumn<HistoryRowView>> = ['run', 'equation', 'org'].flatMap((key) =>
  COLUMNS.filter((column) => column.key === key),
);
