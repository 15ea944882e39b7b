//! Real-life customers, and what a plan says about each.

use std::collections::BTreeMap;
use std::fmt::Write;

use drawbridge_model::{
    Address, Currency, Customer, CustomerId, FieldName, Interval, Money, Pack, PlanRow, Revenue,
    RevenueStatus, Subscription, SubscriptionId, SubscriptionStatus, Value,
};
use drawbridge_sync::pack;
use rust_decimal::Decimal;

use crate::facts::{Case, record};

fn named(id: &str, name: &str) -> Customer {
    Customer {
        name: Some(name.to_owned()),
        ..Customer::new(CustomerId::from(id))
    }
}

fn money(cents: i64, currency: &str) -> Money {
    Money::from_cents(cents, Currency::parse(currency).unwrap())
}

fn yen(amount: i64) -> Money {
    Money {
        amount: Decimal::from(amount),
        currency: Currency::parse("JPY").unwrap(),
    }
}

fn subscription(id: &str, status: SubscriptionStatus, mrr_cents: i64) -> Subscription {
    Subscription {
        id: SubscriptionId::from(id),
        customer: CustomerId::from("c"),
        name: format!("Plan {id}"),
        plan: Some("Team".to_owned()),
        status,
        currency: Currency::USD,
        interval: Some(Interval::Monthly),
        revenue: Some(Revenue {
            mrr: money(mrr_cents, "USD"),
            arr: money(mrr_cents * 12, "USD"),
            status: RevenueStatus::Complete,
        }),
        started_at: Some("2026-01-31T23:30:00Z".parse().unwrap()),
        renews_on: Some(Some("2026-12-31".parse().unwrap())),
        ended_at: None,
        created_at: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        updated_at: None,
    }
}

fn show(title: &str, row: &PlanRow, table: &mut String) {
    writeln!(table, "{title}: {:?}", row.action).unwrap();
    if let Some(reason) = &row.reason {
        writeln!(table, "    {reason} {}", reason.next_step()).unwrap();
    }
    for change in &row.changes {
        let drift = change
            .drift
            .as_ref()
            .map(|drift| format!(" (drift by {})", drift.by.as_deref().unwrap_or("somebody")));
        writeln!(
            table,
            "    {:?} {}: {} -> {}{}",
            change.decision,
            change.field,
            change.before,
            change.after.to_string().replace('\n', " | "),
            drift.unwrap_or_default()
        )
        .unwrap();
    }
}

