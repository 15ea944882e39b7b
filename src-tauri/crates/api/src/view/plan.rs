//! Plans, paged.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CellView;

/// What would happen to a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActionView {
    /// A new record.
    Create,
    /// Some fields of a record.
    Update,
    /// Nothing: both sides agree.
    Unchanged,
    /// Nothing: left out by a rule.
    Skipped,
    /// Nothing: something must be fixed first.
    Blocked,
    /// The record is deleted: only by an undo, where a person wants it.
    Delete,
}

/// How a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatusView {
    /// It is being made.
    Planning,
    /// It can be looked at and approved.
    Ready,
    /// Making it failed; nothing was written.
    Failed,
    /// A run was made of it.
    Used,
    /// The mapping changed since; preview again.
    Stale,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanView {
    /// Its number.
    pub id: u32,
    /// Number of its sync.
    pub sync: u32,
    /// How it stands.
    pub status: PlanStatusView,
    /// Version of the mapping it was made with.
    pub mapping_version: u32,
    /// Number of the run it takes back, when it is an undo.
    pub undoes: Option<u32>,
    /// Of an undo: whether records that run created are to be deleted.
    pub deletes: bool,
    /// Of an undo: how many records that run created and that are still there.
    pub created_by_run: u32,
    /// Customers read from the source.
    pub read: u32,
    /// Records read from the org.
    pub records: u32,
    /// Rows by action.
    pub counts: PlanCountsView,
    /// What a run would send, given what is held now.
    pub tally: PlanTallyView,
    /// What a run would cost.
    pub forecast: ForecastView,
    /// The fields that can have changes, in mapping order.
    pub columns: Vec<PlanColumn>,
    /// Things that must be ticked before a run.
    pub halts: Vec<HaltView>,
    /// What must be typed before a run: the domain of a production org.
    pub confirm: Option<String>,
    /// When both sides were read, when the plan asked neither.
    pub offline: Option<OfflineView>,
    /// What is not known about it and a person should know.
    pub note: Option<String>,
    /// When it began.
    pub started_at: String,
    /// When it was ready.
    pub finished_at: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Rows by action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanCountsView {
    /// New records.
    pub create: u32,
    /// Changed records.
    pub update: u32,
    /// Records that agree.
    pub unchanged: u32,
    /// Left out by a rule.
    pub skipped: u32,
    /// Need a fix first.
    pub blocked: u32,
    /// Records an undo deletes.
    pub delete: u32,
}

/// What a run would send, given what is held now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanTallyView {
    /// Records a run would write, those it would delete among them.
    pub to_write: u32,
    /// Records a run would delete.
    pub to_delete: u32,
    /// Rows held as a whole.
    pub held_rows: u32,
    /// Fields held in rows that are written otherwise.
    pub held_fields: u32,
    /// Rows with a value changed in Salesforce.
    pub drifted: u32,
}

/// What a run would cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ForecastView {
    /// Calls that check for changes since the preview.
    pub check_calls: u32,
    /// Calls that write.
    pub write_calls: u32,
    /// Calls that read back.
    pub verify_calls: u32,
    /// Calls the org has left.
    pub calls_left: Option<u32>,
    /// Calls the org allows in 24 hours.
    pub calls_limit: Option<u32>,
    /// Of the calls left, those a run may make: the last ones are left to others. A run that needs
    /// more waits until there are.
    pub calls_usable: Option<u32>,
    /// How long it would take, in seconds, the links in the billing system with it.
    pub seconds: u32,
    /// Runs to the same org it is reckoned from; 0 where none was timed yet and it is a guess.
    pub timed_runs: u32,
}

impl ForecastView {
    /// All calls.
    pub fn calls(&self) -> u32 {
        self.check_calls + self.write_calls + self.verify_calls
    }

    /// How long it would take in minutes, begun ones counted.
    pub fn minutes(&self) -> u32 {
        self.seconds.div_ceil(60)
    }
}

/// One column of the preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanColumn {
    /// API name of the field.
    pub field: String,
    /// Label of the field.
    pub label: String,
    /// Whether it holds numbers, set right-aligned.
    pub numeric: bool,
    /// How many rows change it.
    pub changes: u32,
}

/// A safety halt: something unusual that needs its own tick before a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HaltView {
    /// Its name for `--accept`.
    pub name: String,
    /// What is unusual.
    pub message: String,
    /// How many of the rows it speaks of can be asked for by its name, at most 10,000; 0 where it
    /// speaks of none.
    pub rows: u32,
    /// Whether there are more.
    pub more: bool,
}

/// One row of the preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanRowView {
    /// The customer's id.
    pub customer: String,
    /// Its name.
    pub name: String,
    /// What would happen.
    pub action: ActionView,
    /// The record's id.
    pub record: Option<String>,
    /// How the record was found, in words.
    pub matched_by: Option<String>,
    /// One cell a column of [`PlanView::columns`], in that order.
    pub cells: Vec<PlanCellView>,
    /// Why it is skipped or blocked.
    pub reason: Option<ReasonView>,
    /// Whether the whole row is held.
    pub held: bool,
    /// Who changed the record in Salesforce since the last sync, and when.
    pub drift: Option<DriftView>,
}

