import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconArrowBackUp, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useValueExplain, type ValueExplainView, type ValueView, type ValueWriteView } from '@/backend';
import { Cell, ErrorNotice, ExternalLink, formatAge, formatMoment, SkeletonRows } from '@/components';
import css from './explanation.module.css';
import { ValueStandingWord } from './ValueStandingWord';

interface Props {
  sync: number;
  customer: string;
  /** API name of the field to begin with; the list of all fields when absent. */
  field?: string;
  onBack: () => void;
  /** Leads to a run of the timeline; it stays plain text when absent. */
  onRun?: (run: number) => void;
}

/** Where the values of a record come from: rule, runs, before and after. Told from what is stored. */
export function Explanation({ sync, customer, field, onBack, onRun }: Props) {
  const query = useValueExplain(sync, customer);
  const [chosen, setChosen] = useState<string | null>(field ?? null);
  const view = query.data;
  const one = view?.fields.find((entry) => entry.field === chosen);
  // Back leads to where the explanation was asked for.
  const back = one && field === undefined ? () => setChosen(null) : onBack;
  const button = useRef<HTMLButtonElement>(null);
  // What had the focus before is gone with its page.
  useEffect(() => button.current?.focus(), [chosen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    back();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leads back from anywhere in it
    <div data-testid="explanation" onKeyDown={onKeyDown}>
      <div className={css.head}>
        <ActionIcon ref={button} size={24} aria-label="Back" onClick={back}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <h3>{one ? one.label : 'Where the values come from'}</h3>
      </div>
      {query.error ? <ErrorNotice error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isPending ? <SkeletonRows rows={8} columns="1fr 80px" /> : null}
      {view && one ? <OneValue view={view} value={one} onRun={onRun} /> : null}
      {view && !one ? <AllValues view={view} onChoose={setChosen} /> : null}
    </div>
  );
}

function AllValues({ view, onChoose }: { view: ValueExplainView; onChoose: (field: string) => void }) {
  return (
    <>
      <div className={css.section}>
        <div className={css.name}>{view.name}</div>
        <p>
          {view.record_url ? (
            <ExternalLink href={view.record_url}>{view.org_name}</ExternalLink>
          ) : (
            `No record in ${view.org_name}.`
          )}
          {view.read_at ? `, last read ${formatAge(view.read_at)}` : null}
        </p>
      </div>
      <ul className={css.fields}>
        {view.fields.map((value) => (
          <li key={value.field}>
            <UnstyledButton className={css.field} onClick={() => onChoose(value.field)}>
              <span className="ellipsis">{value.label}</span>
              <span className={css.value}>
                <Cell cell={value.salesforce ?? value.writes[0]?.after ?? null} />
              </span>
              <IconChevronRight size={14} aria-hidden />
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </>
  );
}

interface OneProps {
  view: ValueExplainView;
  value: ValueView;
  onRun: ((run: number) => void) | undefined;
}

function OneValue({ view, value, onRun }: OneProps) {
  const { rule } = value;
  return (
    <>
      <div className={css.section}>
        <div className={css.api}>{value.field}</div>
        <dl className={css.three}>
          <dt>{view.org_name}</dt>
          <dd>
            <Cell cell={value.salesforce} />
            <ValueStandingWord value={value} />
          </dd>
          <dt>{view.source_name} now</dt>
          <dd>
            <Cell cell={value.billing} />
          </dd>
        </dl>
      </div>
      <div className={css.section}>
        <h4>Rule</h4>
        {rule ? (
          <>
            <p>{rule.sentence}</p>
            <p className={css.api}>
              {rule.source}, {rule.policy}, mapping v{rule.mapping_version}
            </p>
            {value.steps.length > 0 ? (
              <dl className={css.steps}>
                {value.steps.map((step) => [
                  <dt key={`${step.label}-label`}>{step.label}</dt>,
                  <dd key={`${step.label}-value`}>{step.value}</dd>,
                ])}
              </dl>
            ) : null}
            {view.speaks.map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
          </>
        ) : (
          <p>No rule fills this field any more.</p>
        )}
      </div>
      <div className={css.section}>
        <h4>Written by runs</h4>
        {view.takeover ? <p data-testid="explanation-takeover">{view.takeover}</p> : null}
        {value.writes.length === 0 ? <p>No run has written this field of this record.</p> : null}
        <ol className={css.timeline} data-testid="explanation-writes">
          {value.writes.map((write) => (
            <Write key={write.run} write={write} onRun={onRun} />
          ))}
        </ol>
      </div>
    </>
  );
}

function Write({ write, onRun }: { write: ValueWriteView; onRun: ((run: number) => void) | undefined }) {
  return (
    <li data-undone={write.undone_by !== null || undefined}>
      <div className={css.when}>
        {onRun ? (
          <button type="button" className={css.link} onClick={() => onRun(write.run)}>
            Run {write.run}
          </button>
        ) : (
          <b>Run {write.run}</b>
        )}
        <time dateTime={write.at}>{formatMoment(write.at)}</time>
      </div>
      <div className={css.change}>
        <Cell cell={write.before} /> <span aria-hidden="true">→</span>
        <span className="unseen">became</span> <Cell cell={write.after} />
      </div>
      <p>
        {write.undoes === null ? write.rule?.sentence : `Put back what stood here before run ${write.undoes}.`}
        {write.rule ? ` Mapping v${write.rule.mapping_version}.` : ''}
        {write.user_name ? ` By ${write.user_name}.` : ''}
      </p>
      {write.undone_by === null ? null : (
        <p className={css.undone}>
          <IconArrowBackUp size={13} stroke={1.9} aria-hidden />
          undone by run {write.undone_by}
        </p>
      )}
    </li>
  );
}
