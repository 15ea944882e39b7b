import { Button } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OperationFormView } from '@/backend';
import { useBackend, useCommand } from '@/backend';
import { ErrorNotice } from '@/components';
import { type Fields, filledFrom } from './draft';
import css from './operations.module.css';
import { useHere } from './place';
import { eventText } from './words';

/** What the chosen subscription is now, as it was last read; what was never read can be looked up. */
export function Now({
  form,
  fields,
  onChange,
}: {
  form: OperationFormView;
  fields: Fields;
  onChange: (fields: Fields) => void;
}) {
  const { connection } = useHere();
  const backend = useBackend();
  const client = useQueryClient();
  const wanted = (fields.subscription ?? '').trim();
  const user = (fields.user ?? '').trim();
  const choices = useCommand(
    'billing_choices',
    { connection: connection.id, kind: 'subscription', search: wanted, customer: null },
    { enabled: wanted !== '' },
  );
  const known = choices.data?.find((one) => one.value === wanted || one.event?.subscription_alias === wanted)?.event;

  const look = useMutation({
    mutationFn: () => backend.call('billing_history', { connection: connection.id, user, limit: null, all: true }),
    onSuccess: async ({ events }) => {
      await client.invalidateQueries({ queryKey: ['billing_choices'] });
      const last = events.filter((one) => one.subscription_id === wanted || one.subscription_alias === wanted).at(-1);
      if (last) onChange(filledFrom(form, fields, last));
    },
  });
  // Whoever typed the id instead of picking it has the rest still to fill in.
  const filled = known ? filledFrom(form, fields, known) : fields;
  const lacks = form.slots.some(({ field }) => !fields[field]?.trim() && Boolean(filled[field]?.trim()));
  const missing = look.isSuccess && !known && !choices.isFetching;

  return (
    <div className={css.now} data-testid="now">
      <IconInfoCircle size={16} stroke={1.75} aria-hidden />
      <div>
        {wanted === '' ? (
          <p className="quiet">Pick a subscription, and what it is now is shown here and filled in.</p>
        ) : choices.isPending ? (
          <p className="quiet">Looking among what was read before.</p>
        ) : known ? (
          <p>
            Now: {eventText(known)}
            {known.email ? <span className="quiet">. {known.email}</span> : null}
          </p>
        ) : missing ? (
          <p>“{user}” has no such subscription. Look at its ID again, or at the user.</p>
        ) : (
          <p>
            Drawbridge has not read this subscription yet.{' '}
            {user
              ? 'Look it up to see what it is now.'
              : 'Fill in whose it is to look it up; you can also go on without.'}
          </p>
        )}
        {look.error ? <ErrorNotice inline error={look.error} action={null} /> : null}
      </div>
      {known && lacks ? (
        <Button size="compact-sm" onClick={() => onChange(filledFrom(form, fields, known))} data-testid="now-fill">
          Fill it in
        </Button>
      ) : user && wanted ? (
        <Button size="compact-sm" disabled={look.isPending} onClick={() => look.mutate()}>
          {look.isPending ? 'Looking' : known ? 'Read again' : 'Look it up'}
        </Button>
      ) : null}
    </div>
  );
}
