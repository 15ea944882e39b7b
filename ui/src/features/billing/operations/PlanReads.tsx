import { Button } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useState } from 'react';
import { type BillingPlanView, useCommand } from '@/backend';
import {
  CopyButton,
  EmptyState,
  ErrorNotice,
  formatCount,
  formatCountOf,
  SkeletonRows,
  type TableColumn,
  VirtualTable,
} from '@/components';
import { AskBar, type HowMany, limitOf, TEN } from './AskBar';
import { meaningOf } from './catalogue';
import { emptyFields } from './draft';
import { Found } from './Found';
import { useKept } from './kept';
import { howManyOptions, readLine } from './lines';
import css from './operations.module.css';
import { PaneHead } from './PaneHead';
import { Picker } from './Picker';
import { useHere } from './place';

function usePlanActs() {
  const { forms, go } = useHere();
  const empty = (kind: 'update_plan' | 'create_subscription') => {
    const form = forms.find((one) => one.kind === kind);
    return form ? emptyFields(form) : {};
  };
  return {
    rename: (plan: BillingPlanView) =>
      go('update_plan', { fields: { ...empty('update_plan'), plan_id: plan.id, name: plan.name } }),
    use: (plan: BillingPlanView) =>
      go('create_subscription', { fields: { ...empty('create_subscription'), plan_id: plan.id } }),
  };
}

/** The plans made by hand or by the API. */
export function PlansRead() {
  const { connection, go } = useHere();
  const acts = usePlanActs();
  const [form, setForm] = useKept<HowMany>(connection.id, 'list_plans', TEN);
  const [asked, setAsked] = useKept<HowMany | null>(connection.id, 'list_plans.asked', null);
  const [selected, setSelected] = useState<number | null>(null);
  const limit = limitOf(asked ?? TEN) ?? { limit: 10, all: false };
  const plans = useCommand('billing_plans', { connection: connection.id, ...limit }, { enabled: asked !== null });
  const rows = plans.data?.plans ?? [];

  const columns: TableColumn<BillingPlanView>[] = [
    {
      key: 'name',
      head: 'Name',
      width: 'minmax(160px, 1fr)',
      render: (plan) => (
        <span className="ellipsis" title={plan.name}>
          {plan.name}
        </span>
      ),
    },
    {
      key: 'id',
      head: 'ID',
      width: 'minmax(160px, 1fr)',
      render: (plan) => <code className="ellipsis">{plan.id}</code>,
    },
    {
      key: 'acts',
      head: <span className="unseen">What can be done</span>,
      width: '260px',
      align: 'end',
      render: (plan) => (
        <span className={css.acts}>
          <Button size="compact-sm" onClick={() => acts.use(plan)}>
            New subscription
          </Button>
          <Button size="compact-sm" onClick={() => acts.rename(plan)}>
            Rename
          </Button>
        </span>
      ),
    },
  ];
  const body = () => {
    if (asked === null) {
      return (
        <EmptyState icon={IconListDetails} title="Plans made by hand or by the API">
          Plans that come from a payment provider are not among them: ProfitWell’s API does not list those.
        </EmptyState>
      );
    }
    if (plans.error) return <ErrorNotice error={plans.error} />;
    if (!plans.data) return <SkeletonRows rowHeight={32} columns="1fr 1fr 260px" sentence="Asking ProfitWell" />;
    if (rows.length === 0) {
      return (
        <EmptyState
          icon={IconListDetails}
          title="No plans"
          actions={<Button onClick={() => go('create_plan')}>Create a plan</Button>}
        >
          None was made by hand or by the API so far. Plans of a payment provider are not listed here.
        </EmptyState>
      );
    }
    const all = () => {
      setForm({ ...form, all: true });
      setAsked({ ...form, all: true });
    };
    return (
      <>
        <Found
          words={
            plans.data.total > rows.length
              ? `The first ${formatCount(rows.length)} of ${formatCountOf(plans.data.total, 'plan')}`
              : formatCountOf(rows.length, 'plan')
          }
          onAll={plans.data.total > rows.length ? all : null}
        />
        <div className={css.table}>
          <VirtualTable
            label="Plans"
            columns={columns}
            rowHeight={36}
            totalRows={rows.length}
            getRow={(index) => rows[index]}
            selected={selected}
            onSelect={setSelected}
            onOpen={acts.rename}
            minWidth={560}
          />
        </div>
      </>
    );
  };
  return (
    <>
      <PaneHead title="List plans" meaning={meaningOf('list_plans')} />
      <AskBar
        label="List plans"
        line={readLine(connection, 'plan list', howManyOptions(form))}
        busy={plans.isFetching}
        howMany={form}
        onHowMany={setForm}
        onAsk={() => (JSON.stringify(asked) === JSON.stringify(form) ? void plans.refetch() : setAsked(form))}
      />
      {body()}
    </>
  );
}

/** One plan. */
export function PlanRead() {
  const { connection } = useHere();
  const acts = usePlanActs();
  const [plan, setPlan] = useKept(connection.id, 'get_plan', '');
  const [asked, setAsked] = useKept<string | null>(connection.id, 'get_plan.asked', null);
  const [missing, setMissing] = useState(false);
  const answer = useCommand(
    'billing_plan',
    { connection: connection.id, plan: asked ?? '' },
    { enabled: asked !== null },
  );
  const found = answer.data;
  const body = () => {
    if (asked === null) {
      return (
        <EmptyState icon={IconListDetails} title="Which plan?">
          Type or pick its ID above. Plans that come from a payment provider cannot be looked up by ProfitWell’s API.
        </EmptyState>
      );
    }
    if (answer.error) return <ErrorNotice error={answer.error} />;
    if (!found) return <SkeletonRows rows={2} columns="120px 1fr" sentence="Asking ProfitWell" />;
    return (
      <div className={css.scroll}>
        <section className={css.card} aria-label="Plan" data-testid="plan">
          <h3>{found.name}</h3>
          <dl className={css.facts}>
            <dt>Name</dt>
            <dd>{found.name}</dd>
            <dt>ID</dt>
            <dd>
              <code>{found.id}</code>
            </dd>
          </dl>
          <footer className={css.next}>
            <Button onClick={() => acts.rename(found)}>Rename it</Button>
            <Button onClick={() => acts.use(found)}>New subscription on it</Button>
            <CopyButton text={found.id} label="Copy the ID" compact={false} />
          </footer>
        </section>
      </div>
    );
  };
  return (
    <>
      <PaneHead title="Get a plan" meaning={meaningOf('get_plan')} />
      <AskBar
        label="Get the plan"
        line={readLine(connection, 'plan get', [], plan)}
        busy={answer.isFetching}
        onAsk={() => {
          setMissing(plan.trim() === '');
          if (plan.trim() === '') return;
          if (asked === plan) void answer.refetch();
          else setAsked(plan);
        }}
      >
        <div className={css.askWide}>
          <Picker
            id="ask-plan"
            connection={connection.id}
            kind="plan"
            label="Plan ID"
            required
            value={plan}
            error={missing && plan.trim() === '' ? 'Say which plan.' : undefined}
            onChange={setPlan}
          />
        </div>
      </AskBar>
      {body()}
    </>
  );
}
