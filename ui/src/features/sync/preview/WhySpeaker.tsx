import { useSpeaker, useSpeakerPin } from '@/backend';
import { ErrorNotice } from '@/components';
import { SpeakerList } from '../settings/SpeakerList';
import css from './panel.module.css';

/** Which of several subscriptions the values come from, and the choice of another. */
export function WhySpeaker({ sync, customer }: { sync: number; customer: string }) {
  const speaker = useSpeaker(sync, customer);
  const pin = useSpeakerPin();
  const view = speaker.data?.customer === customer ? speaker.data : undefined;
  if (speaker.error) {
    return (
      <div className={css.section}>
        <ErrorNotice inline error={speaker.error} retry={() => void speaker.refetch()} />
      </div>
    );
  }
  // One subscription speaks without being asked.
  if (!view || (view.subscriptions.length < 2 && view.pin_gone === null)) {
    return null;
  }
  return (
    <div className={css.section} data-testid="why-speaker">
      <h3>Which subscription speaks</h3>
      <SpeakerList
        view={view}
        busy={pin.isPending}
        onPin={(subscription) => pin.mutate({ sync, customer, subscription })}
      />
      {pin.error ? <ErrorNotice inline error={pin.error} /> : null}
    </div>
  );
}
