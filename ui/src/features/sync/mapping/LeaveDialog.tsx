import { Button, Modal } from '@mantine/core';
import { useBlocker } from 'react-router';
import css from './dialogs.module.css';

/** Asks before another screen is opened over unsaved changes. */
export function LeaveDialog({ unsaved, changes }: { unsaved: boolean; changes: string }) {
  const leaving = useBlocker(
    ({ currentLocation, nextLocation }) => unsaved && currentLocation.pathname !== nextLocation.pathname,
  );
  return leaving.state === 'blocked' ? (
    <Modal
      opened
      onClose={leaving.reset}
      title="Leave without saving?"
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={css.body}>
        <p className={css.lead}>{changes} to the mapping would be lost.</p>
        <div className={css.foot}>
          <Button onClick={leaving.reset} data-autofocus>
            Stay here
          </Button>
          <span className={css.grow} />
          <Button variant="danger" onClick={leaving.proceed} data-testid="leave-unsaved">
            Leave and discard
          </Button>
        </div>
      </div>
    </Modal>
  ) : null;
}
