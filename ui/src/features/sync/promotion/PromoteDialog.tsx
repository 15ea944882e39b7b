import { Button, Modal, Select, TextInput } from '@mantine/core';
import { IconArrowRight, IconPlugConnected, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import {
  type ConnectionView,
  type PromotionView,
  type SyncView,
  useCommand,
  useConnections,
  usePromotionDeploy,
  usePromotionFinish,
} from '@/backend';
import {
  EmptyState,
  EnvironmentBadge,
  ErrorNotice,
  formatCountOf,
  SkeletonRows,
  StatusWord,
  useReturnFocus,
} from '@/components';
import { tabPath } from '../shared/paths';
import { environmentWord } from '../shared/words';
import { Checklist } from './Checklist';
import css from './promotion.module.css';

/** The orgs a sync can be promoted to: production first. */
export function otherOrgs(connections: ReadonlyArray<ConnectionView>, sync: SyncView): Array<ConnectionView> {
  return connections
    .filter((one) => one.provider === 'salesforce' && one.id !== sync.org)
    .sort((a, b) => Number(b.environment === 'production') - Number(a.environment === 'production'));
}

/** Promotes a sync to another org: a checklist, the missing fields, the sync; its first preview is next. */
export function PromoteDialog({ sync, onClose }: { sync: SyncView; onClose: () => void }) {
  useReturnFocus();
  const navigate = useNavigate();
  const connections = useConnections();
  const orgs = otherOrgs(connections.data ?? [], sync);
  const [chosen, setChosen] = useState<number | null>(null);
  const org = orgs.find((one) => one.id === chosen) ?? orgs[0];
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Promote “${sync.name}”`}
      size={760}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {connections.error ? (
        <ErrorNotice inline error={connections.error} retry={() => void connections.refetch()} />
      ) : !connections.data ? (
        <SkeletonRows rows={3} columns="1fr" sentence="Looking for other orgs" />
      ) : org ? (
        <div className={css.body}>
          <div className={css.target}>
            <Select
              label="To"
              allowDeselect={false}
              data-autofocus
              w={320}
              data={orgs.map((one) => ({
                value: String(one.id),
                label: `${one.name}${one.environment ? ` (${environmentWord(one.environment)})` : ''}`,
              }))}
              value={String(org.id)}
              onChange={(value) => value !== null && setChosen(Number(value))}
              data-testid="promote-org"
            />
            {org.environment ? <EnvironmentBadge environment={org.environment} /> : null}
            <span className={css.quiet}>{org.org?.domain ?? org.host}</span>
          </div>
          <Promotion key={org.id} sync={sync} org={org} onClose={onClose} />
        </div>
      ) : (
        <EmptyState
          icon={IconPlugConnected}
          title="No other org is connected"
          actions={
            <Button variant="filled" onClick={() => navigate('/connections')}>
              Open Connections
            </Button>
          }
        >
          Connect the org this sync is to be promoted to. Its mapping is then checked against that org, without a write.
        </EmptyState>
      )}
    </Modal>
  );
}

/** What stands between the mapping and the other org, as a sentence. */
export function standing(view: PromotionView): string {
  if (view.blocking === 0) {
    return `Nothing is in the way in ${view.org_name}.`;
  }
  const others = view.blocking - view.creatable;
  const fields = (count: number) => formatCountOf(count, 'field');
  if (view.creatable > 0 && others > 0) {
    return `Drawbridge can create ${fields(view.creatable)}; ${fields(others)} need${others === 1 ? 's' : ''} somebody.`;
  }
  return view.creatable > 0
    ? `${fields(view.creatable)} ${view.creatable === 1 ? 'is' : 'are'} missing; Drawbridge can create ${view.creatable === 1 ? 'it' : 'them'}.`
    : `${fields(others)} need${others === 1 ? 's' : ''} somebody before the sync can be made.`;
}

function Promotion({ sync, org, onClose }: { sync: SyncView; org: ConnectionView; onClose: () => void }) {
  const navigate = useNavigate();
  const request = { sync: sync.id, org: org.id };
  const check = useCommand('promotion_check', request, { staleTime: 0 });
  const deploy = usePromotionDeploy();
  const finish = usePromotionFinish();
  const [name, setName] = useState<string | null>(null);
  const view = check.data;
  const made = finish.data;
  if (made) {
    return (
      <div className={css.body} data-testid="promoted">
        <p className={css.lead} role="status">
          <StatusWord status="created">
            “{made.name}” writes to {made.org_name} with this mapping.
          </StatusWord>
        </p>
        <p className={css.said}>No record was written. Its first preview is next: it shows what a run would do.</p>
        <div className={css.foot}>
          <Button onClick={onClose}>Stay here</Button>
          <span className={css.grow} />
          <Button
            variant="filled"
            data-autofocus
            rightSection={<IconArrowRight size={16} aria-hidden />}
            onClick={() => navigate(tabPath(made.id, 'preview'))}
            data-testid="promoted-preview"
          >
            Go to its first preview
          </Button>
        </div>
      </div>
    );
  }
  if (!view) {
    return check.error ? (
      <ErrorNotice inline error={check.error} retry={() => void check.refetch()} />
    ) : (
      <SkeletonRows
        rows={8}
        rowHeight={36}
        columns="1fr 2fr"
        sentence={`Reading the fields of ${sync.sobject} in ${org.name}; nothing is written`}
      />
    );
  }
  const place = `${view.org_name} (${environmentWord(view.environment)})`;
  const production = view.environment === 'production';
  const ready = view.blocking === 0;
  const title = name ?? view.suggested_name;
  const busy = deploy.isPending || finish.isPending;
  const refused = deploy.data && !deploy.data.succeeded ? deploy.data : null;
  return (
    <div className={css.body}>
      <div className={css.standing}>
        <p className={css.lead} role="status" data-testid="promotion-standing" data-ready={ready || undefined}>
          {ready ? <StatusWord status="connected">{standing(view)}</StatusWord> : standing(view)}
        </p>
        <Button
          size="compact-sm"
          leftSection={<IconRefresh size={14} stroke={1.9} aria-hidden />}
          loading={check.isFetching}
          disabled={busy}
          onClick={() => {
            deploy.reset();
            finish.reset();
            void check.refetch();
          }}
        >
          Check again
        </Button>
      </div>
      <Checklist lines={view.lines} />
      {check.error ? <ErrorNotice inline error={check.error} retry={() => void check.refetch()} /> : null}
      {deploy.error ? <ErrorNotice inline error={deploy.error} retry={() => deploy.mutate(request)} /> : null}
      {refused ? (
        <div role="alert">
          <p className={css.said}>
            Salesforce did not accept the fields, and created none (deployment {refused.deploy_id}).
          </p>
          <ul className={css.refused}>
            {refused.problems.map((problem) => (
              <li key={problem.component + problem.problem}>
                <b>{problem.component}</b> {problem.problem}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {finish.error ? <ErrorNotice inline error={finish.error} action={null} /> : null}
      {view.existing ? (
        <p className={css.said} data-testid="promotion-existing">
          {view.existing.same
            ? `“${view.existing.name}” has this mapping already.`
            : `“${view.existing.name}” is there already, at mapping version ${view.existing.mapping_version}: this mapping becomes its next version.`}
        </p>
      ) : ready ? (
        <TextInput
          label="Name of the new sync"
          w={320}
          maxLength={60}
          value={title}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="promotion-name"
        />
      ) : null}
      <div className={css.foot}>
        <Button onClick={onClose}>Close</Button>
        <span className={css.grow} />
        {view.creatable > 0 ? (
          <Button
            variant={production ? 'production' : 'filled'}
            leftSection={<IconPlus size={16} aria-hidden />}
            loading={deploy.isPending}
            disabled={busy}
            onClick={() => deploy.mutate(request)}
            data-testid="promotion-deploy"
          >
            Create {formatCountOf(view.creatable, 'field')} in {place}
          </Button>
        ) : (
          <Button
            variant="filled"
            loading={finish.isPending}
            disabled={!ready || busy || view.existing?.same === true || (!view.existing && title.trim() === '')}
            title={ready ? undefined : 'The points above come first'}
            onClick={() => finish.mutate({ ...request, name: title })}
            data-testid="promotion-finish"
          >
            {view.existing ? `Give “${view.existing.name}” this mapping` : `Make the sync to ${place}`}
          </Button>
        )}
      </div>
    </div>
  );
}
