import { Button, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconEyeCheck, IconInfoCircle, IconPlugConnected, IconTerminal2 } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import {
  type ApiAnswerView,
  type ApiCallView,
  type ApiMethodView,
  type ConnectionView,
  type ConsoleCheckView,
  type EndpointView,
  outdate,
  useBackend,
  useConnections,
  useConsoleCall,
  useConsoleCheck,
  useConsoleEndpoints,
} from '@/backend';
import { CopyButton, EmptyState, ErrorNotice, formatWhen, Key, MODIFIER, SkeletonRows, StatusWord } from '@/components';
import { BillingFrame } from '../BillingFrame';
import { PRODUCTS } from '../products';
import { Answer } from './Answer';
import { BodyField } from './BodyField';
import { Calls, Examples } from './Calls';
import { ConfirmDialog } from './ConfirmDialog';
import css from './console.module.css';
import {
  changes,
  commandOf,
  type Draft,
  draftAgain,
  draftOf,
  endpointOf,
  gapIn,
  METHODS,
  missingOf,
  NOTHING,
  requestOf,
} from './draft';
import { Pairs } from './Pairs';
import { PathField } from './PathField';
import { recordOf, standingOfCall } from './words';

/** Reads that show something at once, in this order. */
const FIRST_READS = [
  '/v2/customers/',
  '/v2/metrics/monthly/',
  '/v2/company/settings/',
  '/v2/plans/',
  '/customers',
  '/subscriptions',
  '/invoices',
  '/integrations',
];

/** What stands below the form. */
type Shown =
  | { kind: 'answer'; answer: ApiAnswerView; command: string }
  | { kind: 'record'; call: ApiCallView }
  | { kind: 'error'; error: unknown; draft: Draft }
  | null;

/** A call that was sent and not answered yet. */
interface UnderWay {
  ticket: string;
  method: ApiMethodView;
  /** The person no longer waits for it. */
  cancelled: boolean;
}

/** Calls to a billing system's API, written by hand. */
export function ConsolePage() {
  const navigate = useNavigate();
  const connections = useConnections();
  const endpoints = useConsoleEndpoints();
  const [chosen, setChosen] = useState<number | null>(null);
  const billing = (connections.data ?? []).filter((one) => one.provider !== 'salesforce');
  const connection = billing.find((one) => one.id === chosen) ?? billing[0];
  const error = connections.error ?? endpoints.error;

  if (error && !connection) {
    return (
      <BillingFrame>
        <ErrorNotice
          error={error}
          retry={() => {
            void connections.refetch();
            void endpoints.refetch();
          }}
        />
      </BillingFrame>
    );
  }
  if (!connections.data || !endpoints.data) {
    return (
      <BillingFrame>
        <SkeletonRows columns="112px 1fr 88px" rowHeight={44} rows={6} sentence="Reading the connections" />
      </BillingFrame>
    );
  }
  if (!connection) {
    return (
      <BillingFrame>
        <EmptyState
          icon={IconPlugConnected}
          title="No billing system is connected"
          actions={
            <Button variant="filled" onClick={() => navigate('/connections?connect')}>
              Connect ProfitWell or Alguna
            </Button>
          }
        >
          The console calls the API of a billing system with the key of its connection. The key stays in this computer’s
          keychain.
        </EmptyState>
      </BillingFrame>
    );
  }
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
            data={billing.map((one) => ({
              value: String(one.id),
              label: one.name === PRODUCTS[one.provider] ? one.name : `${one.name} (${PRODUCTS[one.provider]})`,
            }))}
            value={String(connection.id)}
            onChange={(value) => setChosen(Number(value))}
            data-testid="console-connection"
          />
        </>
      }
    >
      <Console
        connection={connection}
        billing={billing}
        endpoints={endpoints.data}
        onConnection={(id) => setChosen(id)}
      />
    </BillingFrame>
  );
}

interface ConsoleProps {
  connection: ConnectionView;
  billing: ConnectionView[];
  endpoints: EndpointView[];
  onConnection: (id: number) => void;
}

