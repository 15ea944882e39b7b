import {
  IconHistory,
  IconPlugConnected,
  IconPlus,
  IconReceipt,
  IconRefresh,
  IconSearch,
  IconTable,
} from '@tabler/icons-react';
import { NavLink } from 'react-router';
import { useConnections, useSyncs, useWorkspace } from '@/backend';
import { classes, EnvironmentDot, Key, MODIFIER } from '@/components';
import { Mark } from './Mark';
import css from './Navigation.module.css';
import { SchemeToggle } from './SchemeToggle';

const link = ({ isActive }: { isActive: boolean }) => classes(css.link, isActive && css.on);
const sub = ({ isActive }: { isActive: boolean }) => classes(css.link, css.sub, isActive && css.on);

/** The navigation on the left. */
export function Navigation({ onFind }: { onFind: () => void }) {
  const workspace = useWorkspace().data;
  const connections = useConnections().data;
  const syncs = useSyncs().data ?? [];
  const subscriptions = connections?.reduce((sum, one) => sum + one.subscriptions, 0) ?? 0;

  return (
    <nav className={css.nav} aria-label="Main">
      <div className={css.brand}>
        <Mark />
        Drawbridge
      </div>
      <button type="button" className={css.find} onClick={onFind} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={16} stroke={1.75} aria-hidden="true" />
        <span>Find anything</span>
        <Key>{MODIFIER} K</Key>
      </button>
      <NavLink to="/subscriptions" className={link}>
        <IconTable size={16} stroke={1.75} aria-hidden="true" />
        Subscriptions
        {subscriptions > 0 && <span className={css.count}>{subscriptions.toLocaleString('en-US')}</span>}
      </NavLink>
      <div className={css.group}>
        <IconRefresh size={16} stroke={1.75} aria-hidden="true" />
        Syncs
        <NavLink to="/sync/new" className={css.add} aria-label="New sync" title="New sync">
          <IconPlus size={14} stroke={1.9} aria-hidden="true" />
        </NavLink>
      </div>
      {syncs.map((sync) => (
        <NavLink key={sync.id} to={`/sync/${sync.id}`} className={sub}>
          <EnvironmentDot environment={sync.environment} />
          <span className="ellipsis">{sync.name}</span>
        </NavLink>
      ))}
      <NavLink to="/billing" className={link}>
        <IconReceipt size={16} stroke={1.75} aria-hidden="true" />
        Billing
      </NavLink>
      <NavLink to="/history" className={link}>
        <IconHistory size={16} stroke={1.75} aria-hidden="true" />
        History
      </NavLink>
      <NavLink to="/connections" className={link}>
        <IconPlugConnected size={16} stroke={1.75} aria-hidden="true" />
        Connections
        {connections && connections.length > 0 && <span className={css.count}>{connections.length}</span>}
      </NavLink>
      <div className={css.foot}>
        <SchemeToggle />
        {workspace && <span className={css.version}>Drawbridge {workspace.version}</span>}
      </div>
    </nav>
  );
}
