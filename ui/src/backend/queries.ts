import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { errorView } from './backend';
import type { Commands, ConsoleRequest, ErrorCode, MappingView, PlanRowsRequest, YardstickView } from './bindings';
import { useBackend } from './context';

/** A command's name. */
export type CommandName = keyof Commands;
export type Request<K extends CommandName> = Commands[K]['request'];
export type Response<K extends CommandName> = Commands[K]['response'];

/** What tells how runs stand. */
const RUNS: CommandName[] = ['run_get', 'run_list', 'history_list', 'history_get'];
/** What tells how a run stands and what became of its rows. */
const ONE_RUN: CommandName[] = [...RUNS, 'run_outcomes', 'run_problems', 'run_links', 'sync_get', 'sync_list'];

/** What tells how operations stand, and what they change. */
const OPERATIONS: CommandName[] = [
  'operation_check',
  'history_list',
  'operation_list',
  'operation_get',
  'operation_rows',
  'billing_history',
  'billing_plans',
  'billing_plan',
  'billing_customers',
  'billing_customer',
  'billing_choices',
];

/** Which answers are no longer true after a command that changes something. */
const OUTDATES: Partial<Record<CommandName, CommandName[]>> = {
  demo_start: [
    'workspace_get',
    'connection_list',
    'sync_list',
    'sync_get',
    'subscription_list',
    'subscription_facets',
    'subscription_breakdown',
    'metrics_view',
  ],
  connection_check: ['connection_list', 'fields_get', 'metrics_view'],
  connection_leave: [
    'workspace_get',
    'connection_list',
    'sync_list',
    'sync_get',
    'subscription_list',
    'subscription_facets',
    'subscription_breakdown',
    'metrics_view',
  ],
  connection_relink: [
    'connection_list',
    'sync_list',
    'sync_get',
    'fields_get',
    'mapping_get',
    'match_list',
    'plan_get',
    'plan_rows',
  ],
  source_connect: ['workspace_get', 'connection_list', 'metrics_view'],
  metrics_refresh: ['metrics_view'],
  source_pull: [
    'connection_list',
    'subscription_list',
    'subscription_facets',
    'subscription_breakdown',
    'customer_get',
    'mapping_get',
    'mapping_check',
    'mapping_try',
    'sync_list',
  ],
  source_replace_key: ['connection_list', 'metrics_view'],
  connection_set_read_only: ['connection_list', 'console_check', 'operation_check', 'operation_get'],
  operation_start: OPERATIONS,
  operation_run: OPERATIONS,
  operation_stop: ['operation_get', 'operation_list', 'history_list'],
  operation_preview: ['operation_list'],
  operation_csv: ['operation_list'],
  org_login_finish: ['workspace_get', 'connection_list', 'sync_list'],
  sync_create: ['workspace_get', 'sync_list'],
  sync_save: ['sync_list', 'sync_get', 'plan_get', 'mapping_get', 'mapping_try', 'speaker_get', 'customer_get'],
  speaker_pin: ['speaker_get', 'sync_list', 'sync_get', 'plan_get', 'plan_explain', 'mapping_get', 'customer_get'],
  fields_deploy: [
    'fields_get',
    'connection_list',
    'sync_list',
    'mapping_get',
    'mapping_check',
    'mapping_try',
    'mapping_fields',
    'mapping_proposals',
  ],
  mapping_save: [
    'mapping_get',
    'mapping_versions',
    'mapping_version',
    'mapping_export',
    'mapping_read',
    'promotion_check',
    'sync_get',
    'sync_list',
    'plan_get',
  ],
  promotion_deploy: ['promotion_check', 'fields_get', 'connection_list'],
  promotion_finish: ['promotion_check', 'workspace_get', 'sync_list', 'sync_get', 'mapping_get', 'plan_get'],
  match_take_over_all: ['match_list', 'match_take_over_all'],
  plan_start: ['plan_get', 'plan_rows', 'sync_get', 'sync_list'],
  undo_start: ['plan_get', 'plan_rows', 'sync_get', 'sync_list'],
  writeback_set: ['writeback_get', 'plan_get', 'sync_get', 'sync_list'],
  import_start: [
    'import_latest',
    'connection_list',
    'subscription_list',
    'subscription_facets',
    'subscription_breakdown',
  ],
  import_decide: ['import_latest', 'import_rows'],
  import_run: ['import_latest', 'import_get', 'import_rows', 'history_list'],
  import_stop: ['import_latest'],
  plan_decide: ['plan_get', 'plan_rows', 'plan_explain'],
  run_start: [...RUNS, 'plan_get', 'sync_get', 'sync_list'],
  run_pause: RUNS,
  run_continue: RUNS,
  run_retry: ONE_RUN,
  run_resume: ONE_RUN,
  run_stop: ONE_RUN,
};

