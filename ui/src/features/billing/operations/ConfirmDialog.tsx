import { Button, Modal, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import {
  type OperationBatchView,
  type OperationCheckView,
  type OperationDraft,
  type OperationKindView,
  useAction,
} from '@/backend';
import { ErrorNotice, useReturnFocus } from '@/components';
import { PRODUCTS } from '../products';
import { actOf, doingOf } from './catalogue';
import { LinkOutlook } from './LinkOutlook';
import css from './operations.module.css';
import { useForm, useHere } from './place';

interface Props {
  kind: OperationKindView;
  draft: OperationDraft;
  check: OperationCheckView;
  onClose: () => void;
  onSent: (batch: OperationBatchView) => void;
}

/** The last look before one operation is sent. */
export function ConfirmDialog({ kind, draft, check, onClose, onSent }: Props) {
  useReturnFocus();
  const { connection } = useHere();
  const product = PRODUCTS[connection.provider];
  const form = useForm(kind);
  const start = useAction('operation_start');
  const [typed, setTyped] = useState('');
  const matches = check.confirm === null || typed.trim() === check.confirm;
  const close = () => {
    if (!start.isPending) onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // React carries the event on to the form behind the dialog.
    event.stopPropagation();
    if (!matches || start.isPending) return;
    start.mutate(
      { connection: connection.id, draft, confirm: check.confirm === null ? null : typed.trim() },
      { onSuccess: onSent },
    );
  };
  return (
    <Modal opened onClose={close} title={`${form.label}?`} size={520}>
      <form className={css.dialog} onSubmit={submit} noValidate data-testid="confirm">
        <p className={css.sentence}>{check.sentence}</p>
        {check.outlook ? <LinkOutlook outlook={check.outlook} /> : null}
        {check.notes.length > 0 ? (
          <ul className={css.notes}>
            {check.notes.map((note) => (
              <li key={note}>
                <IconAlertTriangle size={14} stroke={1.9} aria-hidden />
                {note}
              </li>
            ))}
          </ul>
        ) : null}
        <p className="quiet">
          It is sent to {product} by the connection “{connection.name}”
          {connection.company ? `, company ${connection.company}` : ''}, and kept in the history.
        </p>
        {check.confirm === null ? null : (
          <TextInput
            label={
              <>
                Type <code>{check.confirm}</code> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            data-testid="confirm-typed"
          />
        )}
        <div aria-live="polite">
          {start.isPending ? <p className="quiet">Sent. Waiting for the answer of {product}.</p> : null}
          {start.error ? <ErrorNotice inline error={start.error} action={null} /> : null}
        </div>
        <footer className={css.foot}>
          <Button variant="quiet" onClick={close} disabled={start.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant={form.irreversible ? 'danger' : 'filled'}
            disabled={!matches || start.isPending}
            title={matches ? undefined : 'Type the words above first.'}
            data-autofocus={check.confirm === null || undefined}
            data-testid="confirm-send"
          >
            {start.isPending ? doingOf(kind) : `${actOf(kind)} in ${connection.name}`}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
