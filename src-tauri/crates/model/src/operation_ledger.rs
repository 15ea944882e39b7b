//! The journal of changes made to a billing system by hand, one or many at a time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BatchId, CustomerLinks, LedgerError, Operation, SubscriptionEvent};

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationOutcome {
    /// It is done.
    Done,
    /// It was so already: nothing was sent, or the billing system said so.
    Already,
    /// It has problems of its own: it was never sent.
    Blocked,
    /// The billing system said no.
    Rejected,
    /// The answer was lost and reading back did not settle it.
    Unknown,
}

/// The outcome of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationResult {
    /// What became of it.
    pub outcome: OperationOutcome,
    /// A stable word for what was wrong.
    pub code: Option<&'static str>,
    /// What there is to know about it, as sentences.
    pub message: Option<String>,
    /// What is there from then on, where the answer or reading back tells.
    pub after: Option<After>,
}

/// What is there after an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum After {
    /// What the subscription is.
    Subscription(Box<SubscriptionEvent>),
    /// What the billing system knows of the customer's records.
    Links(CustomerLinks),
}

impl After {
    /// The subscription, where it is one.
    pub fn subscription(&self) -> Option<&SubscriptionEvent> {
        match self {
            Self::Subscription(event) => Some(event),
            Self::Links(_) => None,
        }
    }
}

/// What stood there before an operation, where it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Before {
    /// What the subscription was, and of a deleted user each subscription.
    Subscriptions(Vec<SubscriptionEvent>),
    /// The address a user was shown by.
    Email(Option<String>),
    /// What a plan was called.
    Name(String),
    /// What the billing system knew of the customer's records.
    Links(CustomerLinks),
}

/// An operation without an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOperation {
    /// Its place in the batch, from 1.
    pub number: u32,
    /// What is to be done.
    pub operation: Operation,
    /// When its call was begun, if one was.
    pub begun_at: Option<Timestamp>,
}

/// How many operations of a batch have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCounts {
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

impl OperationCounts {
    /// All that have an outcome.
    pub fn total(&self) -> u32 {
        self.done + self.already + self.blocked + self.rejected + self.unknown
    }
}

/// The journal of operations.
pub trait OperationLedger: Send + Sync {
    /// Operations without an outcome, begun ones first, then in their order, up to `limit`.
    fn open_operations(
        &self,
        batch: BatchId,
        limit: usize,
    ) -> Result<Vec<OpenOperation>, LedgerError>;

    /// The user of a subscription, by its id or alias, where a former operation of the same
    /// connection told.
    fn user_of(&self, batch: BatchId, subscription: &str) -> Result<Option<String>, LedgerError>;

    /// Keeps what stood there before.
    fn put_before(&self, batch: BatchId, number: u32, before: &Before) -> Result<(), LedgerError>;

    /// When a call for an open operation was begun that was not closed.
    fn begun_at(&self, batch: BatchId, number: u32) -> Result<Option<Timestamp>, LedgerError>;

    /// Records that a call is about to go out.
    fn begin_operation(
        &self,
        batch: BatchId,
        number: u32,
        at: Timestamp,
    ) -> Result<(), LedgerError>;

    /// Records what became of it; `None` closes its call and leaves it open.
    fn end_operation(
        &self,
        batch: BatchId,
        number: u32,
        result: Option<&OperationResult>,
        at: Timestamp,
    ) -> Result<(), LedgerError>;
}
