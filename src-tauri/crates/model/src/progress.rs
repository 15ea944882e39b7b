//! How long work tells what it is doing. The engine reports small facts; whoever listens folds
//! them into a picture and decides how often to draw it.

use serde::{Deserialize, Serialize};

use crate::{Action, ApiUsage, Outcome, Problem, Way};

/// The phases of a sync, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Customers and subscriptions come from the source.
    Pull,
    /// Records come from the org.
    Read,
    /// Customers find their records.
    Match,
    /// Both sides are compared.
    Plan,
    /// A person looks and approves.
    Review,
    /// Approved changes are sent.
    Write,
    /// What was sent is read back.
    Verify,
}

/// Why a run sends nothing at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standstill {
    /// A person paused it.
    Paused,
    /// The org has too few API calls left; it looks again after so many seconds.
    NoCalls {
        /// What the org said, as a sentence.
        why: String,
        /// Seconds until the next look.
        again_in: u64,
    },
}

/// The Bulk jobs a run has under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BulkUnderWay {
    /// How many jobs.
    pub jobs: u32,
    /// Rows Salesforce has looked at so far.
    pub processed: u64,
    /// Rows in them.
    pub rows: u64,
}

/// One fact about work under way.
#[derive(Clone, Debug)]
pub enum Event {
    /// A phase begins; `total` when it is known how much there is.
    PhaseStarted {
        /// Which phase.
        phase: Phase,
        /// How many customers, records or rows it will handle.
        total: Option<u64>,
    },
    /// A phase has handled `done` of its total so far.
    PhaseAdvanced {
        /// Which phase.
        phase: Phase,
        /// How many so far, in all.
        done: u64,
    },
    /// A phase is complete.
    PhaseFinished {
        /// Which phase.
        phase: Phase,
        /// How many in all.
        done: u64,
        /// A few words about the result, such as `412 by external ID`.
        detail: Option<String>,
    },
    /// One row was planned.
    Planned(Action),
    /// One row has its outcome.
    Settled {
        /// What became of it.
        outcome: Outcome,
        /// What was wrong, when something was.
        problem: Option<Problem>,
    },
    /// An answer was lost for so many rows, which are now read back.
    AnswerLost {
        /// How many rows.
        rows: u32,
        /// What broke.
        reason: String,
    },
    /// The org is busy or away: what was to be sent is sent again in a moment.
    NoAnswer {
        /// What it said, or what broke.
        reason: String,
    },
    /// How the run writes at present: how many calls, or Bulk jobs, may be under way at a time.
    InFlight {
        /// Which way.
        way: Way,
        /// How many at most.
        most: u32,
    },
    /// How far the Bulk jobs under way are.
    Bulk(BulkUnderWay),
    /// The run stands still, or goes on again.
    Standstill(Option<Standstill>),
    /// The org told how many API calls it has seen.
    ApiCalls {
        /// Calls this plan or run has made so far.
        used: u32,
        /// What the org says.
        usage: Option<ApiUsage>,
    },
}

/// Takes the facts. Must be quick and must not fail.
pub trait Reporter: Send + Sync {
    /// Takes one fact.
    fn report(&self, event: Event);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoReporter;

impl Reporter for NoReporter {
    fn report(&self, _event: Event) {}
}
