import { Button } from '@mantine/core';
import { IconArrowRight, IconPlus, IconShieldCheck } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import {
  type DeployView,
  type FieldsView,
  type SyncView,
  useFields,
  useFieldsDeploy,
  useFieldsValidate,
} from '@/backend';
import { Card, ErrorNotice, formatCountOf, formatTime, SkeletonRows, StatusWord } from '@/components';
import { HeadEnd } from '../shared/HeadEnd';
import { tabPath } from '../shared/paths';
import { SyncFrame } from '../shared/SyncFrame';
import { environmentWord } from '../shared/words';
import { DeployResult } from './DeployResult';
import { FieldTable } from './FieldTable';
import css from './fields.module.css';

/** The fields a sync needs, how they stand in the org, and making what is missing. */
export function FieldsTab() {
  return <SyncFrame>{(sync) => <Fields key={sync.id} sync={sync} />}</SyncFrame>;
}

/** What a deployment would do: fields that are missing, or only the permission set. */
export function deployWords(fields: FieldsView, sync: SyncView): string {
  const missing = fields.fields.filter((field) => field.state === 'missing').length;
  const place = `${sync.org_name} (${environmentWord(sync.environment)})`;
  if (missing > 0) {
    return `Create ${formatCountOf(missing, 'field')} in ${place}`;
  }
  return `Assign ${fields.permission_set} in ${place}`;
}

function Fields({ sync }: { sync: SyncView }) {
  const navigate = useNavigate();
  const query = useFields(sync.id);
  const validate = useFieldsValidate();
  const deploy = useFieldsDeploy();
  const fields = deploy.data?.fields ?? query.data;
  const busy = validate.isPending || deploy.isPending;
  const error = deploy.error ?? validate.error;
  const result: DeployView | undefined = deploy.data ?? validate.data;

  if (query.error && !fields) {
    return <ErrorNotice error={query.error} retry={() => void query.refetch()} />;
  }
  if (!fields) {
    return (
      <SkeletonRows
        rows={13}
        rowHeight={44}
        columns="120px 1fr 140px 1fr"
        sentence={`Reading the fields of ${sync.sobject} in ${sync.org_name}`}
      />
    );
  }
  const total = fields.fields.length;
  const missing = fields.fields.filter((field) => field.state === 'missing').length;
  const ready = fields.ready === total && fields.assigned;
  const makeable = missing > 0 || !fields.assigned || fields.fields.some((field) => field.state === 'read_only');
  const next = (
    <Button
      variant={ready ? 'filled' : 'default'}
      rightSection={<IconArrowRight size={16} aria-hidden />}
      onClick={() => navigate(tabPath(sync.id, 'mapping'))}
      data-testid="fields-next"
    >
      Go on to Mapping
    </Button>
  );
  return (
    <div className={css.screen}>
      <HeadEnd>
        <Button
          loading={validate.isPending}
          disabled={busy}
          title="Salesforce checks the whole deployment and writes nothing"
          leftSection={<IconShieldCheck size={16} aria-hidden />}
          onClick={() => {
            deploy.reset();
            validate.mutate({ sync: sync.id });
          }}
          data-testid="fields-validate"
        >
          Check with Salesforce
        </Button>
        {makeable ? (
          <Button
            variant={sync.environment === 'production' ? 'production' : 'filled'}
            loading={deploy.isPending}
            disabled={busy}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => {
              validate.reset();
              deploy.mutate({ sync: sync.id });
            }}
            data-testid="fields-deploy"
          >
            {deployWords(fields, sync)}
          </Button>
        ) : (
          next
        )}
      </HeadEnd>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keys scroll it */}
      <section className={css.body} aria-label="Fields" tabIndex={0}>
        {error ? (
          <ErrorNotice
            inline
            error={error}
            retry={() => (deploy.error ? deploy : validate).mutate({ sync: sync.id })}
          />
        ) : null}
        {busy ? (
          <div className={css.working} role="status" data-testid="fields-working">
            <StatusWord status="running">
              {validate.isPending ? 'Salesforce is checking' : 'Salesforce is creating the fields'}
            </StatusWord>
            <span className={css.quiet}>
              {validate.isPending
                ? 'The whole deployment is rehearsed. Nothing is written.'
                : 'Fields, permission set and assignment go as one unit; then the fields are read back. This takes up to a minute.'}
            </span>
          </div>
        ) : null}
        {result ? <DeployResult result={result} orgName={sync.org_name} /> : null}
        <Card
          title={`Fields on ${fields.sobject}`}
          meta={`${fields.ready} of ${total} ready`}
          end={
            <span className={css.proof} data-testid="fields-proof" data-ready={ready || undefined}>
              {ready ? <StatusWord status="synced">{''}</StatusWord> : null}
              read back at {formatTime(fields.read_at)}: {fields.ready} of {total} exist and can be edited
            </span>
          }
        >
          <FieldTable fields={fields.fields} />
        </Card>
        <Card title="Permission set" meta={fields.permission_set}>
          <div className={css.permission}>
            {fields.assigned ? (
              <>
                <StatusWord status="connected">Assigned</StatusWord>
                <span className={css.quiet}>to the signed-in user, so that the fields can be seen and edited.</span>
              </>
            ) : (
              <>
                <StatusWord status="warning">Not assigned</StatusWord>
                <span className={css.quiet}>
                  to the signed-in user: without it the fields exist, but cannot be seen. Creating the fields assigns
                  it.
                </span>
              </>
            )}
          </div>
        </Card>
        {makeable ? <div className={css.foot}>{next}</div> : null}
      </section>
    </div>
  );
}
