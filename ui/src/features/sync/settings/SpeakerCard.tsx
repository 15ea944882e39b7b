import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { type SyncView, useCommand, useSpeaker, useSpeakerPin, type YardstickView } from '@/backend';
import { Card, ErrorNotice, SkeletonRows } from '@/components';
import { SpeakerList } from './SpeakerList';
import css from './settings.module.css';
import { choicesAt, withYardstick } from './yardsticks';

const ORDINALS = ['First', 'Then', 'Then', 'Then'] as const;

interface Props {
  sync: SyncView;
  rule: Array<YardstickView>;
  /** Whether the rule is not the saved one. */
  changed: boolean;
  onRule: (rule: Array<YardstickView>) => void;
}

/** Which subscription speaks for a customer that has several: the rule, and a trial on one customer. */
export function SpeakerCard({ sync, rule, changed, onRule }: Props) {
  const [customer, setCustomer] = useState<string | null>(null);
  const tried = useSpeaker(sync.id, customer, changed ? rule : null);
  const pin = useSpeakerPin();
  const places = Math.min(rule.length + 1, 4);
  return (
    <Card title="Which subscription speaks" meta="for a customer that has several" className={css.card}>
      <div className={css.body}>
        <div className={css.rule}>
          {ORDINALS.slice(0, places).map((ordinal, place) => (
            <Select
              key={place}
              label={ordinal}
              data={[...choicesAt(rule, place)]}
              value={rule[place] ?? null}
              placeholder={place === 0 ? 'The lower id' : 'Nothing more'}
              clearable
              onChange={(value) => onRule(withYardstick(rule, place, value as YardstickView | null))}
              data-testid={`yardstick-${place}`}
            />
          ))}
        </div>
        <p className={css.note}>
          Each decides where the one before finds no difference; at last the lower id speaks. Values in several
          currencies are not compared.
        </p>
        <CustomerPicker sync={sync} value={customer} onPick={setCustomer} />
        {customer === null ? null : tried.error ? (
          <ErrorNotice inline error={tried.error} retry={() => void tried.refetch()} />
        ) : tried.data ? (
          <>
            {changed ? <p className={css.note}>By the rule above, which is not saved yet.</p> : null}
            <SpeakerList
              view={tried.data}
              busy={pin.isPending}
              {...(changed
                ? {}
                : { onPin: (subscription: string | null) => pin.mutate({ sync: sync.id, customer, subscription }) })}
            />
          </>
        ) : (
          <SkeletonRows rows={3} columns="1fr 80px" />
        )}
        {pin.error ? <ErrorNotice inline error={pin.error} /> : null}
      </div>
    </Card>
  );
}

/** A customer of the sync's source, found by name, e-mail or id. */
function CustomerPicker(props: { sync: SyncView; value: string | null; onPick: (customer: string | null) => void }) {
  const { sync, value, onPick } = props;
  const [words, setWords] = useState('');
  const [search] = useDebouncedValue(words.trim(), 150);
  const found = useCommand(
    'subscription_list',
    {
      search,
      source: sync.source,
      status: [],
      interval: [],
      currency: [],
      plan: [],
      sort: 'customer',
      descending: false,
      offset: 0,
      limit: 40,
    },
    { keepPrevious: true },
  );
  const names = new Map(found.data?.rows.map((row) => [row.customer, row.customer_name]));
  return (
    <Select
      label="Try it on a customer"
      placeholder="Part of the name, the e-mail address or the id"
      data={[...names].map(([id, name]) => ({ value: id, label: name }))}
      value={value}
      searchable
      clearable
      // The backend has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={found.isPending ? 'Looking' : 'No customer is called that.'}
      onSearchChange={setWords}
      onChange={onPick}
      error={found.error ? 'The customers could not be read.' : undefined}
      data-testid="speaker-customer"
    />
  );
}
