import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type ConnectionView, useSourceReplaceKey } from '@/backend';
import { ErrorNotice, useReturnFocus } from '@/components';
import css from './Dialogs.module.css';
import { SOURCES, type SourceProvider } from './products';

/** Replaces the key of a billing source; the old one stays until the new one has proved itself. */
export function KeyDialog({ connection, onClose }: { connection: ConnectionView; onClose: () => void }) {
  useReturnFocus();
  const product = SOURCES[connection.provider as SourceProvider];
  const word = product.secret.includes('token') ? 'token' : 'key';
  const replace = useSourceReplaceKey();
  const [key, setKey] = useState('');
  const [tried, setTried] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!key.trim()) return;
    replace.mutate({ connection: connection.id, key: key.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`Replace the ${word} of ${connection.name}`} size={480}>
      <form className={css.form} onSubmit={submit} noValidate>
        <TextInput
          type="password"
          label={`New ${product.secret.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`}
          description={`${product.where} It goes to this computer’s keychain and is never shown again.`}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          error={tried && !key.trim() && `Paste the new ${word} first.`}
          autoComplete="new-password"
          spellCheck={false}
          data-autofocus
        />
        <div aria-live="polite">
          {replace.isPending && (
            <p className={css.note}>
              Asking {product.name} who this {word} belongs to.
            </p>
          )}
          {replace.error && <ErrorNotice inline error={replace.error} action={null} />}
        </div>
        <footer className={css.foot}>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <span className={css.grow} />
          <Button type="submit" variant="filled" disabled={replace.isPending}>
            {replace.isPending ? 'Checking' : `Replace ${word}`}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