#[test]
fn alguna_on_account() {
    use SubscriptionStatus::{Active, Ended, Other};
    let mapping = pack::default_mapping(Pack::Alguna);
    let plan = |customer: &Customer, subscriptions: &[Subscription]| {
        let case = Case::new(Pack::Alguna, &mapping, customer);
        Case {
            subscriptions,
            ..case
        }
        .plan()
    };
    let one = [subscription("s1", Active, 123_456)];
    let mut table = String::new();
    for (title, customer, subscriptions) in [
        (
            "an apostrophe",
            named("c1", "O'Brien & Daughters \"Old Mill\" Ltd"),
            &one[..],
        ),
        ("umlauts", named("c2", "Jürgen Müller Söhne & Co. KG"), &one),
        (
            "emoji",
            named("c3", "Sunny Side Up \u{1F373} Catering"),
            &one,
        ),
        ("right to left", named("c4", "שירותי ענן הגליל"), &one),
        ("300 characters", named("c5", &"Long ".repeat(60)), &one),
        (
            "300 characters after trimming",
            named("c6", &format!("{}!", "Long ".repeat(60))),
            &one,
        ),
        ("leading zeros", named("00042", "Zero Zero Forty-Two"), &one),
        (
            "ids differing in case, lower",
            named("aKq7Wmzt", "Lower"),
            &one,
        ),
        (
            "ids differing in case, upper",
            named("AkQ7wMZT", "Upper"),
            &one,
        ),
        ("a formula", named("c7", "=Equals+Consulting"), &one),
        ("markup", named("c8", "Tom & <b>Bold</b> Signs"), &one),
        ("a blank name", named("c9", "   "), &one),
        (
            "nothing known at all",
            Customer::new(CustomerId::from("c10")),
            &[],
        ),
        ("no subscription", named("c11", "Without"), &[]),
        (
            "a word nobody knows",
            named("c12", "Odd"),
            &[subscription("s2", Other("in_dunning".into()), 300)],
        ),
        (
            "ten to the twelfth",
            named("c13", "Huge"),
            &[subscription("s3", Active, 100_000_000_000_000)],
        ),
        (
            "half a cent",
            named("c14", "Half"),
            &[Subscription {
                revenue: Some(Revenue {
                    mrr: Money {
                        amount: Decimal::new(10_005, 3),
                        currency: Currency::USD,
                    },
                    arr: Money {
                        amount: Decimal::new(120_060, 3),
                        currency: Currency::USD,
                    },
                    status: RevenueStatus::Complete,
                }),
                ..subscription("s4", Active, 0)
            }],
        ),
        (
            "a figure that is not complete",
            named("c15", "Partial"),
            &[Subscription {
                revenue: Some(Revenue {
                    mrr: money(1, "USD"),
                    arr: money(12, "USD"),
                    status: RevenueStatus::Partial,
                }),
                ..subscription("s5", Active, 0)
            }],
        ),
        (
            "ended",
            named("c16", "Over"),
            &[Subscription {
                ended_at: Some("2026-02-28T23:59:59Z".parse().unwrap()),
                ..subscription("s6", Ended, 900)
            }],
        ),
        (
            "does not renew",
            named("c17", "Once"),
            &[Subscription {
                renews_on: Some(None),
                ..subscription("s7", Active, 900)
            }],
        ),
        (
            "renewal not known",
            named("c18", "Unsaid"),
            &[Subscription {
                renews_on: None,
                ..subscription("s8", Active, 900)
            }],
        ),
        (
            "a yearly one in euros",
            named("c19", "Euro"),
            &[Subscription {
                currency: Currency::parse("EUR").unwrap(),
                interval: Some(Interval::Yearly),
                revenue: Some(Revenue {
                    mrr: money(833, "EUR"),
                    arr: money(9_999, "EUR"),
                    status: RevenueStatus::Complete,
                }),
                ..subscription("s9", Active, 0)
            }],
        ),
        (
            "a currency without cents",
            named("c23", "株式会社ヤマダ"),
            &[Subscription {
                currency: Currency::parse("JPY").unwrap(),
                revenue: Some(Revenue {
                    mrr: yen(98_000),
                    arr: yen(1_176_000),
                    status: RevenueStatus::Complete,
                }),
                ..subscription("s11", Active, 0)
            }],
        ),
        (
            "two currencies on one account: one subscription speaks, nothing is added up",
            named("c24", "Both Sides of the Channel"),
            &[
                subscription("s12", Active, 10_000),
                Subscription {
                    currency: Currency::parse("EUR").unwrap(),
                    revenue: Some(Revenue {
                        mrr: money(99_900, "EUR"),
                        arr: money(1_198_800, "EUR"),
                        status: RevenueStatus::Complete,
                    }),
                    started_at: Some("2026-03-31T23:30:00Z".parse().unwrap()),
                    ..subscription("s13", Active, 0)
                },
            ],
        ),
        (
            "ended at 23:30 UTC on the last of a month",
            named("c25", "Late"),
            &[Subscription {
                ended_at: Some("2026-01-31T23:30:00Z".parse().unwrap()),
                ..subscription("s14", Ended, 900)
            }],
        ),
        (
            "a leap day",
            named("c20", "Leap"),
            &[Subscription {
                renews_on: Some(Some("2028-02-29".parse().unwrap())),
                started_at: Some("2024-02-29T00:00:00Z".parse().unwrap()),
                ..subscription("s10", Active, 900)
            }],
        ),
    ] {
        show(title, &plan(&customer, subscriptions), &mut table);
    }
    let mut twelve: Vec<Subscription> = (1..=12)
        .map(|number| {
            let status = if number % 3 == 0 { Active } else { Ended };
            Subscription {
                started_at: format!("2026-{number:02}-01T00:00:00Z").parse().ok(),
                ..subscription(&format!("s{number:02}"), status, i64::from(number) * 1_000)
            }
        })
        .collect();
    let customer = named("c21", "Twelve Subscriptions Inc");
    let first = plan(&customer, &twelve);
    show("twelve subscriptions on one account", &first, &mut table);
    twelve.reverse();
    assert_eq!(
        plan(&customer, &twelve),
        first,
        "their order does not matter"
    );
    let address = Address {
        line1: Some("1 Mill Lane".to_owned()),
        line2: Some("Old Mill".to_owned()),
        city: Some("Cork".to_owned()),
        state: None,
        postal_code: Some("01067".to_owned()),
        country: Some("IRL".to_owned()),
    };
    let customer = Customer {
        billing_address: Some(address),
        tax_rate: Some(Decimal::new(725, 4)),
        ..named("c22", "Addressed")
    };
    show(
        "an address and a tax rate",
        &plan(&customer, &one),
        &mut table,
    );
    insta::assert_snapshot!("alguna_on_account", table);
}

