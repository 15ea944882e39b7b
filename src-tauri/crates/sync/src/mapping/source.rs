//! What can be said about a pack's value before any customer is looked at.

use drawbridge_model::{FieldKind, Interval, Pack, SubscriptionStatus};

use crate::pack::{self, Derivation, SourceKind};
use crate::speaks;

/// ProfitWell's own status words (facts/profitwell.md §3).
const PROFITWELL_STATUS: [&str; 6] = [
    "active",
    "trialing",
    "cancelled",
    "churned_trial",
    "churned_voluntary",
    "churned_delinquent",
];

/// Whether a field of that kind takes values of that kind at all, as [`fit`](super::fit()) does.
pub(super) fn kind_fits(source: SourceKind, field: FieldKind) -> bool {
    match field {
        FieldKind::Text | FieldKind::Url => true,
        FieldKind::Email | FieldKind::Picklist => source == SourceKind::Text,
        FieldKind::Number | FieldKind::Currency => source == SourceKind::Decimal,
        FieldKind::Date | FieldKind::DateTime => {
            matches!(source, SourceKind::Date | SourceKind::DateTime)
        }
        FieldKind::Boolean | FieldKind::Reference | FieldKind::Other => false,
    }
}

/// What a field of that kind takes, in words.
pub(super) fn takes(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Url => "a web address",
        FieldKind::Email => "an e-mail address",
        FieldKind::Picklist => "a word of its list",
        FieldKind::Number => "a number",
        FieldKind::Currency => "an amount",
        FieldKind::Date => "a date",
        FieldKind::DateTime => "a date and time",
        FieldKind::Boolean => "true or false",
        FieldKind::Reference | FieldKind::Other => "values Drawbridge does not write",
    }
}

/// The words a value is made of, where the pack knows them all beforehand.
pub(super) fn words(pack: Pack, name: &str) -> Vec<String> {
    match (pack, name) {
        (Pack::Alguna, "subscription.status") => [
            SubscriptionStatus::Active,
            SubscriptionStatus::Trialing,
            SubscriptionStatus::Scheduled,
            SubscriptionStatus::Sent,
            SubscriptionStatus::Draft,
            SubscriptionStatus::Paused,
            SubscriptionStatus::Ended,
        ]
        .iter()
        .map(speaks::word)
        .collect(),
        (Pack::Alguna, "subscription.interval") => [
            Interval::Monthly,
            Interval::Quarterly,
            Interval::SemiAnnual,
            Interval::Yearly,
        ]
        .map(|it| it.word().to_owned())
        .to_vec(),
        (Pack::Profitwell | Pack::ProfitwellAccount, "customer.status") => {
            PROFITWELL_STATUS.map(str::to_owned).to_vec()
        }
        _ => Vec::new(),
    }
}

/// The longest text a value can be; `None` has no limit.
pub(super) fn longest(pack: Pack, derivation: &Derivation) -> Option<u32> {
    // Decimals have at most 28 digits, a point and a sign; instants 20 characters or, with
    // fractions, 30.
    if derivation.kind != SourceKind::Text {
        return Some(30);
    }
    let words = words(pack, derivation.name);
    match derivation.name {
        "customer.plans" | "billing_address.street" => None,
        // Many ids in one.
        "customer.id" if pack.rolls_up() => None,
        "customer.tax_rate" => Some(30),
        // A word this version does not know may be longer; 40 is what API words stay under.
        _ if !words.is_empty() => Some(40),
        // Single names, addresses and ids of both sources are held to what one text field holds.
        _ => Some(255),
    }
}

/// The names of a pack's values.
pub(super) fn names(pack: Pack) -> impl Iterator<Item = &'static str> {
    pack::derivations(pack).iter().map(|it| it.name)
}
