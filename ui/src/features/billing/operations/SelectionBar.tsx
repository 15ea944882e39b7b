import { Button, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import {
  type BillingEventView,
  type OperationFieldView,
  type OperationKindView,
  useAction,
  useBackend,
} from '@/backend';
import { ErrorNotice, formatCountOf, useReturnFocus } from '@/components';
import { actOf } from './catalogue';
import { draftOf, emptyFields, type Fields, filledFrom } from './draft';
import { FormFields } from './FormFields';
import css from './operations.module.css';
import { useForm, useHere } from './place';

interface Props {
  noun: string;
  count: number;
  kinds: OperationKindView[];
  /** What is different in each row: its ids. */
  rows: Fields[];
  /** What the fields they share begin with. */
  event?: BillingEventView | undefined;
  onClear: () => void;
}

const VERB: Partial<Record<OperationKindView, string>> = {
  churn_subscription: 'Churn',
  unchurn_subscription: 'Un-churn',
  update_subscription: 'Update',
  delete_user: 'Delete users',
};

/** What can be done with the selected rows. Nothing is sent before a preview of all of them. */
export function SelectionBar(props: Props) {
  const { noun, count, kinds, onClear } = props;
  const [kind, setKind] = useState<OperationKindView | null>(null);
  if (count === 0) return null;
  return (
    <section className={css.selection} aria-label="Selected rows" data-testid="selection">
      <b>{formatCountOf(count, noun)} selected</b>
      {kinds.map((one) => (
        <Button
          key={one}
          size="compact-sm"
          variant={one === 'delete_user' ? 'danger' : 'default'}
          onClick={() => setKind(one)}
        >
          {VERB[one]}…
        </Button>
      ))}
      <span className={css.grow} />
      <Button size="compact-sm" variant="quiet" onClick={onClear}>
        Select none
      </Button>
      {kind ? <SelectionDialog {...props} kind={kind} onClose={() => setKind(null)} /> : null}
    </section>
  );
}

/** The fields that are the same for all selected rows. */
function SelectionDialog({ kind, rows, event, onClose }: Props & { kind: OperationKindView; onClose: () => void }) {
  useReturnFocus();
  const { connection, go } = useHere();
  const form = useForm(kind);
  const backend = useBackend();
  const preview = useAction('operation_preview');
  const own = Object.keys(rows[0] ?? {}) as OperationFieldView[];
  const [fields, setFields] = useState<Fields>(() => {
    const empty = emptyFields(form);
    const { subscription, user, ...shared } = event ? filledFrom(form, empty, event) : empty;
    return shared;
  });
  const [problems, setProblems] = useState<Fields>({});
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const shared = form.slots.filter((slot) => !own.includes(slot.field));

  const submit = async (submitted: FormEvent) => {
    submitted.preventDefault();
    submitted.stopPropagation();
    setBusy(true);
    setError(null);
    try {
      const drafts = rows.map((row) => draftOf(kind, { ...fields, ...row }));
      const [first] = drafts;
      if (!first) return;
      const check = await backend.call('operation_check', { connection: connection.id, draft: first });
      const wrong = check.problems.filter((one) => one.field !== null && !own.includes(one.field));
      setProblems(Object.fromEntries(wrong.map((one) => [one.field, one.message])) as Fields);
      if (wrong.length > 0) return;
      const title = `${actOf(kind, rows.length)}: a selection`;
      const batch = await preview.mutateAsync({ connection: connection.id, title, drafts });
      go(kind, { several: true, batch: batch.id });
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={actOf(kind, rows.length)} size={600}>
      <form className={css.dialog} onSubmit={submit} noValidate data-testid="selection-form">
        <p>
          {shared.length > 0
            ? `What you fill in here is the same for ${rows.length === 1 ? 'the selected row' : `all ${rows.length} selected rows`}. `
            : ''}
          You see each of them in words before anything is sent.
        </p>
        {shared.length > 0 ? (
          <FormFields
            form={form}
            connection={connection.id}
            fields={fields}
            onChange={(next) => {
              setFields(next);
              setProblems({});
            }}
            onLeave={() => {}}
            problem={(field) => problems[field]}
            generated={{}}
            without={own}
          />
        ) : null}
        {error ? <ErrorNotice inline error={error} action={null} /> : null}
        <footer className={css.foot}>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="filled" disabled={busy} data-testid="selection-preview">
            {busy ? 'Looking it through' : `Preview ${formatCountOf(rows.length, 'change')}`}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
