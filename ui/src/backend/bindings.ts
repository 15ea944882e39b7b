// Made from the Rust views by the test `bindings_are_fresh`; do not edit.

/**
 * What would happen to a customer.
 */
export type ActionView = "create" | "update" | "unchanged" | "skipped" | "blocked";

/**
 * What a blank source value does.
 */
export type BlankPolicyView = "leave" | "clear";

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
export type ConnectionStatusView = "connected" | "needs_sign_in" | "unreachable" | "blocked_by_policy";

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
checked_at: string | null, };

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
unknown: number, };

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
 * What Salesforce did not accept.
 */
problems: Array<DeployProblem>, 
/**
 * The fields afterwards, read anew; absent for a validation.
 */
fields: FieldsView | null, };

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
 * Sandbox or production.
 */
export type EnvironmentView = "sandbox" | "production";

/**
 * What went wrong, from a closed list. The screens choose their words and actions by it and
 * never by the message.
 */
export type ErrorCode = "bad_request" | "not_found" | "name_taken" | "needs_sign_in" | "sign_in_not_finished" | "port_in_use" | "unreachable" | "not_the_api" | "busy" | "quota_used_up" | "blocked_by_policy" | "wrong_org" | "field_missing" | "refused" | "lost_answer" | "plan_stale" | "guard" | "already_running" | "no_keychain" | "disk_full" | "database" | "internal";

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
currency: Array<FacetView>, };

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
calls_limit: number | null, };

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
message: string, };

/**
 * A customer's values beside those of its record.
 */
export type InSalesforceView = { 
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
sample: number, };

/**
 * Saves policies as a new version.
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
 * The rules that change.
 */
rules: Array<RulePolicies>, };

/**
 * The mapping of a sync.
 */
export type MappingView = { 
/**
 * Its version.
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
 * The customer the samples are of.
 */
sample_customer: SampleCustomer | null, 
/**
 * How many customers there are to sample.
 */
sample_total: number, };

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
decision: MatchDecisionView | null, };

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
 * What was sent.
 */
after: CellView, };

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
 * The fields sent.
 */
changes: Array<OutcomeChangeView>, };

/**
 * What became of a row.
 */
export type OutcomeView = "created" | "updated" | "unchanged" | "skipped" | "blocked" | "rejected" | "held" | "unknown";

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
export type PackView = "alguna" | "profitwell";

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
blocked: number, };

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
 * Records a run would write.
 */
to_write: number, 
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
 * When both sides were read, when the plan asked neither.
 */
offline: OfflineView | null, 
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
 * Problems so far, by cause.
 */
problems: Array<ProblemView>, 
/**
 * What stopped it, when something did.
 */
error: ErrorView | null, };

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
taken_by: string | null, };

/**
 * Which product is on the other side.
 */
export type ProviderView = "alguna" | "profitwell" | "salesforce";

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
 * The policies of one rule.
 */
export type RulePolicies = { 
/**
 * API name of the field.
 */
field: string, 
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
 * One field rule with what a person needs to judge it.
 */
export type RuleView = { 
/**
 * Name of the source value, such as `subscription.value`.
 */
source: string, 
/**
 * Its label, such as `Value per interval`.
 */
source_label: string, 
/**
 * One sentence on how it is derived.
 */
explanation: string, 
/**
 * Kind of the source value: `Text`, `Date`, `Date/Time`, `Decimal`.
 */
source_kind: string, 
/**
 * The value for the sample customer; `null` when the source does not say.
 */
sample: CellView | null, 
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
 * What is wrong with the rule against the org's describe.
 */
problem: string | null, };

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
 * Customers the plan read.
 */
read: number, 
/**
 * Rows by outcome so far.
 */
counts: CountsView, 
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
 * How it writes, and why so.
 */
way: string, 
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
 * One field on both sides.
 */
export type SideBySide = { 
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
 * Whether it may create records; off by default.
 */
create_records: boolean, };

/**
 * Names one sync.
 */
export type SyncRequest = { 
/**
 * Its number.
 */
sync: number, };

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

/** What each command takes and gives. */
export interface Commands {
  workspace_get: { request: Nothing; response: WorkspaceView };
  demo_start: { request: Nothing; response: WorkspaceView };
  connection_list: { request: Nothing; response: Array<ConnectionView> };
  connection_check: { request: ConnectionRequest; response: ConnectionView };
  connection_leave: { request: ConnectionRequest; response: Nothing };
  source_connect: { request: SourceConnectRequest; response: ConnectionView };
  source_pull: { request: ConnectionRequest; response: ConnectionView };
  source_replace_key: { request: KeyReplaceRequest; response: ConnectionView };
  org_login_begin: { request: OrgLoginRequest; response: LoginView };
  org_login_finish: { request: LoginRequest; response: ConnectionView };
  org_login_cancel: { request: LoginRequest; response: Nothing };
  sync_list: { request: Nothing; response: Array<SyncView> };
  sync_get: { request: SyncRequest; response: SyncView };
  sync_create: { request: SyncCreateRequest; response: SyncView };
  fields_get: { request: SyncRequest; response: FieldsView };
  fields_validate: { request: SyncRequest; response: DeployView };
  fields_deploy: { request: SyncRequest; response: DeployView };
  mapping_get: { request: MappingRequest; response: MappingView };
  mapping_save: { request: MappingSaveRequest; response: MappingView };
  match_list: { request: MatchListRequest; response: MatchListView };
  match_decide: { request: MatchDecideRequest; response: MatchView };
  match_search: { request: MatchSearchRequest; response: Array<RecordView> };
  plan_start: { request: PlanStartRequest; response: PlanView };
  plan_get: { request: PlanRequest; response: PlanView };
  plan_rows: { request: PlanRowsRequest; response: PlanRowsView };
  plan_explain: { request: PlanExplainRequest; response: PlanExplainView };
  plan_decide: { request: PlanDecideRequest; response: PlanTallyView };
  run_start: { request: RunStartRequest; response: RunView };
  run_resume: { request: RunRequest; response: RunView };
  run_stop: { request: RunRequest; response: RunView };
  undo_start: { request: RunRequest; response: PlanView };
  run_get: { request: RunRequest; response: RunView };
  run_list: { request: RunListRequest; response: Array<RunView> };
  run_problems: { request: RunRequest; response: Array<ProblemView> };
  run_outcomes: { request: OutcomesRequest; response: OutcomesView };
  subscription_list: { request: SubscriptionsRequest; response: SubscriptionsView };
  subscription_facets: { request: Nothing; response: FacetsView };
  customer_get: { request: CustomerRequest; response: CustomerView };
}
