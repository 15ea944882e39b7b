//! Alguna on Account: the 13 fields of Alguna's own Salesforce page, and the standard fields its
//! API can fill.

use drawbridge_model::BlankPolicy::{Clear, Leave};
use drawbridge_model::LengthPolicy::{Block, Shorten};
use drawbridge_model::WritePolicy::{Always, IfEmpty, Never};
use drawbridge_model::{
    Address, CustomFieldKind, Derived, FieldName, FieldPackage, Interval, Mapping, Money, Revenue,
    RevenueStatus, SObjectName, SubscriptionStatus, Value, instant_of_day,
};
use isocountry::CountryCode;
use rust_decimal::Decimal;

use super::shared::{customer_id, no_steps, not_given, text};
use super::{Derivation, Facts, RuleTable, SourceKind, Step, custom_field, rules};
use crate::speaks;

const ACCOUNT: &str = "Account";

pub(super) const DERIVATIONS: &[Derivation] = &[
    Derivation {
        name: "customer.id",
        label: "Customer ID",
        explanation: "The customer's id in Alguna, exactly as it is written there.",
        kind: SourceKind::Text,
        derive: customer_id,
        steps: no_steps,
    },
    Derivation {
        name: "customer.link",
        label: "Customer page",
        explanation: "Alguna's API does not give the address of a customer's page.",
        kind: SourceKind::Text,
        derive: not_given,
        steps: no_steps,
    },
    Derivation {
        name: "customer.legal_entity",
        label: "Legal entity",
        explanation: "Alguna's API does not give the legal entity of a customer.",
        kind: SourceKind::Text,
        derive: not_given,
        steps: no_steps,
    },
    Derivation {
        name: "subscription.id",
        label: "Subscription ID",
        explanation: "The id of the subscription that speaks for the customer.",
        kind: SourceKind::Text,
        derive: |facts| Derived::known_if(facts.subscription.map(|it| Value::text(it.id.as_str()))),
        steps: no_steps,
    },
    Derivation {
        name: "subscription.link",
        label: "Subscription page",
        explanation: "Alguna's API does not give the address of a subscription's page.",
        kind: SourceKind::Text,
        derive: not_given,
        steps: no_steps,
    },
    Derivation {
        name: "subscription.name",
        label: "Subscription name",
        explanation: "The name of the subscription that speaks for the customer.",
        kind: SourceKind::Text,
        derive: |facts| text(facts.subscription.map(|it| &it.name)),
        steps: no_steps,
    },
    Derivation {
        name: "subscription.status",
        label: "Status in words",
        explanation: "Draft, Pending Acceptance, Active or Ended/Canceled; other words as Alguna \
                      writes them.",
        kind: SourceKind::Text,
        derive: |facts| {
            Derived::known_if(
                facts
                    .subscription
                    .map(|it| Value::text(speaks::word(&it.status))),
            )
        },
        steps: no_steps,
    },
    Derivation {
        name: "subscription.interval",
        label: "Interval in words",
        explanation: "How often the recurring items are billed; the longest fixed one where they \
                      differ.",
        kind: SourceKind::Text,
        derive: |facts| {
            let interval = facts.subscription.and_then(|it| it.interval);
            Derived::known_if(interval.map(|it| Value::text(it.word())))
        },
        steps: no_steps,
    },
    Derivation {
        name: "subscription.started",
        label: "Start",
        explanation: "When the contract began, else when the subscription was activated.",
        kind: SourceKind::DateTime,
        derive: |facts| {
            let started = facts.subscription.and_then(|it| it.started_at);
            Derived::known_if(started.map(Value::Moment))
        },
        steps: no_steps,
    },
    Derivation {
        name: "subscription.renewal",
        label: "Next renewal",
        explanation: "The day Alguna renews the subscription; blank when it ended or does not \
                      renew.",
        kind: SourceKind::Date,
        derive: renewal,
        steps: no_steps,
    },
    Derivation {
        name: "subscription.cancelation",
        label: "Ended",
        explanation: "When the subscription ended, where Alguna says so, else when it was seen as \
                      canceled; blank while it runs.",
        kind: SourceKind::DateTime,
        derive: cancelation,
        steps: no_steps,
    },
    Derivation {
        name: "subscription.value",
        label: "Value per interval",
        explanation: "What is billed at each interval: Alguna's monthly recurring revenue times \
                      the months of the interval, yearly revenue for yearly ones. Only figures \
                      Alguna calls complete.",
        kind: SourceKind::Decimal,
        derive: |facts| Derived::known_if(value(facts).map(|money| Value::Number(money.amount))),
        steps: value_steps,
    },
    Derivation {
        name: "customer.tax_rate",
        label: "Tax rate in words",
        explanation: "Alguna's fraction as a percentage: 0.0725 becomes 7.25%.",
        kind: SourceKind::Text,
        derive: |facts| {
            Derived::known_if(
                facts
                    .customer
                    .tax_rate
                    .map(|rate| Value::text(percent(rate))),
            )
        },
        steps: no_steps,
    },
    Derivation {
        name: "customer.name",
        label: "Customer name",
        explanation: "The customer's name in Alguna.",
        kind: SourceKind::Text,
        derive: |facts| text(facts.customer.name.as_ref()),
        steps: no_steps,
    },
    Derivation {
        name: "billing_address.street",
        label: "Billing street",
        explanation: "Both lines of the billing address.",
        kind: SourceKind::Text,
        derive: street,
        steps: no_steps,
    },
    Derivation {
        name: "billing_address.city",
        label: "Billing city",
        explanation: "The city of the billing address.",
        kind: SourceKind::Text,
        derive: |facts| text(address(facts).and_then(|it| it.city.as_ref())),
        steps: no_steps,
    },
    Derivation {
        name: "billing_address.state",
        label: "Billing state",
        explanation: "The state or province of the billing address.",
        kind: SourceKind::Text,
        derive: |facts| text(address(facts).and_then(|it| it.state.as_ref())),
        steps: no_steps,
    },
    Derivation {
        name: "billing_address.postal_code",
        label: "Billing postal code",
        explanation: "The postal code of the billing address.",
        kind: SourceKind::Text,
        derive: |facts| text(address(facts).and_then(|it| it.postal_code.as_ref())),
        steps: no_steps,
    },
    Derivation {
        name: "billing_address.country",
        label: "Billing country",
        explanation: "The English name of the country whose ISO code Alguna gives.",
        kind: SourceKind::Text,
        derive: country,
        steps: no_steps,
    },
];

