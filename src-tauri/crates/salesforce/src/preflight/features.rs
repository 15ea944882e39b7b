//! What the org's features mean for a sync. Pure.

use drawbridge_model::{Describe, FieldName};

use super::judge::{ADMIN, check};
use super::{Check, CheckState};

/// Fields every new record must carry, besides those Salesforce itself always asks for.
pub(super) fn required(described: &[&Describe]) -> Check {
    let name = "Required fields";
    let mut found = Vec::new();
    for describe in described {
        for field in &describe.fields {
            if field.required_on_create() && !matches!(field.name.as_str(), "Name" | "LastName") {
                found.push(format!(
                    "{}.{} ({})",
                    describe.sobject, field.name, field.label
                ));
            }
        }
    }
    if found.is_empty() {
        return check(
            name,
            CheckState::Ok,
            "New records need no more than Salesforce always asks for.",
        );
    }
    check(
        name,
        CheckState::Warning,
        format!(
            "New records are refused without: {}. Map them, or have the org give them a default.",
            found.join(", ")
        ),
    )
    .fixed_by(ADMIN, "/lightning/setup/ObjectManager/home", "")
}

fn has_field(described: &[&Describe], field: &str) -> bool {
    let field = FieldName::from(field);
    described
        .iter()
        .any(|describe| describe.field(&field).is_some())
}

pub(super) fn currencies(described: &[&Describe]) -> Check {
    let detail = if has_field(described, "CurrencyIsoCode") {
        "The org keeps several currencies: map the currency to Currency ISO Code, so that amounts \
         are not read in the user's own."
    } else {
        "The org keeps one currency: amounts in another are shown as if they were in it."
    };
    check("Currencies", CheckState::Ok, detail)
}

pub(super) fn states(described: &[&Describe]) -> Check {
    let name = "State and country picklists";
    let codes = [
        "BillingStateCode",
        "MailingStateCode",
        "BillingCountryCode",
        "MailingCountryCode",
    ];
    if codes.iter().any(|field| has_field(described, field)) {
        check(
            name,
            CheckState::Warning,
            "They are on: addresses with a state or country outside the org's lists are refused.",
        )
        .fixed_by(ADMIN, "/lightning/setup/AddressCleanerOverview/home", "")
    } else {
        check(
            name,
            CheckState::Ok,
            "They are off: states and countries are plain text.",
        )
    }
}

pub(super) fn people(described: &[&Describe]) -> Check {
    let name = "Person accounts";
    if has_field(described, "IsPersonAccount") {
        check(
            name,
            CheckState::Warning,
            "They are on: accounts that are people take a last name in place of a name, and their \
             contacts cannot be changed by themselves.",
        )
    } else {
        check(name, CheckState::Ok, "They are off.")
    }
}
