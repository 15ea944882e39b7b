// Made from the Rust views by the test `bindings_are_fresh`; do not edit.

/**
 * What would happen to a customer.
 */
export type ActionView = "create" | "update" | "unchanged" | "skipped" | "blocked" | "delete";

/**
 * As what an answer is saved.
 */
export type AnswerFormat = "whole" | "csv";

/**
 * What an answer holds.
 */
export type AnswerKindView = "empty" | "json" | "text" | "bytes";

/**
 * Asks for rows of an answer.
 */
export type AnswerRowsRequest = { 
/**
 * Number of the call.
 */
call: number, 
/**
 * How many rows to leave out.
 */
offset: number, 
/**
 * How many rows to give, at most 500.
 */
limit: number, };

/**
 * Rows of an answer.
 */
export type AnswerRowsView = { 
/**
 * The cells of each row, one a column.
 */
rows: Array<Array<string>>, 
/**
 * How many rows there are.
 */
total: number, };

/**
 * Saves an answer.
 */
export type AnswerSaveRequest = { 
/**
 * Number of the call.
 */
call: number, 
/**
 * As what.
 */
format: AnswerFormat, };

/**
 * An answer.
 */
export type ApiAnswerView = { 
/**
 * Number of the call in the history.
 */
call: number, 
/**
 * Number of its connection.
 */
connection: number, 
/**
 * How.
 */
method: ApiMethodView, 
/**
 * The path as it was sent.
 */
path: string, 
/**
 * HTTP status.
 */
status: number, 
/**
 * The status in words, such as `Not Found`.
 */
status_text: string, 
/**
 * What came of it, in one sentence.
 */
sentence: string, 
/**
 * What to know or do next, where there is something.
 */
note: string | null, 
/**
 * When trying again makes sense, as the system says.
 */
retry_after_seconds: number | null, 
/**
 * Headers, without those that carry secrets.
 */
headers: Array<PairView>, 
/**
 * How long it took.
 */
elapsed_ms: number, 
/**
 * Bytes.
 */
size: number, 
/**
 * `Content-Type`.
 */
content_type: string | null, 
/**
 * What it holds.
 */
kind: AnswerKindView, 
/**
 * Its text, JSON with line breaks and indents; only its beginning when it is long.
 */
text: string, 
/**
 * Whether the text is only the beginning.
 */
text_cut: boolean, 
/**
 * Rows, where it holds a list.
 */
rows: number, 
/**
 * Their columns.
 */
columns: Array<string>, };

/**
 * Names one call.
 */
export type ApiCallRequest = { 
/**
 * Its number.
 */
call: number, };

/**
 * What became of a call.
 */
export type ApiCallStateView = "under_way" | "answered" | "cut" | "lost" | "not_sent" | "not_known";

/**
 * A call of the history.
 */
export type ApiCallView = { 
/**
 * Its number.
 */
call: number, 
/**
 * Number of its connection, which may be gone.
 */
connection: number, 
/**
 * The connection's name at that time.
 */
connection_name: string, 
/**
 * Who made it, as the computer calls them.
 */
who: string | null, 
/**
 * Which billing system.
 */
provider: ProviderView, 
/**
 * How.
 */
method: ApiMethodView, 
/**
 * The path as it was sent.
 */
path: string, 
/**
 * The query.
 */
query: Array<PairView>, 
/**
 * Headers, without the values of those that look like secrets.
 */
headers: Array<PairView>, 
/**
 * The body.
 */
body: string | null, 
/**
 * Whether it may have changed something.
 */
changes: boolean, 
/**
 * When it was begun.
 */
begun_at: string, 
/**
 * What became of it.
 */
state: ApiCallStateView, 
/**
 * HTTP status.
 */
status: number | null, 
/**
 * The status in words.
 */
status_text: string | null, 
/**
 * How long it took.
 */
elapsed_ms: number, 
/**
 * Bytes of the answer.
 */
size: number, 
/**
 * What went wrong, when something did.
 */
message: string | null, };

/**
 * Asks for a window of the calls, newest first.
 */
export type ApiCallsRequest = { 
/**
 * Words to find in method, path, query, body and connection.
 */
search: string, 
/**
 * Only calls of this connection.
 */
connection: number | null, 
/**
 * Only calls that may have changed something.
 */
changes: boolean, 
/**
 * How many to leave out.
 */
offset: number, 
/**
 * How many to give, at most 500.
 */
limit: number, };

/**
 * A window of the calls.
 */
export type ApiCallsView = { 
/**
 * The calls, newest first.
 */
rows: Array<ApiCallView>, 
/**
 * How many the filter leaves.
 */
total: number, 
/**
 * How many there are without a filter.
 */
all: number, };

/**
 * How a call is made.
 */
export type ApiMethodView = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Whether every row read has its place.
 */
export type BalanceView = "right" | "open" | "wrong";

/**
 * What is picked from.
 */
export type BillingChoiceKind = "user" | "subscription" | "plan" | "customer" | "account" | "linked_account" | "integration" | "customer_alias";

/**
 * Something to pick.
 */
export type BillingChoiceView = { 
/**
 * What goes into the field.
 */
value: string, 
/**
 * What a person reads.
 */
label: string, 
/**
 * What helps to tell it apart.
 */
detail: string | null, 
/**
 * Of a subscription: its user.
 */
user: string | null, 
/**
 * Of a subscription: what it is now.
 */
event: BillingEventView | null, };

/**
 * Asks for what can be picked in a form, from what was read before where nothing else is said.
 */
export type BillingChoicesRequest = { 
/**
 * Number of the connection.
 */
connection: number, 
/**
 * What is picked.
 */
kind: BillingChoiceKind, 
/**
 * Only those that contain this.
 */
search: string, 
/**
 * The customer whose links or aliases are picked from.
 */
customer: string | null, };

/**
 * Names one customer.
 */
export type BillingCustomerRequest = { 
/**
 * Number of the `ProfitWell` connection.
 */
connection: number, 
/**
 * The customer's id.
 */
customer: string, };

/**
 * A customer as `ProfitWell` has it now.
 */
export type BillingCustomerView = { 
/**
 * Its id.
 */
id: string, 
/**
 * E-mail address.
 */
email: string | null, 
/**
 * First name.
 */
first_name: string | null, 
/**
 * Last name.
 */
last_name: string | null, 
/**
 * Status word, as the source writes it.
 */
status: string | null, 
/**
 * Plans.
 */
plans: Array<string>, 
/**
 * Monthly recurring revenue.
 */
mrr: MoneyView | null, 
/**
 * Everything it ever paid.
 */
total_spend: MoneyView | null, 
/**
 * When it was created.
 */
created_at: string | null, 
/**
 * When it first paid.
 */
activated_at: string | null, 
/**
 * When it last churned.
 */
churned_at: string | null, 
/**
 * When it last changed.
 */
updated_at: string | null, };

/**
 * Asks for customers as `ProfitWell` has them now.
 */
export type BillingCustomersRequest = { 
/**
 * Number of the `ProfitWell` connection.
 */
connection: number, 
/**
 * Only those changed on this day, or at this moment, or later.
 */
start: string | null, 
/**
 * Only those changed before this day or moment.
 */
end: string | null, 
/**
 * Only those of this address.
 */
email: string | null, 
/**
 * The last changed first.
 */
descending: boolean, 
/**
 * How many; 10 when absent.
 */
limit: number | null, 
/**
 * All of them, whatever the limit.
 */
all: boolean, };

/**
 * Customers.
 */
export type BillingCustomersView = { 
/**
 * In the order of their last change.
 */
customers: Array<BillingCustomerView>, 
/**
 * Whether there are more; `ProfitWell` does not say how many.
 */
more: boolean, };

/**
 * What a subscription was from a moment on.
 */
export type BillingEventView = { 
/**
 * `ProfitWell`'s id of the user.
 */
user_id: string | null, 
/**
 * One's own name for the user.
 */
user_alias: string | null, 
/**
 * `ProfitWell`'s id of the subscription.
 */
subscription_id: string, 
/**
 * One's own name for it.
 */
subscription_alias: string | null, 
/**
 * What the user is shown by.
 */
email: string | null, 
/**
 * Id of the plan.
 */
plan: string | null, 
/**
 * `month` or `year`.
 */
interval: string | null, 
/**
 * ISO code in upper case.
 */
currency: string | null, 
/**
 * `active`, `trialing`, `churned_voluntary`, `churned_delinquent`, or a new word.
 */
status: string, 
/**
 * The price of one period in major units, as decimal text.
 */
value: string | null, 
/**
 * From when on.
 */
effective_at: string | null, 
/**
 * Why it ended, where it did.
 */
churn_type: string | null, };

/**
 * Asks for what was done to the subscriptions of a user.
 */
export type BillingHistoryRequest = { 
/**
 * Number of the `ProfitWell` connection.
 */
connection: number, 
/**
 * Id or alias of the user.
 */
user: string, 
/**
 * How many lines; 10 when absent.
 */
limit: number | null, 
/**
 * All of them, whatever the limit.
 */
all: boolean, };

/**
 * What was done to the subscriptions of a user.
 */
export type BillingHistoryView = { 
/**
 * By subscription and time.
 */
events: Array<BillingEventView>, 
/**
 * How many there are.
 */
total: number, };

/**
 * Names one plan.
 */
export type BillingPlanRequest = { 
/**
 * Number of the `ProfitWell` connection.
 */
connection: number, 
/**
 * The plan's id.
 */
plan: string, };

/**
 * A plan.
 */
export type BillingPlanView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, };

/**
 * Asks for the plans made by hand or through the API.
 */
export type BillingPlansRequest = { 
/**
 * Number of the `ProfitWell` connection.
 */
connection: number, 
/**
 * How many; 10 when absent.
 */
limit: number | null, 
/**
 * All of them, whatever the limit.
 */
all: boolean, };

/**
 * Plans.
 */
export type BillingPlansView = { 
/**
 * The plans.
 */
plans: Array<BillingPlanView>, 
/**
 * How many there are.
 */
total: number, };

/**
 * What a blank source value does.
 */
export type BlankPolicyView = "leave" | "clear";

/**
 * What subscriptions are added up by.
 */
export type BreakdownBy = "plan" | "status";

/**
 * Asks what the subscriptions of a filter come to: the filter of the table.
 */
export type BreakdownRequest = { 
/**
 * Words to find in customer, plan, e-mail or id.
 */
search: string, 
/**
 * Only this source.
 */
source: number | null, 
/**
 * Only these status words.
 */
status: Array<string>, 
/**
 * Only these intervals, in words.
 */
interval: Array<string>, 
/**
 * Only these currencies.
 */
currency: Array<string>, 
/**
 * Only these plans; the empty one stands for no plan.
 */
plan: Array<string>, };

/**
 * Asks for every part of a breakdown as a file.
 */
export type BreakdownSaveRequest = { 
/**
 * Of what.
 */
filter: BreakdownRequest, 
/**
 * By what.
 */
by: BreakdownBy, };

/**
 * The subscriptions of a filter, added up.
 */
export type BreakdownView = { 
/**
 * How many the filter leaves.
 */
total: number, 
/**
 * How many there are without a filter.
 */
all: number, 
/**
 * One for each currency, the one with most rows first.
 */
currencies: Array<CurrencyBreakdownView>, 
/**
 * When each source was last read.
 */
sources: Array<SourceAge>, };

/**
 * Bulk jobs under way.
 */
export type BulkView = { 
/**
 * How many jobs.
 */
jobs: number, 
/**
 * Records Salesforce has looked at so far.
 */
processed: number, 
/**
 * Records in them.
 */
rows: number, };

/**
 * How to set a value.
 */
export type CellKind = "blank" | "text" | "number" | "money" | "flag" | "date" | "moment";

/**
 * One value for people: its text, and how to set it.
 */
export type CellView = { 
/**
 * `blank`, `text`, `number`, `money`, `flag`, `date` or `moment`.
 */
kind: CellKind, 
/**
 * Text, decimal text, or ISO date; empty when blank.
 */
text: string, };

/**
 * How one check came out.
 */
export type CheckState = "ok" | "warning" | "failed";

/**
 * One check of a connection.
 */
export type CheckView = { 
/**
 * What was checked, as a short statement.
 */
name: string, 
/**
 * How it came out.
 */
state: CheckState, 
/**
 * A few words more.
 */
detail: string | null, 
/**
 * Who can mend it.
 */
who: string | null, 
/**
 * Where in Setup.
 */
setup_url: string | null, 
/**
 * What to send to the admin.
 */
message_for_admin: string | null, };

/**
 * Names one connection.
 */
export type ConnectionRequest = { 
/**
 * Its number.
 */
connection: number, };

/**
 * How a connection stands.
 */
export type ConnectionStatusView = "connected" | "needs_sign_in" | "unreachable" | "blocked_by_policy" | "refreshed";

/**
 * A connection.
 */
