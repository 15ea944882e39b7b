import { Switch } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { Link } from 'react-router';
import { type PlanView, type SyncView, useUndoStart } from '@/backend';
import { ErrorNotice, formatCountOf } from '@/components';
import { runPath } from '../shared/paths';
import { DELETION } from './deletion';
import css from './preview.module.css';

interface Props {
  sync: SyncView;
  plan: PlanView;
  /** Number of the run the plan takes back. */
  run: number;
}

/** What an undo does, and whether it deletes what its run created. Each choice is a preview of its own. */
export function UndoStrip({ sync, plan, run }: Props) {
  const undo = useUndoStart();
  const created = formatCountOf(plan.created_by_run, sync.sobject, sync.sobject_plural);
  return (
    <>
      <div className={css.undo} role="status" data-testid="undo-strip">
        <IconArrowBackUp size={16} aria-hidden />
        <span>
          <b>This undoes run {run}.</b> Each field gets back what stood there before, unless somebody changed it since
          {plan.deletes ? '' : '; records the run created stay'}. <Link to={runPath(sync.id, run)}>Open run {run}</Link>
        </span>
      </div>
      {plan.created_by_run > 0 && plan.status !== 'used' ? (
        <div className={css.undo} data-testid="undo-created">
          <Switch
            size="sm"
            label={`Also delete the ${created} this run created`}
            description={DELETION}
            checked={undo.isPending ? (undo.variables?.delete_created ?? false) : plan.deletes}
            disabled={undo.isPending}
            onChange={(event) => undo.mutate({ run, delete_created: event.currentTarget.checked })}
            data-testid="undo-delete-created"
          />
        </div>
      ) : null}
      {undo.error ? (
        <div className={css.notice}>
          <ErrorNotice inline error={undo.error} />
        </div>
      ) : null}
    </>
  );
}