/** Answers that work of this kind makes untrue when it ends. */
export const OUTDATED_BY_WORK: Record<'plan' | 'run', CommandName[]> = {
  plan: [
    'plan_get',
    'plan_rows',
    'plan_explain',
    'plan_links',
    'match_list',
    'match_search',
    'match_take_over_all',
    'sync_get',
    'sync_list',
    'connection_list',
    'subscription_list',
    'subscription_facets',
    'subscription_breakdown',
    'customer_get',
    'mapping_get',
    'mapping_check',
    'mapping_try',
    'value_explain',
  ],
  run: [
    'run_get',
    'run_list',
    'history_list',
    'history_get',
    'value_explain',
    'run_outcomes',
    'run_problems',
    'run_links',
    'plan_get',
    'sync_get',
    'sync_list',
    'connection_list',
    'subscription_list',
    'customer_get',
  ],
};

/** Errors that tell how a connection stands. */
const TELL_STANDING: ReadonlySet<ErrorCode> = new Set([
  'needs_sign_in',
  'no_keychain',
  'blocked_by_policy',
  'wrong_org',
  'org_refreshed',
]);

export function createQueryClient(): QueryClient {
  // Whatever meets such an error, the connection's card is asked again, and says the same.
  const told = (error: unknown) => {
    if (TELL_STANDING.has(errorView(error).code)) void outdate(client, ['connection_list']);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== 'connection_list') told(error);
      },
      onSuccess: (answer, query) => {
        if (query.queryKey[0] !== 'mapping_get') return;
        const why = (answer as MappingView).unreached?.why;
        if (why) told(why);
      },
    }),
    mutationCache: new MutationCache({ onError: told }),
    defaultOptions: {
      // Every answer comes from the machine itself: trying again by itself would only hide an error.
      queries: { retry: false, staleTime: 5_000, refetchOnWindowFocus: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}

/** Forgets the answers of these commands, so that what is on screen is asked again. */
export function outdate(client: QueryClient, commands: CommandName[]): Promise<unknown> {
  return Promise.all(commands.map((name) => client.invalidateQueries({ queryKey: [name] })));
}

/** Asks a command that only reads. The key is its name, then its request. */
export function useCommand<K extends CommandName>(
  name: K,
  request: Request<K>,
  options: { enabled?: boolean; keepPrevious?: boolean; staleTime?: number } = {},
): UseQueryResult<Response<K>> {
  const backend = useBackend();
  return useQuery<Response<K>>({
    queryKey: [name, request],
    queryFn: () => backend.call(name, request),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious ? { placeholderData: keepPreviousData } : {}),
    ...(options.staleTime === undefined ? {} : { staleTime: options.staleTime }),
  } as Parameters<typeof useQuery<Response<K>>>[0]);
}

/** A command that changes something; afterwards what it made untrue is asked again. */
export function useAction<K extends CommandName>(name: K) {
  const backend = useBackend();
  const client = useQueryClient();
  return useMutation<Response<K>, Error, Request<K>>({
    mutationFn: (request) => backend.call(name, request),
    onSuccess: () => {
      void outdate(client, OUTDATES[name] ?? []);
    },
  });
}

const NO_CALL: ConsoleRequest = {
  connection: 0,
  method: 'GET',
  path: '',
  headers: [],
  query: [],
  body: null,
  confirmed: false,
  typed: null,
  ticket: null,
};

export const useWorkspace = () => useCommand('workspace_get', {});
export const useConnections = () => useCommand('connection_list', {});
export const useSyncs = () => useCommand('sync_list', {});
export const useSync = (sync: number) => useCommand('sync_get', { sync });
export const useFields = (sync: number) => useCommand('fields_get', { sync });
export const useMapping = (sync: number, sample = 0) =>
  useCommand('mapping_get', { sync, sample }, { keepPrevious: true });
export const usePlan = (plan: number | null) => useCommand('plan_get', { plan: plan ?? 0 }, { enabled: plan !== null });
export const usePlanExplain = (plan: number, customer: string | null) =>
  useCommand('plan_explain', { plan, customer: customer ?? '' }, { enabled: customer !== null });
