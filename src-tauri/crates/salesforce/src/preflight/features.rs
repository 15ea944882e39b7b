//! What the org's features mean for a sync. Pure.

use drawbridge_model::{Currency, Describe, FieldName, TargetError};

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

/// `told` is what amounts are in where their record does not say, and why that is not known.
pub(super) fn currencies(
    described: &[&Describe],
    told: &Result<Option<Currency>, TargetError>,
) -> Check {
    let name = "Currencies";
    let several = has_field(described, "CurrencyIsoCode");
    let told = match told {
        Ok(Some(currency)) => Ok(currency),
        Ok(None) => Err("The org did not say which one is the default".to_owned()),
        Err(error) => Err(format!(
            "Which one is the default could not be asked ({error})"
        )),
    };
    match (several, told) {
        (true, Ok(currency)) => check(
            name,
            CheckState::Ok,
            format!(
                "The org keeps several currencies, and new records get {currency}: map the \
                 currency to Currency ISO Code, so that amounts are not read in that."
            ),
        ),
        (false, Ok(currency)) => check(
            name,
            CheckState::Ok,
            format!(
                "The org counts in {currency}. A preview halts where amounts in another currency \
                 would be written."
            ),
        ),
        (several, Err(why)) => check(
            name,
            CheckState::Warning,
            format!(
                "The org keeps {}. {why}: amounts in another currency than the org's are noticed \
                 only beside others.",
                if several {
                    "several currencies"
                } else {
                    "one currency"
                }
            ),
        ),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_org_counts_in_is_said_and_so_is_that_it_is_not_known() {
        let said = |told| {
            let check = currencies(&[], &told);
            (check.state, check.detail)
        };
        let (state, detail) = said(Ok(Currency::parse("USD").ok()));
        assert_eq!(state, CheckState::Ok);
        assert!(detail.starts_with("The org counts in USD."), "{detail}");
        let (state, detail) = said(Ok(None));
        assert_eq!(state, CheckState::Warning);
        assert!(detail.contains("did not say"), "{detail}");
        let (state, detail) = said(Err(TargetError::Busy { status: 503 }));
        assert_eq!(state, CheckState::Warning);
        assert!(detail.contains("HTTP 503"), "{detail}");
    }
}
