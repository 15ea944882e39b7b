import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { type OperationRowView, useCommand, usePages } from '@/backend';
import {
  DateText,
  Drawer,
  DrawerBody,
  DrawerFacts,
  DrawerFoot,
  DrawerSection,
  ErrorNotice,
  formatCount,
  formatCountOf,
  SkeletonRows,
  StatusWord,
} from '@/components';
import { formatElapsed, formatSize, recordOf, standingOfCall } from '../billing/console/words';
import { CONSOLE, OPERATIONS } from '../billing/operations/catalogue';
import { RowDetails } from '../billing/operations/Result';
import { OUTCOMES, outcomeMeaning } from '../billing/operations/words';
import { tabPath } from '../sync/shared/paths';
import css from './drawer.module.css';
import { Equation } from './Equation';
import { type EntryKey, type EntryOf, IMPORT_TERMS, nameOf, systemOf, tookIn } from './entry';
import { Standing } from './Standing';

/** Rows a drawer shows; all of them are on the entry's own screen. */
const FEW = 50;

interface Props {
  entry: EntryKey;
  onStep: ((by: 1 | -1) => void) | null;
  onClose: () => void;
}

/** An operation, an import or a call by hand: what it was, what became of it, and where there is more. */
export function EntryDrawer({ entry, onStep, onClose }: Props) {
  return (
    <Drawer
      title={nameOf(entry)}
      onStep={onStep}
      steps={['Newer entry', 'Older entry']}
      onClose={onClose}
      testId="history-drawer"
    >
      {entry.kind === 'operation' ? (
        <Operation id={entry.id} />
      ) : entry.kind === 'import' ? (
        <Import id={entry.id} />
      ) : (
        <Call id={entry.id} />
      )}
    </Drawer>
  );
}

/** What is on its way, or failed on it. */
function Waiting({ error, retry }: { error: Error | null; retry: () => void }) {
  return error ? <ErrorNotice error={error} retry={retry} /> : <SkeletonRows rows={8} columns="1fr 80px" />;
}

function Body({ children, foot }: { children: ReactNode; foot: ReactNode }) {
  return (
    <>
      <DrawerBody label="What it was">{children}</DrawerBody>
      <DrawerFoot>{foot}</DrawerFoot>
    </>
  );
}

const moment = (at: string | null) => (at ? <DateText value={at} time /> : null);

function Operation({ id }: { id: number }) {
  const batch = useCommand('operation_get', { batch: id });
  const pages = usePages('operation_rows', { batch: id, outcome: null, search: '' }, { pageSize: FEW });
  const view = batch.data;
  const rows = pages.first?.rows;
  if (!view || !rows) {
    return (
      <Waiting
        error={batch.error ?? pages.error}
        retry={() => {
          void batch.refetch();
          pages.refetch();
        }}
      />
    );
  }
  const entry: EntryOf<'operation'> = { kind: 'operation', ...view };
  const only = view.rows === 1 ? rows[0] : undefined;
  const more = new URLSearchParams({ connection: `${view.connection}`, op: 'journal', batch: `${view.id}` });
  return (
    <Body
      foot={
        <Link className={css.open} to={`${OPERATIONS}?${more}`} data-testid="history-open">
          {view.rows === 1 ? 'Open the operation' : `Open with ${formatCountOf(view.rows, 'row')}`}
        </Link>
      }
    >
      <DrawerSection>
        <p className={css.sentence}>{only?.sentence || view.title}</p>
        <div className={css.sum}>
          <Standing entry={entry} />
          {only ? null : (
            <p className={`${css.quiet} tabular`}>
              <Equation entry={entry} />
            </p>
          )}
          {only?.outcome ? <p className={css.quiet}>{outcomeMeaning(only.outcome, view.provider)}</p> : null}
        </div>
      </DrawerSection>
      {only && (only.message || only.before.length > 0 || only.after || only.links_after.length > 0) ? (
        <DrawerSection title="Before and after" testId="history-states">
          <RowDetails row={only} />
        </DrawerSection>
      ) : null}
      {only ? null : (
        <DrawerSection title="Rows" note={formatCount(view.rows)}>
          {rows.map((row) => (
            <Row key={row.number} row={row} />
          ))}
          {view.rows > rows.length ? (
            <p className={css.quiet}>and {formatCount(view.rows - rows.length)} more, on its own screen</p>
          ) : null}
        </DrawerSection>
      )}
      <DrawerSection title="How it was made">
        <DrawerFacts
          facts={[
            ['Why it stands so', view.reason],
            ['Sent by', view.who ?? 'not known'],
            ['Through', systemOf(entry)],
            ['Started', moment(view.started_at)],
            ['Ended', moment(view.finished_at)],
            ['Took', tookIn(entry)],
          ]}
        />
      </DrawerSection>
    </Body>
  );
}

