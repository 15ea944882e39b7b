import { Button, Modal } from '@mantine/core';
import type { RunView } from '@/backend';
import css from './run.module.css';

interface Props {
  opened: boolean;
  run: RunView;
  busy: boolean;
  onStop: () => void;
  onClose: () => void;
}

/** Stopping is honest: what is on its way cannot be called back. */
export function StopDialog({ opened, run, busy, onStop, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Stop run ${run.id}?`} size={480}>
      <p className={css.text}>
        No new call is made. Calls already on their way to {run.org_name} cannot be called back: the records in them may
        still be written, and Drawbridge waits for their answers.
      </p>
      <p className={css.text}>Records already written stay as they are. The rest waits, and you can resume the run.</p>
      <div className={css.dialogFoot}>
        <Button onClick={onClose} data-autofocus>
          Keep writing
        </Button>
        <Button variant="danger" loading={busy} onClick={onStop} data-testid="run-stop-confirm">
          Stop the run
        </Button>
      </div>
    </Modal>
  );
}
