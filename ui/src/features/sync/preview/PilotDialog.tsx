import { Button, Modal, NumberInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { SyncView } from '@/backend';
import { formatCount } from '@/components';
import run from '../run/run.module.css';
import { writeWords } from './ActionBar';

interface Props {
  opened: boolean;
  sync: SyncView;
  toWrite: number;
  busy: boolean;
  onPilot: (records: number) => void;
  onClose: () => void;
}

/** A pilot writes the first few records, so that they can be looked at before the rest. */
export function PilotDialog({ opened, sync, toWrite, busy, onPilot, onClose }: Props) {
  const [records, setRecords] = useState(Math.min(5, toWrite));
  const valid = Number.isInteger(records) && records >= 1 && records <= toWrite;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (valid) {
      onPilot(records);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Pilot: write a few records first" size={560}>
      <form onSubmit={submit}>
        <p className={run.text}>
          The run writes the first records of the plan and stops. The others wait: preview again afterwards to write
          them.
        </p>
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
        <div className={run.dialogFoot}>
          <Button onClick={onClose}>Back to the preview</Button>
          <Button
            type="submit"
            variant={sync.environment === 'production' ? 'production' : 'filled'}
            disabled={!valid}
            loading={busy}
            data-testid="pilot-write"
          >
            {valid ? writeWords(sync, records) : 'Write'}
            {sync.environment === 'production' ? '…' : ''}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