/** Which subscription speaks for a customer, by the sync's rule or by one that is only tried. */
export const useSpeaker = (sync: number, customer: string | null, rule: Array<YardstickView> | null = null) =>
  useCommand(
    'speaker_get',
    { sync, customer: customer ?? '', rule },
    { enabled: customer !== null, keepPrevious: true },
  );
/** How the customers of a sync's last matching stand. */
export const useMatchCounts = (sync: number) =>
  useCommand('match_list', { sync, state: 'proposed', search: '', offset: 0, limit: 1 });
/** The links a run of a plan would see to, the first 500 of them. */
export const usePlanLinks = (plan: number) => useCommand('plan_links', { plan, offset: 0, limit: 500 });
/** What taking over every sure link would come to. Nothing is decided by asking. */
export const useTakeOverForecast = (sync: number) => useCommand('match_take_over_all', { sync, apply: false });
export const useTakeOverAll = () => useAction('match_take_over_all');
/** Records by part of the name, or the one of an id; an empty text asks nothing. */
export const useMatchSearch = (sync: number, search: string) =>
  useCommand('match_search', { sync, search }, { enabled: search !== '', keepPrevious: true });
export const useRun = (run: number | null) => useCommand('run_get', { run: run ?? 0 }, { enabled: run !== null });
export const useRuns = (sync: number | null) => useCommand('run_list', { sync });
export const useRunProblems = (run: number) => useCommand('run_problems', { run });
export const useHistoryRun = (run: number) => useCommand('history_get', { run });
export const useValueExplain = (sync: number, customer: string) =>
  useCommand('value_explain', { sync, customer, record: null, field: null });
export const useSubscriptionFacets = () => useCommand('subscription_facets', {});
export const useCustomer = (source: number, customer: string) => useCommand('customer_get', { source, customer });

/** What a preview's table asks besides its page. */
export type PlanRowsFilter = Omit<PlanRowsRequest, 'offset' | 'limit'>;

export const useDemoStart = () => useAction('demo_start');
export const useConnectionCheck = () => useAction('connection_check');
export const useConnectionLeave = () => useAction('connection_leave');
export const useConnectionRelink = () => useAction('connection_relink');
/** What re-linking would come to. Nothing is changed by asking. */
export const useRelinkForecast = (connection: number) => useCommand('connection_relink', { connection, apply: false });
export const useSourceConnect = () => useAction('source_connect');
export const useSourcePull = () => useAction('source_pull');
export const useSourceReplaceKey = () => useAction('source_replace_key');
export const useOrgLoginBegin = () => useAction('org_login_begin');
export const useOrgLoginFinish = () => useAction('org_login_finish');
export const useOrgLoginCancel = () => useAction('org_login_cancel');
export const useSyncCreate = () => useAction('sync_create');
export const useSyncSave = () => useAction('sync_save');
export const useSpeakerPin = () => useAction('speaker_pin');
export const useFieldsValidate = () => useAction('fields_validate');
export const useFieldsDeploy = () => useAction('fields_deploy');
export const useMappingSave = () => useAction('mapping_save');
export const usePromotionDeploy = () => useAction('promotion_deploy');
export const usePromotionFinish = () => useAction('promotion_finish');
export const usePlanStart = () => useAction('plan_start');
export const useUndoStart = () => useAction('undo_start');
export const usePlanDecide = () => useAction('plan_decide');
/** Who decides quickly asks for the list again only after the last decision. */
export const useMatchDecide = () => useAction('match_decide');
export const useRunStart = () => useAction('run_start');
export const useRunResume = () => useAction('run_resume');
export const useReportSave = () => useAction('report_save');
/** What is documented of the billing systems' APIs: part of the program, so it never changes. */
export const useConsoleEndpoints = () => useCommand('console_endpoints', {}, { staleTime: Number.POSITIVE_INFINITY });
/** What a call would do. Nothing is sent by asking. */
export const useConsoleCheck = (request: ConsoleRequest | null) =>
  useCommand('console_check', request ?? NO_CALL, { enabled: request !== null, keepPrevious: true, staleTime: 0 });
export const useConsoleCall = () => useAction('console_call');
export const useConsoleCancel = () => useAction('console_cancel');
export const useConsoleSave = () => useAction('console_save');
export const useReadOnlySet = () => useAction('connection_set_read_only');
export const useRunStop = () => useAction('run_stop');
export const useRunPause = () => useAction('run_pause');
export const useRunContinue = () => useAction('run_continue');
export const useRunRetry = () => useAction('run_retry');
