import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import {
  type OperationBatchView,
  type OperationCheckView,
  type OperationDraft,
  type OperationFieldView,
  type OperationKindView,
  useBackend,
  useCommand,
} from '@/backend';
import { ConfirmDialog } from './ConfirmDialog';
import { draftOf, emptyFields, type Fields, focusField } from './draft';
import { FormFields, isHidden } from './FormFields';
import { useKept } from './kept';
import { Now } from './Now';
import { Outlook } from './Outlook';
import css from './operations.module.css';
import { useForm, useHere } from './place';

/** How long after the last key a form is looked through. */
const PAUSE = 200;

/** One operation by its form: what is wrong, what will happen, and the button that leads to its confirmation. */
export function FormPane({ kind, onSent }: { kind: OperationKindView; onSent: (batch: OperationBatchView) => void }) {
  const { connection } = useHere();
  const form = useForm(kind);
  const backend = useBackend();
  const client = useQueryClient();
  const [fields, keep] = useKept<Fields>(connection.id, kind, emptyFields(form));
  const [left, setLeft] = useState<ReadonlySet<OperationFieldView>>(new Set());
  const [tried, setTried] = useState(false);
  const [checking, setChecking] = useState<Error | 'under way' | null>(null);
  const [confirm, setConfirm] = useState<{ draft: ReturnType<typeof draftOf>; check: OperationCheckView } | null>(null);

  const draft = useMemo(() => draftOf(kind, fields), [kind, fields]);
  const [paused] = useDebouncedValue(draft, PAUSE);
  // Whoever presses the button does not wait for the pause.
  const [pressed, setPressed] = useState<OperationDraft | null>(null);
  const settled = pressed === draft ? draft : paused;
  const check = useCommand(
    'operation_check',
    { connection: connection.id, draft: settled },
    { keepPrevious: true, staleTime: 60_000 },
  );
  const pristine = JSON.stringify(draft) === JSON.stringify(draftOf(kind, emptyFields(form)));
  const behind = settled !== draft;

  // While an answer is under way the one before stands there; it has no say about what changed since.
  const before = useRef<OperationDraft | null>(null);
  useEffect(() => {
    if (!check.isPlaceholderData) before.current = settled;
  }, [check.isPlaceholderData, settled]);
  const checked = check.isPlaceholderData ? before.current : settled;
  const problem = (field: OperationFieldView) => {
    const text = draft.fields[field];
    if (!tried && !(left.has(field) && text !== undefined)) return undefined;
    if (checked?.fields[field] !== text) return undefined;
    const found = check.data?.problems.filter((one) => one.field === field) ?? [];
    return found.length > 0 ? found.map((one) => one.message).join(' ') : undefined;
  };

  const change = (next: Fields) => {
    setChecking(null);
    keep(next);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecking('under way');
    try {
      // What is confirmed is what stands in the fields now, not what stood there when a key was last followed.
      const request = { connection: connection.id, draft };
      const looked = await client.fetchQuery({
        queryKey: ['operation_check', request],
        queryFn: () => backend.call('operation_check', request),
        staleTime: 0,
      });
      setPressed(draft);
      setTried(true);
      setChecking(null);
      if (looked.ready && looked.refused === null) {
        setConfirm({ draft: { ...draft, fields: { ...draft.fields, ...looked.generated } }, check: looked });
        return;
      }
      const first = form.slots.find(
        (slot) => !isHidden(form, slot.field) && looked.problems.some((one) => one.field === slot.field),
      );
      if (first) focusField(first.field);
    } catch (error) {
      setChecking(error as Error);
    }
  };

  return (
    <form className={css.work} onSubmit={submit} noValidate aria-label={form.label} data-testid={`form-${kind}`}>
      <div className={css.paper}>
        <FormFields
          form={form}
          connection={connection.id}
          fields={fields}
          onChange={change}
          onLeave={(field) => setLeft((now) => (now.has(field) ? now : new Set([...now, field])))}
          problem={problem}
          generated={check.data?.generated ?? {}}
          after={{
            subscription: <Now form={form} fields={fields} onChange={change} />,
          }}
        />
        {pristine ? null : (
          <div className={css.under}>
            <Button
              size="compact-sm"
              variant="quiet"
              onClick={() => {
                change(emptyFields(form));
                setTried(false);
                setLeft(new Set());
              }}
            >
              Empty the form
            </Button>
          </div>
        )}
      </div>
      <Outlook
        kind={kind}
        form={form}
        check={check.data}
        error={check.error ?? (checking instanceof Error ? checking : null)}
        busy={checking === 'under way'}
        behind={behind || check.isPlaceholderData}
        tried={tried}
        onRetry={() => void check.refetch()}
      />
      {confirm ? (
        <ConfirmDialog
          kind={kind}
          draft={confirm.draft}
          check={confirm.check}
          onClose={() => setConfirm(null)}
          onSent={(batch) => {
            setConfirm(null);
            setTried(false);
            setLeft(new Set());
            onSent(batch);
          }}
        />
      ) : null}
    </form>
  );
}
