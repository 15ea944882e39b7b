//! Live progress of a plan or a run.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CountsView, PlanCountsView, ProblemView};

/// Names work under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Work {
    /// The making of a plan.
    Plan(u32),
    /// A run.
    Run(u32),
}

/// The phases of a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhaseName {
    /// From the source.
    Pull,
    /// From the org.
    Read,
    /// Customers find records.
    Match,
    /// Both sides compared.
    Plan,
    /// A person looks.
    Review,
    /// Changes are sent.
    Write,
    /// Read back.
    Verify,
}

/// How a phase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhaseState {
    /// Not begun.
    Waiting,
    /// Under way.
    Running,
    /// Complete.
    Done,
    /// Cut off.
    Stopped,
}

/// One phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PhaseView {
    /// Which.
    pub name: PhaseName,
    /// How it stands.
    pub state: PhaseState,
    /// Handled so far.
    pub done: u32,
    /// To be handled, when known.
    pub total: Option<u32>,
    /// A few words, such as `2,136 customers`.
    pub detail: Option<String>,
}

/// Bulk jobs under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkView {
    /// How many jobs.
    pub jobs: u32,
    /// Records Salesforce has looked at so far.
    pub processed: u32,
    /// Records in them.
    pub rows: u32,
}

/// What a run waits for by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaitingView {
    /// Why, as a sentence.
    pub why: String,
    /// Seconds between its looks whether it can go on.
    pub every_seconds: u32,
}

/// A picture of work under way: each event is a whole one, so that a listener may join late.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProgressView {
    /// Whose.
    pub work: Work,
    /// Whether it has ended, well or not: no more pictures come.
    pub ended: bool,
    /// The phases, in order.
    pub phases: Vec<PhaseView>,
    /// Rows planned so far, by action.
    pub planned: PlanCountsView,
    /// Rows by outcome so far.
    pub counts: CountsView,
    /// Records to write in all.
    pub to_write: u32,
    /// Records sent and answered.
    pub sent: u32,
    /// Records a second, over the last few seconds.
    pub rate: Option<f64>,
    /// Seconds left, at that rate.
    pub seconds_left: Option<f64>,
    /// API calls made so far.
    pub api_calls: u32,
    /// API calls the org has left.
    pub api_left: Option<u32>,
    /// API calls the org allows.
    pub api_limit: Option<u32>,
    /// Calls, or Bulk jobs, that may be under way at a time.
    pub in_flight: Option<u32>,
    /// The Bulk jobs under way.
    pub bulk: Option<BulkView>,
    /// Whether a person paused it.
    pub paused: bool,
    /// What it waits for, when it waits by itself.
    pub waiting: Option<WaitingView>,
    /// Why nothing gets through at present, while it is tried again.
    pub no_answer: Option<String>,
    /// Problems so far, by cause.
    pub problems: Vec<ProblemView>,
    /// What stopped it, when something did.
    pub error: Option<super::ErrorView>,
}
