//! The history, reports of runs, and the explanation of single values.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    ApiCallView, CellView, CountsView, DriftView, EnvironmentView, ImportView, OperationBatchView,
    OutcomeView, ProblemView, RunStatusView, StepView,
};

/// What an entry of the history is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HistoryKindView {
    /// A run or an undo.
    Run,
    /// One or more operations in a billing system.
    Operation,
    /// An import of Accounts into a billing system.
    Import,
    /// A call made by hand.
    Call,
}

/// One entry of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HistoryEntryView {
    /// A run or an undo.
    Run(HistoryRowView),
    /// One or more operations in a billing system.
    Operation(OperationBatchView),
    /// An import of Accounts into a billing system.
    Import(ImportView),
    /// A call made by hand.
    Call(ApiCallView),
}

/// Asks for a window of the history, newest first. What was only previewed is not in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct HistoryRequest {
    /// Only these kinds; all when empty.
    pub kinds: Vec<HistoryKindView>,
    /// Words to find: in sync, org, user, or customers that had a problem; in an operation's
    /// sentences; in an import's Accounts; in a call's method, path, query and body.
    pub search: String,
    /// Only this sync.
    pub sync: Option<u32>,
    /// Only the org of this connection.
    pub org: Option<u32>,
    /// Only the billing system of this connection.
    pub source: Option<u32>,
    /// Only orgs of this kind.
    pub environment: Option<EnvironmentView>,
    /// Only those that stand so.
    pub status: Vec<RunStatusView>,
    /// Only those with rows of one of these outcomes.
    pub outcome: Vec<OutcomeView>,
    /// Only those begun at this moment or later.
    pub from: Option<String>,
    /// Only those begun before this moment.
    pub until: Option<String>,
    /// How many to leave out.
    pub offset: u32,
    /// How many to give, at most 500.
    pub limit: u32,
}

/// A window of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryView {
    /// The entries, newest first.
    pub rows: Vec<HistoryEntryView>,
    /// How many the filter leaves.
    pub total: u32,
    /// How many there are without a filter.
    pub all: u32,
}

/// Whether every row read has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BalanceView {
    /// The run is finished and its equation holds.
    Right,
    /// The run is not finished.
    Open,
    /// The equation does not hold.
    Wrong,
}

/// A run as the history shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryRowView {
    /// Its number.
    pub run: u32,
    /// Number of its plan.
    pub plan: u32,
    /// Version of the mapping the plan was made with.
    pub mapping_version: u32,
    /// The run it takes back, when it is an undo.
    pub undoes: Option<u32>,
    /// The newest run that took it back, or a part of it.
    pub undone_by: Option<u32>,
    /// Number of its sync.
    pub sync: u32,
    /// Name of its sync.
    pub sync_name: String,
    /// Name of its source's connection, with its product.
    pub source_name: String,
    /// Number of its source's connection.
    pub source: u32,
    /// Number of its org's connection.
    pub org: u32,
    /// Name of its org's connection.
    pub org_name: String,
    /// Sandbox or production, as it was when the run began.
    pub environment: EnvironmentView,
    /// Id of the org, as it was when the run began.
    pub org_id: Option<String>,
    /// Name of the Salesforce user who began it.
    pub user_name: Option<String>,
    /// Id of that user.
    pub user_id: Option<String>,
    /// How it stands.
    pub status: RunStatusView,
    /// Why, when there is a why.
    pub reason: Option<String>,
    /// Customers the plan read.
    pub read: u32,
    /// Rows by outcome.
    pub counts: CountsView,
    /// Rows without an outcome yet.
    pub still_to_write: u32,
    /// Whether every row read has its place.
    pub balance: BalanceView,
    /// Records read back after writing.
    pub verified: Option<u32>,
    /// Records that read back differently from what was sent.
    pub differs: Option<u32>,
    /// API calls it made.
    pub api_calls: u32,
    /// How it wrote.
    pub way: String,
    /// When it began.
    pub started_at: String,
    /// When it last came to stand still.
    pub finished_at: Option<String>,
    /// Seconds it took so far.
    pub seconds: f64,
}

