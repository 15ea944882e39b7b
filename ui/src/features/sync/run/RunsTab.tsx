import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { type OutcomeView, type RunView, type SyncView, useRuns } from '@/backend';
import {
  DateText,
  EmptyState,
  ErrorNotice,
  formatCount,
  formatSeconds,
  SkeletonRows,
  STATUS,
  StatusWord,
} from '@/components';
import { runPath, tabPath } from '../shared/paths';
import { SyncFrame } from '../shared/SyncFrame';
import { OUTCOME_WORDS, OUTCOMES } from '../shared/words';
import { InterruptedStrip } from './InterruptedStrip';
import css from './runs.module.css';
import { standingOf, undoOf } from './story';

/** Outcomes that wait for a person: their figures have a colour. */
const TROUBLE: ReadonlySet<OutcomeView> = new Set(['rejected', 'unknown']);

/** The runs of a sync, newest first. */
export function RunsTab() {
  return <SyncFrame>{(sync) => <Runs sync={sync} />}</SyncFrame>;
}

/** What an undo takes back, or what takes a run back. */
function Undoing({ run, undo }: { run: RunView; undo: RunView | null }) {
  return (
    <>
      {run.undoes === null ? null : <span>undo of run {run.undoes}</span>}
      {undo === null ? null : <span>undone by run {undo.id}</span>}
    </>
  );
}

function Row({ run, undo, terms }: { run: RunView; undo: RunView | null; terms: ReadonlyArray<OutcomeView> }) {
  const { status, word } = standingOf(run, undo);
  return (
    <tr data-run={run.id}>
      <th scope="row">
        <Link to={runPath(run.sync, run.id)} className={css.link}>
          Run {run.id}
        </Link>
      </th>
      <td>
        <StatusWord status={status}>{word}</StatusWord>
        <span className={css.second}>
          <Undoing run={run} undo={undo} />
        </span>
      </td>
      <td>
        <DateText value={run.started_at} time />
        <span className={css.second}>
          {run.seconds < 1 ? 'under 1 s' : formatSeconds(run.seconds)}, mapping v{run.mapping_version}
        </span>
      </td>
      <td data-right>{formatCount(run.read)}</td>
      {terms.map((outcome) => (
        <td
          key={outcome}
          data-right
          data-zero={run.counts[outcome] === 0 || undefined}
          style={TROUBLE.has(outcome) && run.counts[outcome] > 0 ? { color: `var(--db-${STATUS[outcome].tone})` } : {}}
        >
          {formatCount(run.counts[outcome])}
        </td>
      ))}
    </tr>
  );
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
    <>
      <InterruptedStrip sync={sync} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keys scroll it */}
      <section className={css.scroll} aria-label="Runs" tabIndex={0}>
        <table className={css.table} data-testid="runs">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Status</th>
              <th scope="col">Started, took</th>
              <th scope="col" data-right>
                Read
              </th>
              {terms.map((outcome) => (
                <th key={outcome} scope="col" data-right>
                  {OUTCOME_WORDS[outcome]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.map((run) => (
              <Row key={run.id} run={run} undo={undoOf(run, list)} terms={terms} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
