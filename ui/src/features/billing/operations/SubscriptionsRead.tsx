import { Button, Checkbox } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type BillingEventView, useCommand } from '@/backend';
import {
  DateText,
  EmptyState,
  ErrorNotice,
  formatCountOf,
  Money,
  SkeletonRows,
  type TableColumn,
  VirtualTable,
} from '@/components';
import { AskBar, type HowMany, limitOf, TEN } from './AskBar';
import { meaningOf } from './catalogue';
import { emptyFields, filledFrom } from './draft';
import { Found } from './Found';
import { useKept } from './kept';
import { howManyOptions, readLine } from './lines';
import css from './operations.module.css';
import { PaneHead } from './PaneHead';
import { Picker } from './Picker';
import { useHere } from './place';
import { SelectionBar } from './SelectionBar';
import { isChurn, statusText } from './words';

export interface SubscriptionsAsked extends HowMany {
  user: string;
}

/** A user's subscriptions, every change of each; the latest leads to what can be done with it. */
export function SubscriptionsRead() {
  const { connection, forms, go } = useHere();
  const [form, setForm] = useKept<SubscriptionsAsked>(connection.id, 'list_subscriptions', { user: '', ...TEN });
  const [asked, setAsked] = useKept<SubscriptionsAsked | null>(connection.id, 'list_subscriptions.asked', null);
  const [missing, setMissing] = useState(false);
  const [selected, setSelected] = useState<number | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const limit = limitOf(asked ?? TEN) ?? { limit: 10, all: false };
  const request = { connection: connection.id, user: asked?.user.trim() ?? '', ...limit };
  const history = useCommand('billing_history', request, { enabled: asked !== null });
  const events = useMemo(() => history.data?.events ?? [], [history.data]);
  const latest = useMemo(() => {
    const last = new Map(events.map((event, index) => [event.subscription_id, index]));
    return new Set(last.values());
  }, [events]);
  // The last line of a list that was cut need not be the latest of its subscription.
  const cut = history.data !== undefined && history.data.total > events.length;

  const lead = (
    kind: 'update_subscription' | 'churn_subscription' | 'unchurn_subscription',
    event: BillingEventView,
  ) => {
    const target = forms.find((one) => one.kind === kind);
    if (!target) return;
    const fields = { ...emptyFields(target), subscription: event.subscription_id };
    go(kind, { fields: filledFrom(target, fields, event) });
  };
  const tick = (id: string) =>
    setTicked((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const chosen = events.filter((event, index) => latest.has(index) && ticked.has(event.subscription_id));

  const columns: TableColumn<BillingEventView>[] = [
    {
      key: 'tick',
      head: <span className="unseen">Selected</span>,
      width: '40px',
      render: (event, index) =>
        latest.has(index) ? (
          <Checkbox
            aria-label={`Select ${event.subscription_alias ?? event.subscription_id}`}
            checked={ticked.has(event.subscription_id)}
            onChange={() => tick(event.subscription_id)}
          />
        ) : null,
    },
    {
      key: 'subscription',
      head: 'Subscription',
      width: 'minmax(150px, 1.4fr)',
      render: (event) => (
        <span className={css.two}>
          <span title={event.subscription_alias ?? undefined}>{event.subscription_alias ?? event.subscription_id}</span>
          <code>{event.subscription_alias ? event.subscription_id : ''}</code>
        </span>
      ),
    },
    {
      key: 'from',
      head: 'From',
      width: '112px',
      render: (event) => (event.effective_at ? <DateText value={event.effective_at} /> : 'not known'),
    },
    {
      key: 'status',
      head: 'Status',
      width: 'minmax(130px, 1fr)',
      render: (event) => (
        <span className="ellipsis" title={statusText(event.status)}>
          {statusText(event.status)}
        </span>
      ),
    },
    {
      key: 'plan',
      head: 'Plan',
      width: 'minmax(100px, 1fr)',
      render: (event) => (
        <span className="ellipsis" title={event.plan ?? undefined}>
          {event.plan ?? 'not known'}
        </span>
      ),
    },
    {
      key: 'price',
      head: 'Price',
      width: '128px',
      align: 'end',
      render: (event) =>
        event.value === null ? (
          'not known'
        ) : (
          <span className={css.price}>
            <Money amount={event.value} {...(event.currency ? { currency: event.currency } : {})} />
            <small>{event.interval ? `a ${event.interval}` : ''}</small>
          </span>
        ),
    },
    {
      key: 'acts',
      head: <span className="unseen">What can be done</span>,
      width: '148px',
      align: 'end',
      render: (event, index) =>
        latest.has(index) ? (
          <span className={css.acts}>
            {isChurn(event) ? (
              <Button size="compact-sm" onClick={() => lead('unchurn_subscription', event)}>
                Un-churn
              </Button>
            ) : (
              <>
                <Button size="compact-sm" onClick={() => lead('update_subscription', event)}>
                  Update
                </Button>
                <Button size="compact-sm" onClick={() => lead('churn_subscription', event)}>
                  Churn
                </Button>
              </>
            )}
          </span>
        ) : (
          <span className="quiet">earlier</span>
        ),
    },
  ];

  const body = () => {
    if (asked === null) {
      return (
        <EmptyState icon={IconListSearch} title="Whose subscriptions?">
          Type or pick a user above. You see every change of each of the user’s subscriptions, with what it costs and
          from when on.
        </EmptyState>
      );
    }
    if (history.error) return <ErrorNotice error={history.error} />;
    if (!history.data) {
      return <SkeletonRows rowHeight={44} columns="40px 1fr 112px 1fr 1fr 128px 148px" sentence="Asking ProfitWell" />;
    }
    if (events.length === 0) {
      return (
        <EmptyState
          icon={IconListSearch}
          title="No subscriptions"
          actions={<Button onClick={() => go('create_subscription')}>Create a subscription</Button>}
        >
          ProfitWell knows “{asked.user}” and has no subscriptions of it.
        </EmptyState>
      );
    }
    const all = () => {
      setForm({ ...form, all: true });
      setAsked({ ...asked, all: true });
    };
    return (
      <>
        <Found
          words={
            cut
              ? `The first ${events.length.toLocaleString('en-US')} of ${formatCountOf(history.data.total, 'line')}; the latest may be missing.`
              : `${formatCountOf(latest.size, 'subscription')}, ${formatCountOf(events.length, 'line')} of history`
          }
          onAll={cut ? all : null}
        />
        <div className={css.table}>
          <VirtualTable
            label="Subscriptions"
            columns={columns}
            rowHeight={44}
            totalRows={events.length}
            getRow={(index) => events[index]}
            selected={selected}
            onSelect={setSelected}
            onOpen={(event, index) => {
              if (latest.has(index)) lead(isChurn(event) ? 'unchurn_subscription' : 'update_subscription', event);
            }}
            onKey={(key, event, index) => {
              if (key.key !== ' ' || !event || !latest.has(index)) return undefined;
              tick(event.subscription_id);
              return true;
            }}
            rowClassName={(_event, index) => (latest.has(index) ? undefined : css.past)}
            minWidth={800}
            resetKey={JSON.stringify(request)}
          />
        </div>
        <SelectionBar
          noun="subscription"
          count={chosen.length}
          kinds={['churn_subscription', 'unchurn_subscription', 'update_subscription']}
          rows={chosen.map((event) => ({
            subscription: event.subscription_id,
            user: event.user_id ?? event.user_alias ?? asked.user.trim(),
          }))}
          event={chosen[0]}
          onClear={() => setTicked(new Set())}
        />
      </>
    );
  };

  return (
    <>
      <PaneHead title="List subscriptions" meaning={meaningOf('list_subscriptions')} />
      <AskBar
        label="List subscriptions"
        line={readLine(connection, 'subscription list', howManyOptions(form), form.user)}
        busy={history.isFetching}
        howMany={form}
        onHowMany={(next) => setForm({ ...form, ...next })}
        onAsk={() => {
          setMissing(form.user.trim() === '');
          if (form.user.trim() === '') return;
          setTicked(new Set());
          setSelected(null);
          if (JSON.stringify(asked) === JSON.stringify(form)) void history.refetch();
          else setAsked(form);
        }}
      >
        <div className={css.askWide}>
          <Picker
            id="ask-user"
            connection={connection.id}
            kind="user"
            label="User ID or alias"
            required
            value={form.user}
            error={missing && form.user.trim() === '' ? 'Say whose subscriptions.' : undefined}
            onChange={(user) => setForm({ ...form, user })}
          />
        </div>
      </AskBar>
      {body()}
    </>
  );
}