export type ConnectionView = { 
/**
 * Its number.
 */
id: number, 
/**
 * Its name.
 */
name: string, 
/**
 * What is on the other side.
 */
provider: ProviderView, 
/**
 * Sandbox or production; orgs only.
 */
environment: EnvironmentView | null, 
/**
 * How it stands.
 */
status: ConnectionStatusView, 
/**
 * Why, when it does not stand well.
 */
status_reason: string | null, 
/**
 * Host, for people to recognise.
 */
host: string, 
/**
 * Login URL of an org, or base URL of a billing source.
 */
base_url: string, 
/**
 * Consumer key of the org's External Client App; not a secret. Orgs only.
 */
client_id: string | null, 
/**
 * The org behind it.
 */
org: OrgView | null, 
/**
 * The company behind it; billing sources only.
 */
company: string | null, 
/**
 * Account id of the company; billing sources only.
 */
account: string | null, 
/**
 * Currency of the company's figures; billing sources only.
 */
currency: string | null, 
/**
 * Customers in the cache; billing sources only.
 */
customers: number, 
/**
 * Subscriptions in the cache; billing sources only.
 */
subscriptions: number, 
/**
 * When the cache was last filled; billing sources only.
 */
pulled_at: string | null, 
/**
 * What the last check found, best first.
 */
checks: Array<CheckView>, 
/**
 * When it was last checked.
 */
checked_at: string | null, 
/**
 * Whether a person said that nothing may be changed there; billing sources only.
 */
read_only: boolean, };

/**
 * Cancels a call that is under way.
 */
export type ConsoleCancelRequest = { 
/**
 * [`ConsoleRequest::ticket`] of the call.
 */
ticket: string, };

/**
 * What a call would do. Nothing was sent.
 */
export type ConsoleCheckView = { 
/**
 * Its path as it would be sent.
 */
path: string, 
/**
 * Where it would go: host, and port where there is one.
 */
host: string, 
/**
 * What it does, in one sentence.
 */
sentence: string, 
/**
 * Whether it may change something.
 */
changes: boolean, 
/**
 * What cannot be taken back, where something cannot.
 */
irreversible: string | null, 
/**
 * What a person types before it is sent, where it cannot be taken back.
 */
type_this: string | null, 
/**
 * What limits it beyond the pace of all calls.
 */
limit: string | null, 
/**
 * Why it would not be sent, where it would not.
 */
refusal: ErrorView | null, };

/**
 * A call to be looked at, or made.
 */
export type ConsoleRequest = { 
/**
 * Number of the billing connection.
 */
connection: number, 
/**
 * How.
 */
method: ApiMethodView, 
/**
 * Below the base URL of the connection.
 */
path: string, 
/**
 * Headers beside those every call has.
 */
headers: Array<PairView>, 
/**
 * The query, as plain text.
 */
query: Array<PairView>, 
/**
 * JSON, unless a `Content-Type` says otherwise.
 */
body: string | null, 
/**
 * Whether a person confirmed it: needed for what may change something.
 */
confirmed: boolean, 
/**
 * What a person typed: needed for what cannot be taken back.
 */
typed: string | null, 
/**
 * A word of the caller's own, by which the call can be cancelled while it is under way.
 */
ticket: string | null, };

/**
 * A person at a customer.
 */
export type ContactView = { 
/**
 * Name.
 */
name: string, 
/**
 * E-mail address.
 */
email: string | null, 
/**
 * Whether invoices go to this person.
 */
is_primary: boolean, };

/**
 * Rows by outcome.
 */
export type CountsView = { 
/**
 * Records created.
 */
created: number, 
/**
 * Records changed.
 */
updated: number, 
/**
 * Records that agreed.
 */
unchanged: number, 
/**
 * Left out by a rule.
 */
skipped: number, 
/**
 * Need a fix first.
 */
blocked: number, 
/**
 * Refused by Salesforce.
 */
rejected: number, 
/**
 * Kept back.
 */
held: number, 
/**
 * Answer lost.
 */
unknown: number, 
/**
 * Records an undo deleted.
 */
deleted: number, };

/**
 * What is in one currency; nothing is converted.
 */
export type CurrencyBreakdownView = { 
/**
 * ISO code; empty for rows without a currency.
 */
currency: string, 
/**
 * How many rows.
 */
rows: number, 
/**
 * How many of them have a figure.
 */
known: number, 
/**
 * Their monthly recurring revenue; absent when none has a figure.
 */
mrr: MoneyView | null, 
/**
 * By plan.
 */
plans: SharesView, 
/**
 * By status.
 */
statuses: SharesView, };

/**
 * Names one customer.
 */
export type CustomerRequest = { 
/**
 * Number of the source connection.
 */
source: number, 
/**
 * The customer's id.
 */
customer: string, };

/**
 * A customer with everything the cache knows.
 */
export type CustomerView = { 
/**
 * Number of the source connection.
 */
source: number, 
/**
 * Name of the source connection.
 */
source_name: string, 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its own e-mail address.
 */
email: string | null, 
/**
 * Address, line by line.
 */
address: Array<string>, 
/**
 * Tax rate in words, such as `7.25%`.
 */
tax_rate: string | null, 
/**
 * When it was created.
 */
created_at: string | null, 
/**
 * When the source last changed it.
 */
updated_at: string | null, 
/**
 * People.
 */
contacts: Array<ContactView>, 
/**
 * Its subscriptions.
 */
subscriptions: Array<SubscriptionRowView>, 
/**
 * Everything it ever paid.
 */
total_spend: MoneyView | null, 
/**
 * The same fields in Salesforce, one table a sync.
 */
in_salesforce: Array<InSalesforceView>, };

/**
 * One component Salesforce did not accept.
 */
export type DeployProblem = { 
/**
 * Which component.
 */
component: string, 
/**
 * Salesforce's own words.
 */
problem: string, };

/**
 * What a deployment, or its rehearsal, came to.
 */
export type DeployView = { 
/**
 * Salesforce's id of the deployment (`0Af…`).
 */
deploy_id: string, 
/**
 * Whether it was a validation only, which writes nothing.
 */
check_only: boolean, 
/**
 * Whether everything was accepted.
 */
succeeded: boolean, 
/**
 * How many fields it created, or would; those that fit are left as they are.
 */
created: number, 
/**
 * What Salesforce did not accept.
 */
problems: Array<DeployProblem>, 
/**
 * The fields afterwards, read anew; absent for a validation.
 */
fields: FieldsView | null, };

/**
 * How a rule differs.
 */
export type DifferenceKindView = "added" | "removed" | "changed";

/**
 * A change made in Salesforce.
 */
export type DriftView = { 
/**
 * Who.
 */
by: string | null, 
/**
 * When.
 */
at: string | null, };

/**
 * A documented call, for completion.
 */
export type EndpointView = { 
/**
 * Whose.
 */
provider: ProviderView, 
/**
 * How.
 */
method: ApiMethodView, 
/**
 * Its path; what stands in braces is to be filled in.
 */
path: string, 
/**
 * What it does, as a line that begins with a verb.
 */
does: string, 
/**
 * What goes into the query.
 */
query: Array<ParameterView>, 
/**
 * A body to begin with, where it takes one.
 */
body: string | null, 
/**
 * Whether it changes something.
 */
changes: boolean, 
/**
 * What cannot be taken back, where something cannot.
 */
irreversible: string | null, 
/**
 * What limits it beyond the pace of all calls.
 */
limit: string | null, };

/**
 * Sandbox or production.
 */
export type EnvironmentView = "sandbox" | "production";

/**
 * What went wrong, from a closed list. The screens choose their words and actions by it and
 * never by the message.
 */
export type ErrorCode = "bad_request" | "not_found" | "name_taken" | "needs_sign_in" | "sign_in_not_finished" | "port_in_use" | "unreachable" | "not_the_api" | "busy" | "quota_used_up" | "blocked_by_policy" | "wrong_org" | "another_user" | "org_refreshed" | "field_missing" | "refused" | "lost_answer" | "answer_cut" | "plan_stale" | "guard" | "already_running" | "no_keychain" | "disk_full" | "file_not_saved" | "database" | "internal";

/**
 * An error a person can act on.
 */
export type ErrorView = { 
/**
 * What kind.
 */
code: ErrorCode, 
/**
 * What happened, to which record, and what was not done.
 */
message: string, 
/**
 * What to do next.
 */
hint: string | null, 
/**
 * When trying again makes sense.
 */
retry_after_seconds: number | null, };

/**
 * One value to filter by.
 */
export type FacetView = { 
/**
 * The value.
 */
value: string, 
/**
 * How many rows have it.
 */
rows: number, };

/**
 * What there is to filter by.
 */
export type FacetsView = { 
/**
 * Status words with counts.
 */
status: Array<FacetView>, 
/**
 * Interval words with counts.
 */
interval: Array<FacetView>, 
/**
 * Currencies with counts.
 */
currency: Array<FacetView>, 
/**
 * Plans with counts, the most frequent 200.
 */
plan: Array<FacetView>, };

/**
 * A field a rule may fill.
 */
export type FieldChoiceView = { 
/**
 * API name.
 */
name: string, 
/**
 * Label.
 */
label: string, 
/**
 * Type, as the org has it.
 */
kind: string, 
/**
 * Whether the org made it.
 */
custom: boolean, 
/**
 * Whether new records need it.
 */
required: boolean, };

/**
 * Why one field would change.
 */
export type FieldExplainView = { 
/**
 * API name.
 */
field: string, 
/**
 * Label.
 */
label: string, 
/**
 * What Drawbridge last wrote.
 */
base: CellView | null, 
/**
 * What Salesforce holds.
 */
before: CellView, 
/**
 * What the source gives.
 */
after: CellView, 
/**
 * How the value comes about: label and figure, line by line.
 */
steps: Array<StepView>, 
/**
 * The rule's one-sentence explanation.
 */
explanation: string, 
/**
 * The rule's write policy in words.
 */
policy: string, 
/**
 * Whether it is held.
 */
held: boolean, 
/**
 * Who changed it in Salesforce.
 */
drift: DriftView | null, };

/**
 * How one needed field stands in the org.
 */
export type FieldState = "ready" | "missing" | "read_only" | "unfit";

/**
 * What the latest describe proves.
 */
export type FieldsView = { 
/**
 * The sObject.
 */
sobject: string, 
/**
 * The fields.
 */
fields: Array<NeededField>, 
/**
 * How many are ready.
 */
ready: number, 
/**
 * Name of the permission set that makes them visible.
 */
permission_set: string, 
/**
 * Whether that permission set is assigned to the signed-in user.
 */
assigned: boolean, 
/**
 * When the describe was read.
 */
read_at: string, };

/**
 * What a run would cost.
 */
export type ForecastView = { 
/**
 * Calls that check for changes since the preview.
 */
check_calls: number, 
/**
 * Calls that write.
 */
write_calls: number, 
/**
 * Calls that read back.
 */
verify_calls: number, 
/**
 * Calls the org has left.
 */
calls_left: number | null, 
/**
 * Calls the org allows in 24 hours.
 */
calls_limit: number | null, 
/**
 * Of the calls left, those a run may make: the last ones are left to others. A run that needs
 * more waits until there are.
 */
calls_usable: number | null, 
/**
 * How long it would take, in seconds, the links in the billing system with it.
 */
seconds: number, 
/**
 * Runs to the same org it is reckoned from; 0 where none was timed yet and it is a guess.
 */
timed_runs: number, };

/**
 * A safety halt: something unusual that needs its own tick before a run.
 */
export type HaltView = { 
/**
 * Its name for `--accept`.
 */
name: string, 
/**
 * What is unusual.
 */
message: string, 
/**
 * How many of the rows it speaks of can be asked for by its name, at most 10,000; 0 where it
 * speaks of none.
 */
rows: number, 
/**
 * Whether there are more.
 */
more: boolean, };

/**
 * One entry of the history.
 */
export type HistoryEntryView = { "kind": "run" } & HistoryRowView | { "kind": "operation" } & OperationBatchView | { "kind": "import" } & ImportView | { "kind": "call" } & ApiCallView;

/**
 * What an entry of the history is.
 */
export type HistoryKindView = "run" | "operation" | "import" | "call";

/**
 * Asks for a window of the history, newest first. What was only previewed is not in it.
 */
export type HistoryRequest = { 
/**
 * Only these kinds; all when empty.
 */
kinds: Array<HistoryKindView>, 
/**
 * Words to find: in sync, org, user, or customers that had a problem; in an operation's
 * sentences; in an import's Accounts; in a call's method, path, query and body.
 */
search: string, 
/**
 * Only this sync.
 */
sync: number | null, 
/**
 * Only the org of this connection.
 */
org: number | null, 
/**
 * Only the billing system of this connection.
 */
source: number | null, 
/**
 * Only orgs of this kind.
 */
environment: EnvironmentView | null, 
/**
 * Only those that stand so.
 */
status: Array<RunStatusView>, 
/**
 * Only those with rows of one of these outcomes.
 */
outcome: Array<OutcomeView>, 
/**
 * Only those begun at this moment or later.
 */
from: string | null, 
/**
 * Only those begun before this moment.
 */
until: string | null, 
/**
 * How many to leave out.
 */
offset: number, 
/**
 * How many to give, at most 500.
 */
limit: number, };

/**
 * A run as the history shows it.
 */
