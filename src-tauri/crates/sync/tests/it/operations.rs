//! Forms: what they come to, what is said about them, and how they are judged afterwards.

use std::collections::BTreeMap;

use drawbridge_model::{BillingPlan, Operation, OperationKind, SubscriptionEvent};
use drawbridge_sync::operations::{
    Form, FormField as F, Refusal, Seen, Standing, check, command_line, refusal, sentence, slots,
    standing,
};
use jiff::Timestamp;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn form(kind: OperationKind, fields: &[(F, &str)]) -> Form {
    let fields: BTreeMap<F, String> = fields
        .iter()
        .map(|(field, text)| (*field, (*text).to_owned()))
        .collect();
    Form { kind, fields }
}

fn operation(kind: OperationKind, fields: &[(F, &str)]) -> Operation {
    let checked = check(&form(kind, fields), None);
    checked
        .operation
        .unwrap_or_else(|| panic!("{:?}", checked.problems))
}

const CREATION: &[(F, &str)] = &[
    (F::Email, "ada@example.com"),
    (F::UserAlias, "ada"),
    (F::SubscriptionAlias, "ada_1"),
    (F::PlanId, "web"),
    (F::PlanInterval, "Month"),
    (F::Value, "50"),
    (F::EffectiveDate, "2026-11-20"),
];

const CHANGE: &[(F, &str)] = &[
    (F::Subscription, "ada_1"),
    (F::User, "ada"),
    (F::PlanId, "pro"),
    (F::PlanInterval, "year"),
    (F::Value, "600.5"),
    (F::PlanCurrency, "EUR"),
    (F::EffectiveDate, "2026-11-21T10:30:00Z"),
];

fn churn(date: &'static str) -> [(F, &'static str); 3] {
    [
        (F::Subscription, "ada_1"),
        (F::User, "ada"),
        (F::EffectiveDate, date),
    ]
}

#[test]
fn what_will_happen_is_said_in_plain_words() {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let plan = [(F::PlanId, "pro"), (F::Name, "Pro")];
    let mut trial = CREATION.to_vec();
    trial.retain(|(field, _)| *field != F::Value);
    trial.extend([(F::Value, "0"), (F::Status, "trialing")]);
    let said: Vec<String> = [
        operation(OperationKind::CreateSubscription, CREATION),
        operation(OperationKind::CreateSubscription, &trial),
        operation(OperationKind::UpdateSubscription, CHANGE),
        operation(
            OperationKind::UpdateSubscription,
            &[
                CHANGE[0],
                CHANGE[2],
                (F::PlanInterval, "month"),
                (F::ValueCents, "4900"),
                CHANGE[6],
            ],
        ),
        operation(OperationKind::ChurnSubscription, &churn("2026-12-01")),
        operation(OperationKind::ChurnSubscription, &churn("2026-11-01")),
        operation(OperationKind::UnchurnSubscription, &churn("")[..2]),
        operation(
            OperationKind::UpdateUser,
            &[(F::User, "ada"), (F::Email, "a@b.example")],
        ),
        operation(OperationKind::DeleteUser, &[(F::User, "ada")]),
        operation(OperationKind::CreatePlan, &plan),
        operation(OperationKind::UpdatePlan, &plan),
    ]
    .iter()
    .map(|operation| sentence(operation, now))
    .collect();
    insta::assert_snapshot!("operation_sentences", said.join("\n"));
}

#[test]
fn a_form_is_copied_as_the_line_that_does_the_same() {
    let odd = form(
        OperationKind::UpdateUser,
        &[(F::User, "-it's me"), (F::Email, "-x $(rm) `y`")],
    );
    assert_eq!(
        command_line(&odd, Some("My ProfitWell")),
        r"drawbridge-cli profitwell user update --connection 'My ProfitWell' --email='-x $(rm) `y`' -- '-it'\''s me'"
    );
    assert_eq!(
        command_line(&form(OperationKind::UpdateSubscription, CHANGE), None),
        "drawbridge-cli profitwell subscription update --user ada --plan pro --interval year --value 600.5 \
         --currency EUR --date 2026-11-21T10:30:00Z ada_1"
    );
}

