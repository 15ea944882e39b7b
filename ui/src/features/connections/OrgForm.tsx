import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconBuildingSkyscraper, IconFlask } from '@tabler/icons-react';
import { type FormEvent, useId, useState } from 'react';
import { type ConnectionView, type EnvironmentView, type OrgLoginRequest, useWorkspace } from '@/backend';
import { CopyButton, ErrorNotice, useFocus } from '@/components';
import css from './Dialogs.module.css';
import { checkName, checkUrl, loginUrl } from './fields';

const ENVIRONMENTS = [
  { value: 'sandbox', word: 'Sandbox', icon: IconFlask },
  { value: 'production', word: 'Production', icon: IconBuildingSkyscraper },
] as const;

/** What is needed to sign in to an org. */
export function OrgForm({
  again,
  asked,
  names,
  busy,
  error,
  onSubmit,
  onBack,
}: {
  again?: ConnectionView | undefined;
  /** What was asked before, so that nothing is typed twice. */
  asked: OrgLoginRequest | null;
  names: string[];
  busy: boolean;
  error: Error | null;
  onSubmit: (request: OrgLoginRequest) => void;
  onBack: () => void;
}) {
  const [name, setName] = useState(asked?.name ?? again?.name ?? '');
  const [environment, setEnvironment] = useState<EnvironmentView>(
    asked?.environment ?? again?.environment ?? 'sandbox',
  );
  const [url, setUrl] = useState(asked?.login_url ?? again?.base_url ?? '');
  const [clientId, setClientId] = useState(asked?.client_id ?? again?.client_id ?? '');
  const callbackUrl = useWorkspace().data?.callback_url ?? '';
  const [tried, setTried] = useState(false);
  const label = useId();
  const nameField = useFocus<HTMLInputElement>(!again);
  const keyField = useFocus<HTMLInputElement>(Boolean(again));

  const wrong = {
    name: checkName(name, names),
    url: checkUrl(loginUrl(url) ?? ''),
    clientId: clientId.trim() ? null : 'Paste the consumer key of the External Client App.',
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.name || wrong.url || wrong.clientId) return;
    onSubmit({ name: name.trim(), environment, login_url: loginUrl(url), client_id: clientId.trim() });
  };

  return (
    <form className={css.form} onSubmit={submit} noValidate>
      {error && <ErrorNotice inline error={error} action={null} />}
      <div className={css.pair}>
        <TextInput
          label="Name"
          placeholder="Fernhill UAT"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && wrong.name}
          disabled={Boolean(again)}
          ref={nameField}
          data-autofocus={!again || undefined}
        />
        <div>
          <p className={css.label} id={label}>
            Environment
          </p>
          <SegmentedControl
            fullWidth
            aria-labelledby={label}
            value={environment}
            onChange={(value) => setEnvironment(value as EnvironmentView)}
            disabled={Boolean(again)}
            data={ENVIRONMENTS.map(({ value, word, icon: Icon }) => ({
              value,
              label: (
                <span className={css.choice}>
                  <Icon size={14} stroke={1.9} aria-hidden="true" />
                  {word}
                </span>
              ),
            }))}
          />
        </div>
      </div>
      <p className={css.note}>
        {environment === 'sandbox'
          ? 'Drawbridge asks the org whether it is a sandbox. If it is not, it does not connect.'
          : 'Live business data. Connecting only reads; every run asks you to type the org’s domain.'}
      </p>
      <TextInput
        label="My Domain or login URL"
        description={`Setup, My Domain. Empty means ${environment === 'sandbox' ? 'test.salesforce.com' : 'login.salesforce.com'}.`}
        placeholder={
          environment === 'sandbox' ? 'fernhill--uat.sandbox.my.salesforce.com' : 'fernhill.my.salesforce.com'
        }
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={tried && wrong.url}
        spellCheck={false}
      />
      <TextInput
        label="Consumer key"
        description="Of your org’s own External Client App. It is public; there is no secret."
        value={clientId}
        onChange={(event) => setClientId(event.currentTarget.value)}
        error={tried && wrong.clientId}
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: 'mono' }}
        ref={keyField}
        data-autofocus={again ? true : undefined}
      />
      <details className={css.advanced} open={!again}>
        <summary>How an admin makes the External Client App</summary>
        <ol className={css.steps}>
          <li>Setup, External Client App Manager, New. Distribution stays Local.</li>
          <li>
            Enable OAuth, with exactly this callback URL:
            <span className={css.copy}>
              <code>{callbackUrl}</code>
              <CopyButton text={callbackUrl} label="Copy" />
            </span>
          </li>
          <li>
            Scopes: Manage user data via APIs (api), and Perform requests at any time (refresh_token, offline_access).
          </li>
          <li>Require Secret is off for the Web Server Flow and for the Refresh Token Flow. Proof key (PKCE) is on.</li>
          <li>Settings, OAuth Settings, Consumer Key and Secret: copy the Consumer Key only.</li>
        </ol>
      </details>
      <footer className={css.foot}>
        <Button variant="quiet" onClick={onBack}>
          {again ? 'Cancel' : 'Back'}
        </Button>
        <span className={css.grow} />
        <Button type="submit" variant="filled" disabled={busy}>
          {busy ? 'Opening the browser' : 'Sign in with the browser'}
        </Button>
      </footer>
    </form>
  );
}