export type HistoryRowView = { 
/**
 * Its number.
 */
run: number, 
/**
 * Number of its plan.
 */
plan: number, 
/**
 * Version of the mapping the plan was made with.
 */
mapping_version: number, 
/**
 * The run it takes back, when it is an undo.
 */
undoes: number | null, 
/**
 * The newest run that took it back, or a part of it.
 */
undone_by: number | null, 
/**
 * Number of its sync.
 */
sync: number, 
/**
 * Name of its sync.
 */
sync_name: string, 
/**
 * Name of its source's connection, with its product.
 */
source_name: string, 
/**
 * Number of its source's connection.
 */
source: number, 
/**
 * Number of its org's connection.
 */
org: number, 
/**
 * Name of its org's connection.
 */
org_name: string, 
/**
 * Sandbox or production, as it was when the run began.
 */
environment: EnvironmentView, 
/**
 * Id of the org, as it was when the run began.
 */
org_id: string | null, 
/**
 * Name of the Salesforce user who began it.
 */
user_name: string | null, 
/**
 * Id of that user.
 */
user_id: string | null, 
/**
 * How it stands.
 */
status: RunStatusView, 
/**
 * Why, when there is a why.
 */
reason: string | null, 
/**
 * Customers the plan read.
 */
read: number, 
/**
 * Rows by outcome.
 */
counts: CountsView, 
/**
 * Rows without an outcome yet.
 */
still_to_write: number, 
/**
 * Whether every row read has its place.
 */
balance: BalanceView, 
/**
 * Records read back after writing.
 */
verified: number | null, 
/**
 * Records that read back differently from what was sent.
 */
differs: number | null, 
/**
 * API calls it made.
 */
api_calls: number, 
/**
 * How it wrote.
 */
way: string, 
/**
 * When it began.
 */
started_at: string, 
/**
 * When it last came to stand still.
 */
finished_at: string | null, 
/**
 * Seconds it took so far.
 */
seconds: number, };

/**
 * A run with its problems by cause.
 */
export type HistoryRunView = { 
/**
 * The run.
 */
run: HistoryRowView, 
/**
 * What its preview said beside its figures: links that went over, another user than before.
 */
note: string | null, 
/**
 * Its problems, those with most rows first.
 */
problems: Array<ProblemView>, };

/**
 * A window of the history.
 */
export type HistoryView = { 
/**
 * The entries, newest first.
 */
rows: Array<HistoryEntryView>, 
/**
 * How many the filter leaves.
 */
total: number, 
/**
 * How many there are without a filter.
 */
all: number, };

/**
 * What an import would do with an Account.
 */
export type ImportActionView = "create" | "skip" | "blocked";

/**
 * Why some Accounts of an import must be settled first.
 */
export type ImportCauseView = { 
/**
 * The stable word of the reason.
 */
code: string, 
/**
 * How many Accounts.
 */
accounts: number, 
/**
 * What they do, in words that go after their number: `say no currency`.
 */
words: string, };

/**
 * Accounts by outcome.
 */
export type ImportCountsView = { 
/**
 * Customers made.
 */
created: number, 
/**
 * Customers by then.
 */
already: number, 
/**
 * Left out by a rule.
 */
skipped: number, 
/**
 * To be settled first.
 */
blocked: number, 
/**
 * Refused.
 */
rejected: number, 
/**
 * Answer lost.
 */
unknown: number, };

/**
 * Decides about one Account before the run.
 */
export type ImportDecideRequest = { 
/**
 * Which import.
 */
import: number, 
/**
 * Which Account.
 */
record: string, 
/**
 * Whether it becomes a customer, or is left out.
 */
create: boolean, };

/**
 * What became of an Account.
 */
export type ImportOutcomeView = "created" | "already" | "skipped" | "blocked" | "rejected" | "unknown";

/**
 * Names one import.
 */
export type ImportRequest = { 
/**
 * Its number.
 */
import: number, };

/**
 * One Account of an import.
 */
export type ImportRowView = { 
/**
 * Its id.
 */
record: string, 
/**
 * Link to it.
 */
record_url: string | null, 
/**
 * Its name.
 */
name: string, 
/**
 * What would happen.
 */
action: ImportActionView, 
/**
 * Why not, and what to do.
 */
reason: string | null, 
/**
 * A word for that.
 */
code: string | null, 
/**
 * Whether a person may let it become a customer, or leave it out.
 */
can_decide: boolean, 
/**
 * The currency it would have.
 */
currency: string | null, 
/**
 * The billing address it would have, in one line.
 */
address: string | null, 
/**
 * E-mail addresses of its contacts.
 */
contacts: Array<string>, 
/**
 * What of the Account is left out.
 */
notes: Array<string>, 
/**
 * What became of it.
 */
outcome: ImportOutcomeView | null, 
/**
 * The customer's id, once there is one.
 */
customer: string | null, 
/**
 * What was wrong.
 */
problem: string | null, };

/**
 * Asks for Accounts of an import.
 */
export type ImportRowsRequest = { 
/**
 * Which import.
 */
import: number, 
/**
 * Only those planned so.
 */
action: ImportActionView | null, 
/**
 * Only names or ids that contain this.
 */
search: string, 
/**
 * How many rows to leave out.
 */
offset: number, 
/**
 * How many rows to give, at most 500.
 */
limit: number, };

/**
 * A page of Accounts.
 */
export type ImportRowsView = { 
/**
 * The rows, by name.
 */
rows: Array<ImportRowView>, 
/**
 * How many the filter leaves.
 */
total: number, };

/**
 * Starts, or resumes, the run of an import.
 */
export type ImportRunRequest = { 
/**
 * Its number.
 */
import: number, 
/**
 * The name of the billing connection, typed by the person: needed where the Accounts are a
 * sandbox's.
 */
confirm: string | null, };

/**
 * Asks for the preview of an import.
 */
export type ImportStartRequest = { 
/**
 * Number of the sync whose two sides are meant.
 */
sync: number, 
/**
 * Only Accounts of these types; empty means all.
 */
types: Array<string>, 
/**
 * The currency of Accounts that do not say theirs, as `EUR`.
 */
currency: string | null, };

/**
 * An import.
 */
export type ImportView = { 
/**
 * Its number.
 */
id: number, 
/**
 * Number of its sync.
 */
sync: number, 
/**
 * Name of its sync.
 */
sync_name: string, 
/**
 * Name of the org's connection.
 */
org_name: string, 
/**
 * Name of the billing connection.
 */
source_name: string, 
/**
 * How its run stands; `null` before there is one.
 */
status: RunStatusView | null, 
/**
 * Why, when there is a why.
 */
reason: string | null, 
/**
 * What a person should know before it is run.
 */
warning: string | null, 
/**
 * Accounts read.
 */
read: number, 
/**
 * Accounts that would become customers.
 */
create: number, 
/**
 * Accounts left out by a rule.
 */
skip: number, 
/**
 * Accounts to be settled first.
 */
blocked: number, 
/**
 * Why those are, most first.
 */
blocked_by: Array<ImportCauseView>, 
/**
 * What became of them so far.
 */
counts: ImportCountsView, 
/**
 * Accounts without an outcome.
 */
open: number, 
/**
 * Whether every Account read is accounted for.
 */
adds_up: boolean, 
/**
 * Who ran it, as the computer calls them.
 */
who: string | null, 
/**
 * When its run first began.
 */
began_at: string | null, 
/**
 * When it was previewed.
 */
started_at: string, 
/**
 * When its run last came to stand still.
 */
finished_at: string | null, };

/**
 * A customer's values beside those of its record.
 */
export type InSalesforceView = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * Name of the sync.
 */
sync_name: string, 
/**
 * Name of the org.
 */
org_name: string, 
/**
 * The record's id.
 */
record: string, 
/**
 * Link to the record.
 */
record_url: string, 
/**
 * When the record was read.
 */
read_at: string | null, 
/**
 * The fields, side by side.
 */
fields: Array<SideBySide>, };

/**
 * An integration of the billing system with Salesforce.
 */
export type IntegrationView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What people call it.
 */
label: string, };

/**
 * Replaces the key of a billing source.
 */
export type KeyReplaceRequest = { 
/**
 * Which connection.
 */
connection: number, 
/**
 * The new key.
 */
key: string, };

/**
 * What a text that is too long does.
 */
export type LengthPolicyView = "block" | "shorten";

/**
 * Links by outcome.
 */
export type LinkCountsView = { 
/**
 * Links the run has to see to.
 */
to_link: number, 
/**
 * Recorded, or taken back.
 */
recorded: number, 
/**
 * There already.
 */
already: number, 
/**
 * Left, because another record is named.
 */
conflicts: number, 
/**
 * Not done.
 */
failed: number, 
/**
 * Answer lost.
 */
unknown: number, };

/**
 * What became of a link.
 */
export type LinkOutcomeView = "recorded" | "already" | "conflict" | "failed" | "unknown";

/**
 * What a customer has now, and what it will have, line by line.
 */
export type LinkOutlookView = { 
/**
 * What it has now.
 */
now: Array<string>, 
/**
 * What it will have; the same where nothing is to be done.
 */
later: Array<string>, };

/**
 * Names one sign-in.
 */
export type LoginRequest = { 
/**
 * Its number.
 */
login: number, };

/**
 * A sign-in that waits for the person in the browser.
 */
export type LoginView = { 
/**
 * Its number, for waiting and cancelling.
 */
login: number, 
/**
 * The page that was opened in the browser.
 */
authorize_url: string, 
/**
 * Whether the browser could be opened.
 */
opened: boolean, 
/**
 * Where the browser comes back to: must be registered as a callback URL.
 */
callback_url: string, };

/**
 * Asks how rules that are not saved would do.
 */
export type MappingCheckRequest = { 
/**
 * Which sync.
 */
sync: number, 
/**
 * All rules, in their order.
 */
rules: Array<RuleDraft>, 
/**
 * Which customer to sample, by place in the list.
 */
sample: number, };

/**
 * A mapping as a file.
 */
export type MappingFileView = { 
/**
 * The text.
 */
text: string, 
/**
 * Where it was saved, when it was.
 */
path: string | null, };

/**
 * One thing wrong with a mapping.
 */
export type MappingProblemView = { 
/**
 * How far it reaches.
 */
severity: SeverityView, 
/**
 * What is wrong, as a sentence.
 */
message: string, 
/**
 * What to do about it, as a sentence.
 */
next_step: string, };

/**
 * Asks which rules the describe invites, besides these.
 */
export type MappingProposalsRequest = { 
/**
 * Which sync.
 */
sync: number, 
/**
 * The rules there are.
 */
rules: Array<RuleDraft>, };

/**
 * Reads a mapping file without saving it.
 */
export type MappingReadRequest = { 
/**
 * Which sync it is for.
 */
sync: number, 
/**
 * The file's text.
 */
text: string, };

/**
 * Asks for the mapping.
 */
export type MappingRequest = { 
/**
 * Which sync.
 */
sync: number, 
/**
 * Which customer to sample, by place in the list.
 */
sample: number, 
/**
 * Only what is stored, without asking the org.
 */
stored?: boolean, };

/**
 * Saves rules as a new version.
 */
export type MappingSaveRequest = { 
/**
 * Which sync.
 */
sync: number, 
/**
 * The version the changes were made on: another one is refused.
 */
based_on: number, 
/**
 * All rules, in their order.
 */
rules: Array<RuleDraft>, };

/**
 * Everything a rule may be made of.
 */
export type MappingTermsView = { 
/**
 * The source's values, by name.
 */
values: Array<SourceValueView>, 
/**
 * Names an expression may use.
 */
names: Array<TermView>, 
/**
 * Filters an expression may use.
 */
filters: Array<TermView>, 
/**
 * Tests an expression may use.
 */
tests: Array<TermView>, };

/**
 * Tries one rule on customers as they were last read.
 */
export type MappingTryRequest = { 
/**
 * Which sync.
 */
sync: number, 
/**
 * The rule.
 */
rule: RuleDraft, 
/**
 * Only customers with a word that begins so; empty for all.
 */
search: string, 
/**
 * How many customers to pass over.
 */
offset: number, };

/**
 * What a rule comes to.
 */
export type MappingTryView = { 
/**
 * What is wrong with the rule, by place in its expression.
 */
problems: Array<TryProblem>, 
/**
 * What it gives for up to five customers.
 */
samples: Array<TrySample>, 
/**
 * How many customers there are.
 */
total: number, 
/**
 * What the field takes, as the org has it; `null` when the org lacks it.
 */
field_kind: string | null, };

/**
 * Asks for an earlier version.
 */
export type MappingVersionRequest = { 
/**
 * Which sync.
 */
sync: number, 
/**
 * Which version.
 */
version: number, };

/**
 * One version of a mapping.
 */
export type MappingVersionView = { 
/**
 * Its number.
 */
version: number, 
/**
 * When it was saved, where that was noted.
 */
saved_at: string | null, 
/**
 * How many rules it has.
 */
rules: number, 
/**
 * What changed from the version before; empty for the first.
 */
differences: Array<RuleDifferenceView>, };

/**
 * The mapping of a sync, saved or as it is being written.
 */
export type MappingView = { 
/**
 * The version that is saved.
 */
version: number, 
/**
 * The sObject it fills.
 */
sobject: string, 
/**
 * Its rules.
 */
rules: Array<RuleView>, 
/**
 * What is wrong with the mapping as a whole.
 */
problems: Array<MappingProblemView>, 
/**
 * The customer the samples are of.
 */
sample_customer: SampleCustomer | null, 
/**
 * How many customers there are to sample.
 */
sample_total: number, 
/**
 * What stands in place of the org's answer, where there is none: nothing is checked then.
 */
unreached: UnreachedView | null, };

/**
 * How the customers of a sync stand.
 */