/// A run with its problems by cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryRunView {
    /// The run.
    pub run: HistoryRowView,
    /// What its preview said beside its figures: links that went over, another user than before.
    pub note: Option<String>,
    /// Its problems, those with most rows first.
    pub problems: Vec<ProblemView>,
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// A page that needs nothing else, for reading and printing.
    Html,
    /// A table for a spreadsheet.
    Csv,
}

/// Asks for the report of a run to be saved.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReportRequest {
    /// Which run.
    pub run: u32,
    /// As what.
    pub format: ReportFormat,
}

/// A file that was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedView {
    /// Where it is.
    pub path: String,
}

/// Asks where a value comes from. Names a customer or a record, or both.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ValueExplainRequest {
    /// Which sync.
    pub sync: u32,
    /// The customer's id.
    pub customer: Option<String>,
    /// The record's id.
    pub record: Option<String>,
    /// API name or label of one field; all fields when absent.
    pub field: Option<String>,
}

/// Where the values of a record come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ValueExplainView {
    /// Number of the sync.
    pub sync: u32,
    /// Its name.
    pub sync_name: String,
    /// Name of its source's product.
    pub source_name: String,
    /// Name of its org.
    pub org_name: String,
    /// The customer's id, when the record has one.
    pub customer: Option<String>,
    /// The words a person knows it by.
    pub name: String,
    /// The record's id, when the customer has one.
    pub record: Option<String>,
    /// Link to the record.
    pub record_url: Option<String>,
    /// When Salesforce was last read.
    pub read_at: Option<String>,
    /// Which subscription speaks for the customer now, and why the others do not.
    pub speaks: Vec<String>,
    /// That the record went over from a customer which is gone to another, as a person decided.
    pub takeover: Option<String>,
    /// The fields, in mapping order; those that no rule fills any more stand last.
    pub fields: Vec<ValueView>,
}

/// How the value in Salesforce stands to what Drawbridge wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ValueStanding {
    /// Drawbridge never wrote this field.
    NeverWritten,
    /// Salesforce was not read since the last write.
    NotReadSince,
    /// Not read since its run, which read back what it had written and found it so.
    ReadBack,
    /// When last read, Salesforce held what was written.
    AsWritten,
    /// It was changed in Salesforce since.
    Drifted,
    /// The record is not there any more: an undo deleted it, or the last reading did not find it.
    Gone,
}

/// One field: what it holds, why, and everything that was ever written to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ValueView {
    /// API name.
    pub field: String,
    /// Label.
    pub label: String,
    /// The rule that fills it now; absent when none does.
    pub rule: Option<RuleTold>,
    /// How the value the source gives now comes about, line by line.
    pub steps: Vec<StepView>,
    /// What the source gives now; absent when it does not say.
    pub billing: Option<CellView>,
    /// What Salesforce held when last read; absent when it was not.
    pub salesforce: Option<CellView>,
    /// How that stands to what was written.
    pub standing: ValueStanding,
    /// Who changed it in Salesforce since.
    pub drift: Option<DriftView>,
    /// Every write, newest first.
    pub writes: Vec<ValueWriteView>,
}

/// A field rule in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleTold {
    /// What it reads: the name of a value, or an expression.
    pub source: String,
    /// How the value comes about, in one sentence.
    pub sentence: String,
    /// When it writes, in words.
    pub policy: String,
    /// Version of the mapping it stands in.
    pub mapping_version: u32,
}

/// One write to one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ValueWriteView {
    /// Which run.
    pub run: u32,
    /// When it was sent.
    pub at: String,
    /// Who began the run.
    pub user_name: Option<String>,
    /// What stood there before.
    pub before: CellView,
    /// What was written.
    pub after: CellView,
    /// The run it took back, when it was an undo.
    pub undoes: Option<u32>,
    /// The run that took this write back.
    pub undone_by: Option<u32>,
    /// The rule as it was then; absent for an undo.
    pub rule: Option<RuleTold>,
}
