import { Button } from '@mantine/core';
import { IconBrowser } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { type LoginView, useBackend } from '@/backend';
import { CopyButton, useFocus } from '@/components';
import css from './Dialogs.module.css';

/** After so long without an answer the browser has probably stopped on a page of Salesforce. */
export const STUCK_AFTER = 20_000;

const DEAD_ENDS = (callback: string): [string, string][] => [
  [
    '“client identifier invalid”',
    'The consumer key is wrong, or the app is younger than ten minutes. Compare it, or wait.',
  ],
  ['“redirect_uri must match configuration”', `The app’s callback URL must be exactly ${callback}`],
  ['“app must be installed into org”', 'An admin has to approve the app for this user: Policies, Permitted Users.'],
  [
    '“External client app is not installed in this org”',
    'The key belongs to another org. A sandbox needs an app of its own.',
  ],
  ['“the requested scope is not allowed”', 'Add the scopes api and refresh_token to the app.'],
  ['a file called “authorize” was downloaded', 'An extension removed part of the address. Try another browser.'],
  ['you are signed in as somebody else', 'Sign out there, or paste the address into a private window.'],
];

/** The browser is open: wait, and after a while say what may have stopped it. */
export function LoginWait({ login, name, onCancel }: { login: LoginView; name: string; onCancel: () => void }) {
  const backend = useBackend();
  const cancel = useFocus<HTMLButtonElement>();
  const [stuck, setStuck] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);

  useEffect(() => {
    const timer = setTimeout(() => setStuck(true), STUCK_AFTER);
    return () => clearTimeout(timer);
  }, []);

  const open = () => backend.openExternal(login.authorize_url).catch((error: Error) => setRefused(error.message));
  return (
    <div className={css.form}>
      <div className={css.wait} role="status">
        <span className={css.mark} aria-hidden="true">
          <IconBrowser size={20} stroke={1.6} />
        </span>
        <div>
          <p className={css.lead}>
            {login.opened
              ? `Sign in to ${name} in the browser window that opened, and allow access.`
              : 'The browser could not be opened. Copy the address into it by hand.'}
          </p>
          <p className={css.note}>This dialog goes on by itself when you are done. It waits five minutes.</p>
        </div>
      </div>
      <div className={css.copy}>
        <code className="ellipsis" title={login.authorize_url}>
          {login.authorize_url}
        </code>
        <CopyButton text={login.authorize_url} label="Copy address" />
      </div>
      {refused && <p role="alert">{refused}</p>}
      <div aria-live="polite">
        {stuck && (
          <section className={css.stuck}>
            <h3>Did the browser stop on a Salesforce page?</h3>
            <p className={css.note}>Such pages never come back to Drawbridge. What does it say?</p>
            <dl>
              {DEAD_ENDS(login.callback_url).map(([says, todo]) => (
                <div key={says}>
                  <dt>{says}</dt>
                  <dd>{todo}</dd>
                </div>
              ))}
            </dl>
          </section>
        )}
      </div>
      <footer className={css.foot}>
        <Button ref={cancel} variant="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <span className={css.grow} />
        <Button onClick={open}>Open the browser again</Button>
      </footer>
    </div>
  );
}
