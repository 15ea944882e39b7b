//! ProfitWell on Contact: the fields of ProfitWell's own Salesforce page. Engagement is not in the
//! API and so not here.

use drawbridge_model::BlankPolicy::{Clear, Leave};
use drawbridge_model::LengthPolicy::{Block, Shorten};
use drawbridge_model::WritePolicy::{Always, IfEmpty};
use drawbridge_model::{
    CustomFieldKind, Derived, FieldName, FieldPackage, Mapping, SObjectName, Value,
};

use super::shared::{customer_id, no_steps, text};
use super::{Derivation, Facts, RuleTable, SourceKind, custom_field, rules};

const CONTACT: &str = "Contact";

pub(super) const DERIVATIONS: &[Derivation] = &[
    Derivation {
        name: "customer.id",
        label: "Customer ID",
        explanation: "The customer's id in ProfitWell, exactly as it is written there.",
        kind: SourceKind::Text,
        derive: customer_id,
        steps: no_steps,
    },
    Derivation {
        name: "customer.mrr",
        label: "MRR",
        explanation: "Monthly recurring revenue in the company's currency; cents become units.",
        kind: SourceKind::Decimal,
        derive: |facts| {
            Derived::known_if(facts.customer.mrr.map(|money| Value::Number(money.amount)))
        },
        steps: no_steps,
    },
    Derivation {
        name: "customer.total_spend",
        label: "Total spend",
        explanation: "Everything the customer ever paid; left alone when ProfitWell does not say.",
        kind: SourceKind::Decimal,
        derive: |facts| {
            Derived::known_if(
                facts
                    .customer
                    .total_spend
                    .map(|money| Value::Number(money.amount)),
            )
        },
        steps: no_steps,
    },
    Derivation {
        name: "customer.plans",
        label: "Plans",
        explanation: "The names of the customer's plans, joined with semicolons.",
        kind: SourceKind::Text,
        derive: |facts| {
            Derived::known_if(
                facts
                    .customer
                    .plans
                    .as_ref()
                    .map(|plans| Value::text(plans.join("; "))),
            )
        },
        steps: no_steps,
    },
    Derivation {
        name: "customer.status",
        label: "Status",
        explanation: "ProfitWell's status word, as it is.",
        kind: SourceKind::Text,
        derive: |facts| text(facts.customer.status.as_ref()),
        steps: no_steps,
    },
    Derivation {
        name: "customer.created",
        label: "Created on",
        explanation: "When the customer was created, trials included.",
        kind: SourceKind::DateTime,
        derive: |facts| Derived::known_if(facts.customer.created_at.map(Value::Moment)),
        steps: no_steps,
    },
    Derivation {
        name: "customer.activated",
        label: "Activated on",
        explanation: "When the customer first paid; left alone when that never happened.",
        kind: SourceKind::DateTime,
        derive: |facts| Derived::known_if(facts.customer.activated_at.map(Value::Moment)),
        steps: no_steps,
    },
    Derivation {
        name: "customer.churned",
        label: "Churned on",
        explanation: "The end of the last paid period; blank while the customer is active.",
        kind: SourceKind::DateTime,
        derive: churned,
        steps: no_steps,
    },
    Derivation {
        name: "customer.first_name",
        label: "First name",
        explanation: "The customer's first name, where ProfitWell knows it.",
        kind: SourceKind::Text,
        derive: |facts| text(facts.customer.first_name.as_ref()),
        steps: no_steps,
    },
    Derivation {
        name: "customer.last_name",
        label: "Last name",
        explanation: "The customer's last name, else the part of the e-mail address before the @.",
        kind: SourceKind::Text,
        derive: last_name,
        steps: no_steps,
    },
    Derivation {
        name: "customer.email",
        label: "Email",
        explanation: "The customer's e-mail address; in a sandbox with .invalid, so that nobody \
                      gets mail.",
        kind: SourceKind::Text,
        derive: email,
        steps: no_steps,
    },
];