export type MatchCountsView = { 
/**
 * With a record.
 */
found: number, 
/**
 * Without one.
 */
not_found: number, 
/**
 * With proposals.
 */
proposed: number, 
/**
 * With a conflict.
 */
conflicts: number, 
/**
 * Decided to have none.
 */
apart: number, 
/**
 * Of those with proposals or a conflict, how many were decided since.
 */
decided: number, };

/**
 * Decides, or takes a decision back.
 */
export type MatchDecideRequest = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * The customer's id.
 */
customer: string, 
/**
 * What is decided; `null` takes the decision back.
 */
decision: MatchDecisionView | null, };

/**
 * What a person decides about a customer's record.
 */
export type MatchDecisionView = { "kind": "accept", 
/**
 * Its id, 15 or 18 characters.
 */
record: string, } | { "kind": "create_new" } | { "kind": "ignore" };

/**
 * Which customers of a sync's last matching.
 */
export type MatchListRequest = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * How matching ended.
 */
state: MatchStateView, 
/**
 * Only customers whose name or id contains this text; empty means all.
 */
search: string, 
/**
 * How many to leave out at the beginning.
 */
offset: number, 
/**
 * How many at most; 500 is the most a page gives.
 */
limit: number, };

/**
 * A page of them, the likeliest proposals first, then by name.
 */
export type MatchListView = { 
/**
 * Its rows.
 */
rows: Array<MatchView>, 
/**
 * How many there are on all pages.
 */
total: number, 
/**
 * How all customers stand.
 */
counts: MatchCountsView, };

/**
 * Looks for records to choose from.
 */
export type MatchSearchRequest = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * Part of the record's name, or its id.
 */
search: string, };

/**
 * How matching ended for a customer.
 */
export type MatchStateView = "proposed" | "conflict" | "found" | "not_found" | "apart";

/**
 * What matching found for one customer, and what was decided since.
 */
export type MatchView = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * The words a person knows it by.
 */
name: string, 
/**
 * How matching ended.
 */
state: MatchStateView, 
/**
 * The record, when it was found.
 */
record: RecordView | null, 
/**
 * How it was found, in words.
 */
matched_by: string | null, 
/**
 * Records that may be its own, best first.
 */
proposals: Array<ProposalView>, 
/**
 * What contradicts itself, with the next step.
 */
problem: string | null, 
/**
 * What was decided; the next preview follows it.
 */
decision: MatchDecisionView | null, 
/**
 * Whose link it takes over, or took over, as a person decided.
 */
takeover: TakeoverView | null, };

/**
 * A month. Amounts are decimal text in the reading's currency; absent is not known, never zero.
 */
export type MetricMonthView = { 
/**
 * Such as `2026-11`.
 */
month: string, 
/**
 * Whether it was not over when it was read.
 */
unfinished: boolean, 
/**
 * Monthly recurring revenue at its end, or when it was read.
 */
mrr: string | null, 
/**
 * That less the month before.
 */
change: string | null, 
/**
 * Of customers who came.
 */
new: string | null, 
/**
 * Of customers who came back.
 */
reactivated: string | null, 
/**
 * Of customers who pay more.
 */
upgraded: string | null, 
/**
 * From other plans less to other plans; where there is one plan, else `null`.
 */
between_plans: string | null, 
/**
 * Of customers who pay less; negative.
 */
downgraded: string | null, 
/**
 * Of customers who left; negative.
 */
churned: string | null, 
/**
 * All of that together, where every part is known.
 */
net: string | null, 
/**
 * Customers who pay.
 */
customers: string | null, 
/**
 * Customers who left, in hundredths of those there were.
 */
churn_rate: string | null, };

/**
 * A chart of figures by month.
 */
export type MetricsChart = "mrr" | "movement";

/**
 * One reading.
 */
export type MetricsReadingView = { 
/**
 * When it was made.
 */
read_at: string, 
/**
 * ISO code of what every amount is in.
 */
currency: string, 
/**
 * The company's name.
 */
company: string | null, 
/**
 * IANA name of the zone whose months they are; absent when not known.
 */
time_zone: string | null, 
/**
 * The months, from the first to the last.
 */
months: Array<MetricMonthView>, 
/**
 * The trends that were asked for, with a figure for each month.
 */
trends: Array<TrendView>, };

/**
 * Asks for the figures of a `ProfitWell` connection.
 */
export type MetricsRequest = { 
/**
 * Number of the connection; the first there is when absent.
 */
connection: number | null, 
/**
 * Only this plan; everything when absent.
 */
plan: string | null, 
/**
 * Names of trends to give besides those of the charts; `*` stands for every one that was read.
 */
trends: Array<string>, };

/**
 * Asks for the figures of a chart as a file.
 */
export type MetricsSaveRequest = { 
/**
 * Number of the connection.
 */
connection: number, 
/**
 * Only this plan.
 */
plan: string | null, 
/**
 * Which chart.
 */
chart: MetricsChart, 
/**
 * Only so many months, the last; all when absent.
 */
months: number | null, };

/**
 * What was read of figures by month, and of what it can be read.
 */
export type MetricsView = { 
/**
 * The `ProfitWell` connections; other billing systems keep no months.
 */
connections: Array<SourceAge>, 
/**
 * Which of them the figures are of; absent when there is none.
 */
connection: number | null, 
/**
 * Of which plan; absent for everything.
 */
plan: string | null, 
/**
 * Plans to choose from, the one with most revenue first, as last read.
 */
plans: Array<string>, 
/**
 * What is kept; absent when it was never read.
 */
reading: MetricsReadingView | null, };

/**
 * An amount.
 */
export type MoneyView = { 
/**
 * Decimal text.
 */
amount: string, 
/**
 * ISO code.
 */
currency: string, };

/**
 * One needed field.
 */
export type NeededField = { 
/**
 * API name.
 */
name: string, 
/**
 * Label.
 */
label: string, 
/**
 * Type, as Setup words it: `Text(255)`, `Currency(8, 2)`.
 */
kind: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Whether it is the external ID.
 */
external_id: boolean, 
/**
 * How it stands.
 */
state: FieldState, 
/**
 * What is wrong with it, when something is.
 */
problem: string | null, };

/**
 * A request without content.
 */
export type Nothing = Record<symbol, never>;

/**
 * When both sides were last read, for a plan that asked neither.
 */
export type OfflineView = { 
/**
 * The source.
 */
source_at: string, 
/**
 * The org.
 */
org_at: string, };

/**
 * One or more operations, carried out together.
 */
export type OperationBatchView = { 
/**
 * Its number.
 */
id: number, 
/**
 * Number of the connection.
 */
connection: number, 
/**
 * Name of the connection, as it was then.
 */
connection_name: string, 
/**
 * What it leads to.
 */
provider: ProviderView, 
/**
 * Where its operations come from.
 */
origin: OperationOriginView, 
/**
 * A file's name, or what is done.
 */
title: string, 
/**
 * Who made it, as the computer calls them.
 */
who: string | null, 
/**
 * How it stands; `null` while it is only previewed.
 */
status: RunStatusView | null, 
/**
 * Why it stands so, when there is a why.
 */
reason: string | null, 
/**
 * How many rows it has.
 */
rows: number, 
/**
 * How many of them can be sent.
 */
sendable: number, 
/**
 * What became of them so far.
 */
counts: OperationCountsView, 
/**
 * Rows without an outcome.
 */
open: number, 
/**
 * Whether every row is accounted for.
 */
adds_up: boolean, 
/**
 * What must be typed before it begins, where something in it cannot be taken back.
 */
confirm: string | null, 
/**
 * Why nothing may be sent, where the connection is read-only.
 */
refused: string | null, 
/**
 * About how long the open rows take at the billing system's pace.
 */
seconds_left: number, 
/**
 * When it was previewed.
 */
created_at: string, 
/**
 * When it first began.
 */
started_at: string | null, 
/**
 * When it last came to stand still.
 */
finished_at: string | null, };

/**
 * Asks what is wrong with a form, and what it would do. Nothing is sent.
 */
export type OperationCheckRequest = { 
/**
 * Number of the connection.
 */
connection: number, 
/**
 * The form.
 */
draft: OperationDraft, };

/**
 * A form, looked through.
 */
export type OperationCheckView = { 
/**
 * Whether it can be sent.
 */
ready: boolean, 
/**
 * What is wrong, all at once.
 */
problems: Array<OperationProblemView>, 
/**
 * What a person should know, though nothing is wrong.
 */
notes: Array<string>, 
/**
 * What will happen, in plain words; `null` while something is wrong.
 */
sentence: string | null, 
/**
 * What was made up for empty fields.
 */
generated: { [key in OperationFieldView]?: string }, 
/**
 * What must be typed before it is sent, where it cannot be taken back.
 */
confirm: string | null, 
/**
 * Why nothing may be sent, where the connection is read-only.
 */
refused: string | null, 
/**
 * The line of the terminal that does the same.
 */
command: string, 
/**
 * What the customer has, where the form is about one and it could be read.
 */
outlook: LinkOutlookView | null, };

/**
 * Operations by outcome.
 */
export type OperationCountsView = { 
/**
 * Done.
 */
done: number, 
/**
 * So already.
 */
already: number, 
/**
 * Never sent, for problems of their own.
 */
blocked: number, 
/**
 * Refused.
 */
rejected: number, 
/**
 * Answer lost.
 */
unknown: number, };

/**
 * Makes a batch of a CSV file, for a person to look at. Nothing is sent.
 */
export type OperationCsvRequest = { 
/**
 * Number of the connection.
 */
connection: number, 
/**
 * What every row of it is.
 */
kind: OperationKindView, 
/**
 * Name of the file.
 */
name: string, 
/**
 * What stands in it: a header and rows, with commas or semicolons.
 */
text: string, };

/**
 * A form as it is filled in: texts as typed.
 */
export type OperationDraft = { 
/**
 * For which change.
 */
kind: OperationKindView, 
/**
 * What stands in its fields; amounts in major units, dates as `2026-01-31`.
 */
fields: { [key in OperationFieldView]?: string }, };

/**
 * A field of a form; the names are the API's where it has one.
 */
export type OperationFieldView = "subscription" | "user" | "user_id" | "user_alias" | "subscription_alias" | "email" | "plan_id" | "name" | "plan_interval" | "value" | "value_cents" | "plan_currency" | "status" | "effective_date" | "churn_type" | "data_provider_user_id" | "customer" | "account" | "integration" | "alias";

/**
 * A form, explained.
 */
export type OperationFormView = { 
/**
 * For which change.
 */
kind: OperationKindView, 
/**
 * Of which billing system.
 */
provider: ProviderView, 
/**
 * What it is called.
 */
label: string, 
/**
 * Whether it cannot be taken back.
 */
irreversible: boolean, 
/**
 * Its fields, in their order.
 */
slots: Array<OperationSlotView>, 
/**
 * The first line of a CSV file of them.
 */
csv_header: string, };

/**
 * How a field is filled in best.
 */
export type OperationInputView = "text" | "choice" | "amount" | "date" | "user" | "subscription" | "plan" | "customer" | "account" | "linked_account" | "integration" | "customer_alias";

/**
 * Which change.
 */
export type OperationKindView = "create_subscription" | "update_subscription" | "churn_subscription" | "unchurn_subscription" | "update_user" | "delete_user" | "create_plan" | "update_plan" | "link_customer" | "unlink_customer" | "add_alias" | "remove_alias";

/**
 * Asks for batches.
 */
export type OperationListRequest = { 
/**
 * Only those of this connection.
 */
connection: number | null, 
/**
 * Only those with this text in title, connection, maker, or a row.
 */
search: string, 
/**
 * How many to leave out.
 */
offset: number, 
/**
 * How many to give, at most 500.
 */
limit: number, };

/**
 * A page of batches, newest first.
 */
export type OperationListView = { 
/**
 * The batches.
 */
batches: Array<OperationBatchView>, 
/**
 * How many the filter leaves.
 */
total: number, };

/**
 * Where the operations of a batch come from.
 */
export type OperationOriginView = "form" | "selection" | "csv";

/**
 * What became of an operation.
 */
export type OperationOutcomeView = "done" | "already" | "blocked" | "rejected" | "unknown";

/**
 * Makes a batch of several forms, for a person to look at. Nothing is sent.
 */
export type OperationPreviewRequest = { 
/**
 * Number of the connection.
 */
connection: number, 
/**
 * What the person will know it by.
 */
title: string, 
/**
 * The forms.
 */
drafts: Array<OperationDraft>, };

/**
 * What is wrong with a form or a row.
 */
export type OperationProblemView = { 
/**
 * In which field; `null` where it is about several.
 */
field: OperationFieldView | null, 
/**
 * What, and what to do.
 */
message: string, };

/**
 * Names one batch.
 */
export type OperationRequest = { 
/**
 * Its number.
 */
batch: number, };

/**
 * One operation of a batch.
 */
export type OperationRowView = { 
/**
 * Its place, from 1; of a file the line it stands in.
 */
number: number, 
/**
 * Which change.
 */
kind: OperationKindView, 
/**
 * Id or alias of what is changed.
 */
subject: string, 
/**
 * What will happen, as it was shown before; empty where something is wrong.
 */
sentence: string, 
/**
 * What is wrong, so that it is not sent.
 */
problems: Array<OperationProblemView>, 
/**
 * What became of it.
 */
outcome: OperationOutcomeView | null, 
/**
 * A word for what was wrong.
 */
code: string | null, 
/**
 * What there is to know about it.
 */
message: string | null, 
/**
 * What stood there before, line by line, where it is known.
 */
before: Array<string>, 
/**
 * What the subscription is from then on, where it is known.
 */
after: BillingEventView | null, 
/**
 * What the customer has from then on, line by line, where it is known.
 */
links_after: Array<string>, 
/**
 * When its call was begun, where it is under way or its answer was lost.
 */
begun_at: string | null, 
/**
 * When it had its outcome.
 */
ended_at: string | null, };

