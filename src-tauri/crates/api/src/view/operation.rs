//! Operations in a billing system: forms, what is wrong with them, and batches of one or many that
//! are carried out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BillingEventView, ProviderView, RunStatusView};

/// Which change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OperationKindView {
    /// A subscription begins.
    CreateSubscription,
    /// A subscription has another plan or price.
    UpdateSubscription,
    /// A subscription ends.
    ChurnSubscription,
    /// The end of a subscription is taken back.
    UnchurnSubscription,
    /// A user is shown by another e-mail address.
    UpdateUser,
    /// A user goes, with the whole history.
    DeleteUser,
    /// A plan is made.
    CreatePlan,
    /// A plan is called otherwise.
    UpdatePlan,
    /// A customer is told which Account it is.
    LinkCustomer,
    /// That is taken back.
    UnlinkCustomer,
    /// A customer gets one more alias.
    AddAlias,
    /// A customer loses an alias.
    RemoveAlias,
}

/// A field of a form; the names are the API's where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OperationFieldView {
    /// Id or alias of a subscription that is there.
    Subscription,
    /// Id or alias of a user that is there.
    User,
    /// Id of the user a new subscription is for.
    UserId,
    /// Alias of the user a new subscription is for.
    UserAlias,
    /// Alias of a new subscription.
    SubscriptionAlias,
    /// E-mail address.
    Email,
    /// Id of a plan.
    PlanId,
    /// Name of a plan.
    Name,
    /// `month` or `year`.
    PlanInterval,
    /// Price of one period in major units.
    Value,
    /// The same in hundredths.
    ValueCents,
    /// Currency of the price.
    PlanCurrency,
    /// `active` or `trialing`.
    Status,
    /// From when on.
    EffectiveDate,
    /// `voluntary` or `delinquent`.
    ChurnType,
    /// Id of the user at a payment provider.
    DataProviderUserId,
    /// Id of a customer that is there.
    Customer,
    /// Id of a Salesforce Account.
    Account,
    /// A Salesforce integration of the billing system.
    Integration,
    /// One's own name for a customer.
    Alias,
}

/// How a field is filled in best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OperationInputView {
    /// Free text.
    Text,
    /// One of few words.
    Choice,
    /// A decimal in major units.
    Amount,
    /// A date, or a moment.
    Date,
    /// A user, from the choices.
    User,
    /// A subscription, from the choices.
    Subscription,
    /// A plan, from the choices.
    Plan,
    /// A customer, from the choices.
    Customer,
    /// An Account, from the choices.
    Account,
    /// An Account the customer is linked to, from the choices.
    LinkedAccount,
    /// A Salesforce integration, from the choices.
    Integration,
    /// An alias the customer has, from the choices.
    CustomerAlias,
}

/// A field of a form, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationSlotView {
    /// Which.
    pub field: OperationFieldView,
    /// What stands beside it.
    pub label: String,
    /// Whether it must be filled.
    pub required: bool,
    /// What stands in it to begin with.
    pub preset: Option<String>,
    /// What is to be known about it.
    pub help: String,
    /// How it is filled in.
    pub input: OperationInputView,
    /// The words it may hold, where they are few.
    pub choices: Vec<String>,
}

/// A form, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationFormView {
    /// For which change.
    pub kind: OperationKindView,
    /// Of which billing system.
    pub provider: ProviderView,
    /// What it is called.
    pub label: String,
    /// Whether it cannot be taken back.
    pub irreversible: bool,
    /// Its fields, in their order.
    pub slots: Vec<OperationSlotView>,
    /// The first line of a CSV file of them.
    pub csv_header: String,
}

/// A form as it is filled in: texts as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationDraft {
    /// For which change.
    pub kind: OperationKindView,
    /// What stands in its fields; amounts in major units, dates as `2026-01-31`.
    pub fields: BTreeMap<OperationFieldView, String>,
}

/// Asks what is wrong with a form, and what it would do. Nothing is sent.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationCheckRequest {
    /// Number of the connection.
    pub connection: u32,
    /// The form.
    pub draft: OperationDraft,
}

/// What is wrong with a form or a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationProblemView {
    /// In which field; `null` where it is about several.
    pub field: Option<OperationFieldView>,
    /// What, and what to do.
    pub message: String,
}

/// A form, looked through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationCheckView {
    /// Whether it can be sent.
    pub ready: bool,
    /// What is wrong, all at once.
    pub problems: Vec<OperationProblemView>,
    /// What a person should know, though nothing is wrong.
    pub notes: Vec<String>,
    /// What will happen, in plain words; `null` while something is wrong.
    pub sentence: Option<String>,
    /// What was made up for empty fields.
    pub generated: BTreeMap<OperationFieldView, String>,
    /// What must be typed before it is sent, where it cannot be taken back.
    pub confirm: Option<String>,
    /// Why nothing may be sent, where the connection is read-only.
    pub refused: Option<String>,
    /// The line of the terminal that does the same.
    pub command: String,
    /// What the customer has, where the form is about one and it could be read.
    pub outlook: Option<LinkOutlookView>,
}

/// What a customer has now, and what it will have, line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkOutlookView {
    /// What it has now.
    pub now: Vec<String>,
    /// What it will have; the same where nothing is to be done.
    pub later: Vec<String>,
}