fn address<'a>(facts: &Facts<'a>) -> Option<&'a Address> {
    facts.customer.billing_address.as_ref()
}

fn street(facts: &Facts<'_>) -> Derived {
    let lines: Vec<&str> = address(facts)
        .into_iter()
        .flat_map(|it| [&it.line1, &it.line2])
        .flatten()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .collect();
    Derived::known_if((!lines.is_empty()).then(|| Value::text(lines.join("\n"))))
}

fn country(facts: &Facts<'_>) -> Derived {
    let Some(code) = address(facts).and_then(|it| it.country.as_deref()) else {
        return Derived::NotKnown;
    };
    let country =
        CountryCode::for_alpha3_caseless(code).or_else(|_| CountryCode::for_alpha2_caseless(code));
    Derived::Known(Value::text(country.map_or(code, |country| country.name())))
}

fn is_over(facts: &Facts<'_>) -> Option<bool> {
    facts
        .subscription
        .map(|it| it.status == SubscriptionStatus::Ended)
}

fn renewal(facts: &Facts<'_>) -> Derived {
    if is_over(facts) == Some(true) {
        return Derived::Known(Value::Blank);
    }
    match facts.subscription.and_then(|it| it.renews_on) {
        None => Derived::NotKnown,
        Some(None) => Derived::Known(Value::Blank),
        Some(Some(day)) => Derived::known_if(instant_of_day(day).map(Value::Moment)),
    }
}

