//! The port to a billing system.

use std::future::Future;

use jiff::Timestamp;

use crate::{Customer, CustomerId, SourceIdentity, Subscription, SubscriptionId};

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub rows: Vec<T>,
    /// What to ask for next; `None` on the last page.
    pub next: Option<String>,
}

/// Which rows a listing is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Which<'a, Id> {
    /// Every one there is.
    All,
    /// At least those changed at or after this moment of the source's own clock. A source whose
    /// listing can neither filter nor sort by it looks through all and gives those.
    ChangedSince(Timestamp),
    /// These, on one page; those the source no longer has are left out.
    Only(&'a [Id]),
}

impl<Id> Clone for Which<'_, Id> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Id> Copy for Which<'_, Id> {}

/// A billing system, as the engine reads it.
pub trait Source: Send + Sync {
    /// Who is behind the key. The cheapest call that proves the key works.
    fn identity(&self) -> impl Future<Output = Result<SourceIdentity, SourceError>> + Send;

    /// The present moment by the source's own clock, the one that stamps its changes; `None` where
    /// it does not tell.
    fn now(&self) -> impl Future<Output = Result<Option<Timestamp>, SourceError>> + Send;

    /// A page of customers; `None` asks for the first. A page may be empty and not the last.
    fn customers(
        &self,
        which: Which<'_, CustomerId>,
        cursor: Option<&str>,
    ) -> impl Future<Output = Result<Page<Customer>, SourceError>> + Send;

    /// A page of subscriptions; `None` asks for the first. A source that has subscriptions only
    /// inside its customers gives one empty page.
    fn subscriptions(
        &self,
        which: Which<'_, SubscriptionId>,
        cursor: Option<&str>,
    ) -> impl Future<Output = Result<Page<Subscription>, SourceError>> + Send;
}

/// Why a billing system could not be read or written. Each says what to do next.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SourceError {
    /// The key is wrong, revoked or lacks a right.
    #[error("{source_name} refused the key: {message}")]
    KeyRefused {
        /// Which billing system.
        source_name: &'static str,
        /// Its own words.
        message: String,
    },
    /// Nobody answers at that address.
    #[error("{source_name} cannot be reached at {host}: {reason}")]
    Unreachable {
        /// Which billing system.
        source_name: &'static str,
        /// Host and port.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// A call that changes something was sent and no answer came: it may or may not be done.
    #[error("The answer of {source_name} to {call} was lost: {reason}")]
    LostAnswer {
        /// Which billing system.
        source_name: &'static str,
        /// Method and path.
        call: String,
        /// What broke.
        reason: String,
    },
    /// Somebody answers, but not that billing system's API: HTML, or JSON of another shape.
    #[error("{host} did not answer as {source_name} does: {what}")]
    NotTheApi {
        /// Which billing system.
        source_name: &'static str,
        /// Host and port.
        host: String,
        /// What came instead, with the place where reading stopped.
        what: String,
    },
    /// Too many calls; it asks to wait.
    #[error("{source_name} asks to wait {seconds} s before the next call")]
    Throttled {
        /// Which billing system.
        source_name: &'static str,
        /// How long.
        seconds: u32,
    },
    /// It refuses the call itself.
    #[error("{source_name} refused {call}: {message} (HTTP {status})")]
    Refused {
        /// Which billing system.
        source_name: &'static str,
        /// Method and path.
        call: String,
        /// HTTP status.
        status: u16,
        /// Its own words.
        message: String,
    },
    /// It is in trouble itself.
    #[error("{source_name} is in trouble (HTTP {status}) at {call}")]
    Trouble {
        /// Which billing system.
        source_name: &'static str,
        /// Method and path.
        call: String,
        /// HTTP status.
        status: u16,
    },
}
