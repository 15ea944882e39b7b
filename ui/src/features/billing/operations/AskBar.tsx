import { Button, Checkbox, TextInput } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { CopyButton } from '@/components';
import css from './operations.module.css';

/** How many lines of a list a person wants. */
export interface HowMany {
  limit: string;
  all: boolean;
}

export const TEN: HowMany = { limit: '10', all: false };

/** The limit as it is asked for; `null` where it is no whole number from 1 on. */
export function limitOf({ limit, all }: HowMany): { limit: number | null; all: boolean } | null {
  if (all) return { limit: null, all: true };
  return /^[1-9]\d{0,5}$/.test(limit.trim()) ? { limit: Number(limit), all: false } : null;
}

/** What a list or a look-up asks for, and the button that asks. It only reads. */
export function AskBar({
  label,
  busy,
  howMany,
  onHowMany,
  onAsk,
  line,
  children,
}: {
  label: string;
  busy: boolean;
  howMany?: HowMany;
  onHowMany?: (next: HowMany) => void;
  onAsk: () => void;
  /** The line of the terminal that asks the same. */
  line: string;
  children?: ReactNode;
}) {
  const wrong = howMany !== undefined && limitOf(howMany) === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) onAsk();
  };
  return (
    <form className={css.ask} onSubmit={submit} noValidate>
      {children}
      {howMany && onHowMany ? (
        <div className={css.howMany}>
          <TextInput
            label="Limit"
            w={88}
            inputMode="numeric"
            value={howMany.all ? '' : howMany.limit}
            placeholder={howMany.all ? 'all' : ''}
            disabled={howMany.all}
            error={wrong ? 'A whole number' : undefined}
            onChange={(event) => onHowMany({ ...howMany, limit: event.currentTarget.value })}
          />
          <Checkbox
            label="All of them"
            checked={howMany.all}
            onChange={(event) => onHowMany({ ...howMany, all: event.currentTarget.checked })}
          />
        </div>
      ) : null}
      <Button type="submit" variant="filled" disabled={busy} data-testid="ask">
        {busy ? 'Reading' : label}
      </Button>
      <CopyButton text={line} label="Copy as CLI command" compact={false} />
    </form>
  );
}
