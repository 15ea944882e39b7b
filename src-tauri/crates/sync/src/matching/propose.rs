//! Records that may be a customer's, where none is for certain.

use std::collections::BTreeMap;

use drawbridge_model::{
    Customer, Evidence, FieldName, LedgerError, MatchKey, Proposal, Record, RecordId, Value,
};

use super::domains::domain_keys;
use super::find::{Lookup, taken_by_another};
use super::keys::email_key;
use super::names::name_key;
use super::standing::present;

/// A person looks at so many; more would not help.
const MOST: usize = 5;

/// The likeliest records, best first; of two equally likely the lower id comes first. `also` is a
/// record that something else speaks for: it was the customer's in the sandbox before its refresh,
/// or a sure clue leads to it.
pub(super) fn propose(
    customer: &Customer,
    external_id: &FieldName,
    also: Option<(&RecordId, Evidence)>,
    lookup: &impl Lookup,
) -> Result<Vec<Proposal>, LedgerError> {
    let mut candidates: BTreeMap<RecordId, (Record, Vec<Evidence>)> = BTreeMap::new();
    let also = also.map(|(id, clue)| (id.clone(), clue));
    let mut clues_to: Vec<(RecordId, Evidence)> = also.into_iter().collect();
    for (key, evidence) in clues(customer) {
        let found = lookup.by_key(&key)?;
        clues_to.extend(found.into_iter().map(|id| (id, evidence.clone())));
    }
    for (id, evidence) in clues_to {
        let Some(record) = present(&id, lookup)? else {
            continue;
        };
        let entry = candidates.entry(record.id.clone());
        let (_, found) = entry.or_insert_with(|| (record, Vec::new()));
        if !found.iter().any(|known| weight(known) == weight(&evidence)) {
            found.push(evidence);
        }
    }
    let mut proposals = Vec::with_capacity(candidates.len());
    for (record, evidence) in candidates.into_values() {
        let taken_by = taken_by_another(&record, external_id, &customer.id, lookup);
        let former = match &taken_by {
            Some(other) => lookup.former(other)?,
            None => None,
        };
        proposals.push(Proposal {
            taken_by,
            former,
            ..proposal(customer, &record, evidence)
        });
    }
    proposals.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.record.cmp(&b.record)));
    proposals.truncate(MOST);
    Ok(proposals)
}

/// Every key that finding this customer's record may ask for.
pub(crate) fn keys_of_customer(customer: &Customer) -> Vec<MatchKey> {
    clues(customer).into_iter().map(|(key, _)| key).collect()
}

/// What to look records up by, strongest first.
fn clues(customer: &Customer) -> Vec<(MatchKey, Evidence)> {
    let mut clues = Vec::new();
    for address in super::find::addresses(customer) {
        if let Some(MatchKey::Email(address)) = email_key(address) {
            let evidence = Evidence::Email {
                address: address.clone(),
            };
            clues.push((MatchKey::Email(address), evidence));
        }
    }
    let name = customer.display_name();
    if let Some(key) = name_key(&name) {
        clues.push((key, Evidence::Name { name }));
    }
    for address in super::find::addresses(customer) {
        for key in domain_keys(address) {
            if let MatchKey::Domain(domain) = &key {
                let evidence = Evidence::Domain {
                    domain: domain.clone(),
                };
                clues.push((key, evidence));
            }
        }
    }
    clues
}

fn proposal(customer: &Customer, record: &Record, mut evidence: Vec<Evidence>) -> Proposal {
    let text = |field: &str| match record.value(&FieldName::from(field)) {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let name = text("Name").map(str::to_owned);
    for clue in &mut evidence {
        if let (Evidence::Name { name: shown }, Some(name)) = (clue, &name) {
            shown.clone_from(name);
        }
    }
    if let Some(address) = &customer.billing_address {
        let same = |ours: &Option<String>, theirs: Option<&str>| {
            let ours = ours.as_deref().filter(|text| !text.trim().is_empty())?;
            (squeezed(ours) == squeezed(theirs?)).then(|| ours.to_owned())
        };
        let codes = [text("BillingPostalCode"), text("MailingPostalCode")];
        let cities = [text("BillingCity"), text("MailingCity")];
        evidence.extend(
            codes
                .into_iter()
                .find_map(|theirs| same(&address.postal_code, theirs))
                .map(|code| Evidence::PostalCode { code }),
        );
        evidence.extend(
            cities
                .into_iter()
                .find_map(|theirs| same(&address.city, theirs))
                .map(|city| Evidence::City { city }),
        );
    }
    evidence.sort_by_key(|clue| std::cmp::Reverse(weight(clue)));
    Proposal {
        record: record.id.clone(),
        name,
        score: score(&evidence),
        evidence,
        taken_by: None,
        former: None,
    }
}

/// Letters and digits alone, in lower case: `EC1A 1BB` and `ec1a1bb` are one.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How much of the doubt one piece of evidence takes away, in percent.
pub(crate) fn weight(evidence: &Evidence) -> u32 {
    match evidence {
        Evidence::Named => 85,
        Evidence::Email { .. } => 80,
        Evidence::FormerLink => 70,
        Evidence::Name { .. } => 65,
        Evidence::Domain { .. } => 60,
        Evidence::PostalCode { .. } => 30,
        Evidence::City { .. } => 10,
    }
}

/// Each piece takes its share of the doubt that the others leave; certainty is never reached.
pub(crate) fn score(evidence: &[Evidence]) -> u8 {
    let doubt = evidence
        .iter()
        .fold(10_000_u32, |doubt, clue| doubt * (100 - weight(clue)) / 100);
    let percent = (10_000 - doubt + 50) / 100;
    u8::try_from(percent.clamp(1, 99)).unwrap_or(99)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_adds_up_and_never_to_certainty() {
        let name = Evidence::Name { name: "A".into() };
        let domain = Evidence::Domain {
            domain: "a.example".into(),
        };
        let email = Evidence::Email {
            address: "a@a.example".into(),
        };
        let code = Evidence::PostalCode { code: "1".into() };
        let city = Evidence::City { city: "B".into() };
        assert_eq!(score(std::slice::from_ref(&name)), 65);
        assert_eq!(score(&[name.clone(), domain.clone()]), 86);
        assert_eq!(score(&[email, name, domain, code, city]), 98);
    }
}
