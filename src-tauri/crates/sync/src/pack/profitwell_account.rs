//! ProfitWell on Account: the same fields as on Contact, filled with the customers of the Account
//! added up ([`crate::rollup`]).

use drawbridge_model::BlankPolicy::Leave;
use drawbridge_model::LengthPolicy::Shorten;
use drawbridge_model::WritePolicy::Always;
use drawbridge_model::{
    CustomFieldKind, Customer, Derived, FieldName, FieldPackage, Mapping, Money, SObjectName, Value,
};

use super::profitwell::FIGURES;
use super::shared::text;
use super::{Derivation, Facts, RuleTable, SourceKind, Step, custom_field, rules};
use crate::rollup;

const ACCOUNT: &str = "Account";

/// So many customers are listed one by one; a person reads no more.
const LISTED: usize = 20;

pub(super) const DERIVATIONS: &[Derivation] = &[
    Derivation {
        name: "customer.id",
        label: "Customer ID",
        explanation: "The ids of the Account's customers in ProfitWell, joined with semicolons.",
        kind: SourceKind::Text,
        derive: |facts| Derived::Known(Value::text(rollup::ids(members(facts)))),
        steps: |facts| share(facts, |it| it.id.to_string()),
    },
    Derivation {
        name: "customer.mrr",
        label: "MRR",
        explanation: "Monthly recurring revenue of the Account's customers, added up; left alone \
                      while one of them is not known.",
        kind: SourceKind::Decimal,
        derive: |facts| amount(facts.customer.mrr),
        steps: |facts| {
            list(facts, "add up", shown(facts.customer.mrr), |it| {
                shown(it.mrr)
            })
        },
    },
    Derivation {
        name: "customer.total_spend",
        label: "Total spend",
        explanation: "Everything the Account's customers ever paid, added up; left alone while \
                      one of them is not known.",
        kind: SourceKind::Decimal,
        derive: |facts| amount(facts.customer.total_spend),
        steps: |facts| {
            let sum = shown(facts.customer.total_spend);
            list(facts, "add up", sum, |it| shown(it.total_spend))
        },
    },
    Derivation {
        name: "customer.plans",
        label: "Plans",
        explanation: "The names of the plans of all the Account's customers, each once, in \
                      alphabetical order, joined with semicolons.",
        kind: SourceKind::Text,
        derive: |facts| {
            let plans = facts.customer.plans.as_ref();
            Derived::known_if(plans.map(|plans| {
                let mut plans = plans.clone();
                plans.sort();
                plans.dedup();
                Value::text(plans.join("; "))
            }))
        },
        steps: |facts| {
            share(facts, |it| {
                it.plans
                    .as_ref()
                    .map_or_else(not_known, |plans| plans.join("; "))
            })
        },
    },
    Derivation {
        name: "customer.status",
        label: "Status",
        explanation: "ProfitWell's status word of the customer that goes on longest: active, else \
                      trialing, else cancelled, else the latest churned.",
        kind: SourceKind::Text,
        derive: |facts| text(facts.customer.status.as_ref()),
        steps: |facts| share(facts, |it| it.status.clone().unwrap_or_else(not_known)),
    },
    Derivation {
        name: "customer.created",
        label: "Created on",
        explanation: "When the first of the Account's customers was created, trials included.",
        kind: SourceKind::DateTime,
        derive: |facts| Derived::known_if(facts.customer.created_at.map(Value::Moment)),
        steps: |facts| share(facts, |it| moment(it.created_at)),
    },
    Derivation {
        name: "customer.activated",
        label: "Activated on",
        explanation: "When the first of the Account's customers first paid; left alone when none \
                      ever did.",
        kind: SourceKind::DateTime,
        derive: |facts| Derived::known_if(facts.customer.activated_at.map(Value::Moment)),
        steps: |facts| share(facts, |it| moment(it.activated_at)),
    },
    Derivation {
        name: "customer.churned",
        label: "Churned on",
        explanation: "The latest end of a last paid period once all of the Account's customers \
                      have churned; blank while one goes on.",
        kind: SourceKind::DateTime,
        derive: |facts| rollup::churned(members(facts)),
        steps: |facts| {
            share(facts, |it| {
                let status = it.status.clone().unwrap_or_else(not_known);
                match it.churned_at {
                    Some(at) => format!("{at} ({status})"),
                    None => status,
                }
            })
        },
    },
];

