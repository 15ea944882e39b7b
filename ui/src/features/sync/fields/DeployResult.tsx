import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { DeployView } from '@/backend';
import { formatCountOf } from '@/components';
import css from './fields.module.css';

interface Props {
  result: DeployView;
  orgName: string;
}

function headline({ check_only, succeeded, created, problems }: DeployView, orgName: string): string {
  if (succeeded && check_only) {
    return `Salesforce would accept everything. Nothing was written to ${orgName}.`;
  }
  if (succeeded) {
    const made = created > 0 ? `${formatCountOf(created, 'field')} created in ${orgName}.` : 'No field was missing.';
    return `${made} The permission set is assigned. Fields that fitted are as they were.`;
  }
  const count = formatCountOf(problems.length, 'problem');
  return check_only
    ? `Salesforce would not accept it: ${count}. Nothing was written.`
    : `Salesforce did not accept it: ${count}. A deployment is one unit, so none of it was kept.`;
}

/** What Salesforce said about a deployment or its rehearsal, in its own words. */
export function DeployResult({ result, orgName }: Props) {
  return (
    <div className={css.result} data-failed={!result.succeeded || undefined} role="status" data-testid="fields-result">
      {result.succeeded ? (
        <IconCircleCheck size={16} color="var(--db-create)" aria-hidden />
      ) : (
        <IconAlertTriangle size={16} color="var(--db-rejected)" aria-hidden />
      )}
      <div>
        <div className={css.name}>{headline(result, orgName)}</div>
        {result.problems.map((problem) => (
          <div key={`${problem.component}-${problem.problem}`} className={css.verbatim}>
            <b>{problem.component}</b>: {problem.problem}
          </div>
        ))}
        <div className={css.api}>
          {result.check_only ? 'Validation' : 'Deployment'} {result.deploy_id}
        </div>
      </div>
    </div>
  );
}
