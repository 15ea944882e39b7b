import { Button, Modal, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionView, ConsoleCheckView } from '@/backend';
import { useReturnFocus } from '@/components';
import { PRODUCTS } from '../products';
import css from './console.module.css';
import { type Draft, requestOf } from './draft';

interface Props {
  connection: ConnectionView;
  draft: Draft;
  check: ConsoleCheckView;
  onSend: (typed: string | null) => void;
  onClose: () => void;
}

/** Asks before a call that may change something; what cannot be taken back is confirmed by typing the id. */
export function ConfirmDialog({ connection, draft, check, onSend, onClose }: Props) {
  useReturnFocus();
  const [typed, setTyped] = useState('');
  const product = PRODUCTS[connection.provider];
  const sent = requestOf(connection.id, draft);
  const ready = check.type_this === null || typed.trim() === check.type_this.trim();
  const send = () => ready && onSend(check.type_this === null ? null : typed);
  return (
    <Modal opened onClose={onClose} size={560} title={`Send this ${draft.method} to ${product}?`}>
      <form
        className={css.confirm}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <p className={css.lead}>{check.sentence}</p>
        <dl className={css.facts}>
          <dt>Call</dt>
          <dd className="mono">{`${draft.method} ${check.path}`}</dd>
          <dt>At</dt>
          <dd className="mono">{check.host}</dd>
          {sent.query.length === 0 ? null : (
            <>
              <dt>Query</dt>
              <dd className="mono">{sent.query.map((one) => `${one.name} = ${one.value}`).join(', ')}</dd>
            </>
          )}
          {sent.headers.length === 0 ? null : (
            <>
              <dt>Headers</dt>
              <dd className="mono">{sent.headers.map((one) => `${one.name}: ${one.value}`).join(', ')}</dd>
            </>
          )}
          {sent.body === null ? null : (
            <>
              <dt>Body</dt>
              <dd>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
                <pre className={css.confirmBody} tabIndex={0}>
                  {sent.body}
                </pre>
              </dd>
            </>
          )}
        </dl>
        {check.irreversible ? (
          <p className={css.warning}>
            <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
            <span>
              <b>This cannot be taken back.</b> {check.irreversible}
            </span>
          </p>
        ) : (
          <p className={css.hint}>It is sent once, and written down in the history before it is sent.</p>
        )}
        {check.type_this === null ? null : (
          <TextInput
            label={
              <>
                Type <span className={css.typeThis}>{check.type_this}</span> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            classNames={{ input: 'mono' }}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
            data-testid="console-typed"
          />
        )}
        <footer className={css.confirmFoot}>
          <Button onClick={onClose} {...(check.type_this === null ? { 'data-autofocus': true } : {})}>
            Do not send
          </Button>
          <Button
            type="submit"
            variant={check.irreversible ? 'danger' : 'filled'}
            disabled={!ready}
            data-testid="console-confirm"
          >
            {`Send ${draft.method} to ${product}`}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
