import { Button, Modal, NumberInput, SegmentedControl, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { SyncView } from '@/backend';
import { formatCount } from '@/components';
import run from '../run/run.module.css';
import { writeWords } from './ActionBar';

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
  busy: boolean;
  onPilot: (pilot: Pilot) => void;
  onClose: () => void;
}

/** Customer IDs, one a line; each once. */
export function customersIn(text: string): Array<string> {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
}

/** A pilot writes a few records, so that they can be looked at before the rest. */
export function PilotDialog({ opened, sync, toWrite, toDelete, busy, onPilot, onClose }: Props) {
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
    <Modal opened={opened} onClose={onClose} title="Pilot: write a few records first" size={560}>
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
        <div className={run.dialogFoot}>
          <Button onClick={onClose}>Back to the preview</Button>
          <Button
            type="submit"
            variant={sync.environment === 'production' ? 'production' : 'filled'}
            disabled={!valid}
            loading={busy}
            data-testid="pilot-write"
          >
            {valid ? writeWords(sync, chosen ? only.length : records, null, 0, toDelete > 0 ? null : 0) : 'Write'}
            {sync.environment === 'production' ? '…' : ''}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
