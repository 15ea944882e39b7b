import { Button } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import type { OperationCheckView, OperationFormView, OperationKindView } from '@/backend';
import { CopyButton, ErrorNotice } from '@/components';
import { CommandLine } from './CommandLine';
import { actOf } from './catalogue';
import { focusField } from './draft';
import { isHidden } from './FormFields';
import { LinkOutlook } from './LinkOutlook';
import css from './operations.module.css';
import { useHere } from './place';

interface Props {
  kind: OperationKindView;
  form: OperationFormView;
  check: OperationCheckView | undefined;
  error: Error | null;
  /** It is looked through before it is confirmed. */
  busy: boolean;
  /** What stands here is of an earlier key. */
  behind: boolean;
  /** The person wanted to send it. */
  tried: boolean;
  onRetry: () => void;
}

/** What a form will do, beside it while it is filled in. */
export function Outlook({ kind, form, check, error, busy, behind, tried, onRetry }: Props) {
  const { connection } = useHere();
  const refused = check?.refused ?? null;
  const problems = check?.problems ?? [];
  const label = (field: string) => form.slots.find((slot) => slot.field === field)?.label;
  return (
    <aside className={css.outlook} aria-label="What will happen">
      <h3>What will happen</h3>
      <div aria-live="polite" className={css.happens} data-behind={behind || undefined}>
        {error ? <ErrorNotice inline error={error} retry={onRetry} /> : null}
        {check?.sentence ? (
          <p className={css.sentence} data-testid="sentence">
            {check.sentence}
          </p>
        ) : (tried || check?.outlook) && problems.length > 0 ? (
          <>
            <p>Not yet: {problems.length === 1 ? 'one thing is' : `${problems.length} things are`} to be put right.</p>
            <ul className={css.problems} data-testid="problems">
              {problems.map((one) => (
                <li key={`${one.field}-${one.message}`}>
                  {one.field && !isHidden(form, one.field) ? (
                    <button type="button" onClick={() => one.field && focusField(one.field)}>
                      {label(one.field)}
                    </button>
                  ) : one.field ? (
                    <b>{label(one.field)}</b>
                  ) : null}{' '}
                  {one.message}
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className="quiet">
            Fill in the fields with a <span aria-hidden="true">*</span>
            <span className="unseen">star</span>. It is said here what will happen, and nothing is sent before you have
            confirmed it.
          </p>
        )}
        {check?.outlook ? <LinkOutlook outlook={check.outlook} blocked={check.sentence === null} /> : null}
        {check?.sentence && check.notes.length > 0 ? (
          <ul className={css.notes}>
            {check.notes.map((note) => (
              <li key={note}>
                <IconAlertTriangle size={14} stroke={1.9} aria-hidden />
                {note}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      {refused ? (
        <p className={css.refused} role="note">
          <IconLock size={14} stroke={1.9} aria-hidden />
          {refused}
        </p>
      ) : null}
      <Button
        type="submit"
        variant={form.irreversible ? 'danger' : 'filled'}
        fullWidth
        disabled={busy || refused !== null}
        data-testid="review"
      >
        {busy ? 'Looking it through' : `${actOf(kind)}…`}
      </Button>
      <p className={css.where}>In {connection.name}. You will be asked to confirm.</p>
      {check ? (
        <div className={css.cli}>
          <div>
            <h3>The same in the terminal</h3>
            <CopyButton text={check.command} label="Copy as CLI command" />
          </div>
          <CommandLine text={check.command} />
        </div>
      ) : null}
    </aside>
  );
}
