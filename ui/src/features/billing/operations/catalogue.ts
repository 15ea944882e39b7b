import type { OperationKindView, ProviderView } from '@/backend';

/** What only reads. */
export type ReadKind = 'list_subscriptions' | 'list_plans' | 'get_plan' | 'list_customers' | 'get_customer';
/** Everything the list on the left leads to. */
export type Place = OperationKindView | ReadKind | 'import_accounts' | 'api_call' | 'journal';

interface Line {
  place: Place;
  label: string;
  /** What it is for, in one line. */
  meaning: string;
}

interface Group {
  title: string;
  lines: Line[];
}

/** The fourteen operations of ProfitWell, in the order people meet them. */
const PROFITWELL: ReadonlyArray<Group> = [
  {
    title: 'Subscriptions',
    lines: [
      { place: 'list_subscriptions', label: 'List subscriptions', meaning: 'What a user has and had' },
      { place: 'create_subscription', label: 'Create a subscription', meaning: 'For a new user, or one that is there' },
      { place: 'update_subscription', label: 'Update a subscription', meaning: 'Another plan, price or interval' },
      { place: 'churn_subscription', label: 'Churn a subscription', meaning: 'End it, now, then or later' },
      { place: 'unchurn_subscription', label: 'Un-churn a subscription', meaning: 'Take its end back' },
    ],
  },
  {
    title: 'Users',
    lines: [
      { place: 'update_user', label: 'Update a user', meaning: 'Show it by another e-mail address' },
      { place: 'delete_user', label: 'Delete a user', meaning: 'With the whole history, for good' },
    ],
  },
  {
    title: 'Plans',
    lines: [
      { place: 'list_plans', label: 'List plans', meaning: 'Those made by hand or by the API' },
      { place: 'get_plan', label: 'Get a plan', meaning: 'One plan by its ID' },
      { place: 'create_plan', label: 'Create a plan', meaning: 'A new ID and its name' },
      { place: 'update_plan', label: 'Update a plan', meaning: 'Give it another name' },
    ],
  },
  {
    title: 'Customers',
    lines: [
      { place: 'list_customers', label: 'List customers', meaning: 'From all sources, as they are now' },
      { place: 'get_customer', label: 'Get a customer', meaning: 'One customer by its ID' },
    ],
  },
  {
    title: 'Anything else',
    lines: [{ place: 'api_call', label: 'Make an API call', meaning: 'Any path of the API, in the console' }],
  },
];

/** What is done by hand in Alguna. */
const ALGUNA: ReadonlyArray<Group> = [
  {
    title: 'Links to Salesforce',
    lines: [
      { place: 'link_customer', label: 'Link a customer', meaning: 'Say which Salesforce Account it is' },
      { place: 'unlink_customer', label: 'Unlink a customer', meaning: 'Take that back; nothing else changes' },
    ],
  },
  {
    title: 'Aliases',
    lines: [
      { place: 'add_alias', label: 'Add an alias', meaning: 'One more name of your own for a customer' },
      { place: 'remove_alias', label: 'Remove an alias', meaning: 'All others stay' },
    ],
  },
  {
    title: 'Customers',
    lines: [{ place: 'import_accounts', label: 'Import Accounts', meaning: 'Make customers of Accounts' }],
  },
  {
    title: 'Anything else',
    lines: [{ place: 'api_call', label: 'Make an API call', meaning: 'Any path of the API, in the console' }],
  },
];

/** What can be done in a billing system, in the order people meet it. */
export const groupsOf = (provider: ProviderView): ReadonlyArray<Group> => (provider === 'alguna' ? ALGUNA : PROFITWELL);

const linesOf = (provider: ProviderView) => groupsOf(provider).flatMap((group) => group.lines);
const LINES = [...linesOf('profitwell'), ...linesOf('alguna')];

/** What a person meets first. */
export const firstOf = (provider: ProviderView): Place =>
  provider === 'alguna' ? 'link_customer' : 'list_subscriptions';

/** The line of the list for a place; the first one where there is none of that name. */
export function placeOf(name: string | null, provider: ProviderView): Place {
  if (name === 'journal') return 'journal';
  const line = linesOf(provider).find((one) => one.place === name && one.place !== 'api_call');
  return line?.place ?? firstOf(provider);
}

export const meaningOf = (place: Place): string => LINES.find((line) => line.place === place)?.meaning ?? '';

/** Where the console is. */
export const CONSOLE = '/billing/console';
/** Where this is. */
export const OPERATIONS = '/billing/operations';

/** What a button says: what is done, to how many of what. */
const VERBS: Record<OperationKindView, { verb: string; one: string; many: string; doing: string }> = {
  create_subscription: { verb: 'Create', one: 'subscription', many: 'subscriptions', doing: 'Creating' },
  update_subscription: { verb: 'Update', one: 'subscription', many: 'subscriptions', doing: 'Updating' },
  churn_subscription: { verb: 'Churn', one: 'subscription', many: 'subscriptions', doing: 'Churning' },
  unchurn_subscription: { verb: 'Un-churn', one: 'subscription', many: 'subscriptions', doing: 'Un-churning' },
  update_user: { verb: 'Update', one: 'user', many: 'users', doing: 'Updating' },
  delete_user: { verb: 'Delete', one: 'user', many: 'users', doing: 'Deleting' },
  create_plan: { verb: 'Create', one: 'plan', many: 'plans', doing: 'Creating' },
  update_plan: { verb: 'Update', one: 'plan', many: 'plans', doing: 'Updating' },
  link_customer: { verb: 'Link', one: 'customer', many: 'customers', doing: 'Linking' },
  unlink_customer: { verb: 'Unlink', one: 'customer', many: 'customers', doing: 'Unlinking' },
  add_alias: { verb: 'Add', one: 'alias', many: 'aliases', doing: 'Adding' },
  remove_alias: { verb: 'Remove', one: 'alias', many: 'aliases', doing: 'Removing' },
};

/** `Churn the subscription`, `Churn 221 subscriptions`. */
export function actOf(kind: OperationKindView, count = 1): string {
  const { verb, one, many } = VERBS[kind];
  return count === 1 ? `${verb} the ${one}` : `${verb} ${count.toLocaleString('en-US')} ${many}`;
}

/** `Churning`. */
export const doingOf = (kind: OperationKindView): string => VERBS[kind].doing;
/** `subscription`. */
export const nounOf = (kind: OperationKindView): string => VERBS[kind].one;
