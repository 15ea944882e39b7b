import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconExternalLink, IconX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { type FieldExplainView, type MatchStateView, type PlanRowView, useBackend, usePlanExplain } from '@/backend';
import { Cell, ErrorNotice, formatDecimal, SkeletonRows } from '@/components';
import { DELETION } from './deletion';
import { writable } from './filter';
import css from './panel.module.css';
import { ThreeWay } from './ThreeWay';
import { WhyChoices } from './WhyChoices';
import { WhySpeaker } from './WhySpeaker';

/** Reasons that are settled on the Matching tab, with the group the customer stands in there. */
const MATCHED: Readonly<Record<string, MatchStateView>> = {
  needs_review: 'proposed',
  new_id: 'proposed',
  former_is_back: 'conflict',
  handed_over: 'conflict',
  ignored: 'apart',
};

interface Props {
  /** Number of the sync. */
  sync: number;
  plan: number;
  /** Run that the plan takes back, when it is an undo: no subscription speaks in it. */
  undoes: number | null;
  row: PlanRowView;
  /** The field looked at; the first that changes when absent. */
  field: string | null;
  sourceName: string;
  sobject: string;
  /** Whether decisions still count. */
  open: boolean;
  onField: (field: string) => void;
  onStep: (by: 1 | -1) => void;
  onDecide: (field: string | null, hold: boolean) => void;
  onClose: () => void;
}

/** Why one row of the plan is as it is, and the choice a person has. */
export function WhyPanel(props: Props) {
  const { plan, row, field, sourceName, sobject } = props;
  const backend = useBackend();
  const explain = usePlanExplain(plan, row.customer);
  const why = explain.data;
  const one = why?.fields.find((entry) => entry.field === field) ?? (field ? undefined : why?.fields[0]);
  const others = why?.fields.filter((entry) => entry.field !== one?.field) ?? [];

  return (
    <aside
      className={css.panel}
      aria-label={`Why: ${row.name}`}
      data-testid="why-panel"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        props.onClose();
      }}
    >
      <div className={css.head}>
        <div className={css.title}>
          <h2 title={row.name}>{row.name}</h2>
          <ActionIcon size={24} aria-label="Previous record" onClick={() => props.onStep(-1)}>
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon size={24} aria-label="Next record" onClick={() => props.onStep(1)}>
            <IconChevronRight size={16} />
          </ActionIcon>
          <ActionIcon size={24} aria-label="Close" onClick={props.onClose}>
            <IconX size={16} />
          </ActionIcon>
        </div>
        <div className={css.under}>{one ? one.label : row.customer}</div>
        {one ? <div className={css.api}>{one.field}</div> : null}
      </div>
      <div className={css.body}>
        {explain.error ? <ErrorNotice error={explain.error} retry={() => void explain.refetch()} /> : null}
        {explain.isPending ? <SkeletonRows rows={8} columns="1fr 80px" /> : null}
        {row.reason ? (
          <div className={css.section}>
            <h3>{row.action === 'blocked' ? 'Blocked' : 'Skipped'}</h3>
            <div>{row.reason.message}</div>
            <p>{row.reason.next_step}</p>
            {row.reason.code in MATCHED ? (
              <p>
                <Link
                  to={`../matching?group=${MATCHED[row.reason.code]}&customer=${encodeURIComponent(row.customer)}`}
                  relative="path"
                  data-testid="why-matching"
                >
                  Open it in Matching
                </Link>
              </p>
            ) : null}
          </div>
        ) : null}
        {row.action === 'delete' ? (
          <div className={css.section} data-testid="why-deletion">
            <h3>Deleted</h3>
            <div>The run that is undone created this record, and nobody has saved it since.</div>
            <p>{DELETION}</p>
          </div>
        ) : null}
        {one ? <ThreeWay entry={one} sourceName={sourceName} undoes={props.undoes} /> : null}
        {one ? <Derivation entry={one} speaks={why?.speaks.slice(0, 1) ?? []} /> : null}
        {why && one && writable(row) && props.open ? (
          <WhyChoices row={row} entry={one} sobject={sobject} undoes={props.undoes} onDecide={props.onDecide} />
        ) : null}
        {why && props.undoes === null ? <WhySpeaker sync={props.sync} customer={row.customer} /> : null}
        {others.length > 0 ? (
          <div className={css.section}>
            <h3>{one ? 'Other fields that change' : 'Fields that change'}</h3>
            {others.map((entry) => (
              <UnstyledButton key={entry.field} className={css.field} onClick={() => props.onField(entry.field)}>
                <span>{entry.label}</span>
                <span>
                  <Cell cell={entry.after} />
                </span>
              </UnstyledButton>
            ))}
          </div>
        ) : null}
        {why && (why.matched_by || !one) ? (
          <div className={css.section}>
            <h3>Where it comes from</h3>
            {why.matched_by ? <div className={css.small}>{why.matched_by}.</div> : null}
            {one ? null : why.speaks.slice(0, 1).map((sentence) => <p key={sentence}>{sentence}</p>)}
          </div>
        ) : null}
      </div>
      {why?.record_url ? (
        <div className={css.foot}>
          <UnstyledButton className={css.link} onClick={() => void backend.openExternal(why.record_url ?? '')}>
            <IconExternalLink size={14} stroke={1.9} aria-hidden />
            Open in Salesforce
          </UnstyledButton>
        </div>
      ) : null}
    </aside>
  );
}

function Derivation({ entry, speaks }: { entry: FieldExplainView; speaks: ReadonlyArray<string> }) {
  const last = entry.steps.length - 1;
  const figures = entry.after.kind === 'money' || entry.after.kind === 'number';
  return (
    <div className={css.section}>
      <h3>
        Why <Cell cell={entry.after} />
      </h3>
      <div className={css.steps}>
        {entry.steps.map((step, at) => [
          <span key={`${step.label}-label`} className={at === last && at > 0 ? css.sum : undefined}>
            {step.label}
          </span>,
          <span key={`${step.label}-value`} className={at === last && at > 0 ? css.sum : undefined}>
            {figures ? formatDecimal(step.value) : step.value}
          </span>,
        ])}
      </div>
      {entry.steps.length === 0 ? <p>{entry.explanation}</p> : null}
      {speaks.length > 0 ? <p>{speaks.join(' ')}</p> : null}
    </div>
  );
}