function Console({ connection, billing, endpoints, onConnection }: ConsoleProps) {
  const backend = useBackend();
  const client = useQueryClient();
  const call = useConsoleCall();
  const [draft, setDraft] = useState<Draft>(NOTHING);
  const [shown, setShown] = useState<Shown>(null);
  /** The call whose answer is waited for. */
  const [underWay, setUnderWay] = useState<UnderWay | null>(null);
  const [asking, setAsking] = useState<ConsoleCheckView | null>(null);
  const ours = useMemo(
    () => endpoints.filter((one) => one.provider === connection.provider),
    [endpoints, connection.provider],
  );
  const request = useMemo(() => requestOf(connection.id, draft), [connection.id, draft]);
  const [settled] = useDebouncedValue(request, 150);
  const searching = isSearch(draft.path);
  const looked = useConsoleCheck(isSearch(settled.path) ? null : settled);
  // What was found out about the call before would be wrong about this one.
  const check = settled === request && !looked.isPlaceholderData ? looked.data : undefined;
  const endpoint = endpointOf(ours, connection, draft);
  /** A call that was to be sent and would not be. */
  const [refused, setRefused] = useState<Draft | null>(null);

  const send = async (typed: string | null) => {
    setAsking(null);
    const sent = draft;
    const ticket = crypto.randomUUID();
    setUnderWay({ ticket, method: sent.method, cancelled: false });
    try {
      const answer = await call.mutateAsync(requestOf(connection.id, sent, true, typed, ticket));
      setShown({ kind: 'answer', answer, command: commandOf(connection, sent) });
    } catch (error) {
      setShown({ kind: 'error', error, draft: sent });
    } finally {
      setUnderWay(null);
      void outdate(client, ['console_list', 'history_list']);
    }
  };

  /** Stops waiting. What was sent cannot be called back. */
  const cancel = async () => {
    if (underWay === null || underWay.cancelled) return;
    setUnderWay({ ...underWay, cancelled: true });
    try {
      await backend.call('console_cancel', { ticket: underWay.ticket });
    } catch {
      // Its answer came meanwhile, and is shown.
    }
  };

  const onEscape = useRef(cancel);
  useEffect(() => {
    onEscape.current = cancel;
  });
  const waits = underWay !== null;
  useEffect(() => {
    if (!waits) return;
    // Wherever the focus is by then.
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) void onEscape.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [waits]);

  /** Sends what reads; asks first about what may change something. */
  const begin = async () => {
    if (searching || call.isPending) return;
    try {
      const found = await backend.call('console_check', request);
      if (found.refusal) setRefused(draft);
      else if (found.changes) setAsking(found);
      else await send(null);
    } catch (error) {
      setShown({ kind: 'error', error, draft });
    }
  };

  const pick = (one: ApiCallView) => {
    if (billing.some((other) => other.id === one.connection)) onConnection(one.connection);
    setDraft(draftAgain(one));
    setShown({ kind: 'record', call: one });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the whole form, beside its button
    <div
      className={css.split}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && asking === null) {
          event.preventDefault();
          void begin();
        }
      }}
    >
      <div className={css.main}>
        <section className={css.request} aria-label="Call">
          <div className={css.line}>
            <Select
              aria-label="Method"
              w={104}
              allowDeselect={false}
              data={[...METHODS]}
              value={draft.method}
              onChange={(method) => setDraft({ ...draft, method: (method ?? 'GET') as ApiMethodView })}
              classNames={{ input: 'mono' }}
              data-testid="console-method"
            />
            <PathField
              path={draft.path}
              host={connection.host}
              endpoints={ours}
              onPath={(path) => setDraft((now) => ({ ...now, path }))}
              onEndpoint={(one) => setDraft(draftOf(one))}
              onSend={() => void begin()}
            />
            <Button
              variant="filled"
              onClick={() => void begin()}
              disabled={searching}
              loading={call.isPending}
              data-testid="console-send"
            >
              {changes(draft.method) ? 'Send…' : 'Send'}
            </Button>
          </div>
          <Sentence
            searching={searching}
            check={check}
            does={endpoint && gapIn(draft.path) ? endpoint.does : null}
            host={connection.host}
            tried={refused === draft}
            missing={missingOf(endpoint, draft)}
          />
          <Parts draft={draft} endpoint={endpoint} onDraft={setDraft} />
        </section>
        {connection.read_only ? (
          <p className={css.readOnly}>
            <IconEyeCheck size={16} stroke={1.75} aria-hidden />
            <span>
              <b>{connection.name} is read-only.</b> Calls that only read are sent, all others are refused. The switch
              is on the <Link to="/connections">Connections screen</Link>.
            </span>
          </p>
        ) : null}
        <div className={css.below}>
          {call.isPending ? (
            <>
              <div className={css.waiting}>
                <p aria-live="polite">
                  <b>
                    {underWay?.cancelled
                      ? 'Cancelling.'
                      : `Waiting for the answer of ${PRODUCTS[connection.provider]}.`}
                  </b>{' '}
                  {underWay !== null && changes(underWay.method)
                    ? 'Cancelling does not call it back: it may be done all the same, and is kept as not known.'
                    : 'It only reads, so cancelling it does no harm.'}
                </p>
                <Button
                  size="compact-sm"
                  onClick={() => void cancel()}
                  disabled={underWay === null || underWay.cancelled}
                  rightSection={<Key>Esc</Key>}
                  data-testid="console-cancel"
                >
                  Cancel
                </Button>
              </div>
              <SkeletonRows columns="1fr 1fr 1fr" />
            </>
          ) : shown === null ? (
            <FirstLook ours={ours} onEndpoint={(one) => setDraft(draftOf(one))} />
          ) : shown.kind === 'answer' ? (
            <Answer key={shown.answer.call} answer={shown.answer} command={shown.command} />
          ) : shown.kind === 'record' ? (
            <Record call={shown.call} command={commandOf(connection, draft)} />
          ) : (
            <Refused error={shown.error} again={changes(shown.draft.method) ? null : () => void begin()} />
          )}
        </div>
      </div>
      <Calls onPick={pick} />
      {asking ? (
        <ConfirmDialog
          connection={connection}
          draft={draft}
          check={asking}
          onSend={(typed) => void send(typed)}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </div>
  );
}

