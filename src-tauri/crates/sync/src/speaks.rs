//! Which subscription speaks for a customer that has several.

use std::cmp::Ordering;

use drawbridge_model::{
    CustomerBundle, Pin, RevenueStatus, SpeakerRule, Subscription, SubscriptionId,
    SubscriptionStatus, Yardstick,
};
use rust_decimal::Decimal;

/// The subscription that speaks, and the others with the reason each lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker<'a> {
    /// The one that speaks.
    pub chosen: &'a Subscription,
    /// Why it does.
    pub because: Because,
    /// The others, best first.
    pub lost: Vec<(&'a Subscription, String)>,
}

/// Why a subscription speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// There is no other.
    Only,
    /// The rule puts it first.
    Rule,
    /// A person chose it.
    Pinned(Pin),
    /// The rule puts it first; the one a person had chosen is no longer there.
    PinGone(SubscriptionId),
}

/// Takes the pinned subscription where there is one, else the first by the rule.
pub fn choose<'a>(bundle: &'a CustomerBundle, rule: &SpeakerRule) -> Option<Speaker<'a>> {
    let pin = bundle.pin.as_ref();
    let scale = Scale::new(&bundle.subscriptions, rule);
    let mut ranked: Vec<&Subscription> = bundle.subscriptions.iter().collect();
    ranked.sort_by(|one, other| scale.compare(one, other));
    let pinned = pin.and_then(|pin| {
        let place = ranked.iter().position(|it| it.id == pin.subscription)?;
        Some((place, pin))
    });
    let because = match (pinned, pin) {
        (Some((_, pin)), _) => Because::Pinned(pin.clone()),
        (None, Some(pin)) => Because::PinGone(pin.subscription.clone()),
        (None, None) if ranked.len() == 1 => Because::Only,
        (None, None) => Because::Rule,
    };
    if let Some((place, _)) = pinned {
        ranked[..=place].rotate_right(1);
    }
    let (chosen, rest) = ranked.split_first()?;
    let lost = rest
        .iter()
        .map(|other| {
            let why = match because {
                Because::Pinned(_) => format!("{} was chosen by a person.", chosen.name),
                _ => scale.why_lost(chosen, other),
            };
            (*other, why)
        })
        .collect();
    Some(Speaker {
        chosen,
        because,
        lost,
    })
}

/// A rule applied to the subscriptions of one customer.
struct Scale<'r> {
    rule: &'r SpeakerRule,
    /// Amounts are compared only where all are in one currency.
    one_currency: bool,
}

impl<'r> Scale<'r> {
    fn new(subscriptions: &[Subscription], rule: &'r SpeakerRule) -> Self {
        let one_currency = subscriptions
            .windows(2)
            .all(|pair| pair[0].currency == pair[1].currency);
        Self { rule, one_currency }
    }

    fn compare(&self, one: &Subscription, other: &Subscription) -> Ordering {
        self.rule
            .order()
            .iter()
            .map(|yardstick| self.by(*yardstick, one, other))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| one.id.cmp(&other.id))
    }

    fn by(&self, yardstick: Yardstick, one: &Subscription, other: &Subscription) -> Ordering {
        match yardstick {
            Yardstick::Status => rank(&one.status).cmp(&rank(&other.status)),
            Yardstick::LatestStart => start(other).cmp(&start(one)),
            // One without a start comes last here too.
            Yardstick::EarliestStart => match (start(one), start(other)) {
                (Some(one), Some(other)) => one.cmp(&other),
                (one, other) => other.is_some().cmp(&one.is_some()),
            },
            Yardstick::HighestValue if self.one_currency => value(other).cmp(&value(one)),
            Yardstick::HighestValue => Ordering::Equal,
        }
    }

    /// In one sentence, by the first yardstick that tells the two apart.
    fn why_lost(&self, chosen: &Subscription, other: &Subscription) -> String {
        let yardstick = self
            .rule
            .order()
            .iter()
            .find(|yardstick| self.by(**yardstick, chosen, other).is_ne());
        let name = &other.name;
        match yardstick {
            Some(Yardstick::Status) => format!(
                "{name} is {}; {} comes first.",
                word(&other.status).to_lowercase(),
                word(&chosen.status).to_lowercase()
            ),
            Some(Yardstick::LatestStart | Yardstick::EarliestStart) if start(other).is_none() => {
                format!("{name} has no start date.")
            }
            Some(Yardstick::LatestStart) => format!("{name} began earlier."),
            Some(Yardstick::EarliestStart) => format!("{name} began later."),
            Some(Yardstick::HighestValue) => match value(other) {
                Some(_) => format!("{name} is worth less a month."),
                None => format!("{name} has no monthly figure."),
            },
            None if start(chosen) == start(other) => {
                format!("{name} began at the same time; the lower id speaks.")
            }
            None => format!("{name} is equal by the rule; the lower id speaks."),
        }
    }
}

fn start(subscription: &Subscription) -> Option<jiff::Timestamp> {
    subscription.started_at.or(subscription.created_at)
}

/// Monthly revenue, as far as the source vouches for it.
fn value(subscription: &Subscription) -> Option<Decimal> {
    subscription
        .revenue
        .filter(|revenue| revenue.status != RevenueStatus::Unavailable)
        .map(|revenue| revenue.mrr.amount)
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