#[test]
fn profitwell_on_contact() {
    let mapping = pack::default_mapping(Pack::Profitwell);
    let mut table = String::new();
    let person = |id: &str| Customer {
        email: Some(format!("{id}@x.example")),
        status: Some("active".to_owned()),
        mrr: Some(money(2_985, "USD")),
        total_spend: Some(money(2_985, "USD")),
        plans: Some(vec!["Month-to-month".to_owned(), "DSL".to_owned()]),
        created_at: Some("2026-10-31T23:30:00Z".parse().unwrap()),
        activated_at: Some("2026-10-31T23:30:00.999Z".parse().unwrap()),
        ..Customer::new(CustomerId::from(id))
    };
    for (title, customer) in [
        ("23:30 UTC at the end of a month", person("0002-ORFBO")),
        (
            "a total that is not known",
            Customer {
                total_spend: None,
                ..person("p2")
            },
        ),
        (
            "a total of nothing",
            Customer {
                total_spend: Some(money(0, "USD")),
                ..person("p3")
            },
        ),
        (
            "churned",
            Customer {
                status: Some("churned_voluntary".to_owned()),
                churned_at: Some("2026-11-01T00:00:00Z".parse().unwrap()),
                mrr: Some(money(0, "USD")),
                ..person("p4")
            },
        ),
        (
            "no e-mail address",
            Customer {
                email: None,
                ..person("p5")
            },
        ),
        (
            "not an e-mail address",
            Customer {
                email: Some("p6".to_owned()),
                ..person("p6")
            },
        ),
        (
            "no plans",
            Customer {
                plans: Some(Vec::new()),
                ..person("p7")
            },
        ),
        (
            "many plans",
            Customer {
                plans: Some(vec!["Long plan name".to_owned(); 30]),
                ..person("p8")
            },
        ),
        (
            "a name",
            Customer {
                first_name: Some("Zoë".to_owned()),
                last_name: Some("O'Neil".to_owned()),
                ..person("p9")
            },
        ),
        (
            "nothing known at all",
            Customer::new(CustomerId::from("p10")),
        ),
    ] {
        let case = Case {
            mask_emails: true,
            ..Case::new(Pack::Profitwell, &mapping, &customer)
        };
        show(title, &case.plan(), &mut table);
    }
    insta::assert_snapshot!("profitwell_on_contact", table);
}

#[test]
fn what_stands_in_salesforce_counts() {
    let mapping = pack::default_mapping(Pack::Alguna);
    let customer = named("c1", "O'Brien");
    let subscriptions = [subscription("s1", SubscriptionStatus::Active, 20_000)];
    let value = FieldName::from("Alguna_Subscription_Value__c");
    let status = FieldName::from("Alguna_Subscription_Status__c");
    let number = |units: i64| Value::Number(Decimal::from(units));
    let plan = |stored: &[(&FieldName, Value)], base: &[(&FieldName, Value)]| {
        let map = |pairs: &[(&FieldName, Value)]| -> BTreeMap<FieldName, Value> {
            pairs
                .iter()
                .map(|(name, value)| ((*name).clone(), value.clone()))
                .collect()
        };
        let there = record(Pack::Alguna, map(stored));
        let case = Case::new(Pack::Alguna, &mapping, &customer);
        Case {
            subscriptions: &subscriptions,
            record: Some(&there),
            base: map(base),
            ..case
        }
        .plan()
    };
    let mut table = String::new();
    show("an empty record", &plan(&[], &[]), &mut table);
    show(
        "a value nobody knows the origin of",
        &plan(
            &[(&value, number(5)), (&status, Value::text("Active"))],
            &[],
        ),
        &mut table,
    );
    show(
        "a value we wrote",
        &plan(&[(&value, number(5))], &[(&value, number(5))]),
        &mut table,
    );
    show(
        "a value somebody changed after us",
        &plan(
            &[(&value, number(7)), (&status, Value::text("Odd"))],
            &[(&value, number(5)), (&status, Value::text("Active"))],
        ),
        &mut table,
    );
    insta::assert_snapshot!("what_stands_in_salesforce_counts", table);
}

