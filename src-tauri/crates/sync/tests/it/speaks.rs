//! Which subscription speaks: by the rule, by a person's choice, and never by the order they came.

use drawbridge_model::{
    Currency, Customer, CustomerBundle, CustomerId, Money, Pin, Revenue, RevenueStatus,
    SpeakerRule, Subscription, SubscriptionId, SubscriptionStatus, Yardstick,
};
use drawbridge_sync::speaks::{Because, choose};
use proptest::prelude::*;

use crate::laws::subscription as any_subscription;

fn subscription(id: &str, status: SubscriptionStatus, began: &str, mrr_cents: i64) -> Subscription {
    let currency = Currency::parse("EUR").unwrap();
    Subscription {
        id: SubscriptionId::from(id),
        customer: CustomerId::from("C-1"),
        name: id.to_uppercase(),
        plan: None,
        status,
        currency,
        interval: None,
        revenue: Some(Revenue {
            mrr: Money::from_cents(mrr_cents, currency),
            arr: Money::from_cents(mrr_cents * 12, currency),
            status: RevenueStatus::Complete,
        }),
        started_at: Some(began.parse().unwrap()),
        renews_on: None,
        ended_at: None,
        created_at: None,
        updated_at: None,
    }
}

fn bundle(subscriptions: Vec<Subscription>) -> CustomerBundle {
    CustomerBundle {
        customer: Customer::new(CustomerId::from("C-1")),
        subscriptions,
        pin: None,
        members: Vec::new(),
    }
}

fn three() -> CustomerBundle {
    bundle(vec![
        subscription(
            "s1",
            SubscriptionStatus::Active,
            "2024-01-01T00:00:00Z",
            9_900,
        ),
        subscription(
            "s2",
            SubscriptionStatus::Active,
            "2026-01-01T00:00:00Z",
            4_900,
        ),
        subscription(
            "s3",
            SubscriptionStatus::Ended,
            "2026-05-01T00:00:00Z",
            99_000,
        ),
    ])
}

/// The ids, first the one that speaks, each loser with its reason.
fn said(bundle: &CustomerBundle, rule: &SpeakerRule) -> Vec<String> {
    let speaker = choose(bundle, rule).unwrap();
    let lost = speaker.lost.iter().map(|(_, why)| why.clone());
    std::iter::once(speaker.chosen.id.to_string())
        .chain(lost)
        .collect()
}

#[test]
fn the_rule_decides_and_says_why() {
    let rule = |order: &[Yardstick]| SpeakerRule::new(order.iter().copied());
    assert_eq!(
        said(&three(), &SpeakerRule::default()),
        [
            "s2",
            "S1 began earlier.",
            "S3 is ended/canceled; active comes first."
        ]
    );
    assert_eq!(
        said(
            &three(),
            &rule(&[Yardstick::Status, Yardstick::HighestValue])
        ),
        [
            "s1",
            "S2 is worth less a month.",
            "S3 is ended/canceled; active comes first."
        ]
    );
    assert_eq!(
        said(&three(), &rule(&[Yardstick::EarliestStart])),
        ["s1", "S2 began later.", "S3 began later."]
    );
    assert_eq!(
        said(&three(), &rule(&[])),
        [
            "s1",
            "S2 is equal by the rule; the lower id speaks.",
            "S3 is equal by the rule; the lower id speaks."
        ]
    );
}

#[test]
fn amounts_in_several_currencies_are_not_compared() {
    let mut bundle = three();
    bundle.subscriptions[2].currency = Currency::parse("JPY").unwrap();
    let by_value = SpeakerRule::new([Yardstick::HighestValue]);
    assert_eq!(said(&bundle, &by_value)[0], "s1", "the lower id");
}

#[test]
fn a_persons_choice_stands_above_the_rule_while_it_is_there() {
    let mut bundle = three();
    let pin = Pin {
        subscription: SubscriptionId::from("s3"),
        at: "2026-11-20T08:00:00Z".parse().unwrap(),
    };
    bundle.pin = Some(pin.clone());
    let speaker = choose(&bundle, &SpeakerRule::default()).unwrap();
    assert_eq!(speaker.because, Because::Pinned(pin));
    let ids: Vec<_> = speaker.lost.iter().map(|(it, _)| it.id.as_str()).collect();
    assert_eq!((speaker.chosen.id.as_str(), ids), ("s3", vec!["s2", "s1"]));

    bundle.subscriptions.pop();
    let speaker = choose(&bundle, &SpeakerRule::default()).unwrap();
    assert_eq!(speaker.chosen.id.as_str(), "s2");
    assert_eq!(
        speaker.because,
        Because::PinGone(SubscriptionId::from("s3"))
    );
}

proptest! {
    /// The order in which a source lists subscriptions decides nothing.
    #[test]
    fn the_order_they_came_in_does_not_matter(
        (came, otherwise) in prop::collection::vec(any_subscription(), 1..6)
            .prop_map(|mut subscriptions| {
                for (at, it) in subscriptions.iter_mut().enumerate() {
                    it.id = SubscriptionId(format!("s{at}"));
                }
                subscriptions
            })
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        order in prop::sample::subsequence(Yardstick::ALL.to_vec(), 0..=4).prop_shuffle(),
    ) {
        let rule = SpeakerRule::new(order);
        let (came, otherwise) = (bundle(came), bundle(otherwise));
        prop_assert_eq!(choose(&came, &rule), choose(&otherwise, &rule));
    }
}
