import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconBuildingSkyscraper, IconCloud, IconEyeCheck, IconRefresh, IconShieldCheck } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { ConnectionView } from '@/backend';
import { Card, classes, EnvironmentBadge, ErrorNotice, formatWhen, StatusWord } from '@/components';
import { Checks, SHOWN } from './Checks';
import css from './ConnectionCard.module.css';
import { ApiUse, Identity } from './Identity';
import { SOURCES } from './products';
import { ReadOnlySwitch } from './ReadOnlySwitch';
import { Trouble } from './Trouble';

export interface ConnectionCardProps {
  connection: ConnectionView;
  /** In a demo workspace logins and keys belong to the simulated servers. */
  demo: boolean;
  checking: boolean;
  /** Why the last check asked for here did not come back. */
  error: Error | null;
  onCheck: () => void;
  onSignIn: () => void;
  onReplaceKey: () => void;
  onLeave: () => void;
  onRelink: () => void;
}

/** One connection. A solid red head means production and nothing else. */
export function ConnectionCard(props: ConnectionCardProps) {
  const { connection, demo, checking, error } = props;
  const [all, setAll] = useState(false);
  const id = useId();
  const production = connection.environment === 'production';
  const isOrg = connection.provider === 'salesforce';
  const word = connection.provider === 'profitwell' ? 'token' : 'key';
  const mend = isOrg ? props.onSignIn : props.onReplaceKey;
  const mendLabel = isOrg ? 'Sign in again' : `Replace ${word}`;

  return (
    <Card
      className={classes(css.card, production && css.production)}
      data-environment={connection.environment ?? undefined}
      aria-label={connection.name}
    >
      <Head connection={connection} />
      <Identity connection={connection} />
      {connection.org && <ApiUse org={connection.org} />}
      <div className={css.list}>
        {error && (
          <div className={css.notice}>
            <ErrorNotice inline error={error} action={{ label: 'Check again', onClick: props.onCheck }} />
          </div>
        )}
        <Trouble
          connection={connection}
          onMend={mend}
          onCheck={props.onCheck}
          onRelink={props.onRelink}
          mendLabel={isOrg ? mendLabel : `Paste new ${word}`}
        />
        {/* Below what is wrong there is no need to say that nothing was checked. */}
        {connection.checks.length > 0 || connection.status === 'connected' ? (
          <Checks checks={connection.checks} all={all} id={id} />
        ) : null}
        <ReadOnlySwitch connection={connection} />
      </div>
      <footer className={css.foot}>
        {demo ? (
          <Tooltip label="The demo workspace signs in to its simulated servers by itself.">
            <Button data-disabled aria-disabled="true">
              {mendLabel}
            </Button>
          </Tooltip>
        ) : (
          <Button onClick={mend}>{mendLabel}</Button>
        )}
        <Tooltip
          label={
            checking
              ? 'Checking'
              : connection.checked_at
                ? `Checked ${formatWhen(connection.checked_at)}. Check again`
                : 'Not checked yet. Check now'
          }
        >
          <ActionIcon
            size={32}
            aria-label={`Check ${connection.name}`}
            aria-busy={checking}
            onClick={props.onCheck}
            disabled={checking}
          >
            <IconRefresh size={16} stroke={1.75} className={checking ? css.turning : undefined} />
          </ActionIcon>
        </Tooltip>
        {connection.checks.length > SHOWN && (
          <Button
            variant="quiet"
            leftSection={<IconShieldCheck size={16} stroke={1.75} aria-hidden />}
            aria-expanded={all}
            aria-controls={id}
            onClick={() => setAll(!all)}
          >
            {all ? 'Show fewer checks' : `Show all ${connection.checks.length} checks`}
          </Button>
        )}
        <span className={css.space} />
        {connection.pulled_at && <span className={css.meta}>Last pull {formatWhen(connection.pulled_at)}</span>}
        <Button variant="quiet-danger" className={css.leave} onClick={props.onLeave}>
          Leave…
        </Button>
      </footer>
    </Card>
  );
}

function Head({ connection }: { connection: ConnectionView }) {
  const production = connection.environment === 'production';
  const Icon =
    connection.provider === 'salesforce'
      ? production
        ? IconBuildingSkyscraper
        : IconCloud
      : SOURCES[connection.provider].icon;
  return (
    <header className={css.head}>
      <span className={css.mark} aria-hidden="true">
        <Icon size={20} stroke={1.6} />
      </span>
      <div className={css.names}>
        <h2 className="ellipsis">{connection.name}</h2>
        <p className={classes(css.kind, 'ellipsis')}>{kindOf(connection)}</p>
      </div>
      <span className={css.space} />
      {connection.read_only ? (
        <StatusWord tone="held" icon={IconEyeCheck} className={production ? css.statusOnRed : undefined}>
          Read-only
        </StatusWord>
      ) : null}
      <StatusWord status={connection.status} className={production ? css.statusOnRed : undefined} />
      {connection.environment && <EnvironmentBadge environment={connection.environment} onProduction={production} />}
    </header>
  );
}

function kindOf(connection: ConnectionView): string {
  switch (connection.provider) {
    case 'salesforce':
      return connection.environment === 'production' ? 'Salesforce, live business data' : 'Salesforce, sandbox';
    case 'alguna':
      return 'Alguna, billing source';
    case 'profitwell':
      return 'ProfitWell, billing source';
  }
}