function Row({ row }: { row: OperationRowView }) {
  const look = row.outcome ? OUTCOMES[row.outcome] : null;
  return (
    <div className={css.line}>
      <div>
        {row.sentence || row.subject}
        {row.message ? <p className={css.quiet}>{row.message}</p> : null}
      </div>
      {look ? (
        <StatusWord tone={look.tone} icon={look.icon}>
          {look.word}
        </StatusWord>
      ) : (
        <span className={css.quiet}>open</span>
      )}
    </div>
  );
}

function Import({ id }: { id: number }) {
  const view = useCommand('import_get', { import: id });
  const rows = useCommand('import_rows', { import: id, action: 'create', search: '', offset: 0, limit: FEW });
  const data = view.data;
  if (!data) return <Waiting error={view.error} retry={() => void view.refetch()} />;
  const entry: EntryOf<'import'> = { kind: 'import', ...data };
  return (
    <Body
      foot={
        <Link className={css.open} to={tabPath(data.sync, 'links')} data-testid="history-open">
          Open the imports of “{data.sync_name}”
        </Link>
      }
    >
      <DrawerSection testId="history-equation">
        <div className={css.equation}>
          <span />
          <span>Accounts read from {data.org_name}</span>
          <span>{formatCount(data.read)}</span>
          {IMPORT_TERMS.map(([term, word], place) => [
            <span key={`${term}-sign`} className={css.sign}>
              {place === 0 ? '=' : '+'}
            </span>,
            <span key={`${term}-word`} className={css.term} data-zero={data.counts[term] === 0 || undefined}>
              {word.charAt(0).toUpperCase() + word.slice(1)}
            </span>,
            <span key={`${term}-count`} data-zero={data.counts[term] === 0 || undefined}>
              {formatCount(data.counts[term])}
            </span>,
          ])}
        </div>
        <div className={css.sum}>
          <Standing entry={entry} />
        </div>
      </DrawerSection>
      <DrawerSection title="Accounts that were to become customers" note={formatCount(data.create)}>
        {rows.error && !rows.data ? <ErrorNotice inline error={rows.error} retry={() => void rows.refetch()} /> : null}
        {(rows.data?.rows ?? []).map((row) => (
          <div key={row.record} className={css.line}>
            <div>
              {row.name}
              <p className={css.code}>
                {row.record}
                {row.customer ? ` = ${row.customer}` : ''}
              </p>
              {row.problem ? <p className={css.quiet}>{row.problem}</p> : null}
            </div>
            <span className={css.quiet}>{row.outcome ?? 'open'}</span>
          </div>
        ))}
        {data.create > FEW ? (
          <p className={css.quiet}>and {formatCount(data.create - FEW)} more, with the imports of the sync</p>
        ) : null}
      </DrawerSection>
      <DrawerSection title="How it was made">
        <DrawerFacts
          facts={[
            ['Why it stands so', data.reason],
            ['Begun by', data.who ?? 'not known'],
            ['Into', data.source_name],
            ['Started', moment(data.began_at)],
            ['Ended', moment(data.finished_at)],
            ['Took', tookIn(entry)],
          ]}
        />
      </DrawerSection>
    </Body>
  );
}

function Call({ id }: { id: number }) {
  const call = useCommand('console_get', { call: id });
  const view = call.data;
  if (!view) return <Waiting error={call.error} retry={() => void call.refetch()} />;
  const look = standingOfCall(view);
  const pairs = (rows: typeof view.query) =>
    rows.length === 0
      ? null
      : rows.map((one) => (
          <span key={`${one.name} ${one.value}`} className={css.pair}>
            {one.name}: {one.value}
          </span>
        ));
  return (
    <Body
      foot={
        <Link className={css.open} to={CONSOLE} data-testid="history-open">
          Open the console
        </Link>
      }
    >
      <DrawerSection>
        <p className={css.pathLine}>
          {view.method} {view.path}
        </p>
        <div className={css.sum}>
          <StatusWord tone={look.tone} icon={look.icon}>
            {look.word}
          </StatusWord>
          {view.message ? <p className={css.quiet}>{view.message}</p> : null}
          <p className={css.quiet}>{recordOf(view)}</p>
        </div>
      </DrawerSection>
      <DrawerSection title="How it was made">
        <DrawerFacts
          facts={[
            ['Sent by', view.who ?? 'not known'],
            ['Through', systemOf({ kind: 'call', ...view })],
            ['Begun', moment(view.begun_at)],
            ['Took', view.state === 'answered' ? formatElapsed(view.elapsed_ms) : null],
            ['Answer', view.state === 'answered' ? formatSize(view.size) : null],
            ['Query', pairs(view.query)],
            ['Headers', pairs(view.headers)],
          ]}
        />
      </DrawerSection>
      {view.body ? (
        <DrawerSection title="Body">
          <pre className={css.payload}>{view.body}</pre>
        </DrawerSection>
      ) : null}
    </Body>
  );
}