fn cancelation(facts: &Facts<'_>) -> Derived {
    match (
        is_over(facts),
        facts.subscription.and_then(|it| it.ended_at),
    ) {
        (Some(true), Some(ended)) => Derived::Known(Value::Moment(ended)),
        (Some(false), _) => Derived::Known(Value::Blank),
        _ => Derived::NotKnown,
    }
}

fn complete_revenue(facts: &Facts<'_>) -> Option<Revenue> {
    facts
        .subscription
        .and_then(|it| it.revenue)
        .filter(|revenue| revenue.status == RevenueStatus::Complete)
}

fn value(facts: &Facts<'_>) -> Option<Money> {
    if is_over(facts)? {
        let currency = facts.subscription?.currency;
        return Some(Money {
            amount: Decimal::ZERO,
            currency,
        });
    }
    let revenue = complete_revenue(facts)?;
    let per_interval = match facts.subscription?.interval? {
        Interval::Yearly => revenue.arr,
        shorter => Money {
            amount: revenue
                .mrr
                .amount
                .checked_mul(Decimal::from(shorter.months()))?,
            ..revenue.mrr
        },
    };
    Some(per_interval.rounded())
}

fn value_steps(facts: &Facts<'_>) -> Vec<Step> {
    let (Some(revenue), Some(interval), Some(value)) = (
        facts.subscription.and_then(|it| it.revenue),
        facts.subscription.and_then(|it| it.interval),
        value(facts),
    ) else {
        return Vec::new();
    };
    let figure = |money: Money| format!("{:.2}", money.amount);
    let first = match interval {
        Interval::Yearly => Step::new("ARR in Alguna, complete", figure(revenue.arr)),
        _ => Step::new("MRR in Alguna, complete", figure(revenue.mrr)),
    };
    let factor = match interval {
        Interval::Yearly => "× 1".to_owned(),
        shorter => format!("× {}", shorter.months()),
    };
    vec![
        first,
        Step::new(format!("Interval is {}", interval.word()), factor),
        Step::new("Rounded half up to 2 decimals", figure(value)),
        Step::new(format!("Written as {}", value.currency), figure(value)),
    ]
}

/// `0.20` as `20%`, `0.0725` as `7.25%`.
fn percent(fraction: Decimal) -> String {
    match fraction.checked_mul(Decimal::ONE_HUNDRED) {
        Some(percentage) => format!("{}%", percentage.normalize()),
        None => fraction.to_string(),
    }
}

pub(super) fn field_package() -> FieldPackage {
    let text = CustomFieldKind::Text {
        length: 255,
        external_id: false,
    };
    let external_id = CustomFieldKind::Text {
        length: 255,
        external_id: true,
    };
    // Setup shows Currency(8, 2): 8 digits before the point, 10 in all.
    let amount = CustomFieldKind::Currency {
        precision: 10,
        scale: 2,
    };
    let table = [
        (
            "Alguna_Customer_ID__c",
            "Alguna Customer ID",
            external_id,
            "Id of the customer in Alguna.",
        ),
        (
            "Alguna_Customer_Link__c",
            "Alguna Customer Link",
            CustomFieldKind::Url,
            "Page of the customer in Alguna.",
        ),
        (
            "Alguna_Legal_Entity__c",
            "Alguna Legal Entity",
            text,
            "Legal entity of the customer in Alguna.",
        ),
        (
            "Alguna_Subscription_ID__c",
            "Alguna Subscription ID",
            text,
            "Id of the subscription in Alguna.",
        ),
        (
            "Alguna_Subscription_Link__c",
            "Alguna Subscription Link",
            CustomFieldKind::Url,
            "Page of the subscription in Alguna.",
        ),
        (
            "Alguna_Subscription_Name__c",
            "Alguna Subscription Name",
            text,
            "Name of the subscription.",
        ),
        (
            "Alguna_Subscription_Status__c",
            "Alguna Subscription Status",
            text,
            "Draft, Pending Acceptance, Active or Ended/Canceled.",
        ),
        (
            "Alguna_Subscription_Interval__c",
            "Alguna Subscription Interval",
            text,
            "How often the subscription is billed.",
        ),
        (
            "Alguna_Subscription_Started_Date__c",
            "Alguna Subscription Started Date",
            CustomFieldKind::DateTime,
            "When the subscription originally started.",
        ),
        (
            "Alguna_Subscription_Renewal_Date__c",
            "Alguna Subscription Renewal Date",
            CustomFieldKind::DateTime,
            "When the subscription renews.",
        ),
        (
            "Alguna_Subscription_Cancelation_Date__c",
            "Alguna Subscription Cancelation Date",
            CustomFieldKind::DateTime,
            "When the subscription was canceled.",
        ),
        (
            "Alguna_Subscription_Value__c",
            "Alguna Subscription Value",
            amount,
            "Amount billed at each interval.",
        ),
        (
            "Alguna_Tax_Rate__c",
            "Alguna Tax Rate",
            text,
            "Tax rate of the customer.",
        ),
    ];
    FieldPackage {
        permission_set: "Drawbridge_Alguna".to_owned(),
        permission_set_label: "Drawbridge Alguna".to_owned(),
        existing: Vec::new(),
        fields: table
            .into_iter()
            .map(|(name, label, kind, description)| {
                custom_field(ACCOUNT, name, label, kind, description)
            })
            .collect(),
    }
}

