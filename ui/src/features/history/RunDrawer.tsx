import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { type HistoryRowView, type HistoryRunView, useHistoryRun } from '@/backend';
import {
  DateText,
  Drawer,
  DrawerBody,
  DrawerFacts,
  DrawerFoot,
  DrawerSection,
  EnvironmentBadge,
  ErrorNotice,
  formatCount,
  formatCountOf,
  SkeletonRows,
  STATUS,
  StatusWord,
} from '@/components';
import { runPath, tabPath } from '../sync/shared/paths';
import { termsOf } from '../sync/shared/words';
import css from './drawer.module.css';
import { Explanation } from './Explanation';
import { Records } from './Records';
import { SaveReport } from './SaveReport';
import { RunStanding } from './Standing';
import { titleOf, tookOf } from './words';

interface Props {
  run: number;
  onStep: ((by: 1 | -1) => void) | null;
  onRun: (run: number) => void;
  onClose: () => void;
}

/** A run: whether it adds up, its problems, where it comes from and what became of it. */
export function RunDrawer({ run, onStep, onRun, onClose }: Props) {
  const query = useHistoryRun(run);
  const [explained, setExplained] = useState<string | null>(null);
  const view = query.data;
  const body = useRef<HTMLElement>(null);
  const back = () => {
    setExplained(null);
    body.current?.focus();
  };
  return (
    <Drawer
      title={view ? titleOf(view.run) : `Run ${run}`}
      under={
        view ? (
          <>
            <span className="ellipsis" title={`${view.run.sync_name} into ${view.run.org_name}`}>
              {view.run.sync_name} into {view.run.org_name}
            </span>
            <EnvironmentBadge environment={view.run.environment} />
          </>
        ) : null
      }
      onStep={onStep}
      steps={['Newer run', 'Older run']}
      onClose={onClose}
      testId="history-drawer"
    >
      <DrawerBody ref={body} label="Account of the run">
        {view && explained !== null ? (
          <Explanation sync={view.run.sync} customer={explained} onBack={back} onRun={onRun} />
        ) : view ? (
          <Account view={view} onRun={onRun} onExplain={setExplained} />
        ) : query.error ? (
          <ErrorNotice error={query.error} retry={() => void query.refetch()} />
        ) : (
          <SkeletonRows rows={8} columns="1fr 80px" />
        )}
      </DrawerBody>
      {view && explained === null ? (
        <DrawerFoot>
          <Link className={css.open} to={runPath(view.run.sync, view.run.run)} data-testid="history-open">
            Open the run
          </Link>
          <SaveReport run={view.run.run} />
        </DrawerFoot>
      ) : null}
    </Drawer>
  );
}

interface AccountProps {
  view: HistoryRunView;
  onRun: (run: number) => void;
  onExplain: (customer: string) => void;
}

function Account({ view, onRun, onExplain }: AccountProps) {
  const { run, problems } = view;
  return (
    <>
      <Equation run={run} />
      {run.undoes !== null || run.undone_by !== null ? (
        <DrawerSection title="Taken back">
          {run.undoes === null ? null : (
            <p className={css.quiet}>
              It put back what <RunLink run={run.undoes} onRun={onRun} /> replaced
              {run.counts.deleted > 0
                ? ` and deleted ${formatCountOf(run.counts.deleted, 'record')} it had created`
                : ''}
              .
            </p>
          )}
          {run.undone_by === null ? null : (
            <p className={css.quiet}>
              <RunLink run={run.undone_by} onRun={onRun} first /> put back what it replaced, where nobody had changed it
              since.
            </p>
          )}
        </DrawerSection>
      ) : null}
      <DrawerSection title="Problems by cause" note={problems.length === 0 ? 'none' : formatCount(problems.length)}>
        {problems.length === 0 ? <p className={css.quiet}>Every record went as planned.</p> : null}
        {problems.map((problem) => (
          <div key={`${problem.outcome}-${problem.code}-${problem.title}`} className={css.problem}>
            <StatusWord status={problem.outcome}>{formatCount(problem.rows)}</StatusWord>
            <div>
              <div>{problem.title}</div>
              {problem.hint ? <p className={css.quiet}>{problem.hint}</p> : null}
              <p className={css.code}>{problem.code}</p>
            </div>
          </div>
        ))}
      </DrawerSection>
      <DrawerSection title="How it was made">
        <DrawerFacts
          facts={[
            ['Why it stands so', run.reason],
            ['Its preview said', view.note],
            ['Begun by', run.user_name ?? 'not known'],
            ['Org ID', run.org_id ? <span className="mono">{run.org_id}</span> : null],
            ['Started', <DateText value={run.started_at} time />],
            ['Ended', run.finished_at ? <DateText value={run.finished_at} time /> : null],
            ['Took', `${tookOf(run)}, ${formatCountOf(run.api_calls, 'API call')}`],
            ['Way', run.way],
            [
              'Plan',
              <>
                <Link to={tabPath(run.sync, 'preview')}>plan {run.plan}</Link>, mapping v{run.mapping_version}
              </>,
            ],
            [
              'Read back',
              run.verified === null
                ? 'not yet'
                : `${formatCountOf(run.verified, 'record')}, ${run.differs ? `${formatCount(run.differs)} differ` : 'all as sent'}`,
            ],
          ]}
        />
      </DrawerSection>
      <Records run={run.run} onExplain={onExplain} />
    </>
  );
}

function RunLink({ run, onRun, first }: { run: number; onRun: (run: number) => void; first?: boolean }) {
  return (
    <button type="button" className={css.link} onClick={() => onRun(run)}>
      {first ? 'Run' : 'run'} {run}
    </button>
  );
}

/** The equation, a term a line, as the run itself shows it. */
function Equation({ run }: { run: HistoryRowView }) {
  return (
    <DrawerSection>
      <div data-testid="history-equation" data-balance={run.balance}>
        <div className={css.equation}>
          <span />
          <span>{run.undoes === null ? `Read from ${run.source_name}` : `Written by run ${run.undoes}`}</span>
          <span>{formatCount(run.read)}</span>
          {termsOf(run.counts).map((outcome, place) => {
            const { icon: Icon, word } = STATUS[outcome];
            return [
              <span key={`${outcome}-sign`} className={css.sign}>
                {place === 0 ? '=' : '+'}
              </span>,
              <span key={`${outcome}-word`} className={css.term} data-zero={run.counts[outcome] === 0 || undefined}>
                <Icon size={14} stroke={1.9} />
                {word}
              </span>,
              <span key={`${outcome}-count`} data-zero={run.counts[outcome] === 0 || undefined}>
                {formatCount(run.counts[outcome])}
              </span>,
            ];
          })}
          {run.still_to_write > 0 ? (
            <>
              <span className={css.sign}>+</span>
              <span className={css.term}>Still to write</span>
              <span>{formatCount(run.still_to_write)}</span>
            </>
          ) : null}
        </div>
        <div className={css.sum}>
          <RunStanding run={run} />
          {run.balance === 'wrong' ? (
            <p className={css.quiet} role="alert">
              Do not rely on this run: preview again to see what Salesforce holds now.
            </p>
          ) : null}
        </div>
      </div>
    </DrawerSection>
  );
}