/**
 * Asks for rows of a batch.
 */
export type OperationRowsRequest = { 
/**
 * Which batch.
 */
batch: number, 
/**
 * Only those with this outcome; blocked ones before the batch begins too.
 */
outcome: OperationOutcomeView | null, 
/**
 * Only those with this text in id, alias or sentence.
 */
search: string, 
/**
 * How many to leave out.
 */
offset: number, 
/**
 * How many to give, at most 500.
 */
limit: number, };

/**
 * A page of rows, in their order.
 */
export type OperationRowsView = { 
/**
 * The rows.
 */
rows: Array<OperationRowView>, 
/**
 * How many the filter leaves.
 */
total: number, };

/**
 * Starts a batch that was previewed, or resumes one that stands still.
 */
export type OperationRunRequest = { 
/**
 * Its number.
 */
batch: number, 
/**
 * What the person typed, where [`OperationBatchView::confirm`] asks for it.
 */
confirm: string | null, };

/**
 * A field of a form, explained.
 */
export type OperationSlotView = { 
/**
 * Which.
 */
field: OperationFieldView, 
/**
 * What stands beside it.
 */
label: string, 
/**
 * Whether it must be filled.
 */
required: boolean, 
/**
 * What stands in it to begin with.
 */
preset: string | null, 
/**
 * What is to be known about it.
 */
help: string, 
/**
 * How it is filled in.
 */
input: OperationInputView, 
/**
 * The words it may hold, where they are few.
 */
choices: Array<string>, };

/**
 * Carries one operation out.
 */
export type OperationStartRequest = { 
/**
 * Number of the connection.
 */
connection: number, 
/**
 * The form.
 */
draft: OperationDraft, 
/**
 * What the person typed, where [`OperationCheckView::confirm`] asks for it.
 */
confirm: string | null, };

/**
 * Begins the browser sign-in to an org.
 */
export type OrgLoginRequest = { 
/**
 * Name for the connection; an existing org's name signs in to it again.
 */
name: string, 
/**
 * What the user says the org is; checked against the org itself.
 */
environment: EnvironmentView, 
/**
 * Login URL or My Domain; the environment's login host when absent.
 */
login_url: string | null, 
/**
 * Consumer key of the org's External Client App.
 */
client_id: string, };

/**
 * The org behind a connection.
 */
export type OrgView = { 
/**
 * The org's id; pinned.
 */
org_id: string, 
/**
 * The org's name.
 */
name: string, 
/**
 * `Organization.IsSandbox`.
 */
is_sandbox: boolean, 
/**
 * Edition.
 */
edition: string, 
/**
 * Instance.
 */
instance: string, 
/**
 * My Domain host.
 */
domain: string, 
/**
 * Address of the org.
 */
instance_url: string, 
/**
 * API version in use.
 */
api_version: string, 
/**
 * Name the user signs in with.
 */
username: string, 
/**
 * The user's display name.
 */
user_name: string, 
/**
 * API calls used in the last 24 hours.
 */
api_used: number | null, 
/**
 * API calls allowed in 24 hours.
 */
api_limit: number | null, };

/**
 * Another mapping beside the saved one: an earlier version, or a file.
 */
export type OtherMappingView = { 
/**
 * Its rules; none when a file could not be read.
 */
rules: Array<RuleDraft>, 
/**
 * What would change if it took the place of the saved one.
 */
differences: Array<RuleDifferenceView>, 
/**
 * What is wrong with it, in this org.
 */
problems: Array<MappingProblemView>, 
/**
 * Whether it can take the place of the saved one.
 */
usable: boolean, };

/**
 * One field of a row of a run.
 */
export type OutcomeChangeView = { 
/**
 * Label of the field.
 */
label: string, 
/**
 * What Salesforce held.
 */
before: CellView, 
/**
 * What was sent, or would have been.
 */
after: CellView, 
/**
 * Why it was held back, by whom and when it was changed; `null` where it was not.
 */
held: string | null, };

/**
 * One row of a run.
 */
export type OutcomeRowView = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What became of it.
 */
outcome: OutcomeView, 
/**
 * The record's id.
 */
record: string | null, 
/**
 * Link to the record.
 */
record_url: string | null, 
/**
 * What was wrong.
 */
problem: string | null, 
/**
 * The code of what was wrong.
 */
code: string | null, 
/**
 * The record a duplicate rule found, where Salesforce told.
 */
twin: TwinView | null, 
/**
 * The fields that were to change, those held back too.
 */
changes: Array<OutcomeChangeView>, };

/**
 * What became of a row.
 */
export type OutcomeView = "created" | "updated" | "unchanged" | "skipped" | "blocked" | "rejected" | "held" | "unknown" | "deleted";

/**
 * Asks for a page of a run's rows.
 */
export type OutcomesRequest = { 
/**
 * Which run.
 */
run: number, 
/**
 * Only this outcome.
 */
outcome: OutcomeView | null, 
/**
 * Only rows with a problem of this code.
 */
code?: string, 
/**
 * Only rows that were written except for fields that were held back.
 */
fields_held?: boolean, 
/**
 * Only names or ids that contain this.
 */
search: string, 
/**
 * How many rows to leave out.
 */
offset: number, 
/**
 * How many rows to give, at most 500.
 */
limit: number, };

/**
 * A page of a run's rows.
 */
export type OutcomesView = { 
/**
 * The rows.
 */
rows: Array<OutcomeRowView>, 
/**
 * How many the filter leaves.
 */
total: number, };

/**
 * Which fields a sync fills.
 */
export type PackView = "alguna" | "profitwell" | "profitwell_account";

/**
 * A name with its value: of a header or of the query.
 */
export type PairView = { 
/**
 * The name.
 */
name: string, 
/**
 * The value.
 */
value: string, };

/**
 * A parameter of the query.
 */
export type ParameterView = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it means, in a few words.
 */
means: string, 
/**
 * Whether the call fails without it.
 */
required: boolean, };

/**
 * The phases of a sync.
 */
export type PhaseName = "pull" | "read" | "match" | "plan" | "review" | "write" | "verify";

/**
 * How a phase stands.
 */
export type PhaseState = "waiting" | "running" | "done" | "stopped";

/**
 * One phase.
 */
export type PhaseView = { 
/**
 * Which.
 */
name: PhaseName, 
/**
 * How it stands.
 */
state: PhaseState, 
/**
 * Handled so far.
 */
done: number, 
/**
 * To be handled, when known.
 */
total: number | null, 
/**
 * A few words, such as `2,136 customers`.
 */
detail: string | null, };

/**
 * One cell of the preview.
 */
export type PlanCellView = { 
/**
 * What Salesforce holds; for an unchanged cell, the value itself.
 */
before: CellView | null, 
/**
 * What would be written; `null` when nothing changes.
 */
after: CellView | null, 
/**
 * Whether the change is held back.
 */
held: boolean, 
/**
 * Why, where it is held back by itself and not with its whole row.
 */
why_held: string | null, 
/**
 * Whether Salesforce's value was changed there since the last sync.
 */
drifted: boolean, };

/**
 * One column of the preview.
 */
export type PlanColumn = { 
/**
 * API name of the field.
 */
field: string, 
/**
 * Label of the field.
 */
label: string, 
/**
 * Whether it holds numbers, set right-aligned.
 */
numeric: boolean, 
/**
 * How many rows change it.
 */
changes: number, };

/**
 * Rows by action.
 */
export type PlanCountsView = { 
/**
 * New records.
 */
create: number, 
/**
 * Changed records.
 */
update: number, 
/**
 * Records that agree.
 */
unchanged: number, 
/**
 * Left out by a rule.
 */
skipped: number, 
/**
 * Need a fix first.
 */
blocked: number, 
/**
 * Records an undo deletes.
 */
delete: number, };

/**
 * Holds or approves a row or one of its fields.
 */
export type PlanDecideRequest = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * Which customer.
 */
customer: string, 
/**
 * Which field; the whole row when absent.
 */
field: string | null, 
/**
 * Hold it, or write it.
 */
hold: boolean, };

/**
 * Asks why one row of a plan is as it is.
 */
export type PlanExplainRequest = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * Which customer.
 */
customer: string, };

/**
 * Why one row of a plan is as it is.
 */
export type PlanExplainView = { 
/**
 * The customer's name.
 */
name: string, 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Link to the record in Salesforce.
 */
record_url: string | null, 
/**
 * How the record was found.
 */
matched_by: string | null, 
/**
 * Which subscription speaks and why the others do not, in sentences.
 */
speaks: Array<string>, 
/**
 * The fields that change.
 */
fields: Array<FieldExplainView>, };

/**
 * One link of a plan.
 */
export type PlanLinkView = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The Account; `null` while it is still to be created.
 */
record: string | null, 
/**
 * The other Account that is named already.
 */
other: string | null, };

/**
 * Asks for the links of a plan.
 */
export type PlanLinksRequest = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * How many rows to leave out.
 */
offset: number, 
/**
 * How many rows to give, at most 500.
 */
limit: number, };

/**
 * The links a run of the plan would see to.
 */
export type PlanLinksView = { 
/**
 * Whether the sync writes back, or the plan takes back what a run wrote.
 */
on: boolean, 
/**
 * What would happen, in a sentence.
 */
sentence: string, 
/**
 * Links a run would see to.
 */
to_link: number, 
/**
 * Of these, customers for whom another Account is named already: they are left.
 */
conflicts: number, 
/**
 * Customers whose Account is named already.
 */
already: number, 
/**
 * Calls to the billing system.
 */
calls: number, 
/**
 * Why there are none though they are switched on.
 */
problem: string | null, 
/**
 * The rows.
 */
rows: Array<PlanLinkView>, };

/**
 * Where a plan takes both sides from.
 */
export type PlanReading = "changes" | "full" | "offline";

/**
 * Names one plan.
 */
export type PlanRequest = { 
/**
 * Its number.
 */
plan: number, };

/**
 * One row of the preview.
 */
export type PlanRowView = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What would happen.
 */
action: ActionView, 
/**
 * The record's id.
 */
record: string | null, 
/**
 * How the record was found, in words.
 */
matched_by: string | null, 
/**
 * One cell a column of [`PlanView::columns`], in that order.
 */
cells: Array<PlanCellView>, 
/**
 * Why it is skipped or blocked.
 */
reason: ReasonView | null, 
/**
 * Whether the whole row is held.
 */
held: boolean, 
/**
 * Who changed the record in Salesforce since the last sync, and when.
 */
drift: DriftView | null, };

/**
 * Asks for a page of a plan.
 */
export type PlanRowsRequest = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * Only this action.
 */
action: ActionView | null, 
/**
 * Only rows changed in Salesforce since the last sync.
 */
drifted: boolean, 
/**
 * Only rows or fields held.
 */
held: boolean, 
/**
 * Only rows that the halt of this name speaks of.
 */
halt?: string, 
/**
 * Only rows that change one of these fields.
 */
fields: Array<string>, 
/**
 * Only names or ids that contain this.
 */
search: string, 
/**
 * How to sort.
 */
sort: PlanSort, 
/**
 * How many rows to leave out.
 */
offset: number, 
/**
 * How many rows to give, at most 500.
 */
limit: number, };

/**
 * A page of a plan.
 */
export type PlanRowsView = { 
/**
 * The rows.
 */
rows: Array<PlanRowView>, 
/**
 * How many rows the filter leaves.
 */
total: number, };

/**
 * How to sort the preview.
 */
export type PlanSort = "name" | "largest_change" | "customer";

/**
 * Asks for a plan.
 */
export type PlanStartRequest = { 
/**
 * Of which sync.
 */
sync: number, 
/**
 * Where both sides are taken from; the changes when absent.
 */
reading?: PlanReading, };

/**
 * How a plan stands.
 */
export type PlanStatusView = "planning" | "ready" | "failed" | "used" | "stale";

/**
 * What a run would send, given what is held now.
 */
export type PlanTallyView = { 
/**
 * Records a run would write, those it would delete among them.
 */
to_write: number, 
/**
 * Records a run would delete.
 */
to_delete: number, 
/**
 * Rows held as a whole.
 */
held_rows: number, 
/**
 * Fields held in rows that are written otherwise.
 */
held_fields: number, 
/**
 * Rows with a value changed in Salesforce.
 */
drifted: number, };

/**
 * A plan.
 */
