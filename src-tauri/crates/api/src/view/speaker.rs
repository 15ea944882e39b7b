//! Which subscription speaks for a customer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A way to compare two subscriptions of one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum YardstickView {
    /// Active before trialing, scheduled, sent, draft, paused, ended.
    Status,
    /// The one that began last.
    LatestStart,
    /// The one that began first.
    EarliestStart,
    /// The one with the highest monthly revenue.
    HighestValue,
}

/// Asks which subscription speaks for a customer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SpeakerRequest {
    /// Number of the sync.
    pub sync: u32,
    /// The customer's id.
    pub customer: String,
    /// A rule to try; the sync's own when absent.
    pub rule: Option<Vec<YardstickView>>,
}

/// Lets one subscription speak for a customer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SpeakerPinRequest {
    /// Number of the sync.
    pub sync: u32,
    /// The customer's id.
    pub customer: String,
    /// The subscription's id; the rule decides again when absent.
    pub subscription: Option<String>,
}

/// Which subscription speaks for a customer, and why the others do not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SpeakerView {
    /// The customer's id.
    pub customer: String,
    /// The customer's name.
    pub name: String,
    /// Its subscriptions, first the one that speaks, then the others, best first.
    pub subscriptions: Vec<SpeakingView>,
    /// When a person chose the one that speaks.
    pub pinned_at: Option<String>,
    /// The one a person had chosen, when it is no longer there.
    pub pin_gone: Option<String>,
}

/// A subscription that speaks, or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SpeakingView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its status, in words.
    pub status: String,
    /// Why it speaks, or why it does not, in a sentence.
    pub why: String,
}
