import { Link } from 'react-router';
import type { RunView } from '@/backend';
import { Card, DateText, formatCount } from '@/components';
import { tabPath } from '../shared/paths';
import css from './run.module.css';

/** How and when the run was made. */
export function FactsCard({ run }: { run: RunView }) {
  return (
    <Card>
      <div className={`${css.pairs} ${css.cardBody}`} data-small>
        <span>Way</span>
        <span data-testid="run-way">
          {run.way === 'bulk' ? 'Bulk jobs' : 'sObject Collections'}. {run.way_reason}
        </span>
        <span>Run</span>
        <span>
          {run.id},{' '}
          <Link to={tabPath(run.sync, 'preview')} style={{ textDecoration: 'underline' }}>
            plan {run.plan}
          </Link>
          , mapping v{run.mapping_version}
        </span>
        <span>Started</span>
        <span>
          <DateText value={run.started_at} time />
        </span>
        {run.finished_at ? (
          <>
            <span>Ended</span>
            <span>
              <DateText value={run.finished_at} time />
            </span>
          </>
        ) : null}
        {run.verified > 0 ? (
          <>
            <span>Read back</span>
            <span>
              {formatCount(run.verified)}, {run.differs === 0 ? 'all as sent' : `${formatCount(run.differs)} differ`}
            </span>
          </>
        ) : null}
      </div>
    </Card>
  );
}
