//! The Bulk part of the port to an org: many rows as one job that Salesforce works off by itself.

use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::{Problem, RowResult, SObjectName, Target, TargetError, WriteKind, WriteRow};

/// Id of a Bulk job in the org (`750…`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BulkJobId(pub String);

/// Where a Bulk job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BulkState {
    /// Waits for its file.
    Open,
    /// Has its file and waits its turn.
    UploadComplete,
    /// Rows are being written.
    InProgress,
    /// Over. Rows may still have been refused.
    JobComplete,
    /// Over as a whole; what was written before stays.
    Failed,
    /// Stopped by somebody; what was written before stays.
    Aborted,
}

impl BulkState {
    /// Whether the state is final, so that results can be read.
    pub fn is_over(self) -> bool {
        matches!(self, Self::JobComplete | Self::Failed | Self::Aborted)
    }
}

/// A Bulk job as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkJob {
    /// Which.
    pub id: BulkJobId,
    /// Where it stands.
    pub state: BulkState,
    /// Rows looked at so far, refused ones among them.
    pub processed: u64,
    /// Rows refused so far.
    pub failed: u64,
    /// Why the job failed as a whole.
    pub error: Option<String>,
}

/// What the rows of one job have in common. Rows may set different fields: an empty cell leaves
/// its field alone, and `#N/A` clears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkWrite {
    /// Which sObject.
    pub sobject: SObjectName,
    /// How; says which column is the key: `Id` or the external ID field.
    pub kind: WriteKind,
}

impl BulkWrite {
    /// The most rows of one job. Salesforce works off a job in batches of so many (facts §6), so
    /// no job has rows that lock each other's parents, and memory stays flat.
    pub const MAX_ROWS: usize = 10_000;

    /// The largest file of one job, in bytes, and so also in characters.
    pub const MAX_BYTES: usize = 100_000_000;

    /// Whether rows name the records they change.
    pub fn names_records(&self) -> bool {
        self.kind == WriteKind::Update
    }

    /// Name of the column by which results are matched to rows.
    pub fn key(&self) -> &str {
        match &self.kind {
            WriteKind::Update => "Id",
            WriteKind::Upsert(field) => field.as_str(),
        }
    }
}

/// Which rows of a job that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BulkResults {
    /// Written.
    Successful,
    /// Refused.
    Failed,
    /// Never looked at.
    Unprocessed,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkOutcome {
    /// Salesforce looked at it.
    Processed(RowResult),
    /// Salesforce did not get to it: nothing was done.
    NotProcessed,
}

/// A row's result, in whatever order Salesforce gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRow {
    /// The row's text in the key column.
    pub key: String,
    /// What became of it.
    pub outcome: BulkOutcome,
}

/// The file of a job while it is filled. Its columns are the fields that any of its rows sets, and
/// the key.
pub trait BulkFile: Send {
    /// Adds a row and gives `true`, or `false` where it would make the file larger than
    /// [`BulkWrite::MAX_BYTES`]; the first row is always taken. Fails for a row that no file can
    /// say.
    fn add(&mut self, row: &WriteRow) -> Result<bool, Problem>;

    /// Takes rows out again, all but those `stays` says so of: by their number, in the order they
    /// were added.
    fn retain(&mut self, stays: impl FnMut(usize) -> bool);
}

/// An org that takes Bulk jobs.
pub trait BulkTarget: Target {
    /// Files in the form this org takes them in.
    type File: BulkFile;

    /// An empty file for such a job.
    fn bulk_file(&self, write: &BulkWrite) -> Self::File;

    /// Creates a job. Repeated after [`TargetError::LostAnswer`] it may leave an empty one, which does
    /// nothing.
    fn begin_bulk(
        &self,
        write: &BulkWrite,
    ) -> impl Future<Output = Result<BulkJobId, TargetError>> + Send;

    /// Sends the job's file, once. Not safe to repeat: a job takes one file; after
    /// [`TargetError::LostAnswer`] abort the job and begin another.
    fn upload(
        &self,
        job: &BulkJobId,
        file: Self::File,
    ) -> impl Future<Output = Result<(), TargetError>> + Send;

    /// Lets Salesforce begin. Safe to repeat, and repeated; fine also when it had begun already.
    fn close(&self, job: &BulkJobId) -> impl Future<Output = Result<(), TargetError>> + Send;

    /// Stops the job. Safe to repeat, and repeated; fine also when it was aborted already.
    fn abort(&self, job: &BulkJobId) -> impl Future<Output = Result<(), TargetError>> + Send;

    /// The job as it stands. Safe to repeat.
    fn job(&self, job: &BulkJobId) -> impl Future<Output = Result<BulkJob, TargetError>> + Send;

    /// Hands the results of a job that is over to `each`, row by row. Safe to repeat; after an error
    /// the rows that came may come again.
    fn results(
        &self,
        job: &BulkJobId,
        write: &BulkWrite,
        which: BulkResults,
        each: impl FnMut(BulkRow) + Send,
    ) -> impl Future<Output = Result<(), TargetError>> + Send;
}
