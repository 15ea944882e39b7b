//! The ports to what Drawbridge remembers: the cache of both sides, and the journal of runs.
//!
//! Calls are synchronous and short; each is one transaction.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Action, Apart, BulkJobId, ConnectionId, Customer, CustomerId, FieldName, MatchKey, Matched,
    PlanId, PlanRow, Record, RecordId, RowOutcome, RunId, RunStatus, Subscription, SyncId, Value,
    Way,
};

/// Why something could not be remembered. Nothing of the failed call is kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The disk is full.
    #[error("The disk is full, so {doing} failed: nothing of it was kept")]
    DiskFull {
        /// What was being saved.
        doing: &'static str,
    },
    /// The database is in use by another process for too long.
    #[error("The database is in use by another Drawbridge: {doing} was not done")]
    Locked {
        /// What was being done.
        doing: &'static str,
    },
    /// Anything else the database says.
    #[error("The database failed while {doing}: {reason}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        reason: String,
    },
    /// What is stored cannot be understood.
    #[error("What is stored about {what} cannot be read: {reason}")]
    Unreadable {
        /// Which thing.
        what: String,
        /// What was wrong.
        reason: String,
    },
}

/// A customer with all its subscriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerBundle {
    /// The customer.
    pub customer: Customer,
    /// Its subscriptions, ordered by id.
    pub subscriptions: Vec<Subscription>,
}

/// A customer with what matching found for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The customer.
    pub customer: CustomerId,
    /// The words a person knows it by.
    pub name: String,
    /// What was found.
    pub matched: Matched,
}

/// What both sides held when they were last read.
pub trait Cache: Send + Sync {
    /// Begins a pull from a source. Rows put from now on carry its number.
    fn begin_pull(&self, source: ConnectionId, at: Timestamp) -> Result<u32, LedgerError>;

    /// Keeps customers, in place of older ones of the same id.
    fn put_customers(
        &self,
        source: ConnectionId,
        pull: u32,
        customers: &[Customer],
    ) -> Result<(), LedgerError>;

    /// Keeps subscriptions, in place of older ones of the same id.
    fn put_subscriptions(
        &self,
        source: ConnectionId,
        pull: u32,
        subscriptions: &[Subscription],
    ) -> Result<(), LedgerError>;

    /// Ends a pull: what it did not see is forgotten. Returns how many customers there are.
    fn finish_pull(
        &self,
        source: ConnectionId,
        pull: u32,
        at: Timestamp,
    ) -> Result<u64, LedgerError>;

    /// Up to `limit` customers after `after`, by id, each with its subscriptions.
    fn customers(
        &self,
        source: ConnectionId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerBundle>, LedgerError>;

    /// Forgets the records and match keys of a sync, before they are read anew.
    fn clear_records(&self, sync: SyncId) -> Result<(), LedgerError>;

    /// Keeps records, each with the keys customers may find it by.
    fn put_records(
        &self,
        sync: SyncId,
        records: &[(Record, Vec<MatchKey>)],
    ) -> Result<(), LedgerError>;

    /// Adds keys to records, such as the e-mail addresses of an Account's Contacts.
    fn put_keys(&self, sync: SyncId, keys: &[(MatchKey, RecordId)]) -> Result<(), LedgerError>;

    /// The records that carry a key, at most three (more would tell nothing new).
    fn records_by_key(&self, sync: SyncId, key: &MatchKey) -> Result<Vec<RecordId>, LedgerError>;

    /// One record as it was read.
    fn record(&self, sync: SyncId, id: &RecordId) -> Result<Option<Record>, LedgerError>;

    /// The record a customer was linked to by a run or a person.
    fn accepted_link(
        &self,
        sync: SyncId,
        customer: &CustomerId,
    ) -> Result<Option<RecordId>, LedgerError>;

    /// What a person decided about a customer that was linked to no record.
    fn apart(&self, sync: SyncId, customer: &CustomerId) -> Result<Option<Apart>, LedgerError>;

    /// Replaces what matching found for these customers.
    fn put_links(&self, sync: SyncId, links: &[Link]) -> Result<(), LedgerError>;

    /// Turns every record that several customers found into a conflict of each of them. Returns
    /// how many customers that concerns.
    fn mark_shared_records(&self, sync: SyncId) -> Result<u64, LedgerError>;

    /// What matching found for a customer.
    fn link(&self, sync: SyncId, customer: &CustomerId) -> Result<Matched, LedgerError>;

    /// The values Drawbridge last wrote to a record.
    fn base(
        &self,
        sync: SyncId,
        record: &RecordId,
    ) -> Result<BTreeMap<FieldName, Value>, LedgerError>;
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
    /// Whether the run created the record.
    pub created: bool,
    /// The fields written, with the value before and the value written.
    pub fields: Vec<(FieldName, Value, Value)>,
}

/// The journal of plans and runs.
pub trait Journal: Send + Sync {
    /// Adds rows to a plan under construction.
    fn put_plan_rows(&self, plan: PlanId, rows: &[PlanRow]) -> Result<(), LedgerError>;

    /// Rows of the run's plan with this action that have no outcome yet, by customer id: up to
    /// `limit` after `after`.
    fn open_rows(
        &self,
        run: RunId,
        action: Action,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<PlanRow>, LedgerError>;

    /// The plan rows of these customers, in the order asked for.
    fn plan_rows(&self, run: RunId, customers: &[CustomerId]) -> Result<Vec<PlanRow>, LedgerError>;

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

    /// Whether an attempt of any run names this Bulk job.
    fn knows_job(&self, job: &BulkJobId) -> Result<bool, LedgerError>;

    /// Which of these customers have an outcome in the run.
    fn settled(
        &self,
        run: RunId,
        customers: &[CustomerId],
    ) -> Result<BTreeSet<CustomerId>, LedgerError>;

    /// Records what became of an attempt's rows, what was written, and that it is closed.
    fn end_attempt(
        &self,
        run: RunId,
        attempt: AttemptId,
        outcomes: &[RowOutcome],
        written: &[Written],
        at: Timestamp,
    ) -> Result<(), LedgerError>;

    /// Records outcomes that needed no call.
    fn put_outcomes(&self, run: RunId, outcomes: &[RowOutcome]) -> Result<(), LedgerError>;

    /// Attempts that were begun and never closed: their answers were lost.
    fn open_attempts(&self, run: RunId) -> Result<Vec<Attempt>, LedgerError>;

    /// What the run wrote, by customer id: up to `limit` after `after`, for reading back.
    fn written(
        &self,
        run: RunId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<Written>, LedgerError>;

    /// Records how a run stands, and why where there is a why.
    fn set_run_status(
        &self,
        run: RunId,
        status: RunStatus,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<(), LedgerError>;
}
