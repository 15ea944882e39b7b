import type { OperationKindView } from '@/backend';

/** What only reads. */
export type ReadKind = 'list_subscriptions' | 'list_plans' | 'get_plan' | 'list_customers' | 'get_customer';
/** Everything the list on the left leads to. */
export type Place = OperationKindView | ReadKind | 'api_call' | 'journal';

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
export const GROUPS: ReadonlyArray<Group> = [
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

const LINES = GROUPS.flatMap((group) => group.lines);

/** The line of the list for a place; the first one where there is none of that name. */
export function placeOf(name: string | null): Place {
  if (name === 'journal') return 'journal';
  return LINES.find((line) => line.place === name && line.place !== 'api_call')?.place ?? 'list_subscriptions';
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
