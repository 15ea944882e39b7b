import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnected, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { type ConnectionView, useConnectionCheck, useConnections, useWorkspace, type WorkspaceView } from '@/backend';
import { EmptyState, ErrorNotice, PageBody, PageHead } from '@/components';
import { ConnectDialog } from './ConnectDialog';
import { ConnectionCard } from './ConnectionCard';
import css from './Connections.module.css';
import { ConnectionsSkeleton } from './ConnectionsSkeleton';
import { KeyDialog } from './KeyDialog';
import { LeaveDialog } from './LeaveDialog';
import { RelinkDialog } from './RelinkDialog';

type Open =
  | { kind: 'connect'; again?: ConnectionView }
  | { kind: 'key'; connection: ConnectionView }
  | { kind: 'leave'; connection: ConnectionView }
  | { kind: 'relink'; connection: ConnectionView }
  | null;

/** Orgs come first, and the sandbox before production. */
const place = ({ environment }: ConnectionView) => (environment === null ? 2 : environment === 'sandbox' ? 0 : 1);

function whereSecretsAre(workspace: WorkspaceView): string | undefined {
  if (workspace.demo) return 'Simulated servers on this computer; nothing leaves the machine.';
  return workspace.warning ? undefined : 'Secrets are in this computer’s keychain and nowhere else.';
}

/** Every connection with its identity, its checks, and the ways to mend or leave it. */
export function ConnectionsPage() {
  const workspace = useWorkspace().data;
  const connections = useConnections();
  const check = useConnectionCheck();
  const [params, setParams] = useSearchParams();
  const [open, setOpen] = useState<Open>(params.has('connect') ? { kind: 'connect' } : null);
  const [checking, setChecking] = useState<number[]>([]);
  const [failed, setFailed] = useState<Record<number, Error>>({});

  const shown: Open = open ?? (params.has('connect') ? { kind: 'connect' } : null);
  const close = () => {
    setOpen(null);
    if (params.has('connect')) setParams({}, { replace: true });
  };

  const checkOne = async (connection: number) => {
    setChecking((now) => [...now, connection]);
    setFailed(({ [connection]: _, ...others }) => others);
    try {
      await check.mutateAsync({ connection });
    } catch (error) {
      setFailed((now) => ({ ...now, [connection]: error as Error }));
    } finally {
      setChecking((now) => now.filter((one) => one !== connection));
    }
  };

  const all = (connections.data ?? []).toSorted((one, other) => place(one) - place(other));
  return (
    <>
      <PageHead title="Connections" meta={workspace && whereSecretsAre(workspace)}>
        {all.length > 0 && (
          <Button
            leftSection={<IconRefresh size={16} stroke={1.75} aria-hidden />}
            onClick={() => Promise.all(all.map((one) => checkOne(one.id)))}
            disabled={checking.length > 0}
          >
            {checking.length > 0 ? `Checking ${checking.length}` : 'Check all'}
          </Button>
        )}
        <Button
          variant={all.length > 0 ? 'filled' : 'default'}
          leftSection={<IconPlus size={16} stroke={1.75} aria-hidden />}
          onClick={() => setOpen({ kind: 'connect' })}
        >
          Connect
        </Button>
      </PageHead>
      {workspace?.warning && (
        <div className={css.warning} role="status">
          <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
          {workspace.warning}
        </div>
      )}
      <PageBody flush={all.length === 0}>
        {connections.isPending ? (
          <ConnectionsSkeleton />
        ) : connections.error && !connections.data ? (
          <ErrorNotice error={connections.error} retry={() => connections.refetch()} />
        ) : all.length === 0 ? (
          <EmptyState
            icon={IconPlugConnected}
            title="Nothing is connected yet"
            actions={
              <Button variant="filled" onClick={() => setOpen({ kind: 'connect' })}>
                Connect a billing source
              </Button>
            }
          >
            Start with ProfitWell or Alguna, then add a Salesforce sandbox. Connecting only reads.
          </EmptyState>
        ) : (
          <div className={css.grid}>
            {all.map((connection) => (
              <ConnectionCard
                key={connection.id}
                connection={connection}
                demo={workspace?.demo ?? false}
                checking={checking.includes(connection.id)}
                error={failed[connection.id] ?? null}
                onCheck={() => checkOne(connection.id)}
                onSignIn={() => setOpen({ kind: 'connect', again: connection })}
                onReplaceKey={() => setOpen({ kind: 'key', connection })}
                onRelink={() => setOpen({ kind: 'relink', connection })}
                onLeave={() => setOpen({ kind: 'leave', connection })}
              />
            ))}
          </div>
        )}
      </PageBody>
      {shown?.kind === 'connect' && <ConnectDialog again={shown.again} existing={all} onClose={close} />}
      {shown?.kind === 'key' && <KeyDialog connection={shown.connection} onClose={close} />}
      {shown?.kind === 'relink' && <RelinkDialog connection={shown.connection} onClose={close} />}
      {shown?.kind === 'leave' && <LeaveDialog connection={shown.connection} onClose={close} />}
    </>
  );
}
