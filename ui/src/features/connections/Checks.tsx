import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useState } from 'react';
import { type CheckState, type CheckView, useBackend } from '@/backend';
import { CopyButton, type IconType } from '@/components';
import css from './Checks.module.css';

/** How many checks a card shows before it is asked for all. */
export const SHOWN = 6;

const LOOK: Record<CheckState, { icon: IconType; word: string }> = {
  ok: { icon: IconCircleCheck, word: 'Fine' },
  warning: { icon: IconAlertTriangle, word: 'Warning' },
  failed: { icon: IconCircleX, word: 'Failed' },
};

/** The checks to show first: everything that is not fine, filled up with what is, in the order they came. */
export function firstChecks(checks: CheckView[], room: number): CheckView[] {
  const wrong = checks.filter((check) => check.state !== 'ok').length;
  let fine = Math.max(0, room - wrong);
  return checks.filter((check) => check.state !== 'ok' || fine-- > 0);
}

/** What was checked and how it came out; what is wrong says who can mend it, and where. */
export function Checks({ checks, all, id }: { checks: CheckView[]; all: boolean; id: string }) {
  if (checks.length === 0) {
    return <p className={css.none}>Not checked yet.</p>;
  }
  return (
    <ul className={css.list} id={id} aria-label="Checks">
      {(all ? checks : firstChecks(checks, SHOWN)).map((check) => (
        <Check key={check.name} check={check} />
      ))}
    </ul>
  );
}

function Check({ check }: { check: CheckView }) {
  const backend = useBackend();
  const [refused, setRefused] = useState<string | null>(null);
  const { icon: Icon, word } = LOOK[check.state];
  const { setup_url: setup } = check;
  if (check.state === 'ok') {
    return (
      <li className={css.check} data-state="ok">
        <span className={css.icon} title={word}>
          <Icon size={16} stroke={1.75} />
          <span className="unseen">{word}:</span>
        </span>
        <span className="ellipsis" title={check.name}>
          {check.name}
        </span>
        {check.detail && (
          <span className={css.detail} title={check.detail}>
            {check.detail}
          </span>
        )}
      </li>
    );
  }
  return (
    <li className={css.check} data-state={check.state}>
      <span className={css.icon} title={word}>
        <Icon size={16} stroke={1.75} />
        <span className="unseen">{word}:</span>
      </span>
      <div>
        <p className={css.what}>{check.name}</p>
        {check.detail && <p className={css.more}>{check.detail}</p>}
        {check.who && <p className={css.more}>Who can fix it: {check.who}</p>}
        {refused && (
          <p className={css.more} role="alert">
            {refused} <code>{setup}</code>
          </p>
        )}
      </div>
      <span className={css.ways}>
        {setup && (
          <Button
            size="compact-sm"
            onClick={() => backend.openExternal(setup).catch((error: Error) => setRefused(error.message))}
          >
            Open Setup
          </Button>
        )}
        {check.message_for_admin && <CopyButton text={check.message_for_admin} label="Copy message" />}
      </span>
    </li>
  );
}
