import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type ConnectionView, useSourceConnect } from '@/backend';
import { ErrorNotice, useFocus } from '@/components';
import css from './Dialogs.module.css';
import { checkName, checkUrl } from './fields';
import { ALGUNA_SANDBOX, SOURCES, type SourceProvider } from './products';

/** Connects a billing source with its key. */
export function SourceForm({
  provider,
  names,
  onConnected,
  onBack,
}: {
  provider: SourceProvider;
  /** Names that are taken. */
  names: string[];
  onConnected: (connection: ConnectionView) => void;
  onBack: () => void;
}) {
  const product = SOURCES[provider];
  const connect = useSourceConnect();
  const [name, setName] = useState(names.includes(product.name) ? '' : product.name);
  const [key, setKey] = useState('');
  const [url, setUrl] = useState('');
  const [tried, setTried] = useState(false);
  const nameField = useFocus<HTMLInputElement>(name === '');
  const keyField = useFocus<HTMLInputElement>(name !== '');

  const wrong = {
    name: checkName(name, names),
    key: key.trim() ? null : `Paste the ${product.secret.toLowerCase().replace('api', 'API')} first.`,
    url: checkUrl(url),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.name || wrong.key || wrong.url) return;
    connect.mutate(
      { provider, name: name.trim(), base_url: url.trim() || null, key: key.trim() },
      {
        onSuccess: (connection) => {
          setKey('');
          onConnected(connection);
        },
      },
    );
  };

  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <TextInput
        label="Name"
        description="What you call this connection here."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={tried && wrong.name}
        ref={nameField}
      />
      <TextInput
        type="password"
        label={product.secret}
        description={`${product.where} It goes to this computer’s keychain and is never shown again.`}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={tried && wrong.key}
        autoComplete="new-password"
        spellCheck={false}
        ref={keyField}
      />
      <details className={css.advanced} open={(tried && wrong.url !== null) || undefined}>
        <summary>Advanced</summary>
        <TextInput
          label="Base URL"
          description={
            provider === 'alguna'
              ? `Leave it empty for the live host. Alguna’s sandbox is ${ALGUNA_SANDBOX}.`
              : 'Leave it empty unless your account has an address of its own.'
          }
          placeholder={product.baseUrl}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={tried && wrong.url}
          spellCheck={false}
        />
      </details>
      <div aria-live="polite">
        {connect.isPending && (
          <p className={css.note}>
            Asking {product.name} who this {product.secret.includes('token') ? 'token' : 'key'} belongs to. This only
            reads.
          </p>
        )}
        {connect.error && <ErrorNotice inline error={connect.error} action={null} />}
      </div>
      <footer className={css.foot}>
        <Button variant="quiet" onClick={onBack}>
          Back
        </Button>
        <span className={css.grow} />
        <Button type="submit" variant="filled" disabled={connect.isPending}>
          {connect.isPending ? 'Connecting' : `Connect ${product.name}`}
        </Button>
      </footer>
    </form>
  );
}