/// Carries one operation out.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationStartRequest {
    /// Number of the connection.
    pub connection: u32,
    /// The form.
    pub draft: OperationDraft,
    /// What the person typed, where [`OperationCheckView::confirm`] asks for it.
    pub confirm: Option<String>,
}

/// Makes a batch of several forms, for a person to look at. Nothing is sent.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationPreviewRequest {
    /// Number of the connection.
    pub connection: u32,
    /// What the person will know it by.
    pub title: String,
    /// The forms.
    pub drafts: Vec<OperationDraft>,
}

/// Makes a batch of a CSV file, for a person to look at. Nothing is sent.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationCsvRequest {
    /// Number of the connection.
    pub connection: u32,
    /// What every row of it is.
    pub kind: OperationKindView,
    /// Name of the file.
    pub name: String,
    /// What stands in it: a header and rows, with commas or semicolons.
    pub text: String,
}

/// Names one batch.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationRequest {
    /// Its number.
    pub batch: u32,
}

/// Starts a batch that was previewed, or resumes one that stands still.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationRunRequest {
    /// Its number.
    pub batch: u32,
    /// What the person typed, where [`OperationBatchView::confirm`] asks for it.
    pub confirm: Option<String>,
}

/// Where the operations of a batch come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OperationOriginView {
    /// A form: one operation.
    Form,
    /// Rows a person selected.
    Selection,
    /// A CSV file.
    Csv,
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OperationOutcomeView {
    /// It is done.
    Done,
    /// It was so already.
    Already,
    /// It has problems of its own and was never sent.
    Blocked,
    /// The billing system said no.
    Rejected,
    /// The answer was lost.
    Unknown,
}

/// Operations by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationCountsView {
    /// Done.
    pub done: u32,
    /// So already.
    pub already: u32,
    /// Never sent, for problems of their own.
    pub blocked: u32,
    /// Refused.
    pub rejected: u32,
    /// Answer lost.
    pub unknown: u32,
}

/// One or more operations, carried out together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationBatchView {
    /// Its number.
    pub id: u32,
    /// Number of the connection.
    pub connection: u32,
    /// Name of the connection, as it was then.
    pub connection_name: String,
    /// What it leads to.
    pub provider: ProviderView,
    /// Where its operations come from.
    pub origin: OperationOriginView,
    /// A file's name, or what is done.
    pub title: String,
    /// Who made it, as the computer calls them.
    pub who: Option<String>,
    /// How it stands; `null` while it is only previewed.
    pub status: Option<RunStatusView>,
    /// Why it stands so, when there is a why.
    pub reason: Option<String>,
    /// How many rows it has.
    pub rows: u32,
    /// How many of them can be sent.
    pub sendable: u32,
    /// What became of them so far.
    pub counts: OperationCountsView,
    /// Rows without an outcome.
    pub open: u32,
    /// Whether every row is accounted for.
    pub adds_up: bool,
    /// What must be typed before it begins, where something in it cannot be taken back.
    pub confirm: Option<String>,
    /// Why nothing may be sent, where the connection is read-only.
    pub refused: Option<String>,
    /// About how long the open rows take at the billing system's pace.
    pub seconds_left: u32,
    /// When it was previewed.
    pub created_at: String,
    /// When it first began.
    pub started_at: Option<String>,
    /// When it last came to stand still.
    pub finished_at: Option<String>,
}

/// Asks for batches.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationListRequest {
    /// Only those of this connection.
    pub connection: Option<u32>,
    /// Only those with this text in title, connection, maker, or a row.
    pub search: String,
    /// How many to leave out.
    pub offset: u32,
    /// How many to give, at most 500.
    pub limit: u32,
}

/// A page of batches, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationListView {
    /// The batches.
    pub batches: Vec<OperationBatchView>,
    /// How many the filter leaves.
    pub total: u32,
}

/// Asks for rows of a batch.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationRowsRequest {
    /// Which batch.
    pub batch: u32,
    /// Only those with this outcome; blocked ones before the batch begins too.
    pub outcome: Option<OperationOutcomeView>,
    /// Only those with this text in id, alias or sentence.
    pub search: String,
    /// How many to leave out.
    pub offset: u32,
    /// How many to give, at most 500.
    pub limit: u32,
}

/// A page of rows, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationRowsView {
    /// The rows.
    pub rows: Vec<OperationRowView>,
    /// How many the filter leaves.
    pub total: u32,
}

/// One operation of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationRowView {
    /// Its place, from 1; of a file the line it stands in.
    pub number: u32,
    /// Which change.
    pub kind: OperationKindView,
    /// Id or alias of what is changed.
    pub subject: String,
    /// What will happen, as it was shown before; empty where something is wrong.
    pub sentence: String,
    /// What is wrong, so that it is not sent.
    pub problems: Vec<OperationProblemView>,
    /// What became of it.
    pub outcome: Option<OperationOutcomeView>,
    /// A word for what was wrong.
    pub code: Option<String>,
    /// What there is to know about it.
    pub message: Option<String>,
    /// What stood there before, line by line, where it is known.
    pub before: Vec<String>,
    /// What the subscription is from then on, where it is known.
    pub after: Option<BillingEventView>,
    /// What the customer has from then on, line by line, where it is known.
    pub links_after: Vec<String>,
    /// When its call was begun, where it is under way or its answer was lost.
    pub begun_at: Option<String>,
    /// When it had its outcome.
    pub ended_at: Option<String>,
}
