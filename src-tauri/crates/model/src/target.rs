//! The port to a Salesforce org.

use std::collections::BTreeMap;
use std::future::Future;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Currency, CustomerId, Describe, FieldName, GoneRecord, OrgIdentity, Page, Problem, Record,
    RecordId, SObjectName, Value,
};

/// How many API calls the org has seen in its rolling 24 hours (`Sforce-Limit-Info`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiUsage {
    /// Calls made, by everybody.
    pub used: u32,
    /// Calls allowed.
    pub limit: u32,
}

impl ApiUsage {
    /// Calls left.
    pub fn left(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }
}

/// Which records to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadQuery {
    /// From which sObject.
    pub sobject: SObjectName,
    /// Which fields; `Id`, `SystemModstamp` and who saved it last always come along.
    pub fields: Vec<FieldName>,
    /// Only records whose field is one of these texts, compared as Salesforce does. Empty
    /// means all. Adapters split long lists over several calls.
    pub only: Option<(FieldName, Vec<String>)>,
    /// Only records where this field is not blank.
    pub not_blank: Option<FieldName>,
    /// Only records saved at or after this moment, by the org's clock (`SystemModstamp`).
    pub changed_since: Option<Timestamp>,
}

/// How many records one call reads by their ids: ten times as many as one writes (REST API guide,
/// “Get Records With a Request Body Using sObject Collections”).
pub const MOST_BY_ID: usize = 2_000;

/// Rows that go to Salesforce in one call: at most [`WriteBatch::MAX_ROWS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteBatch {
    /// Which sObject.
    pub sobject: SObjectName,
    /// How.
    pub kind: WriteKind,
    /// What.
    pub rows: Vec<WriteRow>,
    /// Whether a person wants it saved though a duplicate rule warns.
    pub allow_duplicates: bool,
}

impl WriteBatch {
    /// The most rows one sObject Collections call takes.
    pub const MAX_ROWS: usize = 200;
}

/// How a batch is written. Both ways can be repeated without making a second record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WriteKind {
    /// Existing records, by record id.
    Update,
    /// New records, by an upsert on this external ID field.
    Upsert(FieldName),
}

/// One row of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteRow {
    /// Whose row.
    pub customer: CustomerId,
    /// The record, for an update.
    pub record: Option<RecordId>,
    /// The fields to set; blank clears. For an upsert the external ID field is among them.
    pub values: BTreeMap<FieldName, Value>,
}

/// What Salesforce said of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowResult {
    /// Done.
    Written {
        /// The record.
        record: RecordId,
        /// Whether it is new.
        created: bool,
    },
    /// Refused, with Salesforce's first reason.
    Refused(Problem),
}

/// What Salesforce said of one record that was to be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeleteResult {
    /// It is in the recycle bin.
    Deleted,
    /// Refused, with Salesforce's first reason.
    Refused(Problem),
}

/// A page of records that has arrived and is not taken apart yet: the org can be asked for the next
/// one meanwhile.
pub struct Arrived<'a> {
    /// What to ask for next; `None` on the last page.
    pub next: Option<String>,
    rows: Box<dyn FnOnce() -> Result<Vec<Record>, TargetError> + Send + 'a>,
}

impl<'a> Arrived<'a> {
    /// A page whose records `rows` gives.
    pub fn new(
        next: Option<String>,
        rows: impl FnOnce() -> Result<Vec<Record>, TargetError> + Send + 'a,
    ) -> Self {
        let rows = Box::new(rows);
        Self { next, rows }
    }

    /// Its records.
    pub fn rows(self) -> Result<Vec<Record>, TargetError> {
        (self.rows)()
    }
}

/// An org, as the engine reads and writes it.
pub trait Target: Send + Sync {
    /// Who and where the org is, asked anew.
    fn identity(&self) -> impl Future<Output = Result<OrgIdentity, TargetError>> + Send;

    /// The describe of an sObject, asked anew.
    fn describe(
        &self,
        sobject: &SObjectName,
    ) -> impl Future<Output = Result<Describe, TargetError>> + Send;

    /// The currency of an amount whose record does not say one: that of an org with one, or, in an
    /// org with several, the one new records of this user get. `None` where the org does not say.
    fn currency(&self) -> impl Future<Output = Result<Option<Currency>, TargetError>> + Send;