const RULES: &RuleTable = &[
    ("customer.id", "Alguna_Customer_ID__c", Always, Leave, Block),
    ("customer.name", "Name", IfEmpty, Leave, Block),
    (
        "subscription.id",
        "Alguna_Subscription_ID__c",
        Always,
        Leave,
        Block,
    ),
    (
        "subscription.name",
        "Alguna_Subscription_Name__c",
        Always,
        Leave,
        Shorten,
    ),
    (
        "subscription.status",
        "Alguna_Subscription_Status__c",
        Always,
        Leave,
        Block,
    ),
    (
        "subscription.interval",
        "Alguna_Subscription_Interval__c",
        Always,
        Leave,
        Block,
    ),
    (
        "subscription.value",
        "Alguna_Subscription_Value__c",
        drawbridge_model::WritePolicy::IfUnchanged,
        Leave,
        Block,
    ),
    (
        "subscription.renewal",
        "Alguna_Subscription_Renewal_Date__c",
        Always,
        Clear,
        Block,
    ),
    (
        "subscription.started",
        "Alguna_Subscription_Started_Date__c",
        IfEmpty,
        Leave,
        Block,
    ),
    (
        "subscription.cancelation",
        "Alguna_Subscription_Cancelation_Date__c",
        Always,
        Clear,
        Block,
    ),
    (
        "customer.tax_rate",
        "Alguna_Tax_Rate__c",
        Always,
        Leave,
        Block,
    ),
    (
        "customer.link",
        "Alguna_Customer_Link__c",
        Never,
        Leave,
        Block,
    ),
    (
        "subscription.link",
        "Alguna_Subscription_Link__c",
        Never,
        Leave,
        Block,
    ),
    (
        "customer.legal_entity",
        "Alguna_Legal_Entity__c",
        Never,
        Leave,
        Block,
    ),
    (
        "billing_address.street",
        "BillingStreet",
        IfEmpty,
        Leave,
        Block,
    ),
    ("billing_address.city", "BillingCity", IfEmpty, Leave, Block),
    (
        "billing_address.state",
        "BillingState",
        IfEmpty,
        Leave,
        Block,
    ),
    (
        "billing_address.postal_code",
        "BillingPostalCode",
        IfEmpty,
        Leave,
        Block,
    ),
    (
        "billing_address.country",
        "BillingCountry",
        IfEmpty,
        Leave,
        Block,
    ),
];

pub(super) fn default_mapping() -> Mapping {
    Mapping {
        version: 1,
        sobject: SObjectName::from(ACCOUNT),
        external_id: FieldName::from("Alguna_Customer_ID__c"),
        rules: rules(RULES),
    }
}