fn churned(facts: &Facts<'_>) -> Derived {
    match (facts.customer.churned_at, facts.customer.status.as_deref()) {
        (Some(moment), _) => Derived::Known(Value::Moment(moment)),
        (None, Some("active" | "trialing")) => Derived::Known(Value::Blank),
        (None, _) => Derived::NotKnown,
    }
}

fn last_name(facts: &Facts<'_>) -> Derived {
    let local_part = || {
        let (local, _) = facts.customer.email.as_deref()?.split_once('@')?;
        Some(local.to_owned())
    };
    Derived::known_if(
        facts
            .customer
            .last_name
            .clone()
            .or_else(local_part)
            .map(Value::text),
    )
}

fn email(facts: &Facts<'_>) -> Derived {
    let address = facts
        .customer
        .email
        .as_ref()
        .filter(|address| address.contains('@'));
    Derived::known_if(address.map(|address| {
        let mask = if facts.mask_emails { ".invalid" } else { "" };
        Value::text(format!("{}{mask}", address.trim()))
    }))
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
    let amount = CustomFieldKind::Currency {
        precision: 18,
        scale: 2,
    };
    let table = [
        (
            "Customer_ID",
            "Customer ID",
            external_id,
            "Id of the customer in ProfitWell.",
        ),
        ("MRR", "MRR", amount, "Monthly recurring revenue."),
        (
            "Total_Spend",
            "Total Spend",
            amount,
            "Everything the customer ever paid.",
        ),
        ("Plans", "Plans", text, "Plans of the customer."),
        ("Status", "Status", text, "Status of the customer."),
        (
            "Created_On",
            "Created On",
            CustomFieldKind::DateTime,
            "When the customer was created.",
        ),
        (
            "Activated_On",
            "Activated On",
            CustomFieldKind::DateTime,
            "When the customer first paid.",
        ),
        (
            "Churned_On",
            "Churned On",
            CustomFieldKind::DateTime,
            "When the customer churned.",
        ),
    ];
    FieldPackage {
        permission_set: "Drawbridge_ProfitWell".to_owned(),
        permission_set_label: "Drawbridge ProfitWell".to_owned(),
        existing: Vec::new(),
        fields: table
            .into_iter()
            .map(|(name, label, kind, description)| {
                custom_field(
                    CONTACT,
                    &format!("ProfitWell_{name}__c"),
                    &format!("ProfitWell {label}"),
                    kind,
                    description,
                )
            })
            .collect(),
    }
}

const ID: &RuleTable = &[(
    "customer.id",
    "ProfitWell_Customer_ID__c",
    Always,
    Leave,
    Block,
)];

/// What is filled on a Contact and on an Account alike.
pub(super) const FIGURES: &RuleTable = &[
    ("customer.mrr", "ProfitWell_MRR__c", Always, Leave, Block),
    (
        "customer.total_spend",
        "ProfitWell_Total_Spend__c",
        Always,
        Leave,
        Block,
    ),
    (
        "customer.plans",
        "ProfitWell_Plans__c",
        Always,
        Clear,
        Shorten,
    ),
    (
        "customer.status",
        "ProfitWell_Status__c",
        Always,
        Leave,
        Block,
    ),
    (
        "customer.created",
        "ProfitWell_Created_On__c",
        Always,
        Leave,
        Block,
    ),
    (
        "customer.activated",
        "ProfitWell_Activated_On__c",
        Always,
        Leave,
        Block,
    ),
    (
        "customer.churned",
        "ProfitWell_Churned_On__c",
        Always,
        Clear,
        Block,
    ),
];

const PERSON: &RuleTable = &[
    ("customer.first_name", "FirstName", IfEmpty, Leave, Block),
    ("customer.last_name", "LastName", IfEmpty, Leave, Block),
    ("customer.email", "Email", IfEmpty, Leave, Block),
];

pub(super) fn default_mapping() -> Mapping {
    Mapping {
        version: 1,
        sobject: SObjectName::from(CONTACT),
        external_id: FieldName::from("ProfitWell_Customer_ID__c"),
        rules: rules(&[ID, FIGURES, PERSON].concat()),
    }
}
