//! The ports through which a billing system learns which Salesforce Account a customer is, and
//! through which what became of that is remembered.

use std::fmt;
use std::future::Future;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Action, AttemptId, CustomerId, LedgerError, PlanId, RecordId, RunId, SourceError};

/// Where a billing system keeps the Account of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkPlace {
    /// A connected account of one of its Salesforce integrations.
    ConnectedAccount {
        /// Id of the integration.
        integration: String,
    },
    /// One of the customer's aliases.
    Alias,
}

impl LinkPlace {
    /// Calls that recording one link takes: reading the customer and its connected accounts and
    /// writing, or reading, writing and reading again.
    pub const CALLS: u32 = 3;
}

impl fmt::Display for LinkPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConnectedAccount { .. } => "connected account",
            Self::Alias => "alias",
        })
    }
}

/// An integration of the billing system with Salesforce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Its id.
    pub id: String,
    /// What people call it, where it has several.
    pub label: Option<String>,
}

/// A customer's record in another system, as an integration of the billing system keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAccount {
    /// Id of the connection itself.
    pub id: String,
    /// Id of the integration it belongs to.
    pub integration: String,
    /// The record's id in the other system.
    pub external: String,
}

/// Everything a billing system knows of a customer's records, read anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerLinks {
    /// Connected accounts of its Salesforce integrations, oldest first.
    pub connected: Vec<ConnectedAccount>,
    /// All aliases, in their order.
    pub aliases: Vec<String>,
}

/// A customer and the Account it is, as a person names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerLink {
    /// The customer.
    pub customer: CustomerId,
    /// The words a person knows it by, where they are known.
    pub name: Option<String>,
    /// The Account.
    pub record: RecordId,
    /// What it is called, where that is known.
    pub record_name: Option<String>,
}

/// A customer and an alias, as a person names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerAlias {
    /// The customer.
    pub customer: CustomerId,
    /// The words a person knows it by, where they are known.
    pub name: Option<String>,
    /// The alias.
    pub alias: String,
}

/// A billing system that takes links.
///
/// Writes are sent once: [`SourceError::LostAnswer`] means that it may or may not be done. `key`
/// is the same for the same attempt, so that a system that knows such keys does it once.
pub trait SourceLinks: Send + Sync {
    /// Its integrations with Salesforce.
    fn integrations(&self) -> impl Future<Output = Result<Vec<Integration>, SourceError>> + Send;

    /// What it knows of a customer; `None` where there is no such customer.
    fn links(
        &self,
        customer: &CustomerId,
    ) -> impl Future<Output = Result<Option<CustomerLinks>, SourceError>> + Send;

    /// Records an Account as a connected account, whose own id it gives where it is told.
    fn connect(
        &self,
        customer: &CustomerId,
        integration: &str,
        record: &RecordId,
        key: &str,
    ) -> impl Future<Output = Result<Option<String>, SourceError>> + Send;

    /// Removes a connected account, by its own id.
    fn disconnect(
        &self,
        customer: &CustomerId,
        connected: &str,
        key: &str,
    ) -> impl Future<Output = Result<(), SourceError>> + Send;

    /// Replaces all aliases; nothing else of the customer changes.
    fn set_aliases(
        &self,
        customer: &CustomerId,
        aliases: &[String],
        key: &str,
    ) -> impl Future<Output = Result<(), SourceError>> + Send;
}

/// What is to be done about a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkAction {
    /// It is recorded.
    Record,
    /// It is taken back, by the undo of the run that recorded it.
    Remove,
}

/// One link of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRow {
    /// Whose.
    pub customer: CustomerId,
    /// The words a person knows it by.
    pub name: String,
    /// What is to be done.
    pub action: LinkAction,
    /// Where.
    pub place: LinkPlace,
    /// The Account; `None` while it is still to be created.
    pub record: Option<RecordId>,
    /// Another Account that the billing system names already: a conflict to be expected.
    pub other: Option<String>,
    /// Id of the connected account that is to be removed.
    pub connected: Option<String>,
}