/// The customers that are added up: at least the one that is looked at.
fn members<'a>(facts: &Facts<'a>) -> &'a [Customer] {
    match facts.members {
        [] => std::slice::from_ref(facts.customer),
        members => members,
    }
}

fn amount(money: Option<Money>) -> Derived {
    Derived::known_if(money.map(|money| Value::Number(money.amount)))
}

fn not_known() -> String {
    "not known".to_owned()
}

fn shown(money: Option<Money>) -> String {
    money.map_or_else(not_known, |it| format!("{} {}", it.amount, it.currency))
}

fn moment(at: Option<jiff::Timestamp>) -> String {
    at.map_or_else(not_known, |at| at.to_string())
}

/// What each of several customers has.
fn share(facts: &Facts<'_>, of: impl Fn(&Customer) -> String) -> Vec<Step> {
    list(facts, "share the Account", String::new(), of)
}

/// Customer by customer, where there are several, under what they come to.
fn list(
    facts: &Facts<'_>,
    what: &str,
    together: String,
    of: impl Fn(&Customer) -> String,
) -> Vec<Step> {
    let members = members(facts);
    if members.len() < 2 {
        return Vec::new();
    }
    let head = Step::new(
        format!("These {} customers {what}", members.len()),
        together,
    );
    let lines = members.iter().take(LISTED);
    let lines = lines.map(|it| Step::new(format!("{} ({})", it.display_name(), it.id), of(it)));
    let more = members.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| Step::new(format!("and {more} more"), ""));
    std::iter::once(head).chain(lines).chain(more).collect()
}

pub(super) fn field_package() -> FieldPackage {
    let text = CustomFieldKind::Text {
        length: 255,
        external_id: false,
    };
    let amount = CustomFieldKind::Currency {
        precision: 18,
        scale: 2,
    };
    let moment = CustomFieldKind::DateTime;
    let table = [
        (
            "Customer_ID",
            "Customer ID",
            text,
            "Ids of the Account's customers in ProfitWell.",
        ),
        (
            "MRR",
            "MRR",
            amount,
            "Monthly recurring revenue of the Account's customers.",
        ),
        (
            "Total_Spend",
            "Total Spend",
            amount,
            "Everything the Account's customers ever paid.",
        ),
        ("Plans", "Plans", text, "Plans of the Account's customers."),
        (
            "Status",
            "Status",
            text,
            "Status of the Account's customers together.",
        ),
        (
            "Created_On",
            "Created On",
            moment,
            "When the first of the Account's customers was created.",
        ),
        (
            "Activated_On",
            "Activated On",
            moment,
            "When the first of the Account's customers first paid.",
        ),
        (
            "Churned_On",
            "Churned On",
            moment,
            "When the last of the Account's customers churned.",
        ),
    ];
    FieldPackage {
        permission_set: "Drawbridge_ProfitWell_Account".to_owned(),
        permission_set_label: "Drawbridge ProfitWell on Account".to_owned(),
        existing: Vec::new(),
        fields: table
            .into_iter()
            .map(|(name, label, kind, description)| {
                custom_field(
                    ACCOUNT,
                    &format!("ProfitWell_{name}__c"),
                    &format!("ProfitWell {label}"),
                    kind,
                    description,
                )
            })
            .collect(),
    }
}

const IDS: &RuleTable = &[(
    "customer.id",
    "ProfitWell_Customer_ID__c",
    Always,
    Leave,
    Shorten,
)];

pub(super) fn default_mapping() -> Mapping {
    Mapping {
        version: 1,
        sobject: SObjectName::from(ACCOUNT),
        external_id: FieldName::from("ProfitWell_Customer_ID__c"),
        rules: rules(&[IDS, FIGURES].concat()),
    }
}
