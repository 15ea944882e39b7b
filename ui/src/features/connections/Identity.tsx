import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ConnectionView, OrgView } from '@/backend';
import { formatCount, formatCountOf, formatPercent, StatusWord } from '@/components';
import css from './Identity.module.css';

/** What the other side says it is. */
export function Identity({ connection }: { connection: ConnectionView }) {
  const rows = connection.org ? orgRows(connection.org) : sourceRows(connection);
  return (
    <dl className={css.rows}>
      {rows.map(([name, value]) => (
        <div key={name} className={css.row}>
          <dt>{name}</dt>
          <dd className="ellipsis">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function orgRows(org: OrgView): [string, ReactNode][] {
  return [
    [
      'User',
      <>
        {org.username} <span className="quiet">{org.user_name}</span>
      </>,
    ],
    ['My Domain', <code key="domain">{org.domain}</code>],
    [
      'Org ID',
      <>
        <code>{org.org_id}</code>{' '}
        <StatusWord tone="create" icon={IconLock} className={css.pinned}>
          pinned, IsSandbox is {String(org.is_sandbox)}
        </StatusWord>
      </>,
    ],
    [
      'Edition',
      `${org.edition}, API ${org.api_version.startsWith('v') ? '' : 'v'}${org.api_version}, instance ${org.instance}`,
    ],
  ];
}

function sourceRows(connection: ConnectionView): [string, ReactNode][] {
  const rows: [string, ReactNode][] = [];
  if (connection.company || connection.account) {
    rows.push([
      'Company',
      <>
        {connection.company}
        {connection.account && (
          <>
            {connection.company ? ', account ' : 'Account '}
            <code>{connection.account}</code>
          </>
        )}
      </>,
    ]);
  }
  rows.push(['Host', <code key="host">{connection.host}</code>]);
  if (connection.provider !== 'salesforce') {
    rows.push([
      'Holds',
      connection.pulled_at
        ? [
            formatCountOf(connection.customers, 'customer'),
            ...(connection.subscriptions > 0 ? [formatCountOf(connection.subscriptions, 'subscription')] : []),
            ...(connection.currency ? [`amounts in ${connection.currency}`] : []),
          ].join(', ')
        : 'not read yet; Subscriptions or a preview reads it',
    ]);
  }
  return rows;
}

/** API calls used in the last 24 hours, where the org says so. */
export function ApiUse({ org }: { org: OrgView }) {
  if (org.api_used === null || org.api_limit === null || org.api_limit === 0) return null;
  const part = Math.min(1, org.api_used / org.api_limit);
  return (
    <div className={css.use}>
      <div className={css.useWords}>
        <span className="quiet">API calls, last 24 hours</span>
        <span className="tabular">
          <b>{formatCount(org.api_used)}</b> of {formatCount(org.api_limit)} used,{' '}
          {formatCount(Math.max(0, org.api_limit - org.api_used))} left
        </span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a meter element cannot be drawn alike everywhere */}
      <div
        className={css.bar}
        role="meter"
        aria-label="API calls used"
        aria-valuemin={0}
        aria-valuemax={org.api_limit}
        aria-valuenow={org.api_used}
        aria-valuetext={formatPercent(part)}
      >
        <span className={css.fill} data-near={part >= 0.8 || undefined} style={{ width: `${part * 100}%` }} />
      </div>
    </div>
  );
}
