import { Button, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { errorView, type SyncSaveRequest, type SyncView, useSyncSave, type YardstickView } from '@/backend';
import { Card, ErrorNotice, formatCountOf } from '@/components';
import { CreatesRecords } from '../shared/CreatesRecords';
import frame from '../shared/frame.module.css';
import { HeadEnd } from '../shared/HeadEnd';
import { SyncFrame } from '../shared/SyncFrame';
import { useLeaveWarning } from '../shared/useLeaveWarning';
import { SpeakerCard } from './SpeakerCard';
import css from './settings.module.css';

/** What a sync may do, and how it decides. */
export function SettingsTab() {
  return <SyncFrame>{(sync) => <Settings key={sync.id} sync={sync} />}</SyncFrame>;
}

/** What was changed and is not saved. */
type Drafts = Partial<Omit<SyncSaveRequest, 'sync'>>;

function Settings({ sync }: { sync: SyncView }) {
  const save = useSyncSave();
  const [drafts, setDrafts] = useState<Drafts>({});
  const name = drafts.name ?? sync.name;
  const creates = drafts.create_records ?? sync.create_records;
  const masks = drafts.mask_emails ?? sync.mask_emails;
  const rule: Array<YardstickView> = drafts.speaker ?? sync.speaker;
  const changes = changed(sync, drafts);
  const taken = save.error !== null && errorView(save.error).code === 'name_taken';
  useLeaveWarning(changes.length > 0);

  const draft = (more: Drafts) => {
    setDrafts({ ...drafts, ...more });
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const request: SyncSaveRequest = {
      sync: sync.id,
      name: null,
      create_records: null,
      mask_emails: null,
      speaker: null,
      ...Object.fromEntries(changes.map((key) => [key, drafts[key]])),
    };
    save.mutate(request, { onSuccess: () => setDrafts({}) });
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <HeadEnd>
        <span className={frame.note} data-testid="settings-state">
          {changes.length > 0 ? `Not saved: ${formatCountOf(changes.length, 'change')}` : null}
          {changes.length === 0 && save.isSuccess ? 'Saved. The next preview follows it.' : null}
        </span>
        {changes.length > 0 ? (
          <>
            <Button variant="quiet" onClick={() => setDrafts({})}>
              Discard
            </Button>
            <Button
              variant="filled"
              loading={save.isPending}
              disabled={name.trim() === ''}
              onClick={submit}
              data-testid="settings-save"
            >
              Save
            </Button>
          </>
        ) : null}
      </HeadEnd>
      {save.error && !taken ? <ErrorNotice inline error={save.error} /> : null}
      <Card title="This sync">
        <div className={css.body}>
          <TextInput
            label="Name"
            value={name}
            maxLength={60}
            onChange={(event) => draft({ name: event.currentTarget.value })}
            error={taken && save.error ? errorView(save.error).message : undefined}
            data-testid="settings-name"
          />
          {sync.pack === 'profitwell_account' ? (
            <p data-testid="settings-rolled-up">
              The customers behind an Account’s Contacts are added up on it. No Account is created: a customer without
              one is skipped and listed.
            </p>
          ) : (
            <CreatesRecords creates={creates} onChange={(create_records) => draft({ create_records })} />
          )}
        </div>
      </Card>
      <Card title="E-mail addresses">
        <div className={css.body}>
          <Switch
            size="xs"
            label="Write them with .invalid, so that nobody gets mail"
            description={
              sync.environment === 'production'
                ? 'In production addresses are always written as they are.'
                : 'For tests in a sandbox. Matching sees through it.'
            }
            checked={masks && sync.environment === 'sandbox'}
            disabled={sync.environment === 'production'}
            onChange={(event) => draft({ mask_emails: event.currentTarget.checked })}
            data-testid="settings-mask"
          />
        </div>
      </Card>
      {sync.pack === 'alguna' ? (
        <SpeakerCard
          sync={sync}
          rule={rule}
          changed={changes.includes('speaker')}
          onRule={(speaker) => draft({ speaker })}
        />
      ) : null}
    </form>
  );
}

/** The settings that differ from what is saved. */
export function changed(sync: SyncView, drafts: Drafts): Array<keyof Drafts> {
  return (Object.keys(drafts) as Array<keyof Drafts>).filter(
    (key) => JSON.stringify(drafts[key]) !== JSON.stringify(sync[key]),
  );
}