    /// A page of records; `None` asks for the first. Values have the kind their field has in
    /// `describe`.
    fn read(
        &self,
        query: &ReadQuery,
        describe: &Describe,
        cursor: Option<&str>,
    ) -> impl Future<Output = Result<Page<Record>, TargetError>> + Send {
        async move {
            let mut page = self.fetch(query, describe, cursor).await?;
            let next = page.next.take();
            let rows = page.rows()?;
            Ok(Page { rows, next })
        }
    }

    /// The same page as it arrives.
    fn fetch<'a>(
        &'a self,
        query: &'a ReadQuery,
        describe: &'a Describe,
        cursor: Option<&str>,
    ) -> impl Future<Output = Result<Arrived<'a>, TargetError>> + Send;

    /// These records as they are now, at most [`MOST_BY_ID`], in one call. Records that are gone are
    /// missing from the answer.
    fn read_by_id(
        &self,
        ids: &[RecordId],
        fields: &[FieldName],
        describe: &Describe,
    ) -> impl Future<Output = Result<Vec<Record>, TargetError>> + Send;

    /// A page of deleted records, of those deleted at or after `since` by the org's clock; `None`
    /// asks for the first page. As far back as the recycle bin goes, which is about 15 days
    /// (facts/salesforce.md §10).
    fn gone(
        &self,
        sobject: &SObjectName,
        since: Option<Timestamp>,
        cursor: Option<&str>,
    ) -> impl Future<Output = Result<Page<GoneRecord>, TargetError>> + Send;

    /// Sends a batch, once. The answer has one result a row, in the batch's order. Nothing is
    /// ever sent again from here: [`TargetError::LostAnswer`] means it may or may not be done.
    fn write(
        &self,
        batch: &WriteBatch,
    ) -> impl Future<Output = Result<Vec<RowResult>, TargetError>> + Send;

    /// Deletes records, at most [`WriteBatch::MAX_ROWS`], once. The answer has one result a record,
    /// in their order. As with [`Target::write`], nothing is sent again from here. Only the undo
    /// of the run that created these records may come to this.
    fn delete(
        &self,
        records: &[RecordId],
    ) -> impl Future<Output = Result<Vec<DeleteResult>, TargetError>> + Send;

    /// API calls made through this target so far.
    fn calls_made(&self) -> u32;

    /// What the org last said about its API calls.
    fn usage(&self) -> Option<ApiUsage>;
}

/// Why an org could not be read or written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TargetError {
    /// The session is over and could not be renewed.
    #[error("Salesforce asks to sign in again: {message}")]
    SignInNeeded {
        /// Salesforce's own words.
        message: String,
    },
    /// The org's policy keeps the app, the user or the API out.
    #[error("The org does not let Drawbridge in: {message}")]
    BlockedByPolicy {
        /// Salesforce's own words.
        message: String,
    },
    /// Nobody answers at that address; nothing was sent.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// Somebody answers, but not as Salesforce does.
    #[error("{host} did not answer as Salesforce does: {what}")]
    NotTheApi {
        /// Host and port.
        host: String,
        /// What came instead.
        what: String,
    },
    /// The request was sent and no answer came: it may or may not be done.
    #[error("The answer of {host} was lost: {reason}")]
    LostAnswer {
        /// Host and port.
        host: String,
        /// What broke.
        reason: String,
    },
    /// A query gave fewer records than it said there are: some were deleted or hidden while they
    /// were read. None of those that are missing is to be taken for deleted.
    #[error("{host} gave {given} of {total} records")]
    Incomplete {
        /// Host and port.
        host: String,
        /// Records that came.
        given: u64,
        /// Records it said there are.
        total: u64,
    },
    /// The org has no API calls left in its rolling 24 hours.
    #[error("The org has used up its API calls: {message}")]
    QuotaUsedUp {
        /// Salesforce's own words.
        message: String,
    },
    /// Salesforce is busy or down; nothing was done.
    #[error("Salesforce is busy (HTTP {status})")]
    Busy {
        /// HTTP status.
        status: u16,
    },
    /// A field the call names is gone or cannot be seen.
    #[error("A field is gone or cannot be seen: {message}")]
    FieldMissing {
        /// Salesforce's own words, which name the field.
        message: String,
    },
    /// Salesforce refuses the call as a whole.
    #[error("Salesforce refused {call}: {code}: {message}")]
    Refused {
        /// Method and path.
        call: String,
        /// `errorCode`.
        code: String,
        /// Salesforce's own words.
        message: String,
    },
    /// The login that is needed for this cannot be kept or found.
    #[error(transparent)]
    Secret(#[from] crate::SecretError),
}