#[test]
fn what_belongs_together_is_written_together() {
    use SubscriptionStatus::Sent;
    let mapping = pack::default_mapping(Pack::Alguna);
    let alguna = |name: &str| FieldName::from(format!("Alguna_{name}__c").as_str());
    let old: BTreeMap<FieldName, Value> = [
        ("Customer_ID", Value::text("c1")),
        ("Subscription_ID", Value::text("s1")),
        ("Subscription_Name", Value::text("Plan s1")),
        ("Subscription_Status", Value::text("Active")),
        ("Subscription_Interval", Value::text("Monthly")),
        ("Subscription_Value", Value::Number(Decimal::from(179))),
        (
            "Subscription_Started_Date",
            Value::Moment("2025-10-14T00:00:00Z".parse().unwrap()),
        ),
    ]
    .into_iter()
    .map(|(name, value)| (alguna(name), value))
    .collect();
    let customer = named("c1", "Oakhurst Pharma");
    let unpriced = Subscription {
        revenue: None,
        interval: Some(Interval::Yearly),
        ..subscription("s2", Sent, 0)
    };
    let same_one = Subscription {
        revenue: None,
        ..subscription("s1", SubscriptionStatus::Active, 0)
    };
    let plan = |speaks: &Subscription, stored: &BTreeMap<_, _>, base: &BTreeMap<_, _>| {
        let there = record(Pack::Alguna, stored.clone());
        let case = Case::new(Pack::Alguna, &mapping, &customer);
        Case {
            subscriptions: std::slice::from_ref(speaks),
            record: Some(&there),
            base: base.clone(),
            ..case
        }
        .plan()
    };
    let mut table = String::new();
    let told = |row: &PlanRow| drawbridge_sync::plan::another_speaks(&mapping, row);
    assert_eq!(told(&plan(&same_one, &old, &old)), None);
    let sentence = told(&plan(&unpriced, &old, &old)).unwrap();
    assert!(
        sentence.starts_with("So far s1 spoke for this record."),
        "{sentence}"
    );
    show(
        "the same subscription",
        &plan(&same_one, &old, &old),
        &mut table,
    );
    show(
        "another subscription, without a value",
        &plan(&unpriced, &old, &old),
        &mut table,
    );
    let mut edited = old.clone();
    edited.insert(
        alguna("Subscription_Value"),
        Value::Number(Decimal::from(200)),
    );
    show(
        "another subscription, where somebody had written a value",
        &plan(&unpriced, &edited, &old),
        &mut table,
    );

    let customer = Customer {
        billing_address: Some(Address {
            line1: Some("Sonnenstr. 4".to_owned()),
            city: Some("München".to_owned()),
            postal_code: Some("80305".to_owned()),
            country: Some("DEU".to_owned()),
            ..Address::default()
        }),
        ..named("c1", "Oakhurst Pharma")
    };
    let plan = |stored: &[(&str, &str)]| {
        let there = stored
            .iter()
            .map(|(name, value)| (FieldName::from(*name), Value::text(*value)))
            .collect();
        let there = record(Pack::Alguna, there);
        Case {
            record: Some(&there),
            ..Case::new(Pack::Alguna, &mapping, &customer)
        }
        .plan()
    };
    for (title, stored) in [
        ("no address", &[][..]),
        ("a part of the same address", &[("BillingCity", "München")]),
        (
            "another address",
            &[
                ("BillingStreet", "1 Old Road"),
                ("BillingCountry", "United Kingdom"),
            ],
        ),
        ("a part that is not in ours", &[("BillingState", "NRW")]),
    ] {
        show(title, &plan(stored), &mut table);
    }
    insta::assert_snapshot!("what_belongs_together", table);
}