export type PlanView = { 
/**
 * Its number.
 */
id: number, 
/**
 * Number of its sync.
 */
sync: number, 
/**
 * How it stands.
 */
status: PlanStatusView, 
/**
 * Version of the mapping it was made with.
 */
mapping_version: number, 
/**
 * Number of the run it takes back, when it is an undo.
 */
undoes: number | null, 
/**
 * Of an undo: whether records that run created are to be deleted.
 */
deletes: boolean, 
/**
 * Of an undo: how many records that run created and that are still there.
 */
created_by_run: number, 
/**
 * Customers read from the source.
 */
read: number, 
/**
 * Records read from the org.
 */
records: number, 
/**
 * Rows by action.
 */
counts: PlanCountsView, 
/**
 * What a run would send, given what is held now.
 */
tally: PlanTallyView, 
/**
 * What a run would cost.
 */
forecast: ForecastView, 
/**
 * The fields that can have changes, in mapping order.
 */
columns: Array<PlanColumn>, 
/**
 * Things that must be ticked before a run.
 */
halts: Array<HaltView>, 
/**
 * What must be typed before a run: the domain of a production org.
 */
confirm: string | null, 
/**
 * When both sides were read, when the plan asked neither.
 */
offline: OfflineView | null, 
/**
 * What is not known about it and a person should know.
 */
note: string | null, 
/**
 * When it began.
 */
started_at: string, 
/**
 * When it was ready.
 */
finished_at: string | null, 
/**
 * Why it failed.
 */
error: string | null, };

/**
 * Rows that failed for one cause.
 */
export type ProblemView = { 
/**
 * Outcome of these rows.
 */
outcome: OutcomeView, 
/**
 * Salesforce's status code, or a word of ours.
 */
code: string, 
/**
 * What happened, in words.
 */
title: string, 
/**
 * What was not done and what to do.
 */
hint: string, 
/**
 * Salesforce's own text.
 */
message: string, 
/**
 * How many rows.
 */
rows: number, };

/**
 * A picture of work under way: each event is a whole one, so that a listener may join late.
 */
export type ProgressView = { 
/**
 * Whose.
 */
work: Work, 
/**
 * Whether it has ended, well or not: no more pictures come.
 */
ended: boolean, 
/**
 * The phases, in order.
 */
phases: Array<PhaseView>, 
/**
 * Rows planned so far, by action.
 */
planned: PlanCountsView, 
/**
 * Rows by outcome so far.
 */
counts: CountsView, 
/**
 * Records to write in all.
 */
to_write: number, 
/**
 * Records sent and answered.
 */
sent: number, 
/**
 * Records a second, over the last few seconds.
 */
rate: number | null, 
/**
 * Seconds left, at that rate.
 */
seconds_left: number | null, 
/**
 * API calls made so far.
 */
api_calls: number, 
/**
 * API calls the org has left.
 */
api_left: number | null, 
/**
 * API calls the org allows.
 */
api_limit: number | null, 
/**
 * Calls, or Bulk jobs, that may be under way at a time.
 */
in_flight: number | null, 
/**
 * The Bulk jobs under way.
 */
bulk: BulkView | null, 
/**
 * Whether a person paused it.
 */
paused: boolean, 
/**
 * What it waits for, when it waits by itself.
 */
waiting: WaitingView | null, 
/**
 * Why nothing gets through at present, while it is tried again.
 */
no_answer: string | null, 
/**
 * Problems so far, by cause.
 */
problems: Array<ProblemView>, 
/**
 * What stopped it, when something did.
 */
error: ErrorView | null, };

/**
 * One thing that was looked at.
 */
export type PromotionCheck = { 
/**
 * Whether it is as it should be.
 */
ok: boolean, 
/**
 * What was found, as a sentence.
 */
sentence: string, 
/**
 * What to do about it, as a sentence.
 */
remedy: string | null, };

/**
 * A sync that is there already.
 */
export type PromotionExisting = { 
/**
 * Its number.
 */
sync: number, 
/**
 * Its name.
 */
name: string, 
/**
 * Version of its mapping.
 */
mapping_version: number, 
/**
 * Whether its mapping is the same already.
 */
same: boolean, };

/**
 * Makes the sync for the other org.
 */
export type PromotionFinishRequest = { 
/**
 * The sync.
 */
sync: number, 
/**
 * Number of the other org's connection.
 */
org: number, 
/**
 * Name of the new sync; not used where one is there already.
 */
name: string, };

/**
 * One field of the checklist.
 */
export type PromotionLine = { 
/**
 * API name.
 */
field: string, 
/**
 * Its label.
 */
label: string, 
/**
 * How it stands.
 */
state: PromotionState, 
/**
 * Whether the sync cannot be made before it is set right.
 */
blocking: boolean, 
/**
 * What was looked at.
 */
checks: Array<PromotionCheck>, };

/**
 * Names a sync and the org it is to be promoted to.
 */
export type PromotionRequest = { 
/**
 * The sync.
 */
sync: number, 
/**
 * Number of the other org's connection.
 */
org: number, };

/**
 * How a field of the checklist stands.
 */
export type PromotionState = "ok" | "to_do" | "cannot";

/**
 * How the mapping would do in the other org. Reading it writes nothing.
 */
export type PromotionView = { 
/**
 * Name of the other org's connection.
 */
org_name: string, 
/**
 * Whether it is a sandbox.
 */
environment: EnvironmentView, 
/**
 * Version of the mapping that is promoted.
 */
mapping_version: number, 
/**
 * The fields, in the order of the mapping.
 */
lines: Array<PromotionLine>, 
/**
 * How many fields Drawbridge can create.
 */
creatable: number, 
/**
 * How many lines keep the sync from being made.
 */
blocking: number, 
/**
 * A name for the new sync.
 */
suggested_name: string, 
/**
 * The sync from the same source to that org, where there is one: its mapping is replaced.
 */
existing: PromotionExisting | null, };

/**
 * A record that may be the customer's.
 */
export type ProposalView = { 
/**
 * The record.
 */
record: RecordView, 
/**
 * How likely, in percent.
 */
score: number, 
/**
 * What speaks for it, strongest first.
 */
evidence: Array<string>, 
/**
 * Id of the customer that the record already carries; it cannot be accepted then.
 */
taken_by: string | null, 
/**
 * The customer whose id the record carries, where the billing system no longer has it:
 * accepting takes over the link.
 */
takeover: TakeoverView | null, };

/**
 * Which product is on the other side.
 */
export type ProviderView = "alguna" | "profitwell" | "salesforce";

/**
 * Says whether anything may be changed through a billing connection.
 */
export type ReadOnlyRequest = { 
/**
 * Number of the connection.
 */
connection: number, 
/**
 * Whether it is only read from now on.
 */
read_only: boolean, };

/**
 * Why a row is skipped or blocked.
 */
export type ReasonView = { 
/**
 * A stable word.
 */
code: string, 
/**
 * The sentence.
 */
message: string, 
/**
 * What to do.
 */
next_step: string, };

/**
 * A record, to be named and opened.
 */
export type RecordView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name, as it was last read.
 */
name: string | null, 
/**
 * Its page in Salesforce.
 */
url: string | null, };

/**
 * Re-links a sandbox that was refreshed, or tells what that would come to.
 */
export type RelinkRequest = { 
/**
 * Which connection.
 */
connection: number, 
/**
 * Whether to do it. Otherwise nothing is changed.
 */
apply: boolean, };

/**
 * What re-linking comes to.
 */
export type RelinkView = { 
/**
 * The connection, as it is now.
 */
connection: ConnectionView, 
/**
 * Whether it was done.
 */
applied: boolean, 
/**
 * Id of the org before the refresh.
 */
from_org: string, 
/**
 * Id of the org now.
 */
to_org: string, 
/**
 * When the sandbox was last seen as it was before.
 */
last_seen_at: string | null, 
/**
 * Its syncs.
 */
syncs: Array<SyncRelinkView>, };

/**
 * What a report is written as.
 */
export type ReportFormat = "html" | "csv";

/**
 * Asks for the report of a run to be saved.
 */
export type ReportRequest = { 
/**
 * Which run.
 */
run: number, 
/**
 * As what.
 */
format: ReportFormat, };

/**
 * Tries rejected records of a run again.
 */
export type RetryRequest = { 
/**
 * Which run.
 */
run: number, 
/**
 * Only these customers; all that were rejected when absent.
 */
customers: Array<string> | null, 
/**
 * Whether they are to be saved though a duplicate rule warns. Only for chosen customers whose
 * rule allows it.
 */
allow_duplicates?: boolean, };

/**
 * A field whose rule differs between two versions.
 */
export type RuleDifferenceView = { 
/**
 * API name of the field.
 */
field: string, 
/**
 * How it differs.
 */
kind: DifferenceKindView, 
/**
 * What differs, one short sentence each.
 */
sentences: Array<string>, };

/**
 * A field rule as a person writes it.
 */
export type RuleDraft = { 
/**
 * API name of the field.
 */
field: string, 
/**
 * Name of a source value, or an expression; empty while nothing feeds the field.
 */
source: string, 
/**
 * When it is written.
 */
write: WritePolicyView, 
/**
 * What blank does.
 */
blank: BlankPolicyView, 
/**
 * What too long does.
 */
length: LengthPolicyView, };

/**
 * A rule that could be added.
 */
export type RuleProposalView = { 
/**
 * The rule.
 */
rule: RuleDraft, 
/**
 * Label of its field.
 */
field_label: string, 
/**
 * Type of its field.
 */
field_kind: string, 
/**
 * Label of its source value.
 */
source_label: string, 
/**
 * Why it is proposed, in one sentence.
 */
because: string, };

/**
 * A field rule in words.
 */
export type RuleTold = { 
/**
 * What it reads: the name of a value, or an expression.
 */
source: string, 
/**
 * How the value comes about, in one sentence.
 */
sentence: string, 
/**
 * When it writes, in words.
 */
policy: string, 
/**
 * Version of the mapping it stands in.
 */
mapping_version: number, };

/**
 * One field rule with what a person needs to judge it.
 */
export type RuleView = { 
/**
 * Name of the source value, such as `subscription.value`, or the expression.
 */
source: string, 
/**
 * Whether the source is an expression.
 */
expression: boolean, 
/**
 * Its label, such as `Value per interval`.
 */
source_label: string, 
/**
 * One sentence on how it is derived.
 */
explanation: string, 
/**
 * Kind of the source value: `Text`, `Date`, `Date/Time`, `Decimal`, `Expression`.
 */
source_kind: string, 
/**
 * The value for the sample customer; `null` when the source does not say.
 */
sample: CellView | null, 
/**
 * Why the sample customer's value cannot be written.
 */
sample_problem: string | null, 
/**
 * API name of the field.
 */
field: string, 
/**
 * Label of the field, as the org has it.
 */
field_label: string, 
/**
 * Type of the field, as the org has it: `Text 255`, `Currency 8, 2`; `null` when missing.
 */
field_kind: string | null, 
/**
 * Whether it is the external ID, whose rule cannot be switched.
 */
external_id: boolean, 
/**
 * Whether texts can be too long at all.
 */
has_length: boolean, 
/**
 * Whether new records need the field.
 */
required: boolean, 
/**
 * When it is written.
 */
write: WritePolicyView, 
/**
 * What blank does.
 */
blank: BlankPolicyView, 
/**
 * What too long does.
 */
length: LengthPolicyView, 
/**
 * Everything wrong with the rule against the org's describe.
 */
problems: Array<MappingProblemView>, };

/**
 * One link of a run.
 */
export type RunLinkView = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The Account.
 */
record: string | null, 
/**
 * Link to the Account.
 */
record_url: string | null, 
/**
 * What became of it; `null` while it is open.
 */
outcome: LinkOutcomeView | null, 
/**
 * A word for what was wrong.
 */
code: string | null, 
/**
 * What was wrong and what to do.
 */
problem: string | null, };

/**
 * Asks for the links of a run.
 */
export type RunLinksRequest = { 
/**
 * Which run.
 */
run: number, 
/**
 * Only this outcome.
 */
outcome: LinkOutcomeView | null, 
/**
 * How many rows to leave out.
 */
offset: number, 
/**
 * How many rows to give, at most 500.
 */
limit: number, };

/**
 * The links of a run.
 */
export type RunLinksView = { 
/**
 * How they stand, in a sentence.
 */
sentence: string, 
/**
 * By outcome.
 */
counts: LinkCountsView, 
/**
 * Links without an outcome yet.
 */
open: number, 
/**
 * Whether every link is accounted for.
 */
adds_up: boolean, 
/**
 * Whether links are taken back.
 */
undo: boolean, 
/**
 * The rows.
 */
rows: Array<RunLinkView>, 
/**
 * How many the filter leaves.
 */
total: number, };

/**
 * Lists runs, newest first.
 */
export type RunListRequest = { 
/**
 * Only of this sync.
 */
sync: number | null, };

/**
 * Names one run.
 */
export type RunRequest = { 
/**
 * Its number.
 */
run: number, };

/**
 * Resumes a run.
 */
export type RunResumeRequest = { 
/**
 * Its number.
 */
run: number, 
/**
 * Whether a person said that another user of the org than the one who began it goes on.
 */
as_another_user?: boolean, };

/**
 * Starts a run of an approved plan.
 */
export type RunStartRequest = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * The org's domain, typed by the person: needed for production.
 */
confirm: string | null, 
/**
 * Write only the first so many records: a pilot.
 */
limit: number | null, 
/**
 * Write only the records of these customers: a pilot too.
 */
only: Array<string> | null, 
/**
 * How to write; by the number of records when absent.
 */
way: WayView | null, 
/**
 * Halts the person ticked.
 */
accept: Array<string>, };

/**
 * How a run stands.
 */
export type RunStatusView = "running" | "finished" | "interrupted" | "stopped" | "halted";

/**
 * A run.
 */
