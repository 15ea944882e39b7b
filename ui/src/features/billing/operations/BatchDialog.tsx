import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { OperationBatchView, OperationKindView } from '@/backend';
import { formatCountOf, formatSeconds, useReturnFocus } from '@/components';
import { PRODUCTS } from '../products';
import { actOf } from './catalogue';
import css from './operations.module.css';

interface Props {
  batch: OperationBatchView;
  kind: OperationKindView;
  onClose: () => void;
  onBegin: (confirm: string | null) => void;
}

/** The last look before several are sent. */
export function BatchDialog({ batch, kind, onClose, onBegin }: Props) {
  useReturnFocus();
  const [typed, setTyped] = useState('');
  const resumes = batch.status !== null;
  const blocked = batch.rows - batch.sendable;
  const open = resumes ? batch.open : batch.sendable;
  const matches = batch.confirm === null || typed.trim() === batch.confirm;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (matches) onBegin(batch.confirm === null ? null : typed.trim());
  };
  return (
    <Modal opened onClose={onClose} title={`${actOf(kind, open)}?`} size={520}>
      <form className={css.dialog} onSubmit={submit} noValidate data-testid="batch-confirm">
        <p className={css.sentence}>
          {resumes
            ? `The ${formatCountOf(open, 'row')} without an outcome are sent to ${PRODUCTS[batch.provider]}. What was under way is read back first; nothing is sent twice.`
            : `${formatCountOf(open, 'row')} of “${batch.title}” ${open === 1 ? 'is' : 'are'} sent to ${PRODUCTS[batch.provider]}, one after another.`}
        </p>
        <p className="quiet">
          By the connection “{batch.connection_name}”. It takes about {formatSeconds(batch.seconds_left)} at
          {PRODUCTS[batch.provider]}’s pace; you can stop it, leave this screen and resume later.
          {!resumes && blocked > 0
            ? ` ${formatCountOf(blocked, 'row')} with problems ${blocked === 1 ? 'is' : 'are'} left out.`
            : ''}
        </p>
        {batch.confirm === null ? null : (
          <>
            <p>
              Deleted users go with all their subscriptions and the whole history. <b>This cannot be taken back.</b>
            </p>
            <TextInput
              label={
                <>
                  Type <code>{batch.confirm}</code> to confirm
                </>
              }
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
              data-testid="batch-typed"
            />
          </>
        )}
        <footer className={css.foot}>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant={batch.confirm === null ? 'filled' : 'danger'}
            disabled={!matches}
            title={matches ? undefined : 'Type the words above first.'}
            data-autofocus={batch.confirm === null || undefined}
            data-testid="batch-send"
          >
            {actOf(kind, open)} in {batch.connection_name}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
