//! Finding the record of one customer.

use std::collections::BTreeSet;

use drawbridge_model::{
    Customer, CustomerId, FieldName, LedgerError, MatchKey, Matched, MatchedBy, Reason, Record,
    RecordId, Value,
};

use super::email_key;

/// What matching may look up.
pub trait Lookup {
    /// Records that carry a key.
    fn by_key(&self, key: &MatchKey) -> Result<Vec<RecordId>, LedgerError>;
    /// One record.
    fn record(&self, id: &RecordId) -> Result<Option<Record>, LedgerError>;
    /// The record the customer was linked to before.
    fn accepted(&self, customer: &CustomerId) -> Result<Option<RecordId>, LedgerError>;
}

/// Looks for the customer's record, strongest evidence first.
pub fn find(
    customer: &Customer,
    external_id: &FieldName,
    lookup: &impl Lookup,
) -> Result<Matched, LedgerError> {
    let by_id = lookup.by_key(&MatchKey::ExternalId(customer.id.0.clone()))?;
    if !by_id.is_empty() {
        return Ok(one(by_id.into_iter().collect(), MatchedBy::ExternalId));
    }
    for (candidates, by) in [
        (billing_links(customer, lookup)?, MatchedBy::BillingLink),
        (
            lookup.accepted(&customer.id)?.into_iter().collect(),
            MatchedBy::AcceptedLink,
        ),
        (by_email(customer, lookup)?, MatchedBy::Email),
    ] {
        let mut existing = BTreeSet::new();
        for id in candidates {
            if let Some(record) = lookup.record(&id)? {
                if let Some(taken) = taken_by_another(&record, external_id, &customer.id) {
                    return Ok(Matched::Conflict { reason: taken });
                }
                existing.insert(id);
            }
        }
        if !existing.is_empty() {
            return Ok(one(existing, by));
        }
    }
    Ok(Matched::NotFound)
}

fn one(records: BTreeSet<RecordId>, by: MatchedBy) -> Matched {
    let mut records: Vec<RecordId> = records.into_iter().collect();
    match (records.pop(), records.is_empty()) {
        (Some(record), true) => Matched::Found { record, by },
        (Some(record), false) => {
            records.push(record);
            Matched::Conflict {
                reason: Reason::SeveralRecords { records },
            }
        }
        (None, _) => Matched::NotFound,
    }
}

/// A record that carries another customer's id must not be taken over.
fn taken_by_another(
    record: &Record,
    external_id: &FieldName,
    customer: &CustomerId,
) -> Option<Reason> {
    match record.value(external_id) {
        Value::Text(other) if other != customer.as_str() => Some(Reason::SharedRecord {
            record: record.id.clone(),
            others: vec![CustomerId(other.clone())],
        }),
        _ => None,
    }
}

fn billing_links(
    customer: &Customer,
    lookup: &impl Lookup,
) -> Result<BTreeSet<RecordId>, LedgerError> {
    for named in [&customer.connected_accounts, &customer.aliases] {
        let mut found = BTreeSet::new();
        for id in named.iter().filter_map(|text| RecordId::parse(text).ok()) {
            if lookup.record(&id)?.is_some() {
                found.insert(id);
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(BTreeSet::new())
}

fn by_email(customer: &Customer, lookup: &impl Lookup) -> Result<BTreeSet<RecordId>, LedgerError> {
    let mut found = BTreeSet::new();
    let addresses = customer.email.iter().chain(
        customer
            .contacts
            .iter()
            .filter_map(|contact| contact.email.as_ref()),
    );
    for key in addresses.filter_map(|address| email_key(address)) {
        found.extend(lookup.by_key(&key)?);
    }
    Ok(found)
}