/** Words that look for a call, rather than a path or an address. */
const isSearch = (path: string) => path.trim() === '' || !/[/:@\\]/.test(path);

/** What the call would do, while it is written. `does` is known of one whose id is still missing. */
function Sentence({
  searching,
  check,
  does,
  host,
  tried,
  missing,
}: {
  searching: boolean;
  check: ConsoleCheckView | undefined;
  does: string | null;
  host: string;
  /** Whether somebody meant to send it as it is. */
  tried: boolean;
  /** Parameters that it fails without. */
  missing: string[];
}) {
  if (searching) {
    return (
      <p className={css.sentence}>
        <IconInfoCircle size={14} stroke={1.9} aria-hidden />
        <span>
          Choose a documented call, or write a path at <span className="mono">{host}</span>. Nothing is sent before you
          say so.
        </span>
        <span className={css.shortcut}>
          <Key>{MODIFIER} Enter</Key> sends
        </span>
      </p>
    );
  }
  if (does !== null) {
    return (
      <p className={css.sentence} data-testid="console-sentence">
        <IconInfoCircle size={14} stroke={1.9} aria-hidden />
        <span>{does}. Put the id in the place of the braces.</span>
      </p>
    );
  }
  const words = check?.refusal
    ? check.refusal.message
    : [
        check?.sentence ?? ' ',
        missing.length > 0 && check ? `It needs ${missing.join(' and ')}.` : '',
        check?.limit ? `At most ${check.limit}.` : '',
      ].join(' ');
  return (
    <p
      key={tried ? 'tried' : 'written'}
      role={tried && check?.refusal ? 'alert' : undefined}
      className={css.sentence}
      data-tried={tried || undefined}
      data-refused={check?.refusal ? true : undefined}
      data-testid={check?.refusal ? 'console-refusal' : 'console-sentence'}
    >
      <IconInfoCircle size={14} stroke={1.9} aria-hidden />
      <span>{words}</span>
    </p>
  );
}

type Part = 'query' | 'headers' | 'body';