#[test]
fn the_same_form_has_the_same_alias_and_another_has_another() {
    let fields: Vec<_> = CREATION
        .iter()
        .copied()
        .filter(|(field, _)| !matches!(field, F::UserAlias | F::SubscriptionAlias))
        .collect();
    let aliases = |fields: &[(F, &str)]| {
        check(&form(OperationKind::CreateSubscription, fields), None).generated
    };
    let first = aliases(&fields);
    assert_eq!(first, aliases(&fields));
    assert_eq!(first.len(), 2);
    assert!(
        first.values().all(|alias| alias.chars().count() <= 36),
        "{first:?}"
    );
    let mut other = fields.clone();
    other.push((F::ProviderUser, "cus_1"));
    assert_ne!(first, aliases(&other));
    // The currency that is meant when none is given changes nothing.
    let mut usd = fields.clone();
    usd.push((F::PlanCurrency, "USD"));
    assert_eq!(first, aliases(&usd));
}

fn event(status: &str, cents: i64, from: &str) -> SubscriptionEvent {
    SubscriptionEvent {
        user_id: Some("pwu_1".to_owned()),
        user_alias: Some("ada".to_owned()),
        subscription_id: "pws_1".to_owned(),
        subscription_alias: Some("ada_1".to_owned()),
        email: Some("ada@example.com".to_owned()),
        plan: Some("web".to_owned()),
        interval: Some("month".to_owned()),
        currency: Some(drawbridge_model::Currency::USD),
        status: status.to_owned(),
        value: Some(Decimal::new(cents, 2)),
        effective_at: Some(format!("{from}T00:00:00Z").parse().unwrap()),
        churn_type: None,
    }
}

#[test]
fn what_is_read_back_is_judged_by_values_not_by_names() {
    let created = operation(OperationKind::CreateSubscription, CREATION);
    let history = |events: &[SubscriptionEvent]| Seen::History(Some(events.to_vec()));
    let word = |operation: &Operation, seen: &Seen| match standing(operation, seen) {
        Standing::Done(_) => "done",
        Standing::NotDone => "not done",
        Standing::Missing(_) => "missing",
        Standing::Otherwise(_) => "otherwise",
        Standing::NotTold => "not told",
    };
    let active = event("active", 5000, "2026-11-20");
    for (seen, expected) in [
        (Seen::History(None), "not done"),
        (history(&[]), "not done"),
        (history(std::slice::from_ref(&active)), "done"),
        (history(&[event("active", 5001, "2026-11-20")]), "otherwise"),
        (history(&[event("active", 5000, "2026-11-19")]), "otherwise"),
        (
            history(&[event("trialing", 5000, "2026-11-20")]),
            "otherwise",
        ),
        (
            history(&[SubscriptionEvent {
                subscription_alias: Some("ada_2".to_owned()),
                ..active.clone()
            }]),
            "not done",
        ),
        (Seen::Nothing, "not told"),
    ] {
        assert_eq!(word(&created, &seen), expected, "{seen:?}");
    }
    let ended = operation(OperationKind::ChurnSubscription, &churn("2026-12-01"));
    let end = event("churned_voluntary", 0, "2026-12-01");
    for (seen, expected) in [
        (Seen::History(None), "missing"),
        (history(&[]), "missing"),
        (history(std::slice::from_ref(&active)), "not done"),
        (history(&[active.clone(), end.clone()]), "done"),
        (
            history(&[active.clone(), event("churned_voluntary", 0, "2026-12-02")]),
            "otherwise",
        ),
        (
            history(&[active.clone(), event("churned_delinquent", 0, "2026-12-01")]),
            "otherwise",
        ),
        (Seen::Nothing, "not told"),
    ] {
        assert_eq!(word(&ended, &seen), expected, "{seen:?}");
    }
    let taken_back = operation(OperationKind::UnchurnSubscription, &churn("")[..2]);
    assert_eq!(
        word(&taken_back, &history(&[active.clone(), end])),
        "not done"
    );
    assert_eq!(
        word(&taken_back, &history(std::slice::from_ref(&active))),
        "done"
    );
    let plan = operation(
        OperationKind::CreatePlan,
        &[(F::PlanId, "p"), (F::Name, "P")],
    );
    let other = |name: &str| {
        Seen::Plan(Some(BillingPlan {
            id: "p".to_owned(),
            name: name.to_owned(),
        }))
    };
    assert_eq!(word(&plan, &Seen::Plan(None)), "not done");
    assert_eq!(word(&plan, &other("P")), "done");
    assert_eq!(word(&plan, &other("Q")), "otherwise");
}

