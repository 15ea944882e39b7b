import { Button } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { type RunView, type SyncView, useRunResume, useRuns } from '@/backend';
import { ErrorNotice, StatusWord } from '@/components';
import { runPath } from '../shared/paths';
import { asAnother } from './asAnother';
import { resumable } from './picture';
import css from './run.module.css';
import { sentenceOf, waitingOf } from './story';

/** The newest run of a sync, when it did not come to its end: it is offered where the sync opens. */
export function InterruptedStrip({ sync }: { sync: SyncView }) {
  const runs = useRuns(sync.id);
  const resume = useRunResume();
  const navigate = useNavigate();
  const open = (run: RunView) => void navigate(runPath(run.sync, run.id));
  const newest = runs.data?.reduce((a, b) => (b.id > a.id ? b : a), runs.data[0] as (typeof runs.data)[number]);
  if (!newest || !resumable(newest.status)) {
    return null;
  }
  return (
    <>
      <div className={css.banner} role="status" data-testid="interrupted-strip">
        <StatusWord status={newest.status} />
        <span className={css.bannerText}>
          <Link to={runPath(sync.id, newest.id)} className={css.inText}>
            Run {newest.id}
          </Link>{' '}
          did not come to its end. {newest.reason === null ? '' : `${sentenceOf(newest.reason)} `}
          {waitingOf(newest)} Resuming finds out what became of its last calls before anything is sent.
        </span>
        <span className={css.bannerActions}>
          <Button
            variant="filled"
            loading={resume.isPending}
            onClick={() => resume.mutate({ run: newest.id }, { onSuccess: open })}
            data-testid="strip-resume"
          >
            Resume
          </Button>
        </span>
      </div>
      {resume.error ? (
        <ErrorNotice
          inline
          error={resume.error}
          {...asAnother(resume.error, () =>
            resume.mutate({ run: newest.id, as_another_user: true }, { onSuccess: open }),
          )}
        />
      ) : null}
    </>
  );
}
