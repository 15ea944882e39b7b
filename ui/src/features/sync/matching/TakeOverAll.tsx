import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { type SyncView, type TakeoverAllView, useTakeOverAll, useTakeOverForecast } from '@/backend';
import { ErrorNotice, formatCountOf, useReturnFocus } from '@/components';
import css from './matching.module.css';
import { recordName } from './words';

/** So many one looks at each by itself; for more there is one decision. */
const MANY = 2;

/** Where many customers came back under new ids: all sure links at once, after a look at them. */
export function TakeOverAll({ sync, onDone }: { sync: SyncView; onDone: (said: string) => void }) {
  const forecast = useTakeOverForecast(sync.id);
  const [open, setOpen] = useState(false);
  const shown = forecast.data;
  if (!shown || shown.sure < MANY) {
    return null;
  }
  return (
    <div className={css.strip} data-testid="takeover-strip">
      <span>
        {formatCountOf(shown.sure, 'customer')} came back to {sync.source_name} under new ids: each matches one{' '}
        {sync.sobject} of a customer that is gone.
      </span>
      <Button size="compact-sm" onClick={() => setOpen(true)} data-testid="takeover-look">
        Look at them…
      </Button>
      {open ? (
        <Dialog
          sync={sync}
          shown={shown}
          onClose={() => setOpen(false)}
          onDone={(count) => {
            setOpen(false);
            onDone(`${formatCountOf(count, 'link')} taken over. The next preview follows.`);
          }}
        />
      ) : null}
    </div>
  );
}

interface DialogProps {
  sync: SyncView;
  shown: TakeoverAllView;
  onClose: () => void;
  onDone: (count: number) => void;
}

function Dialog({ sync, shown, onClose, onDone }: DialogProps) {
  useReturnFocus();
  const takeOver = useTakeOverAll();
  const rest = shown.sure - shown.rows.length;
  return (
    <Modal
      opened
      onClose={onClose}
      size={680}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={`Take over ${formatCountOf(shown.sure, 'link')}?`}
    >
      <div className={css.all}>
        <p>
          Each of these customers has the e-mail address of one {sync.sobject}, or {sync.source_name} names it as its
          own, and that {sync.sobject} carries the id of a customer that {sync.source_name} no longer has.
        </p>
        <ul className={css.allRows} aria-label="Links that go over">
          {shown.rows.map((row) => (
            <li key={row.customer}>
              <span className={css.name}>{row.name}</span>
              <span className={css.id}>
                {row.former} → {row.customer}
              </span>
              <span className={css.under}>
                {recordName(row.record)}: {row.evidence.join(', ')}
              </span>
            </li>
          ))}
        </ul>
        {rest > 0 ? <p className={css.why}>and {formatCountOf(rest, 'more link', 'more links')}.</p> : null}
        <p className={css.why}>
          Nothing is written: the next preview shows the id of each {sync.sobject} before and after, and a run can be
          undone.
          {shown.unsure > 0
            ? ` ${formatCountOf(shown.unsure, 'customer is', 'customers are')} less certain and stay in the list.`
            : ''}
        </p>
        {takeOver.error ? <ErrorNotice inline error={takeOver.error} action={null} /> : null}
        <footer className={css.allFoot}>
          <Button onClick={onClose} data-autofocus>
            Not now
          </Button>
          <Button
            variant="filled"
            disabled={takeOver.isPending}
            onClick={() => takeOver.mutate({ sync: sync.id, apply: true }, { onSuccess: (done) => onDone(done.sure) })}
            data-testid="takeover-all"
          >
            {takeOver.isPending ? 'Deciding' : `Take over ${formatCountOf(shown.sure, 'link')}`}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
