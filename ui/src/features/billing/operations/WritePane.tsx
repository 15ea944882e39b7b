import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { OperationBatchView, OperationKindView } from '@/backend';
import { useCommand } from '@/backend';
import { meaningOf } from './catalogue';
import { draftOf, emptyFields, type Fields } from './draft';
import { FilePane } from './FilePane';
import { FormPane } from './FormPane';
import { useKept } from './kept';
import css from './operations.module.css';
import { PaneHead } from './PaneHead';
import { useForm, useHere } from './place';
import { Result } from './Result';

/** An operation that changes something: one by its form, or several by a file. */
export function WritePane({ kind, several }: { kind: OperationKindView; several: boolean }) {
  const { connection, go } = useHere();
  const form = useForm(kind);
  const [fields, keep] = useKept<Fields>(connection.id, kind, emptyFields(form));
  const [sent, setSent] = useState<{ batch: OperationBatchView; command: string | null } | null>(null);
  // The line of the terminal of what is in the form; asked for already, so that it is there.
  const check = useCommand('operation_check', { connection: connection.id, draft: draftOf(kind, fields) });
  return (
    <>
      <PaneHead title={form.label} meaning={meaningOf(kind)}>
        <SegmentedControl
          aria-label="How many"
          value={several ? 'several' : 'one'}
          onChange={(value) => go(kind, { several: value === 'several' })}
          data={[
            { value: 'one', label: 'One' },
            { value: 'several', label: 'Several by CSV' },
          ]}
        />
      </PaneHead>
      {several ? (
        <FilePane kind={kind} />
      ) : sent ? (
        <div className={css.scroll}>
          <Result
            batch={sent.batch}
            command={sent.command}
            onChanged={(batch) => setSent({ ...sent, batch })}
            onAgain={() => {
              // What went through is done with; what did not stays to be put right.
              if (sent.batch.counts.done + sent.batch.counts.already > 0) keep(emptyFields(form));
              setSent(null);
            }}
          />
        </div>
      ) : (
        <div className={css.scroll}>
          <FormPane kind={kind} onSent={(batch) => setSent({ batch, command: check.data?.command ?? null })} />
        </div>
      )}
    </>
  );
}