/** Query, headers and body, one at a time. */
function Parts({
  draft,
  endpoint,
  onDraft,
}: {
  draft: Draft;
  endpoint: EndpointView | null;
  onDraft: (draft: Draft) => void;
}) {
  const [part, setPart] = useState<Part | null>(null);
  const hasBody = changes(draft.method);
  const usual: Part = hasBody && draft.body !== '' ? 'body' : 'query';
  const open = part === 'body' && !hasBody ? 'query' : (part ?? usual);
  const named = (rows: Draft['query']) => rows.filter((one) => one.name.trim() !== '' && one.value !== '').length;
  const parts: Array<{ part: Part; label: string; count: number }> = [
    { part: 'query', label: 'Query', count: named(draft.query) },
    { part: 'headers', label: 'Headers', count: named(draft.headers) },
    ...(hasBody ? [{ part: 'body' as const, label: 'Body', count: 0 }] : []),
  ];
  return (
    <div className={css.parts}>
      <div className={css.partTabs} role="tablist" aria-label="Parts of the call">
        {parts.map((one) => (
          <button
            key={one.part}
            type="button"
            role="tab"
            id={`console-tab-${one.part}`}
            aria-selected={open === one.part}
            aria-controls="console-part"
            tabIndex={open === one.part ? 0 : -1}
            className={css.partTab}
            onClick={() => setPart(one.part)}
            onKeyDown={(event) => {
              const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
              if (step === 0) return;
              const at = parts.findIndex((other) => other.part === one.part);
              const next = parts[(at + step + parts.length) % parts.length];
              if (!next) return;
              setPart(next.part);
              document.getElementById(`console-tab-${next.part}`)?.focus();
            }}
          >
            {one.label}
            {one.count > 0 ? <span className={css.partCount}>{one.count}</span> : null}
          </button>
        ))}
      </div>
      <div id="console-part" role="tabpanel" aria-labelledby={`console-tab-${open}`} className={css.part}>
        {open === 'query' ? (
          <Pairs
            noun="parameter"
            rows={draft.query}
            known={endpoint?.query ?? []}
            onChange={(query) => onDraft({ ...draft, query })}
          />
        ) : open === 'headers' ? (
          <Pairs noun="header" rows={draft.headers} onChange={(headers) => onDraft({ ...draft, headers })} />
        ) : (
          <BodyField body={draft.body} onChange={(body) => onDraft({ ...draft, body })} />
        )}
      </div>
    </div>
  );
}

/** Before the first call: reads that show something at once. */
function FirstLook({ ours, onEndpoint }: { ours: EndpointView[]; onEndpoint: (endpoint: EndpointView) => void }) {
  const reads = FIRST_READS.flatMap((path) => ours.filter((one) => one.method === 'GET' && one.path === path));
  return (
    <EmptyState icon={IconTerminal2} title="Nothing was sent yet" actions={null}>
      Calls that change something ask first. A few that only read:
      <Examples
        examples={reads.map((one) => ({ key: one.path, does: one.does, call: `${one.method} ${one.path}` }))}
        onPick={(path) => {
          const endpoint = reads.find((one) => one.path === path);
          if (endpoint) onEndpoint(endpoint);
        }}
      />
    </EmptyState>
  );
}

/** A call of the history: how it ended, and what to know before it is sent again. */
function Record({ call, command }: { call: ApiCallView; command: string }) {
  const standing = standingOfCall(call);
  return (
    <section className={css.record} aria-label="Call of the history" data-testid="console-record">
      <div className={css.outcome}>
        <StatusWord tone={standing.tone} icon={standing.icon} variant="badge">
          {standing.word}
        </StatusWord>
        <span className={css.said}>{`Call ${call.call}, made ${formatWhen(call.begun_at)}`}</span>
      </div>
      {call.message ? <p>{call.message}</p> : null}
      <p>{recordOf(call)}</p>
      <div>
        <CopyButton text={command} label="Copy as CLI command" />
      </div>
    </section>
  );
}

/** Why there is no answer. What may have been done is not offered again by a button. */
function Refused({ error, again }: { error: unknown; again: (() => void) | null }) {
  return again ? <ErrorNotice error={error} retry={again} /> : <ErrorNotice error={error} action={null} />;
}
