import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ImportView } from '@/backend';
import { formatCountOf } from '@/components';
import css from './links.module.css';

interface Props {
  opened: boolean;
  import_: ImportView;
  onRun: () => void;
  onClose: () => void;
}

/** Says how many customers are created and where; a sandbox's Accounts need the name of the connection typed. */
export function ImportDialog({ opened, import_, onRun, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const count = formatCountOf(import_.status === null ? import_.create : import_.open, 'customer');
  const confirmed = import_.warning === null || typed.trim().toLowerCase() === import_.source_name.trim().toLowerCase();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (confirmed) {
      onRun();
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Create ${count} in ${import_.source_name}`} centered>
      <form className={css.body} onSubmit={submit}>
        <p>
          Customers cannot be deleted in Alguna. Each gets its Account’s id as an alias; nothing is written to
          Salesforce.
        </p>
        {import_.warning ? (
          <>
            <p>
              <b>{import_.warning}</b>
            </p>
            <TextInput
              label={`Type ${import_.source_name} to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              data-autofocus
              data-testid="import-confirm"
            />
          </>
        ) : null}
        <div className={css.row}>
          <Button variant="filled" type="submit" disabled={!confirmed} data-testid="import-confirmed">
            Create {count}
          </Button>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}