/// One cell of the preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanCellView {
    /// What Salesforce holds; for an unchanged cell, the value itself.
    pub before: Option<CellView>,
    /// What would be written; `null` when nothing changes.
    pub after: Option<CellView>,
    /// Whether the change is held back.
    pub held: bool,
    /// Why, where it is held back by itself and not with its whole row.
    pub why_held: Option<String>,
    /// Whether Salesforce's value was changed there since the last sync.
    pub drifted: bool,
}

/// A change made in Salesforce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DriftView {
    /// Who.
    pub by: Option<String>,
    /// When.
    pub at: Option<String>,
}

/// Why a row is skipped or blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReasonView {
    /// A stable word.
    pub code: String,
    /// The sentence.
    pub message: String,
    /// What to do.
    pub next_step: String,
}

/// How to sort the preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanSort {
    /// By name.
    Name,
    /// Largest change of a number first.
    LargestChange,
    /// By customer id.
    Customer,
}

/// Asks for a page of a plan.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlanRowsRequest {
    /// Which plan.
    pub plan: u32,
    /// Only this action.
    pub action: Option<ActionView>,
    /// Only rows changed in Salesforce since the last sync.
    pub drifted: bool,
    /// Only rows or fields held.
    pub held: bool,
    /// Only rows that the halt of this name speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub halt: Option<String>,
    /// Only rows that change one of these fields.
    pub fields: Vec<String>,
    /// Only names or ids that contain this.
    pub search: String,
    /// How to sort.
    pub sort: PlanSort,
    /// How many rows to leave out.
    pub offset: u32,
    /// How many rows to give, at most 500.
    pub limit: u32,
}

impl PlanRowsRequest {
    /// Asks for the first 500 of all rows, by customer id.
    pub fn of(plan: u32) -> Self {
        Self {
            plan,
            action: None,
            drifted: false,
            held: false,
            halt: None,
            fields: Vec::new(),
            search: String::new(),
            sort: PlanSort::Customer,
            offset: 0,
            limit: 500,
        }
    }
}

/// A page of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanRowsView {
    /// The rows.
    pub rows: Vec<PlanRowView>,
    /// How many rows the filter leaves.
    pub total: u32,
}

/// Where a plan takes both sides from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanReading {
    /// What changed in the source since it was last read, all of it once a day; the org's records.
    #[default]
    Changes,
    /// Everything of both.
    Full,
    /// What was last read of both: asks neither.
    Offline,
}

/// Asks for a plan.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlanStartRequest {
    /// Of which sync.
    pub sync: u32,
    /// Where both sides are taken from; the changes when absent.
    #[serde(default)]
    #[ts(optional, as = "Option<PlanReading>")]
    pub reading: PlanReading,
}

impl From<super::SyncRequest> for PlanStartRequest {
    fn from(request: super::SyncRequest) -> Self {
        Self {
            sync: request.sync,
            reading: PlanReading::default(),
        }
    }
}

/// When both sides were last read, for a plan that asked neither.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OfflineView {
    /// The source.
    pub source_at: String,
    /// The org.
    pub org_at: String,
}

/// Names one plan.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlanRequest {
    /// Its number.
    pub plan: u32,
}

/// Asks why one row of a plan is as it is.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlanExplainRequest {
    /// Which plan.
    pub plan: u32,
    /// Which customer.
    pub customer: String,
}

/// Why one row of a plan is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanExplainView {
    /// The customer's name.
    pub name: String,
    /// The customer's id.
    pub customer: String,
    /// Link to the record in Salesforce.
    pub record_url: Option<String>,
    /// How the record was found.
    pub matched_by: Option<String>,
    /// Which subscription speaks and why the others do not, in sentences.
    pub speaks: Vec<String>,
    /// The fields that change.
    pub fields: Vec<FieldExplainView>,
}

/// Why one field would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldExplainView {
    /// API name.
    pub field: String,
    /// Label.
    pub label: String,
    /// What Drawbridge last wrote.
    pub base: Option<CellView>,
    /// What Salesforce holds.
    pub before: CellView,
    /// What the source gives.
    pub after: CellView,
    /// How the value comes about: label and figure, line by line.
    pub steps: Vec<StepView>,
    /// The rule's one-sentence explanation.
    pub explanation: String,
    /// The rule's write policy in words.
    pub policy: String,
    /// Whether it is held.
    pub held: bool,
    /// Who changed it in Salesforce.
    pub drift: Option<DriftView>,
}

/// One step of a derivation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StepView {
    /// What it is.
    pub label: String,
    /// Its figure or text.
    pub value: String,
}

/// Holds or approves a row or one of its fields.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlanDecideRequest {
    /// Which plan.
    pub plan: u32,
    /// Which customer.
    pub customer: String,
    /// Which field; the whole row when absent.
    pub field: Option<String>,
    /// Hold it, or write it.
    pub hold: bool,
}
