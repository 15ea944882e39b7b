//! Runs and their outcomes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CellView;

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunStatusView {
    /// It is writing.
    Running,
    /// Every row has its outcome.
    Finished,
    /// It was cut off and can be resumed.
    Interrupted,
    /// A person stopped it; it can be resumed.
    Stopped,
    /// A guard stopped it; it can be resumed.
    Halted,
}

/// How a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WayView {
    /// sObject Collections: 200 records a call, answered at once.
    Collections,
    /// Bulk API 2.0: thousands of records a job, which Salesforce works off by itself.
    Bulk,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeView {
    /// A record was created.
    Created,
    /// A record was changed.
    Updated,
    /// Both sides agreed.
    Unchanged,
    /// Left out by a rule.
    Skipped,
    /// Needs a fix first.
    Blocked,
    /// Salesforce said no.
    Rejected,
    /// Kept back.
    Held,
    /// The answer was lost.
    Unknown,
    /// A record was deleted, by an undo.
    Deleted,
}

/// Rows by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CountsView {
    /// Records created.
    pub created: u32,
    /// Records changed.
    pub updated: u32,
    /// Records that agreed.
    pub unchanged: u32,
    /// Left out by a rule.
    pub skipped: u32,
    /// Need a fix first.
    pub blocked: u32,
    /// Refused by Salesforce.
    pub rejected: u32,
    /// Kept back.
    pub held: u32,
    /// Answer lost.
    pub unknown: u32,
    /// Records an undo deleted.
    pub deleted: u32,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RunView {
    /// Its number.
    pub id: u32,
    /// Number of its plan.
    pub plan: u32,
    /// Version of the mapping the plan was made with.
    pub mapping_version: u32,
    /// Number of the run it takes back, when it is an undo.
    pub undoes: Option<u32>,
    /// Number of its sync.
    pub sync: u32,
    /// Name of its sync.
    pub sync_name: String,
    /// Name of its org.
    pub org_name: String,
    /// Name of its source's product.
    pub source_name: String,
    /// The sObject it writes.
    pub sobject: String,
    /// How it stands.
    pub status: RunStatusView,
    /// Why, when there is a why.
    pub reason: Option<String>,
    /// Number of the newest run of the same sync that came after it. It cannot be resumed any more:
    /// what it left is in newer previews.
    pub superseded_by: Option<u32>,
    /// Customers the plan read.
    pub read: u32,
    /// Rows by outcome so far.
    pub counts: CountsView,
    /// Rows that were written except for fields that were held back.
    pub fields_held: u32,
    /// Rows without an outcome yet.
    pub still_to_write: u32,
    /// Whether every row read is accounted for.
    pub adds_up: bool,
    /// Records it set out to write.
    pub to_write: u32,
    /// Records read back after writing.
    pub verified: u32,
    /// Records that read back differently from what was sent.
    pub differs: u32,
    /// API calls it made.
    pub api_calls: u32,
    /// How it writes.
    pub way: WayView,
    /// Why so, as a sentence.
    pub way_reason: String,
    /// Whether a person paused it: it sends nothing until it goes on.
    pub paused: bool,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
    /// Seconds it took so far.
    pub seconds: f64,
}

/// Rows that failed for one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProblemView {
    /// Outcome of these rows.
    pub outcome: OutcomeView,
    /// Salesforce's status code, or a word of ours.
    pub code: String,
    /// What happened, in words.
    pub title: String,
    /// What was not done and what to do.
    pub hint: String,
    /// Salesforce's own text.
    pub message: String,
    /// How many rows.
    pub rows: u32,
}

/// One row of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutcomeRowView {
    /// The customer's id.
    pub customer: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: OutcomeView,
    /// The record's id.
    pub record: Option<String>,
    /// Link to the record.
    pub record_url: Option<String>,
    /// What was wrong.
    pub problem: Option<String>,
    /// The code of what was wrong.
    pub code: Option<String>,
    /// The record a duplicate rule found, where Salesforce told.
    pub twin: Option<TwinView>,
    /// The fields that were to change, those held back too.
    pub changes: Vec<OutcomeChangeView>,
}

