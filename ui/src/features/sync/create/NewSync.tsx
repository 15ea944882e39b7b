import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { type ConnectionView, errorView, type PackView, useConnections, useSyncCreate } from '@/backend';
import {
  Card,
  EmptyState,
  EnvironmentBadge,
  ErrorNotice,
  formatCountOf,
  PageBody,
  PageHead,
  SkeletonRows,
} from '@/components';
import { Choice } from '../shared/Choice';
import { CreatesRecords } from '../shared/CreatesRecords';
import { tabPath } from '../shared/paths';
import css from './create.module.css';

const ONTO: ReadonlyArray<{ value: PackView; label: string; description: string }> = [
  {
    value: 'profitwell',
    label: 'Contacts',
    description: 'Each customer fills the Contact with its id or e-mail address.',
  },
  {
    value: 'profitwell_account',
    label: 'Accounts, rolled up',
    description: 'The customers behind an Account’s Contacts are added up on it. No Account is created.',
  },
];

/** A first name for a sync: `Alguna to Fernhill UAT`. */
export function proposedName(
  source: ConnectionView | undefined,
  org: ConnectionView | undefined,
  rolledUp = false,
): string {
  return source && org ? `${source.name}${rolledUp ? ' on Accounts' : ''} to ${org.name}` : '';
}

/** Why links are recorded or not, unless told otherwise. */
export function linkWords(source: ConnectionView | undefined, org: ConnectionView | undefined): string {
  if (source && source.provider !== 'alguna') {
    return 'ProfitWell has no place for it.';
  }
  return org?.environment === 'production'
    ? 'After an Account is created or linked, its id is recorded there. What Alguna says already is never overwritten.'
    : 'Off for a sandbox: its Account ids mean nothing in production, and the customers in Alguna may be the real ones.';
}

/** Pairs a billing source with an org. */
export function NewSync() {
  const navigate = useNavigate();
  const connections = useConnections();
  const sources = connections.data?.filter((one) => one.provider !== 'salesforce') ?? [];
  const orgs = connections.data?.filter((one) => one.provider === 'salesforce') ?? [];
  return (
    <>
      <PageHead title="New sync" />
      <PageBody>
        {connections.error ? (
          <ErrorNotice error={connections.error} retry={() => void connections.refetch()} />
        ) : !connections.data ? (
          <SkeletonRows rows={5} columns="200px 1fr" />
        ) : sources.length === 0 || orgs.length === 0 ? (
          <EmptyState
            icon={IconArrowsExchange}
            title={sources.length === 0 ? 'No billing source is connected yet' : 'No Salesforce org is connected yet'}
            actions={
              <Button variant="filled" onClick={() => navigate('/connections')}>
                Open Connections
              </Button>
            }
          >
            A sync needs a billing source and a Salesforce org. Connect both first; start with a sandbox.
          </EmptyState>
        ) : (
          <Form sources={sources} orgs={orgs} />
        )}
      </PageBody>
    </>
  );
}

function Form({ sources, orgs }: { sources: Array<ConnectionView>; orgs: Array<ConnectionView> }) {
  const navigate = useNavigate();
  const create = useSyncCreate();
  const sandbox = orgs.find((one) => one.environment === 'sandbox') ?? orgs[0];
  const [sourceId, setSource] = useState(String(sources[0]?.id ?? ''));
  const [orgId, setOrg] = useState(String(sandbox?.id ?? ''));
  const [typed, setTyped] = useState<string | null>(null);
  const [mayCreate, setMayCreate] = useState(false);
  const [onto, setOnto] = useState<PackView>('profitwell');
  const [asked, setAsked] = useState<boolean | null>(null);
  const source = sources.find((one) => String(one.id) === sourceId);
  const org = orgs.find((one) => String(one.id) === orgId);
  // A sandbox's Account ids mean nothing in production, and Alguna's customers may be the real ones.
  const records = source?.provider === 'alguna' && (asked ?? org?.environment === 'production');
  const choosesOnto = source?.provider === 'profitwell';
  const rolledUp = choosesOnto && onto === 'profitwell_account';
  const creates = mayCreate && !rolledUp;
  const name = typed ?? proposedName(source, org, rolledUp);
  const taken = create.error !== null && errorView(create.error).code === 'name_taken';
  const ready = source !== undefined && org !== undefined && name.trim() !== '';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (source && org && ready) {
      create.mutate(
        {
          name: name.trim(),
          source: source.id,
          org: org.id,
          ...(choosesOnto ? { pack: onto } : {}),
          create_records: creates,
          record_links: records,
        },
        { onSuccess: (sync) => navigate(tabPath(sync.id, 'fields')) },
      );
    }
  };
  const choices = (list: Array<ConnectionView>) => list.map((one) => ({ value: String(one.id), label: one.name }));

  return (
    <form className={css.form} onSubmit={submit}>
      <Card className={css.card}>
        <Select
          label="Billing source"
          description={source ? `${formatCountOf(source.customers, 'customer')} known` : undefined}
          data={choices(sources)}
          value={sourceId}
          allowDeselect={false}
          onChange={(value) => setSource(value ?? '')}
          data-testid="sync-source"
        />
        <Select
          label="Salesforce org"
          description={org?.host}
          data={choices(orgs)}
          value={orgId}
          allowDeselect={false}
          onChange={(value) => setOrg(value ?? '')}
          data-testid="sync-org"
        />
        {org?.environment ? (
          <div className={css.badge}>
            <EnvironmentBadge environment={org.environment} />
            {org.environment === 'production' ? (
              <span>Start with a sandbox unless this set-up was tried in one.</span>
            ) : null}
          </div>
        ) : null}
        {choosesOnto ? (
          <Choice label="What is filled" options={ONTO} value={onto} onChange={setOnto} testId="sync-onto" />
        ) : null}
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            create.reset();
          }}
          error={taken && create.error ? errorView(create.error).message : undefined}
          data-testid="sync-name"
        />
        {rolledUp ? null : <CreatesRecords creates={creates} onChange={setMayCreate} />}
        <Checkbox
          size="xs"
          label="Record in Alguna which Account each customer is"
          description={linkWords(source, org)}
          checked={records}
          disabled={source?.provider !== 'alguna'}
          onChange={(event) => setAsked(event.currentTarget.checked)}
          data-testid="sync-links"
        />
      </Card>
      <p className={css.sentence} data-testid="sync-sentence">
        {source && org
          ? `Customers and subscriptions are read from ${source.name} and compared with Salesforce in ${org.name} (${org.environment === 'production' ? 'PRODUCTION' : 'SANDBOX'}). ${
              creates ? 'Records are updated and new ones created' : 'Existing records are updated, none is created'
            }, and only by a run you approve after a preview. Making the sync writes nothing.`
          : 'Choose a billing source and an org.'}
      </p>
      {create.error && !taken ? <ErrorNotice inline error={create.error} /> : null}
      <div className={css.foot}>
        <Button variant="filled" type="submit" disabled={!ready} loading={create.isPending} data-testid="sync-create">
          Make the sync
        </Button>
        <Button variant="quiet" onClick={() => navigate(-1)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