/// A row of a plan whose customer may need a link, with what the pull knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkCandidate {
    /// Whose.
    pub customer: CustomerId,
    /// The words a person knows it by.
    pub name: String,
    /// What the plan does with it.
    pub action: Action,
    /// Its record, unless it is still to be created.
    pub record: Option<RecordId>,
    /// Ids of Salesforce records from connected accounts.
    pub connected_accounts: Vec<String>,
    /// All aliases.
    pub aliases: Vec<String>,
}

/// What became of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkOutcome {
    /// Recorded; of an undo: taken back.
    Recorded,
    /// It was so already.
    Already,
    /// The billing system names another record, which stays.
    Conflict,
    /// Not done.
    Failed,
    /// The answer was lost and reading back did not settle it.
    Unknown,
}

/// The outcome of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkResult {
    /// Whose.
    pub customer: CustomerId,
    /// The Account.
    pub record: RecordId,
    /// What became of it.
    pub outcome: LinkOutcome,
    /// Id of the connected account that was made.
    pub connected: Option<String>,
    /// A stable word for what was wrong.
    pub code: Option<&'static str>,
    /// What was wrong, as sentences.
    pub message: Option<String>,
}

/// A call about a link that was begun: recorded before it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAttempt {
    /// Its number.
    pub id: AttemptId,
    /// The link it is about, with its record.
    pub row: LinkRow,
    /// When.
    pub begun_at: Timestamp,
}

/// How many links of a run have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkCounts {
    /// Links the run has to see to: those whose record stands in the org.
    pub to_link: u32,
    /// Recorded, or taken back by an undo.
    pub recorded: u32,
    /// There already.
    pub already: u32,
    /// Left, because another record is named.
    pub conflicts: u32,
    /// Not done.
    pub failed: u32,
    /// Answer lost.
    pub unknown: u32,
}

impl LinkCounts {
    /// Links that have an outcome.
    pub fn settled(&self) -> u32 {
        self.recorded + self.already + self.conflicts + self.failed + self.unknown
    }

    /// Sets how many have an outcome.
    pub fn set(&mut self, outcome: LinkOutcome, count: u32) {
        *match outcome {
            LinkOutcome::Recorded => &mut self.recorded,
            LinkOutcome::Already => &mut self.already,
            LinkOutcome::Conflict => &mut self.conflicts,
            LinkOutcome::Failed => &mut self.failed,
            LinkOutcome::Unknown => &mut self.unknown,
        } = count;
    }
}

/// The journal of links, beside that of records.
pub trait LinkLedger: Send + Sync {
    /// Rows of a plan that create, change or keep a record, by customer id: up to `limit` after
    /// `after`.
    fn link_candidates(
        &self,
        plan: PlanId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<LinkCandidate>, LedgerError>;

    /// Adds links to a plan under construction.
    fn put_link_rows(&self, plan: PlanId, rows: &[LinkRow]) -> Result<(), LedgerError>;

    /// Links that a run recorded or took back, as they were planned but with their record, by
    /// customer id: up to `limit` after `after`. What an undo turns round, and so without those that
    /// a later run of the sync recorded or took back.
    fn recorded_links(
        &self,
        run: RunId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<LinkRow>, LedgerError>;

    /// Links of the run's plan without an outcome, each with its record, by customer id: up to
    /// `limit` after `after`. Those whose record was not written are left out.
    fn open_links(
        &self,
        run: RunId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<LinkRow>, LedgerError>;

    /// Calls that were begun and never closed: their answers were lost.
    fn open_link_attempts(&self, run: RunId) -> Result<Vec<LinkAttempt>, LedgerError>;

    /// Records that a call is about to go out.
    fn begin_link_attempt(
        &self,
        run: RunId,
        customer: &CustomerId,
        at: Timestamp,
    ) -> Result<AttemptId, LedgerError>;

    /// Records that a call is closed, with the link's outcome if it has one now.
    fn end_link_attempt(
        &self,
        run: RunId,
        attempt: AttemptId,
        result: Option<&LinkResult>,
        at: Timestamp,
    ) -> Result<(), LedgerError>;

    /// Records outcomes that needed no call that writes.
    fn put_link_results(&self, run: RunId, results: &[LinkResult]) -> Result<(), LedgerError>;

    /// How the links of a run stand.
    fn link_counts(&self, run: RunId) -> Result<LinkCounts, LedgerError>;
}
