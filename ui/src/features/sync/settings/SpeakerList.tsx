import { Button } from '@mantine/core';
import { IconMicrophone2, IconPinned } from '@tabler/icons-react';
import type { SpeakerView } from '@/backend';
import { formatDate } from '@/components';
import css from './speaker.module.css';

interface Props {
  view: SpeakerView;
  /** Whether an answer is under way. */
  busy: boolean;
  /** Lets a subscription speak, or with `null` the rule again; absent where only looking is meant. */
  onPin?: (subscription: string | null) => void;
}

/** A customer's subscriptions: the one that speaks, and why each other does not. */
export function SpeakerList({ view, busy, onPin }: Props) {
  if (view.subscriptions.length === 0) {
    return <p className={css.note}>{view.name} has no subscriptions.</p>;
  }
  return (
    <>
      {view.pin_gone ? (
        <p className={css.note}>
          {view.pin_gone} was chosen before and is no longer in the billing system. The rule decides.
        </p>
      ) : null}
      <ul className={css.list} aria-label={`Subscriptions of ${view.name}`} data-testid="speaker-list">
        {view.subscriptions.map((one, at) => (
          <li key={one.id} className={css.line} data-speaks={at === 0 || undefined}>
            <span className={css.mark} aria-hidden>
              {at === 0 ? view.pinned_at ? <IconPinned size={14} /> : <IconMicrophone2 size={14} /> : null}
            </span>
            <span className={css.words}>
              <span className={css.name}>{one.name}</span>
              <span className={css.why}>
                {one.status}. {one.why}
                {at === 0 && view.pinned_at ? ` ${formatDate(view.pinned_at)}.` : ''}
              </span>
            </span>
            {onPin && at > 0 ? (
              <Button
                size="compact-xs"
                variant="quiet"
                loading={busy}
                aria-label={`Let it speak: ${one.name}`}
                onClick={() => onPin(one.id)}
                data-testid="speaker-pin"
              >
                Let it speak
              </Button>
            ) : null}
            {onPin && at === 0 && view.pinned_at ? (
              <Button
                size="compact-xs"
                variant="quiet"
                loading={busy}
                onClick={() => onPin(null)}
                data-testid="speaker-unpin"
              >
                Back to the rule
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}
