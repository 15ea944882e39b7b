import { Button } from '@mantine/core';
import { IconUsersPlus } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { useConnections, useSyncs } from '@/backend';
import { EmptyState, EnvironmentBadge, ErrorNotice, SkeletonRows } from '@/components';
import { tabPath } from '../../sync/shared/paths';
import { meaningOf } from './catalogue';
import css from './operations.module.css';
import { PaneHead } from './PaneHead';
import { useHere } from './place';

/** Where Accounts of an org are imported: each sync that joins this Alguna with one. */
export function ImportPane() {
  const { connection } = useHere();
  const navigate = useNavigate();
  const syncs = useSyncs();
  const orgs = useConnections().data ?? [];
  const own = (syncs.data ?? []).filter((sync) => sync.source === connection.id);
  return (
    <>
      <PaneHead title="Import Accounts" meaning={meaningOf('import_accounts')} />
      {syncs.error && !syncs.data ? (
        <ErrorNotice error={syncs.error} retry={() => void syncs.refetch()} />
      ) : syncs.isPending ? (
        <SkeletonRows rows={3} columns="1fr 120px" sentence="Reading the syncs" />
      ) : own.length === 0 ? (
        <EmptyState
          icon={IconUsersPlus}
          title="No sync joins this Alguna with an org"
          actions={
            <Button variant="filled" onClick={() => navigate('/sync/new')}>
              Make a sync
            </Button>
          }
        >
          Accounts are imported from the org a sync leads to. Making a sync writes nothing.
        </EmptyState>
      ) : (
        <div className={css.scroll}>
          <div className={css.ways}>
            <p className="quiet">
              Accounts that are no customers of “{connection.name}” yet become customers. You see each of them before
              anything is made.
            </p>
            <ul>
              {own.map((sync) => {
                const org = orgs.find((one) => one.id === sync.org);
                return (
                  <li key={sync.id}>
                    <span>
                      <b>{org?.name ?? sync.name}</b>
                      <span className="quiet">sync “{sync.name}”</span>
                    </span>
                    {org?.environment ? <EnvironmentBadge environment={org.environment} /> : null}
                    <span className={css.grow} />
                    <Button component={Link} to={tabPath(sync.id, 'links')} data-testid={`import-${sync.id}`}>
                      Import Accounts…
                    </Button>
                  </li>
                );
              })}
            </ul>
          </div>
        </div>
      )}
    </>
  );
}