#[test]
fn refusals_are_told_apart_by_what_is_known_of_their_words() {
    for (status, words, meant) in [
        (
            400,
            "Subscription with this alias already exists.",
            Refusal::Exists,
        ),
        (
            400,
            "Subscription is already scheduled to churn.",
            Refusal::Churning,
        ),
        (
            400,
            "Subscription was not churned in the first place.",
            Refusal::NotChurned,
        ),
        (404, "Not found.", Refusal::NotFound),
        (400, "value: A valid integer is required.", Refusal::Other),
        (405, "Method \"PUT\" not allowed.", Refusal::Other),
    ] {
        assert_eq!(refusal(status, words), meant, "{words}");
    }
}

proptest! {
    /// Whatever stands in a form: it comes to an operation or to problems, never to both or neither,
    /// and an operation keeps the limits of ProfitWell.
    #[test]
    fn any_form_comes_to_an_operation_or_to_problems(
        kind in 0_usize..8, texts in proptest::collection::vec("\\PC{0,40}|[0-9.,-]{1,14}|month|usd", 16)
    ) {
        let kind = OperationKind::ALL[kind];
        let given = slots(kind).iter().zip(&texts).map(|(slot, text)| (slot.field, text.clone()));
        let form = Form { kind, fields: given.collect() };
        let checked = check(&form, None);
        prop_assert_eq!(checked.operation.is_some(), checked.problems.is_empty());
        if let Some(operation) = checked.operation {
            prop_assert!(!sentence(&operation, Timestamp::UNIX_EPOCH).is_empty());
            prop_assert!(!operation.subject().is_empty());
            if let Operation::CreateSubscription(new) = &operation {
                prop_assert!(new.alias.chars().count() <= 36);
                prop_assert!(drawbridge_model::to_cents(new.price.amount).is_some());
            }
        }
        let _ = command_line(&form, None);
    }
}

#[test]
fn what_is_known_of_a_subscription_helps_and_warns() {
    let known = event("active", 4900, "2026-01-01");
    let mut fields = CHANGE[2..].to_vec();
    fields.push(CHANGE[0]);
    fields.retain(|(field, _)| *field != F::PlanCurrency && *field != F::Value);
    fields.push((F::Value, "4900"));
    let looked = check(
        &form(OperationKind::UpdateSubscription, &fields),
        Some(&known),
    );
    let operation = looked.operation.unwrap();
    assert_eq!(operation.user(), Some("pwu_1"));
    assert!(sentence(&operation, Timestamp::UNIX_EPOCH).contains("4900.00 USD (490000 cents)"));
    assert!(
        looked.notes[0].contains("a hundred times what it was (49.00)"),
        "{:?}",
        looked.notes
    );
    fields.push((F::PlanCurrency, "eur"));
    let looked = check(
        &form(OperationKind::UpdateSubscription, &fields),
        Some(&known),
    );
    assert_eq!(looked.problems[0].field, Some(F::PlanCurrency));
}
