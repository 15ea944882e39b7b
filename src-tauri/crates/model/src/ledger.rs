//! The port to what Drawbridge remembers of both sides: the cache.
//!
//! Calls are synchronous and short; each is one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::{
    AcceptedLink, Agreed, Apart, ConnectionId, Currency, Customer, CustomerId, Describe, FieldName,
    FormerCustomer, GivenKeys, GoneRecord, MatchKey, Matched, Pin, ReadMark, Record, RecordId,
    Subscription, SubscriptionId, SyncId, Takeover, Value,
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
    /// A call was about to change something through a connection that is only to be read.
    #[error("“{name}” is read-only: nothing further is sent there")]
    ReadOnly {
        /// Name of the connection.
        name: String,
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
    /// The one a person chose to speak for it.
    pub pin: Option<Pin>,
    /// Those whose figures are added up in the customer, by id, itself among them; empty where it
    /// speaks for itself alone.
    pub members: Vec<Customer>,
}

impl CustomerBundle {
    /// The words a person knows the customer by, whoever is added up in it.
    pub fn display_name(&self) -> String {
        let itself = self.members.iter().find(|it| it.id == self.customer.id);
        itself.unwrap_or(&self.customer).display_name()
    }
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

/// How far a source has been read: everything it changed before `source_time` is in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watermark {
    /// When the last finished pull began, by the source's own clock.
    pub source_time: Timestamp,
    /// The same moment by ours.
    pub began_at: Timestamp,
    /// When everything was last read, by our clock.
    pub full_at: Timestamp,
}

/// How a pull ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullEnd {
    /// By our clock.
    pub at: Timestamp,
    /// Whether it read everything. Only then is what it did not see forgotten.
    pub full: bool,
    /// When it began, by the source's own clock: the next watermark. Without it the next pull
    /// reads everything.
    pub source_time: Option<Timestamp>,
}

/// What the cache holds after a pull.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// Customers there are.
    pub customers: u64,
    /// Subscriptions there are.
    pub subscriptions: u64,
    /// Customers that are new, gone or changed, or a subscription of theirs is.
    pub changed: u64,
}

/// How customers found their records when a sync was matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchTally {
    /// By the external ID field.
    pub by_external_id: u32,
    /// By a link or an e-mail address.
    pub otherwise: u32,
}

/// What changes by the calendar alone, without the source calling it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Customers whose paid time ends.
    pub customers: Vec<CustomerId>,
    /// Subscriptions that renew.
    pub subscriptions: Vec<SubscriptionId>,
}

/// A complete reading of an org for a sync, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// When it was complete.
    pub at: Timestamp,
    /// How many records it has.
    pub records: u64,
    /// Which fields of them were read.
    pub fields: Vec<FieldName>,
    /// The sObject as it was then.
    pub describe: Describe,
    /// What [`Target::currency`](crate::Target::currency) said then; `None` also where it could not
    /// be asked.
    pub currency: Option<Currency>,
}

/// A customer as matching sees it first. For most of them that is enough, and nothing else of them
/// is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acquaintance {
    /// Whose.
    pub customer: CustomerId,
    /// The words a person knows the customer by.
    pub name: String,
    /// The records that carry the customer's id, at most three.
    pub by_id: Vec<RecordId>,
    /// The record it was linked to by a run or a person.
    pub accepted: Option<AcceptedLink>,
    /// What a person decided instead of a link.
    pub apart: Option<Apart>,
}

/// What a customer is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opposite {
    /// What matching found.
    pub matched: Matched,
    /// The record it found.
    pub record: Option<Record>,
}

