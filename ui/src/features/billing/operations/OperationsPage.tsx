import { Button, Select } from '@mantine/core';
import { IconEyeCheck, IconReceipt } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import {
  type ConnectionView,
  type OperationFormView,
  type OperationKindView,
  useCommand,
  useConnections,
} from '@/backend';
import { EmptyState, ErrorNotice, SkeletonRows, StatusWord } from '@/components';
import { BillingFrame } from '../BillingFrame';
import { PRODUCTS } from '../products';
import { BatchPane } from './BatchPane';
import { CustomerRead, CustomersRead } from './CustomerReads';
import { CONSOLE, OPERATIONS, type Place, placeOf } from './catalogue';
import { Guard } from './Guard';
import { ImportPane } from './ImportPane';
import { JournalPane } from './JournalPane';
import { useKeep } from './kept';
import css from './operations.module.css';
import { PlanRead, PlansRead } from './PlanReads';
import { type Here, HereProvider } from './place';
import { Rail } from './Rail';
import { SubscriptionsRead } from './SubscriptionsRead';
import { WritePane } from './WritePane';

/** What can be done in the billing systems: their operations, one at a time or many, and what was done. */
export function OperationsPage() {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const connections = useConnections();
  const forms = useCommand('operation_forms', {}, { staleTime: Number.POSITIVE_INFINITY });
  const error = connections.error ?? forms.error;
  if (error && (!connections.data || !forms.data)) {
    return (
      <BillingFrame>
        <ErrorNotice
          error={error}
          retry={() => {
            void connections.refetch();
            void forms.refetch();
          }}
        />
      </BillingFrame>
    );
  }
  if (!connections.data || !forms.data) {
    return (
      <BillingFrame>
        <SkeletonRows rows={12} rowHeight={44} columns="248px 1fr" sentence="Reading the operations" />
      </BillingFrame>
    );
  }
  const all = connections.data.filter((one) => one.provider !== 'salesforce');
  const connection = all.find((one) => String(one.id) === params.get('connection')) ?? all[0];
  if (!connection) {
    return (
      <BillingFrame>
        <EmptyState
          icon={IconReceipt}
          title="No billing system is connected"
          actions={
            <Button variant="filled" onClick={() => navigate('/connections?connect')}>
              Connect ProfitWell or Alguna
            </Button>
          }
        >
          Subscriptions, users and plans are changed in ProfitWell, links to Salesforce and aliases in Alguna, each with
          the key of its connection. Nothing is sent before you have confirmed it.
        </EmptyState>
      </BillingFrame>
    );
  }
  const at = placeOf(params.get('op'), connection.provider);
  return (
    <BillingFrame
      end={
        <>
          {connection.read_only ? (
            <StatusWord tone="held" icon={IconEyeCheck}>
              Read-only
            </StatusWord>
          ) : null}
          <Select
            aria-label="Connection"
            w={216}
            allowDeselect={false}
            data={all.map((one) => ({
              value: String(one.id),
              label: one.name === PRODUCTS[one.provider] ? one.name : `${one.name} (${PRODUCTS[one.provider]})`,
            }))}
            value={String(connection.id)}
            onChange={(id) => id && navigate(`${OPERATIONS}?${new URLSearchParams({ connection: id, op: at })}`)}
            data-testid="operations-connection"
          />
        </>
      }
    >
      <Operations key={connection.id} connection={connection} forms={forms.data} />
    </BillingFrame>
  );
}

function Operations({ connection, forms }: { connection: ConnectionView; forms: OperationFormView[] }) {
  const navigate = useNavigate();
  const keep = useKeep();
  const [params] = useSearchParams();
  const at = placeOf(params.get('op'), connection.provider);
  const batch = Number(params.get('batch')) || null;
  const several = params.get('several') !== null;

  const here: Here = useMemo(() => {
    const go: Here['go'] = (place, { fields, batch: shown, several: many } = {}) => {
      if (fields) keep(connection.id, place, fields);
      if (place === 'api_call') {
        void navigate(CONSOLE);
        return;
      }
      const next = new URLSearchParams({ connection: `${connection.id}`, op: place });
      if (many) next.set('several', '1');
      if (shown !== undefined) next.set('batch', `${shown}`);
      void navigate(`${OPERATIONS}?${next}`);
    };
    return {
      connection,
      forms,
      go,
      listSubscriptions: (user) => {
        const asked = { user, limit: '10', all: true };
        keep(connection.id, 'list_subscriptions', asked);
        keep(connection.id, 'list_subscriptions.asked', asked);
        go('list_subscriptions');
      },
    };
  }, [connection, forms, keep, navigate]);

  return (
    <HereProvider value={here}>
      <div className={css.tab}>
        <Guard connection={connection} />
        <div className={css.halves}>
          <Rail at={at} connection={connection} />
          <section className={css.pane} aria-label="Operation">
            <Pane key={`${at} ${batch ?? ''}`} at={at} several={several} batch={batch} go={here.go} />
          </section>
        </div>
      </div>
    </HereProvider>
  );
}

function Pane({ at, several, batch, go }: { at: Place; several: boolean; batch: number | null; go: Here['go'] }) {
  if (batch !== null) {
    const journal = at === 'journal';
    return (
      <BatchPane
        id={batch}
        backLabel={journal ? 'History' : 'Another file'}
        onBack={() => (journal ? go('journal') : go(at, { several: true }))}
      />
    );
  }
  switch (at) {
    case 'journal':
      return <JournalPane />;
    case 'list_subscriptions':
      return <SubscriptionsRead />;
    case 'list_plans':
      return <PlansRead />;
    case 'get_plan':
      return <PlanRead />;
    case 'list_customers':
      return <CustomersRead />;
    case 'get_customer':
      return <CustomerRead />;
    case 'import_accounts':
      return <ImportPane />;
    case 'api_call':
      return null;
    default:
      return <WritePane kind={at satisfies OperationKindView} several={several} />;
  }
}