/// A record that a duplicate rule takes for the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TwinView {
    /// Its id.
    pub record: String,
    /// Link to it.
    pub record_url: Option<String>,
    /// Whether a person may have the other saved all the same.
    pub allowable: bool,
}

/// Asks for the plan that takes a run back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct UndoRequest {
    /// Number of the run.
    pub run: u32,
    /// Whether records the run created are to be deleted, where nobody saved them since. They stay
    /// when absent.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub delete_created: bool,
}

impl UndoRequest {
    /// Puts values back, and leaves what the run created.
    pub fn of(run: u32) -> Self {
        Self {
            run,
            delete_created: false,
        }
    }
}

/// One field of a row of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutcomeChangeView {
    /// Label of the field.
    pub label: String,
    /// What Salesforce held.
    pub before: CellView,
    /// What was sent, or would have been.
    pub after: CellView,
    /// Why it was held back, by whom and when it was changed; `null` where it was not.
    pub held: Option<String>,
}

/// A page of a run's rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutcomesView {
    /// The rows.
    pub rows: Vec<OutcomeRowView>,
    /// How many the filter leaves.
    pub total: u32,
}

/// Asks for a page of a run's rows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OutcomesRequest {
    /// Which run.
    pub run: u32,
    /// Only this outcome.
    pub outcome: Option<OutcomeView>,
    /// Only rows with a problem of this code.
    #[serde(default)]
    #[ts(optional)]
    pub code: Option<String>,
    /// Only rows that were written except for fields that were held back.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub fields_held: bool,
    /// Only names or ids that contain this.
    pub search: String,
    /// How many rows to leave out.
    pub offset: u32,
    /// How many rows to give, at most 500.
    pub limit: u32,
}

impl OutcomesRequest {
    /// Asks for the first 500 of all rows.
    pub fn of(run: u32) -> Self {
        Self {
            run,
            outcome: None,
            code: None,
            fields_held: false,
            search: String::new(),
            offset: 0,
            limit: 500,
        }
    }
}

/// Starts a run of an approved plan.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RunStartRequest {
    /// Which plan.
    pub plan: u32,
    /// The org's domain, typed by the person: needed for production.
    pub confirm: Option<String>,
    /// Write only the first so many records: a pilot.
    pub limit: Option<u32>,
    /// Write only the records of these customers: a pilot too.
    pub only: Option<Vec<String>>,
    /// How to write; by the number of records when absent.
    pub way: Option<WayView>,
    /// Halts the person ticked.
    pub accept: Vec<String>,
}

impl RunStartRequest {
    /// Asks for the whole of a plan, without any confirmation.
    pub fn whole(plan: u32) -> Self {
        Self {
            plan,
            confirm: None,
            limit: None,
            only: None,
            way: None,
            accept: Vec::new(),
        }
    }
}

/// Tries rejected records of a run again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RetryRequest {
    /// Which run.
    pub run: u32,
    /// Only these customers; all that were rejected when absent.
    pub customers: Option<Vec<String>>,
    /// Whether they are to be saved though a duplicate rule warns. Only for chosen customers whose
    /// rule allows it.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub allow_duplicates: bool,
}

/// Names one run.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RunRequest {
    /// Its number.
    pub run: u32,
}

/// Resumes a run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct RunResumeRequest {
    /// Its number.
    pub run: u32,
    /// Whether a person said that another user of the org than the one who began it goes on.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub as_another_user: bool,
}

impl From<RunRequest> for RunResumeRequest {
    fn from(request: RunRequest) -> Self {
        Self {
            run: request.run,
            as_another_user: false,
        }
    }
}

/// Lists runs, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RunListRequest {
    /// Only of this sync.
    pub sync: Option<u32>,
}