/// A record no customer is found for any more.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftBehind {
    /// The record as it was last read.
    pub record: Record,
    /// What was last written to it.
    pub base: BTreeMap<FieldName, Value>,
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

    /// Ends a pull and moves the watermark: all or nothing.
    fn finish_pull(
        &self,
        source: ConnectionId,
        pull: u32,
        end: PullEnd,
    ) -> Result<Pulled, LedgerError>;

    /// How far the source has been read; `None` where it must be read from end to end.
    fn watermark(&self, source: ConnectionId) -> Result<Option<Watermark>, LedgerError>;

    /// What changes by the calendar alone from one day to another, both included.
    fn due(&self, source: ConnectionId, from: Date, to: Date) -> Result<Due, LedgerError>;

    /// Up to `limit` customers after `after`, by id, each with its subscriptions.
    fn customers(
        &self,
        source: ConnectionId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerBundle>, LedgerError>;

    /// How many customers of a source there are.
    fn count_customers(&self, source: ConnectionId) -> Result<u64, LedgerError>;

    /// These customers by id, each with its subscriptions; one that is not there is left out.
    fn bundles_of(
        &self,
        source: ConnectionId,
        ids: &[CustomerId],
    ) -> Result<Vec<CustomerBundle>, LedgerError>;

    /// The facts of these customers without their subscriptions, in their order; one that is not
    /// there is left out.
    fn customers_of(
        &self,
        source: ConnectionId,
        ids: &[CustomerId],
    ) -> Result<Vec<Customer>, LedgerError>;

    /// Keeps that the records of a sync were read to the end.
    fn keep_snapshot(&self, sync: SyncId, snapshot: &Snapshot) -> Result<(), LedgerError>;

    /// The last complete reading of a sync's org; `None` when there is none, or a later one was
    /// left in the middle.
    fn snapshot(&self, sync: SyncId) -> Result<Option<Snapshot>, LedgerError>;

    /// How far the records of a sync were read; `None` when they must be read from the beginning.
    fn read_mark(&self, sync: SyncId) -> Result<Option<ReadMark>, LedgerError>;

    /// Keeps how far they were read. To be called last: everything it covers must be kept before.
    fn set_read_mark(&self, sync: SyncId, mark: &ReadMark) -> Result<(), LedgerError>;

    /// Forgets the records and match keys of a sync and how far they were read, before they are
    /// read anew. What is known of deleted records stays.
    fn clear_records(&self, sync: SyncId) -> Result<(), LedgerError>;

    /// Keeps records, and of those that are new or changed the keys customers may find them by, in
    /// place of the keys they had.
    fn put_records(
        &self,
        sync: SyncId,
        records: &[Record],
        keys: &dyn Fn(&Record) -> Vec<MatchKey>,
    ) -> Result<(), LedgerError>;

    /// How many records of a sync there are.
    fn count_records(&self, sync: SyncId) -> Result<u64, LedgerError>;

    /// Keeps keys that records give to others, such as the e-mail addresses of an Account's
    /// Contacts, in place of those each gave before.
    fn put_keys(&self, sync: SyncId, given: &[GivenKeys]) -> Result<(), LedgerError>;

    /// Takes deleted records out of the cache, and remembers what became of them.
    fn put_gone(&self, sync: SyncId, gone: &[GoneRecord]) -> Result<(), LedgerError>;

    /// What is known of a deleted record.
    fn gone(&self, sync: SyncId, id: &RecordId) -> Result<Option<GoneRecord>, LedgerError>;

    /// Remembers for good the links whose record is no longer in the cache, so that a deleted
    /// record is never taken for one that was not there yet. To be called once everything is read.
    fn keep_lost_links(&self, sync: SyncId, at: Timestamp) -> Result<(), LedgerError>;

    /// From now on customers agree with their records by these terms: what was found by others is
    /// forgotten. Terms are a digest of all that rows are made by beside the two of them.
    fn agree_by(&self, sync: SyncId, terms: &str) -> Result<(), LedgerError>;

    /// How often anything changed that the rows of agreeing customers are made from.
    fn touched(&self) -> Result<i64, LedgerError>;

    /// Keeps that these customers agree with their records by these terms: until anything changes that
    /// their rows are made from, or that their links stand on. `touched` is what it was before any of
    /// that was read; where it is another by now, nothing is kept. Neither is a customer of which
    /// matching must look again, see [`Cache::acquaintances`].
    fn put_agreed(
        &self,
        sync: SyncId,
        terms: &str,
        touched: i64,
        agreed: &[Agreed],
    ) -> Result<(), LedgerError>;

    /// How often anything changed that matching looks at: customers, those that are gone, records and
    /// their keys, deleted records, and what was decided.
    fn match_touched(&self) -> Result<i64, LedgerError>;

    /// Keeps what the matching of a whole sync came to, by these terms: the rules by which it was
    /// made. `touched` is [`Cache::match_touched`] as it was before any of that was read.
    fn put_matched(
        &self,
        sync: SyncId,
        terms: &str,
        touched: i64,
        tally: MatchTally,
    ) -> Result<(), LedgerError>;

    /// What it came to, where matching by these terms would find the same for every customer.
    fn matched(&self, sync: SyncId, terms: &str) -> Result<Option<MatchTally>, LedgerError>;

    /// Up to `limit` customers of the source after `after`, by id, as matching sees them first. Those
    /// are left out that agree with their records, and those whose record was found by its external
    /// ID, alone carries their id still, and is what a person chose if anybody did: looking again
    /// would find the same.
    fn acquaintances(
        &self,
        sync: SyncId,
        source: ConnectionId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<Acquaintance>, LedgerError>;

    /// The records that carry each of these keys, in their order, at most three a key (more would
    /// tell nothing new).
    fn records_by_keys(
        &self,
        sync: SyncId,
        keys: &[MatchKey],
    ) -> Result<Vec<Vec<RecordId>>, LedgerError>;

    /// One record as it was read.
    fn record(&self, sync: SyncId, id: &RecordId) -> Result<Option<Record>, LedgerError>;

    /// The record a customer was linked to by a run or a person.
    fn accepted_link(
        &self,
        sync: SyncId,
        customer: &CustomerId,
    ) -> Result<Option<AcceptedLink>, LedgerError>;

    /// What a person decided about a customer that was linked to no record.
    fn apart(&self, sync: SyncId, customer: &CustomerId) -> Result<Option<Apart>, LedgerError>;

    /// What is known of a customer that the source gave once and no longer gives; `None` for one it
    /// has, or never had.
    fn former_customer(
        &self,
        source: ConnectionId,
        id: &CustomerId,
    ) -> Result<Option<FormerCustomer>, LedgerError>;

    /// Whether any customer of the sync ever took over a link.
    fn any_takeover(&self, sync: SyncId) -> Result<bool, LedgerError>;

    /// The link that a person decided the customer takes over.
    fn takeover(
        &self,
        sync: SyncId,
        customer: &CustomerId,
    ) -> Result<Option<Takeover>, LedgerError>;

    /// The last decision by which another customer took over this one's link.
    fn handed_over(
        &self,
        sync: SyncId,
        former: &CustomerId,
    ) -> Result<Option<Takeover>, LedgerError>;

    /// Replaces what matching found for these customers.
    fn put_links(&self, sync: SyncId, links: &[Link]) -> Result<(), LedgerError>;

    /// Keeps that these customers have found these records, which carry their ids.
    fn found_by_id(
        &self,
        sync: SyncId,
        found: &[(CustomerId, RecordId)],
    ) -> Result<(), LedgerError>;

    /// Turns every record that several customers found into a conflict of each of them, but for
    /// the one customer a person linked it to, where there is just one. Returns how many customers
    /// are in conflict.
    fn mark_shared_records(&self, sync: SyncId) -> Result<u64, LedgerError>;

    /// What these customers are compared with, in their order.
    fn opposites(
        &self,
        sync: SyncId,
        customers: &[CustomerBundle],
    ) -> Result<Vec<Opposite>, LedgerError>;

    /// The customers of the sync's source that matching found this record for, by id.
    fn sharing(&self, sync: SyncId, record: &RecordId) -> Result<Vec<Customer>, LedgerError>;

    /// Records that hold something a run wrote for the sync, and that matching found for no customer
    /// of its source: those whose customer went to another record or is gone. With what was last
    /// written to each; up to `limit` after
    /// `after`, by id.
    fn left_behind(
        &self,
        sync: SyncId,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<LeftBehind>, LedgerError>;

    /// What matching found for a customer.
    fn link(&self, sync: SyncId, customer: &CustomerId) -> Result<Matched, LedgerError>;

    /// The values Drawbridge last wrote to a record.
    fn base(
        &self,
        sync: SyncId,
        record: &RecordId,
    ) -> Result<BTreeMap<FieldName, Value>, LedgerError>;
}
