import { IconCheck, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { type CustomerView, type InSalesforceView, type SourceAge, useCustomer } from '@/backend';
import {
  Cell,
  cellText,
  DateText,
  Drawer,
  DrawerBody,
  DrawerFacts,
  DrawerSection,
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
export function CustomerDrawer({ source, customer, age, onStep, onClose }: Props) {
  const query = useCustomer(source, customer);
  const [explained, setExplained] = useState<{ sync: number; field: string } | null>(null);
  const view = query.data;
  return (
    <Drawer
      title={view?.name ?? ' '}
      label={view?.name ?? 'Customer'}
      under={
        <>
          <span className={css.id} title={customer}>
            {customer}
          </span>
          {view?.in_salesforce.map((one) => (
            <ExternalLink key={one.sync_name} href={one.record_url}>
              {one.org_name}
            </ExternalLink>
          ))}
        </>
      }
      onStep={onStep}
      steps={['Previous', 'Next']}
      onClose={onClose}
      testId="customer-drawer"
    >
      <DrawerBody label="Values on both sides">
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
      </DrawerBody>
    </Drawer>
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
        <DrawerSection title="In Salesforce">
          <p className={css.quiet}>No record is linked to this customer. A preview shows how it would be found.</p>
        </DrawerSection>
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
      <DrawerSection title="Subscriptions" note={formatCount(view.subscriptions.length)}>
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
      </DrawerSection>
      <DrawerSection title="Contacts" note={formatCount(view.contacts.length)}>
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
      </DrawerSection>
      <DrawerSection title="Customer">
        <DrawerFacts
          facts={[
            ['Email', view.email],
            [
              'Address',
              view.address.length === 0
                ? null
                : view.address.map((line) => (
                    <span key={line} className={css.line}>
                      {line}
                    </span>
                  )),
            ],
            ['Tax rate', view.tax_rate],
            [
              'Total spend',
              view.total_spend ? <Money amount={view.total_spend.amount} currency={view.total_spend.currency} /> : null,
            ],
            ['Created', view.created_at ? <DateText value={view.created_at} /> : null],
            ['Last changed', view.updated_at ? <DateText value={view.updated_at} /> : null],
          ]}
        />
      </DrawerSection>
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
      <DrawerSection>
        <p className={css.quiet}>
          {differ === 0
            ? `Both sides agree on every field of ${side.sync_name}.`
            : `${formatCount(differ)} of ${formatCount(side.fields.length)} fields of ${side.sync_name} differ.`}
        </p>
      </DrawerSection>
    </>
  );
}
