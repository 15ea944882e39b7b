//! Which subscription speaks for a customer that has several.

use std::cmp::Reverse;

use drawbridge_model::{Subscription, SubscriptionStatus};

/// The subscription that speaks, and the others with the reason each lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker<'a> {
    /// The one that speaks.
    pub chosen: &'a Subscription,
    /// The others, best first.
    pub lost: Vec<(&'a Subscription, String)>,
}

/// Ranks by status, then by the latest start, then by id, and takes the first.
pub fn choose(subscriptions: &[Subscription]) -> Option<Speaker<'_>> {
    let mut ranked: Vec<&Subscription> = subscriptions.iter().collect();
    ranked.sort_by_key(|subscription| {
        (
            rank(&subscription.status),
            Reverse(subscription.started_at.or(subscription.created_at)),
            subscription.id.clone(),
        )
    });
    let (chosen, rest) = ranked.split_first()?;
    let lost = rest
        .iter()
        .map(|other| (*other, why_lost(chosen, other)))
        .collect();
    Some(Speaker { chosen, lost })
}

fn rank(status: &SubscriptionStatus) -> u8 {
    match status {
        SubscriptionStatus::Active => 0,
        SubscriptionStatus::Trialing => 1,
        SubscriptionStatus::Scheduled => 2,
        SubscriptionStatus::Sent => 3,
        SubscriptionStatus::Draft => 4,
        SubscriptionStatus::Paused => 5,
        SubscriptionStatus::Other(_) => 6,
        SubscriptionStatus::Ended => 7,
    }
}

fn why_lost(chosen: &Subscription, other: &Subscription) -> String {
    if rank(&other.status) != rank(&chosen.status) {
        format!(
            "{} is {}; {} comes first.",
            other.name,
            word(&other.status).to_lowercase(),
            word(&chosen.status).to_lowercase()
        )
    } else if other.started_at.or(other.created_at) == chosen.started_at.or(chosen.created_at) {
        format!(
            "{} began at the same time; the lower id speaks.",
            other.name
        )
    } else {
        format!("{} began earlier.", other.name)
    }
}

/// The status word Salesforce users see, as Alguna's own integration words it; a word this version
/// does not know is passed on in title case.
pub fn word(status: &SubscriptionStatus) -> String {
    match status {
        SubscriptionStatus::Active => "Active".into(),
        SubscriptionStatus::Trialing => "Trialing".into(),
        SubscriptionStatus::Scheduled => "Scheduled".into(),
        SubscriptionStatus::Sent => "Pending Acceptance".into(),
        SubscriptionStatus::Draft => "Draft".into(),
        SubscriptionStatus::Paused => "Paused".into(),
        SubscriptionStatus::Ended => "Ended/Canceled".into(),
        SubscriptionStatus::Other(word) => title_case(word),
    }
}

fn title_case(word: &str) -> String {
    word.split(['_', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        })
        .collect::<Vec<_>>()
        .join(" ")
}