export type RunView = { 
/**
 * Its number.
 */
id: number, 
/**
 * Number of its plan.
 */
plan: number, 
/**
 * Version of the mapping the plan was made with.
 */
mapping_version: number, 
/**
 * Number of the run it takes back, when it is an undo.
 */
undoes: number | null, 
/**
 * Number of its sync.
 */
sync: number, 
/**
 * Name of its sync.
 */
sync_name: string, 
/**
 * Name of its org.
 */
org_name: string, 
/**
 * Name of its source's product.
 */
source_name: string, 
/**
 * The sObject it writes.
 */
sobject: string, 
/**
 * How it stands.
 */
status: RunStatusView, 
/**
 * Why, when there is a why.
 */
reason: string | null, 
/**
 * Number of the newest run of the same sync that came after it. It cannot be resumed any more:
 * what it left is in newer previews.
 */
superseded_by: number | null, 
/**
 * Customers the plan read.
 */
read: number, 
/**
 * Rows by outcome so far.
 */
counts: CountsView, 
/**
 * Rows that were written except for fields that were held back.
 */
fields_held: number, 
/**
 * Rows without an outcome yet.
 */
still_to_write: number, 
/**
 * Whether every row read is accounted for.
 */
adds_up: boolean, 
/**
 * Records it set out to write.
 */
to_write: number, 
/**
 * Records read back after writing.
 */
verified: number, 
/**
 * Records that read back differently from what was sent.
 */
differs: number, 
/**
 * API calls it made.
 */
api_calls: number, 
/**
 * How it writes.
 */
way: WayView, 
/**
 * Why so, as a sentence.
 */
way_reason: string, 
/**
 * Whether a person paused it: it sends nothing until it goes on.
 */
paused: boolean, 
/**
 * When it began.
 */
started_at: string, 
/**
 * When it ended.
 */
finished_at: string | null, 
/**
 * Seconds it took so far.
 */
seconds: number, };

/**
 * The customer samples are of.
 */
export type SampleCustomer = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its place in the list, from 0.
 */
index: number, };

/**
 * A file that was saved.
 */
export type SavedView = { 
/**
 * Where it is.
 */
path: string, };

/**
 * How far a problem reaches.
 */
export type SeverityView = "stops" | "blocks" | "warns";

/**
 * Rows of one plan or status.
 */
export type ShareView = { 
/**
 * Which one, as the source writes it; empty for rows that have none, and for others together.
 */
value: string, 
/**
 * How many rows.
 */
rows: number, 
/**
 * How many of them have a figure.
 */
known: number, 
/**
 * Their monthly recurring revenue, decimal text; absent when none has a figure.
 */
mrr: string | null, };

/**
 * The largest parts, and the rest.
 */
export type SharesView = { 
/**
 * By revenue, the largest first.
 */
largest: Array<ShareView>, 
/**
 * How many others there are.
 */
other_count: number, 
/**
 * What they come to; absent when there are none.
 */
others: ShareView | null, };

/**
 * One field on both sides.
 */
export type SideBySide = { 
/**
 * API name of the field.
 */
field: string, 
/**
 * Label of the field.
 */
label: string, 
/**
 * What the source gives; `null` when it does not say.
 */
billing: CellView | null, 
/**
 * What Salesforce holds.
 */
salesforce: CellView, 
/**
 * Whether they agree.
 */
same: boolean, };

/**
 * How old a source's cache is.
 */
export type SourceAge = { 
/**
 * Number of the connection.
 */
source: number, 
/**
 * Its name.
 */
name: string, 
/**
 * When it was last read; absent when never.
 */
pulled_at: string | null, 
/**
 * Whether it can be reached now, as far as is known.
 */
reachable: boolean, };

/**
 * Connects a billing source with its key.
 */
export type SourceConnectRequest = { 
/**
 * Alguna or ProfitWell.
 */
provider: ProviderView, 
/**
 * Name for the connection.
 */
name: string, 
/**
 * Base URL; the product's own when absent.
 */
base_url: string | null, 
/**
 * API key or private token. Goes to the keychain and nowhere else.
 */
key: string, };

/**
 * A value the source gives by name.
 */
export type SourceValueView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its label.
 */
label: string, 
/**
 * One sentence on how it is derived.
 */
explanation: string, 
/**
 * Its kind: `Text`, `Date`, `Date/Time`, `Decimal`.
 */
kind: string, };

/**
 * Lets one subscription speak for a customer.
 */
export type SpeakerPinRequest = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * The customer's id.
 */
customer: string, 
/**
 * The subscription's id; the rule decides again when absent.
 */
subscription: string | null, };

/**
 * Asks which subscription speaks for a customer.
 */
export type SpeakerRequest = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * The customer's id.
 */
customer: string, 
/**
 * A rule to try; the sync's own when absent.
 */
rule: Array<YardstickView> | null, };

/**
 * Which subscription speaks for a customer, and why the others do not.
 */
export type SpeakerView = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * The customer's name.
 */
name: string, 
/**
 * Its subscriptions, first the one that speaks, then the others, best first.
 */
subscriptions: Array<SpeakingView>, 
/**
 * When a person chose the one that speaks.
 */
pinned_at: string | null, 
/**
 * The one a person had chosen, when it is no longer there.
 */
pin_gone: string | null, };

/**
 * A subscription that speaks, or does not.
 */
export type SpeakingView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its status, in words.
 */
status: string, 
/**
 * Why it speaks, or why it does not, in a sentence.
 */
why: string, };

/**
 * One step of a derivation.
 */
export type StepView = { 
/**
 * What it is.
 */
label: string, 
/**
 * Its figure or text.
 */
value: string, };

/**
 * One line of the table.
 */
export type SubscriptionRowView = { 
/**
 * Number of the source connection.
 */
source: number, 
/**
 * Name of the source connection.
 */
source_name: string, 
/**
 * The customer's id.
 */
customer: string, 
/**
 * The customer's name.
 */
customer_name: string, 
/**
 * The subscription's id; absent for a source that only knows customers.
 */
subscription: string | null, 
/**
 * Its name.
 */
name: string | null, 
/**
 * Its plan.
 */
plan: string | null, 
/**
 * Its status word.
 */
status: string, 
/**
 * Its interval, in words.
 */
interval: string | null, 
/**
 * Monthly recurring revenue, decimal text; absent when not known.
 */
mrr: string | null, 
/**
 * Currency of the revenue.
 */
currency: string | null, 
/**
 * When it began.
 */
started_at: string | null, 
/**
 * The day it renews.
 */
renews_on: string | null, 
/**
 * The record it is linked to.
 */
record: string | null, };

/**
 * How to sort.
 */
export type SubscriptionSort = "customer" | "plan" | "status" | "mrr" | "renews";

/**
 * Asks for a page.
 */
export type SubscriptionsRequest = { 
/**
 * Words to find in customer, plan, e-mail or id.
 */
search: string, 
/**
 * Only this source.
 */
source: number | null, 
/**
 * Only these status words.
 */
status: Array<string>, 
/**
 * Only these intervals, in words.
 */
interval: Array<string>, 
/**
 * Only these currencies.
 */
currency: Array<string>, 
/**
 * Only these plans; the empty one stands for no plan.
 */
plan: Array<string>, 
/**
 * How to sort.
 */
sort: SubscriptionSort, 
/**
 * Whether to turn the order around.
 */
descending: boolean, 
/**
 * How many rows to leave out.
 */
offset: number, 
/**
 * How many rows to give, at most 500.
 */
limit: number, };

/**
 * A page, with totals over everything the filter leaves.
 */
export type SubscriptionsView = { 
/**
 * The rows.
 */
rows: Array<SubscriptionRowView>, 
/**
 * How many the filter leaves.
 */
total: number, 
/**
 * How many there are without a filter.
 */
all: number, 
/**
 * Revenue per currency, of what the filter leaves.
 */
totals: Array<MoneyView>, 
/**
 * When each source was last read.
 */
sources: Array<SourceAge>, };

/**
 * Makes a sync.
 */
export type SyncCreateRequest = { 
/**
 * Its name.
 */
name: string, 
/**
 * Number of the source connection.
 */
source: number, 
/**
 * Number of the org connection.
 */
org: number, 
/**
 * Which fields it fills; when absent, those its source fills by default.
 */
pack?: PackView, 
/**
 * Whether it may create records; off by default. Never for customers that are rolled up.
 */
create_records: boolean, 
/**
 * Whether the billing system is told which Account each customer is. When absent: on for
 * Alguna and a production org, else off.
 */
record_links?: boolean, };

/**
 * What re-linking comes to for one sync.
 */
export type SyncRelinkView = { 
/**
 * Its number.
 */
sync: number, 
/**
 * Its name.
 */
name: string, 
/**
 * Customers whose record was found again by its external ID.
 */
found_again: number, 
/**
 * Customers whose record is not in the copy.
 */
not_there: number, 
/**
 * Customers whose record is there by its id alone, or whose id several carry: the next preview
 * finds those to which an address or the billing system leads, and the others wait.
 */
need_review: number, 
/**
 * Fields of the mapping the copy lacks; they are created on the Fields tab.
 */
missing_fields: Array<string>, };

/**
 * Names one sync.
 */
export type SyncRequest = { 
/**
 * Its number.
 */
sync: number, };

/**
 * Changes a sync's settings; those that are absent stay.
 */
export type SyncSaveRequest = { 
/**
 * Its number.
 */
sync: number, 
/**
 * Its name.
 */
name: string | null, 
/**
 * Whether it may create records.
 */
create_records: boolean | null, 
/**
 * Whether e-mail addresses are masked in the sandbox.
 */
mask_emails: boolean | null, 
/**
 * Which subscription speaks, the strongest yardstick first.
 */
speaker: Array<YardstickView> | null, };

/**
 * A configured pair of source and org.
 */
export type SyncView = { 
/**
 * Its number.
 */
id: number, 
/**
 * Its name.
 */
name: string, 
/**
 * Number of the source connection.
 */
source: number, 
/**
 * Name of the source connection.
 */
source_name: string, 
/**
 * Number of the org connection.
 */
org: number, 
/**
 * Name of the org connection.
 */
org_name: string, 
/**
 * Whether the org is a sandbox.
 */
environment: EnvironmentView, 
/**
 * Which fields it fills.
 */
pack: PackView, 
/**
 * The sObject it fills.
 */
sobject: string, 
/**
 * Plural label of that sObject.
 */
sobject_plural: string, 
/**
 * Whether it may create records.
 */
create_records: boolean, 
/**
 * Whether e-mail addresses are masked in the sandbox.
 */
mask_emails: boolean, 
/**
 * Which subscription speaks for a customer that has several, the strongest yardstick first.
 */
speaker: Array<YardstickView>, 
/**
 * Version of its mapping.
 */
mapping_version: number, 
/**
 * Its latest plan.
 */
latest_plan: PlanView | null, 
/**
 * Its latest run.
 */
latest_run: RunView | null, };

/**
 * Takes over every link that one sure clue leads to.
 */
export type TakeoverAllRequest = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * Whether it is decided; else it is only shown.
 */
apply: boolean, };

/**
 * What taking over every sure link comes to, or came to.
 */
export type TakeoverAllView = { 
/**
 * Whether it was decided.
 */
applied: boolean, 
/**
 * How many links one sure clue leads to: the same e-mail address, or the billing system's own
 * word.
 */
sure: number, 
/**
 * How many more records carry the id of a customer that is gone; a person looks at each.
 */
unsure: number, 
/**
 * The first of the sure ones.
 */
rows: Array<TakeoverRowView>, };

/**
 * One link that goes over.
 */
export type TakeoverRowView = { 
/**
 * Id of the customer that takes it over.
 */
customer: string, 
/**
 * The words a person knows it by.
 */
name: string, 
/**
 * The record.
 */
record: RecordView, 
/**
 * Id of the customer it was linked to.
 */
former: string, 
/**
 * What speaks for it, strongest first.
 */
evidence: Array<string>, };

/**
 * A customer that the billing system no longer has, and whose link another one may take over.
 */
export type TakeoverView = { 
/**
 * Its id, which the record carries.
 */
customer: string, 
/**
 * The words a person knew it by, where they are known.
 */
name: string | null, 
/**
 * When the billing system was found not to have it any more, where that is known.
 */
gone_at: string | null, 
/**
 * What there is to say about it, as a sentence.
 */
message: string, };

/**
 * A word of expressions.
 */
export type TermView = { 
/**
 * Its name.
 */
name: string, 
/**
 * How it is written.
 */
usage: string, 
/**
 * One line on what it is or does.
 */
explanation: string, };

/**
 * What a trend is counted in.
 */
export type TrendUnitView = "money" | "customers" | "percent" | "days" | "ratio";

/**
 * A trend by its name.
 */
export type TrendView = { 
/**
 * Its name, as `ProfitWell` writes it.
 */
name: string, 
/**
 * What it is counted in.
 */
unit: TrendUnitView, 
/**
 * A figure for each month, decimal text.
 */
values: Array<string | null>, };

/**
 * One thing wrong with a rule, with its place.
 */
export type TryProblem = { 
/**
 * The problem.
 */
problem: MappingProblemView, 
/**
 * The line of the expression, from 1.
 */
line: number | null, 
/**
 * The character of the line, from 1.
 */
column: number | null, };

/**
 * What a rule gives for one customer.
 */
export type TrySample = { 
/**
 * The customer's id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What would be written; `null` when nothing is.
 */
value: CellView | null, 
/**
 * Why nothing is written.
 */
why_not: string | null, 
/**
 * Whether the record is blocked for that reason, rather than the field left alone.
 */
blocked: boolean, };

