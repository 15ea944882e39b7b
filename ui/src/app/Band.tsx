import { IconEyeCheck, IconGauge, IconUser } from '@tabler/icons-react';
import { useMatch } from 'react-router';
import { type ConnectionView, useConnections, useSyncs, useWorkspace } from '@/backend';
import { EnvironmentBadge, EnvironmentBand, formatCount } from '@/components';
import css from './Band.module.css';

/** The org the screen is about: of the sync on screen, else the only one there is. */
function useOrgOnScreen(): { org: ConnectionView | null; orgs: number | null } {
  const match = useMatch('/sync/:id/*');
  const connections = useConnections().data;
  const syncs = useSyncs().data ?? [];
  const orgs = (connections ?? []).filter((connection) => connection.provider === 'salesforce');
  const sync = syncs.find((one) => String(one.id) === match?.params.id);
  const org = sync ? orgs.find((one) => one.id === sync.org) : orgs.length === 1 ? orgs[0] : undefined;
  return { org: org ?? null, orgs: connections ? orgs.length : null };
}

function nameWithoutOrg(orgs: number | null, demo: boolean): string {
  if (orgs !== null && orgs > 1) return `${orgs} orgs connected`;
  if (demo) return 'Demo workspace';
  return orgs === 0 ? 'No org connected' : 'Opening the workspace';
}

/** The band across the top: which org, which environment, which user. */
export function Band() {
  const demo = useWorkspace().data?.demo ?? false;
  const { org, orgs } = useOrgOnScreen();
  const word = demo ? { word: 'DEMO' } : {};

  if (!org) {
    const name = nameWithoutOrg(orgs, demo);
    return (
      <EnvironmentBand environment={demo ? 'demo' : 'none'} {...word} name={name}>
        {orgs !== null && orgs > 1 && <span>Open a sync to see which org it writes to.</span>}
        {orgs === 0 && !demo && <span>Nothing can be written to Salesforce.</span>}
      </EnvironmentBand>
    );
  }
  const view = org.org;
  return (
    <EnvironmentBand
      environment={demo ? 'demo' : (org.environment ?? 'none')}
      {...word}
      name={org.name}
      facts={
        <>
          <code title={view?.domain ?? org.host}>{view?.domain ?? org.host}</code>
          {view && (
            <span className={css.further}>
              Org ID <code>{view.org_id}</code>
            </span>
          )}
          {demo && <span className={css.further}>Simulated servers on this machine</span>}
        </>
      }
      end={
        view && (
          <>
            {view.api_used !== null && view.api_limit !== null && (
              <span className={css.pair}>
                <IconGauge size={14} stroke={1.9} aria-hidden="true" />
                <span className="tabular">
                  {formatCount(Math.max(0, view.api_limit - view.api_used))}
                  <span className={css.limit}> of {formatCount(view.api_limit)}</span> API calls left
                </span>
              </span>
            )}
            <span className={css.user} title={view.username}>
              <IconUser size={14} stroke={1.9} aria-hidden="true" />
              <span className="ellipsis">{view.username}</span>
            </span>
          </>
        )
      }
    >
      {demo && org.environment && <EnvironmentBadge environment={org.environment} />}
      {org.read_only && (
        <span className={css.pair} data-testid="band-read-only">
          <IconEyeCheck size={14} stroke={1.9} aria-hidden="true" />
          Read-only
        </span>
      )}
    </EnvironmentBand>
  );
}
