//! Customers that share an Account: what they come to together, and which Account that is.

use std::collections::BTreeMap;
use std::fmt::Write;

use drawbridge_model::{
    AccountPolicy, Currency, Customer, CustomerBundle, CustomerId, Derived, LinkedBy, MatchKey,
    Matched, MatchedBy, Money, Pack, Reason, SpeakerRule, Value,
};
use drawbridge_sync::mapping::ready;
use drawbridge_sync::pack::{self, Facts};
use drawbridge_sync::plan::{RowInput, explain, row};
use drawbridge_sync::rollup;
use jiff::Timestamp;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::facts::{bundle, describe, record};
use crate::matching::{Org, customer as found_by};

const PACK: Pack = Pack::ProfitwellAccount;

fn money(cents: i64, currency: &str) -> Money {
    Money::from_cents(cents, Currency::parse(currency).unwrap())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A customer that pays so many cents.
fn active(id: &str, cents: i64) -> Customer {
    Customer {
        email: Some(format!("{id}@x.example")),
        status: Some("active".to_owned()),
        mrr: Some(money(cents, "USD")),
        total_spend: Some(money(cents * 10, "USD")),
        plans: Some(vec!["Team".to_owned()]),
        created_at: Some(at("2026-02-01T00:00:00Z")),
        activated_at: Some(at("2026-02-03T00:00:00Z")),
        ..Customer::new(CustomerId::from(id))
    }
}

fn churned(id: &str, on: &str) -> Customer {
    Customer {
        status: Some("churned_voluntary".to_owned()),
        mrr: Some(money(0, "USD")),
        churned_at: Some(at(on)),
        ..active(id, 500)
    }
}

fn of_status(id: &str, status: &str) -> Customer {
    Customer {
        status: Some(status.to_owned()),
        ..active(id, 100)
    }
}

fn together(members: &[Customer]) -> CustomerBundle {
    rollup::together(&bundle(&members[0], &[]), members.to_vec())
}

#[test]
fn what_customers_of_one_account_come_to() {
    let mapping = pack::default_mapping(PACK);
    let describe = describe(PACK);
    let there = record(PACK, BTreeMap::new());
    let mut table = String::new();
    let cases: Vec<(&str, Vec<Customer>)> = vec![
        ("one alone", vec![active("pwu_1", 10_005)]),
        (
            "three, of which one churned",
            vec![
                active("pwu_2", 1),
                churned("pwu_1", "2026-05-01T00:00:00Z"),
                Customer {
                    plans: Some(vec!["Analytics".to_owned(), "Team".to_owned()]),
                    created_at: Some(at("2025-12-31T23:30:00Z")),
                    activated_at: None,
                    ..of_status("pwu_3", "trialing")
                },
            ],
        ),
        (
            "all churned",
            vec![
                churned("pwu_1", "2026-05-01T00:00:00Z"),
                Customer {
                    status: Some("churned_delinquent".to_owned()),
                    ..churned("pwu_2", "2026-07-01T00:00:00Z")
                },
                churned("pwu_3", "2026-06-01T00:00:00Z"),
            ],
        ),
        (
            "one spend not known",
            vec![
                active("pwu_1", 100),
                Customer {
                    total_spend: None,
                    ..active("pwu_2", 200)
                },
            ],
        ),
        (
            "one of which nothing is known",
            vec![
                churned("pwu_1", "2026-05-01T00:00:00Z"),
                Customer::new(CustomerId::from("pwu_2")),
            ],
        ),
        (
            "told to stop, beside one that churned",
            vec![
                churned("pwu_1", "2026-05-01T00:00:00Z"),
                of_status("pwu_2", "cancelled"),
            ],
        ),
        (
            "no history, beside one that churned",
            vec![
                churned("pwu_1", "2026-05-01T00:00:00Z"),
                of_status("pwu_2", "no_history"),
            ],
        ),
        (
            "a word nobody knows",
            vec![
                churned("pwu_1", "2026-05-01T00:00:00Z"),
                of_status("pwu_2", "paused"),
            ],
        ),
        (
            "more ids than the field takes",
            (0..40)
                .map(|number| active(&format!("pwu_{number:012}"), 1))
                .collect(),
        ),
    ];
    for (title, members) in cases {
        let bundle = together(&members);
        let planned = row(&RowInput {
            rules: &ready(&mapping, &describe, PACK),
            describe: &describe,
            policy: AccountPolicy::UpdateExisting,
            facts: Facts {
                customer: &bundle.customer,
                subscription: None,
                members: &bundle.members,
                mask_emails: true,
            },
            matched: &Matched::Found {
                record: there.id.clone(),
                by: MatchedBy::Email,
            },
            record: Some(&there),
            base: &BTreeMap::new(),
        });
        writeln!(table, "{title}: {:?}", planned.action).unwrap();
        for change in &planned.changes {
            writeln!(table, "    {}: {}", change.field, change.after).unwrap();
        }
    }
    insta::assert_snapshot!("profitwell_on_account", table);
}

#[test]
fn an_explanation_lists_who_was_added_up() {
    let members = [
        active("pwu_1", 12_000),
        Customer {
            mrr: None,
            first_name: Some("Ana".to_owned()),
            last_name: Some("Ruiz".to_owned()),
            ..churned("pwu_2", "2026-05-01T00:00:00Z")
        },
    ];
    let mapping = pack::default_mapping(PACK);
    let rule = SpeakerRule::default();
    let (sentences, fields) = explain(&together(&members), &mapping, PACK, &rule, false);
    let mut table = sentences.join("\n");
    for field in fields {
        writeln!(table, "\n{}: {}", field.field, field.sentence).unwrap();
        for step in field.steps {
            writeln!(table, "    {}: {}", step.label, step.value).unwrap();
        }
    }
    insta::assert_snapshot!("profitwell_on_account_explained", table);
}

#[test]
fn amounts_of_several_currencies_are_not_added_up() {
    let euro = Customer {
        total_spend: Some(money(100, "EUR")),
        ..active("pwu_2", 100)
    };
    let members = [active("pwu_1", 100), euro];
    let reason = rollup::several_currencies(&members).unwrap();
    let currencies = vec![Currency::parse("EUR").unwrap(), Currency::USD];
    assert_eq!(reason, Reason::SeveralCurrencies { currencies });
    assert_eq!(together(&members).customer.total_spend, None);
    assert_eq!(rollup::several_currencies(&members[..1]), None);
}

#[test]
fn several_contacts_on_one_account_are_one_account() {
    let mut org = Org {
        shares: true,
        ..Org::default()
    };
    let (one, two) = (org.account(1, &[]), org.account(2, &[]));
    let ana = found_by("Ana", "ana@fernhill.example");
    org.contact(&one, "ana@fernhill.example");
    org.contact(&one, "Ana@fernhill.example.invalid");
    let by_email = Matched::Found {
        record: one.clone(),
        by: MatchedBy::Email,
    };
    assert_eq!(org.find(&ana), by_email);
    // On two Accounts the address is no proof, but the id a Contact carries is.
    org.contact(&two, "ana@fernhill.example");
    assert!(matches!(org.find(&ana), Matched::Proposed { .. }));
    org.keys
        .push((MatchKey::ExternalId(ana.id.0.clone()), two.clone()));
    let by_id = Matched::Found {
        record: two,
        by: MatchedBy::ExternalId,
    };
    assert_eq!(org.find(&ana), by_id);
}

#[test]
fn an_account_of_others_is_not_taken_and_a_run_s_link_does_not_hold_it() {
    let ids = crate::matching::EXTERNAL_ID;
    let mut org = Org {
        shares: true,
        ..Org::default()
    };
    let (one, two) = (
        org.account(1, &[("Name", "Fernhill"), (ids, "pwu_1; pwu_2")]),
        org.account(2, &[(ids, "pwu_9")]),
    );
    let ana = found_by("Fernhill", "ana@fernhill.example");
    let proposals = match org.find(&ana) {
        Matched::Proposed { proposals } => proposals,
        other => panic!("{other:?}"),
    };
    assert_eq!(proposals[0].taken_by, None);
    org.contact(&two, "ana@fernhill.example");
    let at = |record: &drawbridge_model::RecordId, by| Matched::Found {
        record: record.clone(),
        by,
    };
    assert_eq!(org.find(&ana), at(&two, MatchedBy::Email));
    org.link(&ana, &one, LinkedBy::Run);
    assert_eq!(org.find(&ana), at(&two, MatchedBy::Email));
    org.link(&ana, &one, LinkedBy::Person);
    assert_eq!(org.find(&ana), at(&one, MatchedBy::AcceptedLink));
    // Without a Contact that says so, what a run wrote once is only proposed again.
    org.keys
        .retain(|(key, _)| !matches!(key, MatchKey::Email(_)));
    org.link(&ana, &one, LinkedBy::Run);
    assert!(matches!(org.find(&ana), Matched::Proposed { .. }));
    org.records.remove(&one);
    let gone = Reason::RecordDeleted {
        record: one,
        at: None,
    };
    assert_eq!(org.find(&ana), Matched::Conflict { reason: gone });
}

fn status() -> impl Strategy<Value = Option<String>> {
    let words = [
        "active",
        "trialing",
        "cancelled",
        "churned_trial",
        "churned_voluntary",
        "churned_delinquent",
        "no_history",
        "paused",
    ];
    prop_oneof![
        1 => Just(None),
        9 => proptest::sample::select(words.to_vec()).prop_map(|word| Some(word.to_owned())),
    ]
}

prop_compose! {
    fn member()(
        id in "[0-9a-z]{1,6}",
        status in status(),
        mrr in proptest::option::weighted(0.9, -1_000_000_000_000_i64..1_000_000_000_000),
        spend in proptest::option::weighted(0.9, 0_i64..1_000_000_000_000),
        plans in proptest::option::weighted(0.9, proptest::collection::vec("[A-C]", 0..3)),
        days in proptest::collection::vec(proptest::option::weighted(0.9, 0_i64..40_000), 3),
    ) -> Customer {
        let day = |place: usize| days[place].map(|day| Timestamp::from_second(day * 86_400).unwrap());
        Customer {
            status,
            mrr: mrr.map(|cents| money(cents, "USD")),
            total_spend: spend.map(|cents| money(cents, "USD")),
            plans,
            created_at: day(0),
            activated_at: day(1),
            churned_at: day(2),
            ..Customer::new(CustomerId::from(id.as_str()))
        }
    }
}

fn members() -> impl Strategy<Value = Vec<Customer>> {
    proptest::collection::vec(member(), 1..8).prop_map(|mut members| {
        members.sort_by(|a, b| a.id.cmp(&b.id));
        members.dedup_by(|a, b| a.id == b.id);
        members
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The order the customers come in decides nothing.
    #[test]
    fn order_decides_nothing((sorted, shuffled) in members().prop_flat_map(|members| {
        (Just(members.clone()), Just(members).prop_shuffle())
    })) {
        let first = bundle(&sorted[0], &[]);
        let one = rollup::together(&first, sorted.clone());
        let other = rollup::together(&first, shuffled.clone());
        prop_assert_eq!(&one, &other);
        for derivation in pack::derivations(PACK) {
            let value = |members: &[Customer]| (derivation.derive)(&Facts {
                customer: &one.customer,
                subscription: None,
                members,
                mask_emails: false,
            });
            prop_assert_eq!(value(&sorted), value(&shuffled), "{}", derivation.name);
        }
    }

    /// No cent is lost, and none that is not known counts as zero.
    #[test]
    fn a_sum_loses_no_cent(members in members()) {
        let sum = together(&members).customer;
        for (rolled, of) in [
            (sum.mrr, (|it: &Customer| it.mrr) as fn(&Customer) -> Option<Money>),
            (sum.total_spend, |it: &Customer| it.total_spend),
        ] {
            let known: Option<Vec<Money>> = members.iter().map(of).collect();
            let expected: Option<Decimal> = known.map(|all| {
                all.iter().map(|money| money.amount * Decimal::ONE_HUNDRED).sum()
            });
            prop_assert_eq!(rolled.map(|it| it.amount * Decimal::ONE_HUNDRED), expected);
        }
    }

    /// A churn date stands only where nobody goes on, and is the latest.
    #[test]
    fn a_churn_date_stands_only_where_all_churned(members in members()) {
        let is_churned = |it: &&Customer| it.status.as_deref().is_some_and(|it| it.starts_with("churned"));
        let goes_on = members.iter().any(|it| {
            matches!(it.status.as_deref(), Some("active" | "trialing" | "cancelled"))
        });
        match rollup::churned(&members) {
            Derived::Known(Value::Blank) => prop_assert!(goes_on),
            Derived::Known(Value::Moment(at)) => {
                prop_assert!(!goes_on);
                let latest = members.iter().filter(is_churned).map(|it| it.churned_at.unwrap()).max();
                prop_assert_eq!(Some(at), latest);
                let word = rollup::status(&members).unwrap();
                prop_assert!(word.starts_with("churned"), "{}", word);
            }
            Derived::Known(other) => prop_assert!(false, "{:?}", other),
            Derived::NotKnown => prop_assert!(!goes_on),
        }
    }

    /// Alone, a customer gives the Account what it gives a Contact.
    #[test]
    fn alone_it_is_as_on_a_contact(member in member()) {
        let rolled = together(std::slice::from_ref(&member));
        let (alone, together) = (
            Facts { customer: &member, subscription: None, members: &[], mask_emails: false },
            Facts {
                customer: &rolled.customer,
                subscription: None,
                members: &rolled.members,
                mask_emails: false,
            },
        );
        for name in ["customer.id", "customer.mrr", "customer.total_spend", "customer.status",
            "customer.created", "customer.activated"] {
            let on = |pack, facts| (pack::derivation(pack, name).unwrap().derive)(facts);
            prop_assert_eq!(on(Pack::Profitwell, &alone), on(PACK, &together), "{}", name);
        }
    }
}

#[test]
fn only_what_all_have_alike_is_kept_of_a_person() {
    let members = [active("pwu_2", 1), active("pwu_1", 2)];
    let rolled = rollup::together(&bundle(&members[0], &[]), members.to_vec());
    assert_eq!(rolled.customer.email, None);
    assert_eq!(rolled.display_name(), "pwu_2@x.example");
    assert_eq!(together(&members[..1]).customer, members[0]);
}
