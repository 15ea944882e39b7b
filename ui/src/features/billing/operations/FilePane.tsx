import { Button } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { type OperationKindView, useAction } from '@/backend';
import { CopyButton, classes, ErrorNotice } from '@/components';
import { nounOf } from './catalogue';
import css from './operations.module.css';
import { useForm, useHere } from './place';

/** Larger files are no list of operations. */
const LARGEST = 32 * 1024 * 1024;
/** What a spreadsheet saves by itself. */
const WORKBOOK = /\.(xlsx?|xlsm|xlsb|ods|numbers)$/i;

/** A CSV file of one operation each row: what it must look like, and where to drop it. Nothing is sent by reading it. */
export function FilePane({ kind }: { kind: OperationKindView }) {
  const { connection, go } = useHere();
  const form = useForm(kind);
  const input = useRef<HTMLInputElement>(null);
  const read = useAction('operation_csv');
  const [over, setOver] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const columns = form.slots.filter((slot) => slot.field !== 'value_cents');

  const take = async (file: File | undefined) => {
    if (!file) return;
    read.reset();
    setFailed(null);
    if (WORKBOOK.test(file.name)) {
      setFailed(
        `${file.name} is a workbook, not a CSV file. Nothing was read. Save it in the spreadsheet as “CSV UTF-8 (comma delimited)”, and drop that file.`,
      );
      return;
    }
    if (file.size === 0) {
      setFailed(`${file.name} is empty. Nothing was read. Its first line names the columns, as below.`);
      return;
    }
    if (file.size > LARGEST) {
      setFailed(`${file.name} is larger than 32 MB. Nothing was read. Split it into several files.`);
      return;
    }
    let text: string;
    try {
      text = await file.text();
    } catch {
      setFailed(`${file.name} could not be read. Nothing was sent. Choose it again, or another one.`);
      return;
    }
    read.mutate(
      { connection: connection.id, kind, name: file.name, text },
      { onSuccess: (batch) => go(kind, { several: true, batch: batch.id }) },
    );
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const { files } = event.dataTransfer;
    if (files.length > 1) {
      read.reset();
      setFailed(`Those are ${files.length} files. Nothing was read. Drop one at a time.`);
      return;
    }
    void take(files[0]);
  };

  return (
    <div className={css.scroll}>
      <div className={css.file}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is the other way to do what the button does */}
        <div
          className={classes(css.drop, over && css.over)}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          data-testid="csv-drop"
        >
          <IconFileText size={20} stroke={1.6} aria-hidden />
          <p>
            <b>Drop a CSV file here</b>, one {nounOf(kind)} in each row. You see every row before anything is sent.
          </p>
          <input
            ref={input}
            type="file"
            accept=".csv,text/csv,text/plain"
            hidden
            aria-label="CSV file"
            data-testid="csv-file"
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              event.currentTarget.value = '';
              void take(chosen);
            }}
          />
          <Button variant="filled" disabled={read.isPending} onClick={() => input.current?.click()}>
            {read.isPending ? 'Reading the file' : 'Choose a file…'}
          </Button>
        </div>
        <div aria-live="polite">
          {failed ? (
            <p className={css.wrong} role="alert">
              {failed}
            </p>
          ) : null}
          {read.error ? <ErrorNotice inline error={read.error} action={null} /> : null}
        </div>
        <section className={css.columns} aria-label="Columns">
          <div className={css.columnsHead}>
            <h3>The first line of the file</h3>
            <CopyButton text={form.csv_header} label="Copy the first line" />
          </div>
          <code className={css.header} data-testid="csv-header">
            {form.csv_header}
          </code>
          <table>
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">What stands in it</th>
                <th scope="col">When empty</th>
              </tr>
            </thead>
            <tbody>
              {columns.map((slot) => (
                <tr key={slot.field}>
                  <td>
                    <code>{slot.field}</code>
                  </td>
                  <td>
                    {slot.label}. {slot.help}
                    {slot.choices.length > 0 && slot.choices.length <= 3 ? ` One of: ${slot.choices.join(', ')}.` : ''}
                  </td>
                  <td>{slot.preset ?? (slot.required ? <b>must be filled</b> : 'may stay empty')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="quiet">
            Commas or semicolons, in any order; columns that may be empty can be left out. A cell with a comma in it
            stands in quotes.
          </p>
        </section>
      </div>
    </div>
  );
}
