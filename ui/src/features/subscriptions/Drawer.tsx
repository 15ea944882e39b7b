import { ActionIcon } from '@mantine/core';
import { IconCheck, IconChevronLeft, IconChevronRight, IconPencil, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { type CustomerView, type InSalesforceView, type SourceAge, useCustomer } from '@/backend';
import {
  Cell,
  cellText,
  DateText,
  ErrorNotice,
  ExternalLink,
  formatAge,
  formatCount,
  Money,
  SkeletonRows,
} from '@/components';
import { Explanation } from '../history/Explanation';
import { shortLabels } from '../sync/shared/heads';
import css from './drawer.module.css';
import { Status } from './Status';

interface Props {
  source: number;
  customer: string;
  age: SourceAge | undefined;
  onStep: ((by: 1 | -1) => void) | null;
  onClose: () => void;
}

/** A customer: its values in billing beside those in Salesforce, each with its age. */
export function Drawer({ source, customer, age, onStep, onClose }: Props) {
  const query = useCustomer(source, customer);
  const [explained, setExplained] = useState<{ sync: number; field: string } | null>(null);
  const view = query.data;
  return (
    <aside className={css.drawer} aria-label={view?.name ?? 'Customer'} data-testid="customer-drawer">
      <div className={css.head}>
        <div className={css.title}>
          <h2 title={view?.name}>{view?.name ?? ' '}</h2>
          {onStep ? (
            <>
              <ActionIcon size={24} aria-label="Previous" onClick={() => onStep(-1)}>
                <IconChevronLeft size={16} />
              </ActionIcon>
              <ActionIcon size={24} aria-label="Next" onClick={() => onStep(1)}>
                <IconChevronRight size={16} />
              </ActionIcon>
            </>
          ) : null}
          <ActionIcon size={24} aria-label="Close" onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </div>
        <div className={css.under}>
          <span className={css.id} title={customer}>
            {customer}
          </span>
          {view?.in_salesforce.map((one) => (
            <ExternalLink key={one.sync_name} href={one.record_url}>
              {one.org_name}
            </ExternalLink>
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keys scroll it */}
      <section className={css.body} aria-label="Values on both sides" tabIndex={0}>
        {explained ? (
          <Explanation
            sync={explained.sync}
            customer={customer}
            field={explained.field}
            onBack={() => setExplained(null)}
          />
        ) : view ? (
          <Customer view={view} age={age} onExplain={(sync, field) => setExplained({ sync, field })} />
        ) : query.error ? (
          <ErrorNotice error={query.error} retry={() => void query.refetch()} />
        ) : (
          <SkeletonRows rows={8} columns="104px 108px 1fr" />
        )}
      </section>
    </aside>
  );
}

interface CustomerProps {
  view: CustomerView;
  age: SourceAge | undefined;
  onExplain: (sync: number, field: string) => void;
}

function Customer({ view, age, onExplain }: CustomerProps) {
  return (
    <>
      {view.in_salesforce.length === 0 ? (
        <div className={css.section}>
          <h3>In Salesforce</h3>
          <p className={css.quiet}>No record is linked to this customer. A preview shows how it would be found.</p>
        </div>
      ) : (
        view.in_salesforce.map((one) => (
          <Compare
            key={one.sync_name}
            sourceName={view.source_name}
            pulledAt={age?.pulled_at ?? null}
            side={one}
            onExplain={(field) => onExplain(one.sync, field)}
          />
        ))
      )}
      <div className={css.section}>
        <h3>
          Subscriptions <span>{formatCount(view.subscriptions.length)}</span>
        </h3>
        {view.subscriptions.length === 0 ? <p className={css.quiet}>None.</p> : null}
        {view.subscriptions.map((one) => (
          <div key={one.subscription ?? one.name ?? one.plan ?? one.status} className={css.subscription}>
            <span className="ellipsis" title={one.name ?? one.plan ?? undefined}>
              {one.name ?? one.plan ?? 'No name'}
            </span>
            <span>{one.mrr === null ? '' : <Money amount={one.mrr} currency={one.currency ?? undefined} />}</span>
            <Status word={one.status} />
            <span className={css.quiet}>
              {one.interval ?? ''}
              {one.renews_on ? (
                <>
                  {one.interval ? ', ' : ''}renews <DateText value={one.renews_on} />
                </>
              ) : null}
            </span>
          </div>
        ))}
      </div>
      <div className={css.section}>
        <h3>
          Contacts <span>{formatCount(view.contacts.length)}</span>
        </h3>
        {view.contacts.length === 0 ? <p className={css.quiet}>None.</p> : null}
        {view.contacts.map((contact) => (
          <div key={`${contact.name}-${contact.email}`} className={css.pair}>
            <span className="ellipsis" title={contact.name}>
              {contact.name}
              {contact.is_primary ? ', invoices' : ''}
            </span>
            <span className={`ellipsis ${css.quiet}`} title={contact.email ?? undefined}>
              {contact.email ?? ''}
            </span>
          </div>
        ))}
      </div>
      <div className={css.section}>
        <h3>Customer</h3>
        <dl className={css.facts}>
          {view.email ? <Fact name="Email">{view.email}</Fact> : null}
          {view.address.length > 0 ? (
            <Fact name="Address">
              {view.address.map((line) => (
                <span key={line} className={css.line}>
                  {line}
                </span>
              ))}
            </Fact>
          ) : null}
          {view.tax_rate ? <Fact name="Tax rate">{view.tax_rate}</Fact> : null}
          {view.total_spend ? (
            <Fact name="Total spend">
              <Money amount={view.total_spend.amount} currency={view.total_spend.currency} />
            </Fact>
          ) : null}
          {view.created_at ? (
            <Fact name="Created">
              <DateText value={view.created_at} />
            </Fact>
          ) : null}
          {view.updated_at ? (
            <Fact name="Last changed">
              <DateText value={view.updated_at} />
            </Fact>
          ) : null}
        </dl>
      </div>
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface CompareProps {
  sourceName: string;
  pulledAt: string | null;
  side: InSalesforceView;
  onExplain: (field: string) => void;
}

function Compare({ sourceName, pulledAt, side, onExplain }: CompareProps) {
  const labels = shortLabels(side.fields.map((field) => field.label));
  const differ = side.fields.filter((field) => !field.same).length;
  return (
    <>
      <table className={css.compare}>
        <colgroup>
          <col style={{ width: 118 }} />
          <col />
          <col />
          <col style={{ width: 36 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">Field</span>
            </th>
            <th scope="col">
              <span className={css.side}>{sourceName}</span>
              {pulledAt ? formatAge(pulledAt) : 'not read'}
            </th>
            <th scope="col">
              <span className={css.side}>{side.org_name}</span>
              {side.read_at ? formatAge(side.read_at) : 'not read'}
            </th>
            <th scope="col">
              <span className="unseen">Agree</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {side.fields.map((field, place) => (
            <tr key={field.label} data-differs={!field.same || undefined}>
              <th scope="row" title={field.label}>
                {labels[place]}
              </th>
              <td>
                <Cell cell={field.billing} />
              </td>
              <td>
                <button
                  type="button"
                  className={css.explain}
                  aria-label={`${cellText(field.salesforce)}: where ${field.label} comes from`}
                  onClick={() => onExplain(field.field)}
                >
                  <Cell cell={field.salesforce} />
                </button>
              </td>
              <td>
                {field.same ? (
                  <IconCheck size={14} stroke={1.9} aria-label="agree" />
                ) : (
                  <IconPencil size={14} stroke={1.9} aria-label="differ" />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={css.section}>
        <p className={css.quiet}>
          {differ === 0
            ? `Both sides agree on every field of ${side.sync_name}.`
            : `${formatCount(differ)} of ${formatCount(side.fields.length)} fields of ${side.sync_name} differ.`}
        </p>
      </div>
    </>
  );
}