/**
 * A record that a duplicate rule takes for the same.
 */
export type TwinView = { 
/**
 * Its id.
 */
record: string, 
/**
 * Link to it.
 */
record_url: string | null, 
/**
 * Whether a person may have the other saved all the same.
 */
allowable: boolean, };

/**
 * Asks for the plan that takes a run back.
 */
export type UndoRequest = { 
/**
 * Number of the run.
 */
run: number, 
/**
 * Whether records the run created are to be deleted, where nobody saved them since. They stay
 * when absent.
 */
delete_created?: boolean, };

/**
 * What is shown in place of an org's answer.
 */
export type UnreachedView = { 
/**
 * Why the org could not be asked; `null` when only what is stored was wanted.
 */
why: ErrorView | null, 
/**
 * When the fields that are shown were read; `null` when they never were.
 */
fields_at: string | null, };

/**
 * Asks where a value comes from. Names a customer or a record, or both.
 */
export type ValueExplainRequest = { 
/**
 * Which sync.
 */
sync: number, 
/**
 * The customer's id.
 */
customer: string | null, 
/**
 * The record's id.
 */
record: string | null, 
/**
 * API name or label of one field; all fields when absent.
 */
field: string | null, };

/**
 * Where the values of a record come from.
 */
export type ValueExplainView = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * Its name.
 */
sync_name: string, 
/**
 * Name of its source's product.
 */
source_name: string, 
/**
 * Name of its org.
 */
org_name: string, 
/**
 * The customer's id, when the record has one.
 */
customer: string | null, 
/**
 * The words a person knows it by.
 */
name: string, 
/**
 * The record's id, when the customer has one.
 */
record: string | null, 
/**
 * Link to the record.
 */
record_url: string | null, 
/**
 * When Salesforce was last read.
 */
read_at: string | null, 
/**
 * Which subscription speaks for the customer now, and why the others do not.
 */
speaks: Array<string>, 
/**
 * That the record went over from a customer which is gone to another, as a person decided.
 */
takeover: string | null, 
/**
 * The fields, in mapping order; those that no rule fills any more stand last.
 */
fields: Array<ValueView>, };

/**
 * How the value in Salesforce stands to what Drawbridge wrote.
 */
export type ValueStanding = "never_written" | "not_read_since" | "read_back" | "as_written" | "drifted" | "gone";

/**
 * One field: what it holds, why, and everything that was ever written to it.
 */
export type ValueView = { 
/**
 * API name.
 */
field: string, 
/**
 * Label.
 */
label: string, 
/**
 * The rule that fills it now; absent when none does.
 */
rule: RuleTold | null, 
/**
 * How the value the source gives now comes about, line by line.
 */
steps: Array<StepView>, 
/**
 * What the source gives now; absent when it does not say.
 */
billing: CellView | null, 
/**
 * What Salesforce held when last read; absent when it was not.
 */
salesforce: CellView | null, 
/**
 * How that stands to what was written.
 */
standing: ValueStanding, 
/**
 * Who changed it in Salesforce since.
 */
drift: DriftView | null, 
/**
 * Every write, newest first.
 */
writes: Array<ValueWriteView>, };

/**
 * One write to one field.
 */
export type ValueWriteView = { 
/**
 * Which run.
 */
run: number, 
/**
 * When it was sent.
 */
at: string, 
/**
 * Who began the run.
 */
user_name: string | null, 
/**
 * What stood there before.
 */
before: CellView, 
/**
 * What was written.
 */
after: CellView, 
/**
 * The run it took back, when it was an undo.
 */
undoes: number | null, 
/**
 * The run that took this write back.
 */
undone_by: number | null, 
/**
 * The rule as it was then; absent for an undo.
 */
rule: RuleTold | null, };

/**
 * What a run waits for by itself.
 */
export type WaitingView = { 
/**
 * Why, as a sentence.
 */
why: string, 
/**
 * Seconds between its looks whether it can go on.
 */
every_seconds: number, };

/**
 * How a run writes.
 */
export type WayView = "collections" | "bulk";

/**
 * Names work under way.
 */
export type Work = { "kind": "plan", "id": number } | { "kind": "run", "id": number };

/**
 * The workspace the window shows.
 */
export type WorkspaceView = { 
/**
 * Whether this is the demo workspace, on simulated servers.
 */
demo: boolean, 
/**
 * The data folder.
 */
data_dir: string, 
/**
 * Whether the database is encrypted.
 */
encrypted: boolean, 
/**
 * A standing warning about how data or secrets are kept.
 */
warning: string | null, 
/**
 * Callback URL the External Client App must know, to the letter.
 */
callback_url: string, 
/**
 * Version of Drawbridge.
 */
version: string, 
/**
 * How many connections there are.
 */
connections: number, 
/**
 * How many syncs there are.
 */
syncs: number, };

/**
 * When a field is written.
 */
export type WritePolicyView = "always" | "if_empty" | "if_unchanged" | "never";

/**
 * Switches writing back on or off.
 */
export type WritebackSetRequest = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * On or off.
 */
on: boolean, 
/**
 * Id of the integration, needed where there are several.
 */
integration: string | null, };

/**
 * Whether a sync tells its billing system which Account each customer is.
 */
export type WritebackView = { 
/**
 * Number of the sync.
 */
sync: number, 
/**
 * Whether the billing system has a place for it.
 */
offered: boolean, 
/**
 * Whether it is switched on.
 */
on: boolean, 
/**
 * Why it is offered or not, on or off, in a sentence or two.
 */
reason: string, 
/**
 * The billing system's integrations with Salesforce.
 */
integrations: Array<IntegrationView>, 
/**
 * The one that was chosen, where there are several.
 */
integration: string | null, 
/**
 * Where links go: a connected account or an alias, in words.
 */
place: string | null, 
/**
 * Why that is not known.
 */
problem: string | null, };

/**
 * A way to compare two subscriptions of one customer.
 */
export type YardstickView = "status" | "latest_start" | "earliest_start" | "highest_value";

/** What each command takes and gives. */
export interface Commands {
  workspace_get: { request: Nothing; response: WorkspaceView };
  demo_start: { request: Nothing; response: WorkspaceView };
  connection_list: { request: Nothing; response: Array<ConnectionView> };
  connection_check: { request: ConnectionRequest; response: ConnectionView };
  connection_leave: { request: ConnectionRequest; response: Nothing };
  connection_relink: { request: RelinkRequest; response: RelinkView };
  connection_set_read_only: { request: ReadOnlyRequest; response: ConnectionView };
  source_connect: { request: SourceConnectRequest; response: ConnectionView };
  source_pull: { request: ConnectionRequest; response: ConnectionView };
  source_replace_key: { request: KeyReplaceRequest; response: ConnectionView };
  org_login_begin: { request: OrgLoginRequest; response: LoginView };
  org_login_finish: { request: LoginRequest; response: ConnectionView };
  org_login_cancel: { request: LoginRequest; response: Nothing };
  sync_list: { request: Nothing; response: Array<SyncView> };
  sync_get: { request: SyncRequest; response: SyncView };
  sync_create: { request: SyncCreateRequest; response: SyncView };
  sync_save: { request: SyncSaveRequest; response: SyncView };
  speaker_get: { request: SpeakerRequest; response: SpeakerView };
  speaker_pin: { request: SpeakerPinRequest; response: SpeakerView };
  fields_get: { request: SyncRequest; response: FieldsView };
  fields_validate: { request: SyncRequest; response: DeployView };
  fields_deploy: { request: SyncRequest; response: DeployView };
  mapping_get: { request: MappingRequest; response: MappingView };
  mapping_check: { request: MappingCheckRequest; response: MappingView };
  mapping_save: { request: MappingSaveRequest; response: MappingView };
  mapping_try: { request: MappingTryRequest; response: MappingTryView };
  mapping_terms: { request: SyncRequest; response: MappingTermsView };
  mapping_fields: { request: SyncRequest; response: Array<FieldChoiceView> };
  mapping_proposals: { request: MappingProposalsRequest; response: Array<RuleProposalView> };
  mapping_versions: { request: SyncRequest; response: Array<MappingVersionView> };
  mapping_version: { request: MappingVersionRequest; response: OtherMappingView };
  mapping_read: { request: MappingReadRequest; response: OtherMappingView };
  mapping_export: { request: SyncRequest; response: MappingFileView };
  mapping_export_file: { request: SyncRequest; response: MappingFileView };
  promotion_check: { request: PromotionRequest; response: PromotionView };
  promotion_deploy: { request: PromotionRequest; response: DeployView };
  promotion_finish: { request: PromotionFinishRequest; response: SyncView };
  match_list: { request: MatchListRequest; response: MatchListView };
  match_decide: { request: MatchDecideRequest; response: MatchView };
  match_search: { request: MatchSearchRequest; response: Array<RecordView> };
  match_take_over_all: { request: TakeoverAllRequest; response: TakeoverAllView };
  plan_start: { request: PlanStartRequest; response: PlanView };
  plan_get: { request: PlanRequest; response: PlanView };
  plan_rows: { request: PlanRowsRequest; response: PlanRowsView };
  plan_explain: { request: PlanExplainRequest; response: PlanExplainView };
  plan_decide: { request: PlanDecideRequest; response: PlanTallyView };
  run_start: { request: RunStartRequest; response: RunView };
  run_resume: { request: RunResumeRequest; response: RunView };
  run_stop: { request: RunRequest; response: RunView };
  run_pause: { request: RunRequest; response: RunView };
  run_continue: { request: RunRequest; response: RunView };
  run_retry: { request: RetryRequest; response: RunView };
  undo_start: { request: UndoRequest; response: PlanView };
  run_get: { request: RunRequest; response: RunView };
  run_list: { request: RunListRequest; response: Array<RunView> };
  run_problems: { request: RunRequest; response: Array<ProblemView> };
  run_outcomes: { request: OutcomesRequest; response: OutcomesView };
  run_links: { request: RunLinksRequest; response: RunLinksView };
  plan_links: { request: PlanLinksRequest; response: PlanLinksView };
  writeback_get: { request: SyncRequest; response: WritebackView };
  writeback_set: { request: WritebackSetRequest; response: WritebackView };
  import_start: { request: ImportStartRequest; response: ImportView };
  import_get: { request: ImportRequest; response: ImportView };
  import_latest: { request: SyncRequest; response: Array<ImportView> };
  import_rows: { request: ImportRowsRequest; response: ImportRowsView };
  import_decide: { request: ImportDecideRequest; response: ImportView };
  import_run: { request: ImportRunRequest; response: ImportView };
  import_stop: { request: ImportRequest; response: ImportView };
  operation_forms: { request: Nothing; response: Array<OperationFormView> };
  operation_check: { request: OperationCheckRequest; response: OperationCheckView };
  operation_start: { request: OperationStartRequest; response: OperationBatchView };
  operation_preview: { request: OperationPreviewRequest; response: OperationBatchView };
  operation_csv: { request: OperationCsvRequest; response: OperationBatchView };
  operation_run: { request: OperationRunRequest; response: OperationBatchView };
  operation_stop: { request: OperationRequest; response: OperationBatchView };
  operation_get: { request: OperationRequest; response: OperationBatchView };
  operation_list: { request: OperationListRequest; response: OperationListView };
  operation_rows: { request: OperationRowsRequest; response: OperationRowsView };
  operation_report: { request: OperationRequest; response: SavedView };
  billing_history: { request: BillingHistoryRequest; response: BillingHistoryView };
  billing_plans: { request: BillingPlansRequest; response: BillingPlansView };
  billing_plan: { request: BillingPlanRequest; response: BillingPlanView };
  billing_customers: { request: BillingCustomersRequest; response: BillingCustomersView };
  billing_customer: { request: BillingCustomerRequest; response: BillingCustomerView };
  billing_choices: { request: BillingChoicesRequest; response: Array<BillingChoiceView> };
  subscription_list: { request: SubscriptionsRequest; response: SubscriptionsView };
  subscription_facets: { request: Nothing; response: FacetsView };
  subscription_breakdown: { request: BreakdownRequest; response: BreakdownView };
  breakdown_save: { request: BreakdownSaveRequest; response: SavedView };
  metrics_view: { request: MetricsRequest; response: MetricsView };
  metrics_refresh: { request: MetricsRequest; response: MetricsView };
  metrics_save: { request: MetricsSaveRequest; response: SavedView };
  customer_get: { request: CustomerRequest; response: CustomerView };
  history_list: { request: HistoryRequest; response: HistoryView };
  history_get: { request: RunRequest; response: HistoryRunView };
  report_save: { request: ReportRequest; response: SavedView };
  value_explain: { request: ValueExplainRequest; response: ValueExplainView };
  console_endpoints: { request: Nothing; response: Array<EndpointView> };
  console_check: { request: ConsoleRequest; response: ConsoleCheckView };
  console_call: { request: ConsoleRequest; response: ApiAnswerView };
  console_cancel: { request: ConsoleCancelRequest; response: Nothing };
  console_rows: { request: AnswerRowsRequest; response: AnswerRowsView };
  console_save: { request: AnswerSaveRequest; response: SavedView };
  console_list: { request: ApiCallsRequest; response: ApiCallsView };
  console_get: { request: ApiCallRequest; response: ApiCallView };
}
