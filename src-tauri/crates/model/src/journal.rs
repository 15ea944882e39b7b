//! The port to what Drawbridge remembers of plans and runs: the journal.
//!
//! Calls are synchronous and short; each is one transaction.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Action, AgreedCount, BulkJobId, ConnectionId, CustomerBundle, CustomerId, FieldName,
    LedgerError, PlanId, PlanRow, Problem, RecordId, RowOutcome, RunId, RunStatus, Value, Way,
};

/// What a run wrote to a field.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnWrite {
    /// Which run.
    pub run: RunId,
    /// Name of its sync.
    pub sync: String,
    /// What it wrote.
    pub value: Value,
}

/// Number of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(pub u64);

/// What an attempt does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptKind {
    /// Creates records.
    Create,
    /// Changes records.
    Update,
    /// Deletes records that the run which is undone created.
    Delete,
}

/// A write call that was begun: recorded before the call goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its number.
    pub id: AttemptId,
    /// What it does.
    pub kind: AttemptKind,
    /// How it was sent: a call, or a Bulk job.
    pub way: Way,
    /// The Bulk job, once its id was known. The file of a job is sent only after that, so an
    /// attempt without one sent nothing.
    pub job: Option<BulkJobId>,
    /// When it was begun, by this computer's clock.
    pub begun_at: Timestamp,
    /// Whose rows it carries, in the order they were sent.
    pub customers: Vec<CustomerId>,
}

/// What a run put into a record: the base of the next comparison, and what an undo restores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Whose row.
    pub customer: CustomerId,
    /// The record.
    pub record: RecordId,
    /// What was done to the record.
    pub deed: Deed,
    /// The fields written, with the value before and the value written. None for a deletion.
    pub fields: Vec<(FieldName, Value, Value)>,
    /// Whether it is certain that the run made the record, where it was to be made: not so when the
    /// answer was lost and a record was found that holds what was sent, nor when somebody made one
    /// just before.
    pub certain: bool,
    /// Of a record the run created: its `SystemModstamp` as it was read back after the last write
    /// by a run of the same sync, where it was. If it bears another, somebody saved it since.
    pub saved_at: Option<Timestamp>,
}

/// What a run did to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Made it.
    Created,
    /// Changed it.
    Updated,
    /// Deleted it: the undo of the run that made it.
    Deleted,
}

/// The journal of plans and runs. Clones are cheap, and write to the same journal.
pub trait Journal: Clone + Send + Sync + 'static {
    /// Adds rows to a plan under construction.
    fn put_plan_rows(&self, plan: PlanId, rows: &[PlanRow]) -> Result<(), LedgerError>;

    /// Adds the rows of all customers that agree with their records to a plan under construction.
    /// Gives how many they are.
    fn put_agreed_rows(&self, plan: PlanId) -> Result<Vec<AgreedCount>, LedgerError>;

    /// Up to `limit` customers of the source after `after`, by id, that have no row in the plan yet,
    /// each with its subscriptions.
    fn customers_without_row(
        &self,
        plan: PlanId,
        source: ConnectionId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerBundle>, LedgerError>;

    /// Rows of the run's plan with this action that have no outcome yet, by parent and then by
    /// customer id: up to `limit` after the row of the customer `after`.
    fn open_rows(
        &self,
        run: RunId,
        action: Action,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<PlanRow>, LedgerError>;

    /// The plan rows of these customers, in the order asked for.
    fn plan_rows(&self, run: RunId, customers: &[CustomerId]) -> Result<Vec<PlanRow>, LedgerError>;

    /// The records of these customers' plan rows, in the order asked for: of thousands of rows, much
    /// less than the rows.
    fn planned_records(
        &self,
        run: RunId,
        customers: &[CustomerId],
    ) -> Result<Vec<Option<RecordId>>, LedgerError>;

    /// Records that a call, or a Bulk job, is about to go out with these rows.
    fn begin_attempt(
        &self,
        run: RunId,
        kind: AttemptKind,
        way: Way,
        customers: &[CustomerId],
        at: Timestamp,
    ) -> Result<AttemptId, LedgerError>;

    /// Records the Bulk job of an open attempt, before its file is sent.
    fn set_attempt_job(
        &self,
        run: RunId,
        attempt: AttemptId,
        job: &BulkJobId,
    ) -> Result<(), LedgerError>;

    /// How many rows of the run have no outcome yet.
    fn count_open(&self, run: RunId) -> Result<u32, LedgerError>;

    /// Which of these records the run wrote.
    fn wrote(&self, run: RunId, records: &[RecordId]) -> Result<BTreeSet<RecordId>, LedgerError>;

    /// Refuses where nothing may be changed any more in the run's org.
    fn may_send(&self, run: RunId) -> Result<(), LedgerError>;

    /// Which of these customers have an outcome in the run.
    fn settled(
        &self,
        run: RunId,
        customers: &[CustomerId],
    ) -> Result<BTreeSet<CustomerId>, LedgerError>;

    /// Records what became of an attempt's rows and that it is closed. What was written is what the
    /// plan's rows say, as nothing else is ever sent.
    fn end_attempt(
        &self,
        run: RunId,
        attempt: AttemptId,
        outcomes: &[RowOutcome],
        at: Timestamp,
    ) -> Result<(), LedgerError>;

    /// Records outcomes that needed no call.
    fn put_outcomes(&self, run: RunId, outcomes: &[RowOutcome]) -> Result<(), LedgerError>;

    /// Attempts that were begun and never closed: their answers were lost.
    fn open_attempts(&self, run: RunId) -> Result<Vec<Attempt>, LedgerError>;

    /// Up to `limit` customers after `after`, by id, of which the run wrote the record.
    fn customers_written(
        &self,
        run: RunId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerId>, LedgerError>;

    /// What the run wrote, by record: up to `limit` after `after`, for reading back.
    fn written(
        &self,
        run: RunId,
        after: Option<&Written>,
        limit: usize,
    ) -> Result<Vec<Written>, LedgerError>;

    /// The newest write of a run to this field of a record, whichever sync of the plan's org it was
    /// of.
    fn newest_write(
        &self,
        plan: PlanId,
        record: &RecordId,
        field: &FieldName,
    ) -> Result<Option<OwnWrite>, LedgerError>;

    /// The newest run that wrote anything to a record, of any sync of the plan's org, and the name of
    /// its sync.
    fn newest_run(
        &self,
        plan: PlanId,
        record: &RecordId,
    ) -> Result<Option<(RunId, String)>, LedgerError>;

    /// Records the `SystemModstamp` that records bear which read back as the run wrote them. The
    /// first that a run recorded of a record stays, until a later run writes the record.
    fn note_saved(&self, run: RunId, saved: &[(&Written, Timestamp)]) -> Result<(), LedgerError>;

    /// Records of written rows how their records differ from what was sent. What became of them
    /// stays as it is.
    fn note_differing(
        &self,
        run: RunId,
        differing: &[(CustomerId, Problem)],
    ) -> Result<(), LedgerError>;

    /// Records how a run stands, and why where there is a why.
    fn set_run_status(
        &self,
        run: RunId,
        status: RunStatus,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<(), LedgerError>;
}
