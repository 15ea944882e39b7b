import { ActionIcon, Button, Checkbox, Input, Menu, SegmentedControl, TextInput } from '@mantine/core';
import { IconDots, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { type BillingCustomerView, useCommand } from '@/backend';
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
import { DateField } from './DateField';
import { isDay } from './days';
import { Found } from './Found';
import { useKept } from './kept';
import { howManyOptions, readLine } from './lines';
import css from './operations.module.css';
import { PaneHead } from './PaneHead';
import { Picker } from './Picker';
import { useHere } from './place';
import { SelectionBar } from './SelectionBar';
import { statusText } from './words';

interface CustomersAsked extends HowMany {
  start: string;
  end: string;
  email: string;
  order: 'first' | 'last';
}

const NOBODY_ASKED: CustomersAsked = { start: '', end: '', email: '', order: 'last', ...TEN };

function useCustomerActs() {
  const { go, listSubscriptions } = useHere();
  return {
    list: (customer: BillingCustomerView) => listSubscriptions(customer.id),
    mail: (customer: BillingCustomerView) =>
      go('update_user', { fields: { user: customer.id, email: customer.email ?? '' } }),
    remove: (customer: BillingCustomerView) => go('delete_user', { fields: { user: customer.id } }),
  };
}

const fullName = (customer: BillingCustomerView) =>
  [customer.first_name, customer.last_name].filter(Boolean).join(' ') || null;

/** Customers of all sources, as they are now. */
export function CustomersRead() {
  const { connection } = useHere();
  const acts = useCustomerActs();
  const [form, setForm] = useKept<CustomersAsked>(connection.id, 'list_customers', NOBODY_ASKED);
  const [asked, setAsked] = useKept<CustomersAsked | null>(connection.id, 'list_customers.asked', null);
  const [selected, setSelected] = useState<number | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const of = asked ?? NOBODY_ASKED;
  const request = {
    connection: connection.id,
    start: of.start.trim() || null,
    end: of.end.trim() || null,
    email: of.email.trim() || null,
    descending: of.order === 'last',
    ...(limitOf(of) ?? { limit: 10, all: false }),
  };
  const customers = useCommand('billing_customers', request, { enabled: asked !== null });
  const rows = customers.data?.customers ?? [];
  const wrongDay = (day: string) =>
    tried && day.trim() !== '' && !isDay(day.trim().slice(0, 10)) ? 'A day, as 2026-01-31.' : undefined;
  const tick = (id: string) =>
    setTicked((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const chosen = rows.filter((one) => ticked.has(one.id));

  const columns: TableColumn<BillingCustomerView>[] = [
    {
      key: 'tick',
      head: <span className="unseen">Selected</span>,
      width: '40px',
      render: (one) => (
        <Checkbox
          aria-label={`Select ${one.email ?? one.id}`}
          checked={ticked.has(one.id)}
          onChange={() => tick(one.id)}
        />
      ),
    },
    {
      key: 'customer',
      head: 'Customer',
      width: 'minmax(180px, 2fr)',
      render: (one) => (
        <span className={css.two}>
          <span title={one.email ?? undefined}>{fullName(one) ?? one.email ?? 'no e-mail'}</span>
          <code>{one.id}</code>
        </span>
      ),
    },
    {
      key: 'status',
      head: 'Status',
      width: 'minmax(148px, 1fr)',
      render: (one) => <span className="ellipsis">{one.status ? statusText(one.status) : 'not known'}</span>,
    },
    {
      key: 'plans',
      head: 'Plans',
      width: 'minmax(100px, 1fr)',
      render: (one) => (
        <span className="ellipsis" title={one.plans.join(', ')}>
          {one.plans.join(', ') || 'none'}
        </span>
      ),
    },
    {
      key: 'mrr',
      head: 'MRR',
      width: '120px',
      align: 'end',
      render: (one) => (one.mrr ? <Money {...one.mrr} /> : 'not known'),
    },
    {
      key: 'updated',
      head: 'Changed',
      width: '112px',
      render: (one) => (one.updated_at ? <DateText value={one.updated_at} /> : 'not known'),
    },
    {
      key: 'acts',
      head: <span className="unseen">What can be done</span>,
      width: '176px',
      align: 'end',
      render: (one) => (
        <span className={css.acts}>
          <Button size="compact-sm" onClick={() => acts.list(one)}>
            Subscriptions
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={`More for ${one.email ?? one.id}`}>
                <IconDots size={16} stroke={1.75} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => acts.mail(one)}>Change the e-mail address…</Menu.Item>
              <Menu.Item onClick={() => acts.remove(one)}>Delete the user…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      ),
    },
  ];
  const body = () => {
    if (asked === null) {
      return (
        <EmptyState icon={IconUsers} title="Customers of all sources">
          Those of payment providers too. Leave the fields empty to see the ones that changed last.
        </EmptyState>
      );
    }
    if (customers.error) return <ErrorNotice error={customers.error} />;
    if (!customers.data) {
      return (
        <SkeletonRows
          rowHeight={44}
          columns="40px 2fr 1fr 1fr 120px 112px 176px"
          sentence={asked.all ? 'Asking ProfitWell for all customers, 250 at a time' : 'Asking ProfitWell'}
        />
      );
    }
    if (rows.length === 0) {
      return (
        <EmptyState icon={IconUsers} title="Nobody matches">
          ProfitWell has no customer with this address that changed in these days.
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
            customers.data.more
              ? `The first ${formatCountOf(rows.length, 'customer')}; there are more.`
              : formatCountOf(rows.length, 'customer')
          }
          onAll={customers.data.more && !asked.all ? all : null}
        />
        <div className={css.table}>
          <VirtualTable
            label="Customers"
            columns={columns}
            rowHeight={44}
            totalRows={rows.length}
            getRow={(index) => rows[index]}
            selected={selected}
            onSelect={setSelected}
            onOpen={acts.list}
            onKey={(key, one) => {
              if (key.key !== ' ' || !one) return undefined;
              tick(one.id);
              return true;
            }}
            minWidth={850}
            resetKey={JSON.stringify(request)}
          />
        </div>
        <SelectionBar
          noun="customer"
          count={chosen.length}
          kinds={['delete_user']}
          rows={chosen.map((one) => ({ user: one.id }))}
          onClear={() => setTicked(new Set())}
        />
      </>
    );
  };
  return (
    <>
      <PaneHead title="List customers" meaning={meaningOf('list_customers')} />
      <AskBar
        label="List customers"
        line={readLine(connection, 'customer list', [
          ['--start', form.start],
          ['--end', form.end],
          ['--email', form.email],
          ['--descending', form.order === 'last' ? true : null],
          ...howManyOptions(form),
        ])}
        busy={customers.isFetching}
        howMany={form}
        onHowMany={(next) => setForm({ ...form, ...next })}
        onAsk={() => {
          setTried(true);
          if ([form.start, form.end].some((day) => day.trim() !== '' && !isDay(day.trim().slice(0, 10)))) return;
          setTicked(new Set());
          setSelected(null);
          if (JSON.stringify(asked) === JSON.stringify(form)) void customers.refetch();
          else setAsked(form);
        }}
      >
        <div className={css.askWide}>
          <TextInput
            label="Email"
            placeholder="Any address"
            value={form.email}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
          />
        </div>
        <div className={css.askDay}>
          <DateField
            label="Changed from"
            value={form.start}
            error={wrongDay(form.start)}
            onChange={(start) => setForm({ ...form, start })}
          />
        </div>
        <div className={css.askDay}>
          <DateField
            label="Changed before"
            value={form.end}
            error={wrongDay(form.end)}
            onChange={(end) => setForm({ ...form, end })}
          />
        </div>
        <Input.Wrapper
          className={css.stack}
          label="Changed last"
          labelElement="div"
          labelProps={{ id: 'customers-order' }}
        >
          <SegmentedControl
            aria-labelledby="customers-order"
            value={form.order}
            data={[
              { value: 'last', label: 'On top' },
              { value: 'first', label: 'At the end' },
            ]}
            onChange={(order) => setForm({ ...form, order: order as 'first' | 'last' })}
          />
        </Input.Wrapper>
      </AskBar>
      {body()}
    </>
  );
}

/** One customer. */
export function CustomerRead() {
  const { connection } = useHere();
  const acts = useCustomerActs();
  const [customer, setCustomer] = useKept(connection.id, 'get_customer', '');
  const [asked, setAsked] = useKept<string | null>(connection.id, 'get_customer.asked', null);
  const [missing, setMissing] = useState(false);
  const answer = useCommand(
    'billing_customer',
    { connection: connection.id, customer: asked ?? '' },
    { enabled: asked !== null },
  );
  const found = answer.data;
  const body = () => {
    if (asked === null) {
      return (
        <EmptyState icon={IconUsers} title="Which customer?">
          Type or pick an ID above: ProfitWell’s own (pwu_…), or the payment provider’s.
        </EmptyState>
      );
    }
    if (answer.error) return <ErrorNotice error={answer.error} />;
    if (!found) return <SkeletonRows rows={6} columns="160px 1fr" sentence="Asking ProfitWell" />;
    const day = (at: string | null) => (at ? <DateText value={at} /> : <span className="quiet">not known</span>);
    return (
      <div className={css.scroll}>
        <section className={css.card} aria-label="Customer" data-testid="customer">
          <h3>{fullName(found) ?? found.email ?? found.id}</h3>
          <dl className={css.facts}>
            <dt>ID</dt>
            <dd>
              <code>{found.id}</code>
            </dd>
            <dt>Email</dt>
            <dd>{found.email ?? <span className="quiet">none</span>}</dd>
            <dt>Status</dt>
            <dd>{found.status ? statusText(found.status) : <span className="quiet">not known</span>}</dd>
            <dt>Plans</dt>
            <dd>{found.plans.join(', ') || <span className="quiet">none</span>}</dd>
            <dt>MRR</dt>
            <dd>{found.mrr ? <Money {...found.mrr} /> : <span className="quiet">not known</span>}</dd>
            <dt>Total spend</dt>
            <dd>{found.total_spend ? <Money {...found.total_spend} /> : <span className="quiet">not known</span>}</dd>
            <dt>Created</dt>
            <dd>{day(found.created_at)}</dd>
            <dt>First paid</dt>
            <dd>{day(found.activated_at)}</dd>
            <dt>Churned</dt>
            <dd>{found.churned_at ? <DateText value={found.churned_at} /> : <span className="quiet">never</span>}</dd>
            <dt>Changed</dt>
            <dd>{day(found.updated_at)}</dd>
          </dl>
          <footer className={css.next}>
            <Button onClick={() => acts.list(found)}>List subscriptions</Button>
            <Button onClick={() => acts.mail(found)}>Change the e-mail address</Button>
            <Button variant="danger" onClick={() => acts.remove(found)}>
              Delete the user…
            </Button>
          </footer>
        </section>
      </div>
    );
  };
  return (
    <>
      <PaneHead title="Get a customer" meaning={meaningOf('get_customer')} />
      <AskBar
        label="Get the customer"
        line={readLine(connection, 'customer get', [], customer)}
        busy={answer.isFetching}
        onAsk={() => {
          setMissing(customer.trim() === '');
          if (customer.trim() === '') return;
          if (asked === customer) void answer.refetch();
          else setAsked(customer);
        }}
      >
        <div className={css.askWide}>
          <Picker
            id="ask-customer"
            connection={connection.id}
            kind="user"
            label="Customer ID"
            placeholder="Type, or pick a customer"
            required
            value={customer}
            error={missing && customer.trim() === '' ? 'Say which customer.' : undefined}
            onChange={setCustomer}
          />
        </div>
      </AskBar>
      {body()}
    </>
  );
}
