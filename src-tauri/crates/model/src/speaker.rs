//! Which subscription speaks for a customer that has several: the rule a sync sets, and the choice
//! a person makes for one customer.

use serde::{Deserialize, Serialize};

use crate::SubscriptionId;

/// A way to compare two subscriptions of one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Yardstick {
    /// Active before trialing, scheduled, sent, draft, paused, ended.
    Status,
    /// The one that began last.
    LatestStart,
    /// The one that began first.
    EarliestStart,
    /// The one with the highest monthly revenue. Amounts in several currencies are not compared.
    HighestValue,
}

impl Yardstick {
    /// All of them, in the order people read them.
    pub const ALL: [Self; 4] = [
        Self::Status,
        Self::LatestStart,
        Self::EarliestStart,
        Self::HighestValue,
    ];
}

/// The yardsticks in order: the next decides where the one before finds no difference, and the
/// lower id where all do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpeakerRule(Vec<Yardstick>);

impl SpeakerRule {
    /// A rule of these yardsticks; one that is named twice counts where it stands first.
    pub fn new(order: impl IntoIterator<Item = Yardstick>) -> Self {
        let mut kept = Vec::new();
        for yardstick in order {
            if !kept.contains(&yardstick) {
                kept.push(yardstick);
            }
        }
        Self(kept)
    }

    /// The yardsticks, first the one that counts most.
    pub fn order(&self) -> &[Yardstick] {
        &self.0
    }
}

impl Default for SpeakerRule {
    /// By status, then by the latest start (facts/alguna.md §3).
    fn default() -> Self {
        Self(vec![Yardstick::Status, Yardstick::LatestStart])
    }
}

/// The subscription a person chose to speak for a customer, whatever the rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The chosen one.
    pub subscription: SubscriptionId,
    /// When it was chosen.
    pub at: jiff::Timestamp,
}
