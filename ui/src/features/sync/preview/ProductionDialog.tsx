import { Button, Checkbox, Modal, TextInput, UnstyledButton } from '@mantine/core';
import { IconBuildingSkyscraper, IconCircleCheck } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { OrgView, PlanView, SyncView } from '@/backend';
import { ErrorNotice, formatCount, formatCountOf, StatusWord } from '@/components';
import { plural } from '../shared/words';
import css from './confirm.module.css';
import { callsInWords, timeFromWords, timeInWords } from './forecast';
import { heldInWords } from './heldWords';
import link from './panel.module.css';
import { linkLine, writeWords } from './writeWords';

interface Props {
  opened: boolean;
  sync: SyncView;
  plan: PlanView;
  /** The org as its connection last saw it. */
  org: OrgView | null;
  /** How many records: all, or a pilot's first so many. */
  records: number;
  /** Links a run would write; a pilot's are not more. */
  links: number;
  accepted: ReadonlyArray<string>;
  onAccept: (accepted: Array<string>) => void;
  busy: boolean;
  error: Error | null;
  onPilot: (() => void) | null;
  /** Given the org's domain, once the person has typed it. */
  onWrite: (domain: string) => void;
  onClose: () => void;
}

/** The word to type: the first label of a My Domain host, the whole host elsewhere. */
export function domainWord(host: string): string {
  return host.endsWith('.salesforce.com') ? (host.split('.')[0] ?? host) : host;
}

/** Whether what was typed names the org: its My Domain word or the whole host, in any case. */
export function namesOrg(typed: string, host: string): boolean {
  const words = typed.trim().toLowerCase();
  return words !== '' && (words === domainWord(host).toLowerCase() || words === host.toLowerCase());
}

/** The last question before a production run: the domain is typed, then the red button works. */
export function ProductionDialog(props: Props) {
  const { opened, sync, plan, org, records, links, accepted, onAccept, busy, error } = props;
  const [typed, setTyped] = useState('');
  const title = `Write to ${sync.org_name}?`;
  useEffect(() => {
    if (opened) {
      setTyped('');
    }
  }, [opened]);
  const host = org?.domain ?? '';
  const matches = host !== '' && namesOrg(typed, host);
  const missing = plan.halts.filter((halt) => !accepted.includes(halt.name));
  const ready = matches && missing.length === 0;
  const all = records === plan.tally.to_write;
  const hindrance = !matches
    ? `Type ${domainWord(host)} first`
    : missing.length > 0
      ? 'Tick what is unusual first'
      : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !busy) {
      props.onWrite(typed.trim());
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={props.onClose}
      withCloseButton={false}
      padding={0}
      size={608}
      attributes={{ content: { 'aria-label': title } }}
      styles={{
        content: { border: '1px solid var(--db-production)', overflow: 'hidden' },
        body: { padding: 0 },
      }}
    >
      <div className={`${css.head} on-production`}>
        <span className={css.word}>
          <IconBuildingSkyscraper size={14} stroke={1.9} aria-hidden />
          PRODUCTION
        </span>
        <h2>{title}</h2>
      </div>
      <form onSubmit={submit} data-testid="production-dialog">
        <div className={css.body}>
          <p className={css.lead}>
            You are about to change <b>{formatCountOf(records, 'record')}</b> in <b>{sync.org_name} (PRODUCTION)</b>
            {org ? (
              <>
                {' '}
                as <b>{org.username}</b>
              </>
            ) : null}
            {links > 0 ? ', and links in Alguna' : ''}.
          </p>
          <dl className={css.facts}>
            <dt>What</dt>
            <dd>
              {all ? (
                <>
                  <StatusWord status="create">
                    {formatCountOf(plan.counts.create, sync.sobject, plural(sync.sobject))} to create
                  </StatusWord>
                  <StatusWord status="update">
                    {formatCountOf(plan.counts.update, sync.sobject, plural(sync.sobject))} to update
                  </StatusWord>
                  {plan.counts.delete > 0 ? (
                    <StatusWord status="delete">
                      {formatCountOf(plan.counts.delete, sync.sobject, plural(sync.sobject))} to delete
                    </StatusWord>
                  ) : null}
                  {plan.tally.held_rows + plan.tally.held_fields > 0 ? (
                    <StatusWord status="held">{heldInWords(plan.tally)}</StatusWord>
                  ) : null}
                </>
              ) : (
                `The first ${formatCount(records)} of ${formatCountOf(plan.tally.to_write, 'record')}, as a pilot`
              )}
            </dd>
            {links > 0 ? (
              <>
                <dt>Links</dt>
                <dd data-testid="production-links">{linkLine(links, plan.undoes)}</dd>
              </>
            ) : null}
            <dt>Where</dt>
            <dd>
              <span>
                <span className={css.mono}>{host || sync.org_name}</span>
                {org ? (
                  <>
                    , org <span className={css.mono}>{org.org_id}</span>
                  </>
                ) : null}
              </span>
            </dd>
            <dt>Cost</dt>
            <dd>
              <span title={timeFromWords(plan.forecast)}>
                {callsInWords(plan.forecast)}
                {plan.forecast.calls_left === null ? '' : ` of ${formatCount(plan.forecast.calls_left)} left`},{' '}
                {timeInWords(plan.forecast)}
                {plan.forecast.timed_runs === 0 ? ' at a guess' : ''}
              </span>
            </dd>
            <dt>Way back</dt>
            <dd>
              The run keeps the value before each change, record by record
              {plan.tally.to_delete > 0 ? '. Deleted records stay in the recycle bin for up to 15 days' : ''}
            </dd>
            {props.onPilot ? (
              <>
                <dt>Start small</dt>
                <dd>
                  <UnstyledButton className={link.link} style={{ fontSize: 13 }} onClick={props.onPilot}>
                    Pilot with a few records first
                  </UnstyledButton>
                </dd>
              </>
            ) : null}
          </dl>
          {plan.halts.map((halt) => (
            <div key={halt.name} className={css.tick}>
              <Checkbox
                size="xs"
                radius={3}
                checked={accepted.includes(halt.name)}
                label={halt.message}
                onChange={(event) =>
                  onAccept(
                    event.currentTarget.checked
                      ? [...accepted, halt.name]
                      : accepted.filter((name) => name !== halt.name),
                  )
                }
              />
            </div>
          ))}
          {host === '' ? (
            <p className={css.lead}>
              Drawbridge does not know this org's domain. Check the connection first; nothing can be written until then.
            </p>
          ) : (
            <TextInput
              className={css.typed}
              data-autofocus
              autoComplete="off"
              spellCheck={false}
              label={
                <span className={css.label}>
                  Type <code>{domainWord(host)}</code> to continue.
                </span>
              }
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              rightSectionWidth={164}
              rightSection={
                matches ? (
                  <StatusWord status="create" icon={IconCircleCheck}>
                    Matches this org
                  </StatusWord>
                ) : null
              }
              data-testid="production-domain"
            />
          )}
          {error ? <ErrorNotice error={error} /> : null}
        </div>
        <div className={css.foot}>
          <Button size="md" onClick={props.onClose}>
            Back to the preview
          </Button>
          <Button
            size="md"
            type="submit"
            variant="production"
            disabled={!ready}
            title={hindrance}
            loading={busy}
            data-testid="production-write"
          >
            {writeWords(sync, {
              records,
              undoes: plan.undoes,
              links: records === 0 ? links : 0,
              deleted: all || plan.tally.to_delete === 0 ? plan.tally.to_delete : null,
            })}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
