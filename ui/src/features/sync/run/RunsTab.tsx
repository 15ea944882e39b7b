import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { type RunView, type SyncView, useRuns } from '@/backend';
import { DateText, EmptyState, ErrorNotice, formatCount, formatSeconds, SkeletonRows, StatusWord } from '@/components';
import { runPath, tabPath } from '../shared/paths';
import { SyncFrame } from '../shared/SyncFrame';
import { OUTCOME_WORDS, OUTCOMES } from '../shared/words';
import { InterruptedStrip } from './InterruptedStrip';
import { balanceOf } from './picture';
import css from './runs.module.css';

/** The runs of a sync, newest first. */
export function RunsTab() {
  return <SyncFrame>{(sync) => <Runs sync={sync} />}</SyncFrame>;
}

/** The run's status; a finished run whose figures do not add up is never green. */
function StatusOf({ run }: { run: RunView }) {
  if (run.status === 'finished' && balanceOf(run) === 'wrong') {
    return <StatusWord status="halted">Does not add up</StatusWord>;
  }
  return <StatusWord status={run.status} />;
}

function Runs({ sync }: { sync: SyncView }) {
  const navigate = useNavigate();
  const runs = useRuns(sync.id);
  if (runs.error) {
    return <ErrorNotice error={runs.error} retry={() => void runs.refetch()} />;
  }
  if (!runs.data) {
    return <SkeletonRows columns="80px 140px 160px 1fr" sentence="Reading the runs" />;
  }
  if (runs.data.length === 0) {
    return (
      <EmptyState
        icon={IconHistory}
        title="No run yet"
        actions={
          <Button variant="filled" onClick={() => navigate(tabPath(sync.id, 'preview'))}>
            Open the preview
          </Button>
        }
      >
        A run writes an approved preview to {sync.org_name}. Nothing is written before you have seen it.
      </EmptyState>
    );
  }
  const list = [...runs.data].sort((a, b) => b.id - a.id);
  // Only undos delete.
  const terms = OUTCOMES.filter((outcome) => outcome !== 'deleted' || list.some((run) => run.counts.deleted > 0));
  return (
    <div className={css.scroll}>
      <InterruptedStrip sync={sync} />
      <table className={css.table} data-testid="runs">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col" data-right>
              Took
            </th>
            <th scope="col" data-right>
              Read
            </th>
            {terms.map((outcome) => (
              <th key={outcome} scope="col" data-right>
                {OUTCOME_WORDS[outcome]}
              </th>
            ))}
            <th scope="col" data-right>
              Mapping
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((run) => (
            <tr key={run.id} data-run={run.id}>
              <td>
                <Link to={runPath(sync.id, run.id)} className={css.link}>
                  Run {run.id}
                </Link>
              </td>
              <td>
                <StatusOf run={run} />
              </td>
              <td>
                <DateText value={run.started_at} time />
              </td>
              <td data-right>{run.seconds < 1 ? 'under 1 s' : formatSeconds(run.seconds)}</td>
              <td data-right>{formatCount(run.read)}</td>
              {terms.map((outcome) => (
                <td key={outcome} data-right data-zero={run.counts[outcome] === 0 || undefined}>
                  {formatCount(run.counts[outcome])}
                </td>
              ))}
              <td data-right>v{run.mapping_version}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
