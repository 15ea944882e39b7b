import { Button, Modal, NumberInput, SegmentedControl, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { SyncView } from '@/backend';
import { formatCount } from '@/components';
import run from '../run/run.module.css';
import { linkLine, writeWords } from './writeWords';

/** Which records a pilot writes: the first so many, or those of chosen customers. */
export interface Pilot {
  limit: number | null;
  only: Array<string> | null;
}

interface Props {
  opened: boolean;
  sync: SyncView;
  toWrite: number;
  /** How many of these are deleted. */
  toDelete: number;
  /** Links a run of all of it would write. */
  links: number;
  /** Run that is taken back, when the plan is an undo. */
  undoes: number | null;
  busy: boolean;
  onPilot: (pilot: Pilot) => void;
  onClose: () => void;
}

/** Customer IDs, one a line; each once. */
export function customersIn(text: string): Array<string> {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
}

/** A pilot writes a few records, so that they can be looked at before the rest. */
export function PilotDialog({ opened, sync, toWrite, toDelete, links, undoes, busy, onPilot, onClose }: Props) {
  const [chosen, setChosen] = useState(false);
  const [records, setRecords] = useState(Math.min(5, toWrite));
  const [typed, setTyped] = useState('');
  const only = customersIn(typed);
  const valid = chosen ? only.length > 0 : Number.isInteger(records) && records >= 1 && records <= toWrite;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (valid) {
      onPilot(chosen ? { limit: null, only } : { limit: records, only: null });
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={undoes === null ? 'Pilot: write a few records first' : 'Pilot: put back a few records first'}
      size={560}
    >
      <form onSubmit={submit}>
        <p className={run.text}>
          The run writes these records of the plan and stops. The others wait: preview again afterwards to write them.
        </p>
        <SegmentedControl
          aria-label="Which records"
          size="xs"
          mb={12}
          value={chosen ? 'chosen' : 'first'}
          onChange={(value) => setChosen(value === 'chosen')}
          data={[
            { value: 'first', label: 'The first ones' },
            { value: 'chosen', label: 'Chosen ones' },
          ]}
        />
        {chosen ? (
          <Textarea
            label="Customer IDs"
            description="One a line, as the preview shows them"
            autosize
            minRows={3}
            maxRows={10}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        ) : (
          <NumberInput
            label="How many records"
            description={`1 to ${formatCount(toWrite)}`}
            data-autofocus
            min={1}
            max={toWrite}
            allowDecimal={false}
            value={records}
            onChange={(value) => setRecords(Number(value))}
            w={160}
          />
        )}
        {links > 0 ? (
          <p className={run.text} style={{ margin: '12px 0 0' }} data-testid="pilot-links">
            {linkLine(links, undoes)}.
          </p>
        ) : null}
        <div className={run.dialogFoot}>
          <Button onClick={onClose}>Back to the preview</Button>
          <Button
            type="submit"
            variant={sync.environment === 'production' ? 'production' : 'filled'}
            disabled={!valid}
            loading={busy}
            data-testid="pilot-write"
          >
            {valid
              ? writeWords(sync, { records: chosen ? only.length : records, undoes, deleted: toDelete > 0 ? null : 0 })
              : 'Write'}
            {sync.environment === 'production' ? '…' : ''}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
