//! Finding the record of one customer.

use std::collections::BTreeSet;

use drawbridge_model::{
    Apart, Customer, CustomerId, FieldName, LedgerError, MatchKey, Matched, MatchedBy, Reason,
    Record, RecordId, Value,
};

use super::{email_key, propose::propose};

/// What matching may look up.
pub trait Lookup {
    /// Records that carry a key, at most three.
    fn by_key(&self, key: &MatchKey) -> Result<Vec<RecordId>, LedgerError>;
    /// One record.
    fn record(&self, id: &RecordId) -> Result<Option<Record>, LedgerError>;
    /// The record the customer was linked to before.
    fn accepted(&self, customer: &CustomerId) -> Result<Option<RecordId>, LedgerError>;
    /// What a person decided instead of linking it.
    fn apart(&self, customer: &CustomerId) -> Result<Option<Apart>, LedgerError>;
}

/// Looks for the customer's record, strongest evidence first. What is less than certain is only
/// proposed.
pub fn find(
    customer: &Customer,
    external_id: &FieldName,
    lookup: &impl Lookup,
) -> Result<Matched, LedgerError> {
    let apart = lookup.apart(&customer.id)?;
    if apart == Some(Apart::Ignore) {
        return Ok(Matched::Decided {
            apart: Apart::Ignore,
        });
    }
    let by_id = lookup.by_key(&MatchKey::ExternalId(customer.id.0.clone()))?;
    if !by_id.is_empty() {
        return Ok(one(by_id.into_iter().collect(), MatchedBy::ExternalId));
    }
    if let Some(apart) = apart {
        return Ok(Matched::Decided { apart });
    }
    for (candidates, by) in [
        (
            lookup.accepted(&customer.id)?.into_iter().collect(),
            MatchedBy::AcceptedLink,
        ),
        (billing_links(customer, lookup)?, MatchedBy::BillingLink),
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
        // An address several records share is evidence, not proof.
        let proof = by != MatchedBy::Email || existing.len() == 1;
        if !existing.is_empty() && proof {
            return Ok(one(existing, by));
        }
    }
    let proposals = propose(customer, external_id, lookup)?;
    Ok(if proposals.is_empty() {
        Matched::NotFound
    } else {
        Matched::Proposed { proposals }
    })
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
    for key in addresses(customer).filter_map(email_key) {
        found.extend(lookup.by_key(&key)?);
    }
    Ok(found)
}

/// The customer's e-mail address and those of its contacts.
pub(super) fn addresses(customer: &Customer) -> impl Iterator<Item = &str> {
    let contacts = customer.contacts.iter();
    customer
        .email
        .iter()
        .chain(contacts.filter_map(|contact| contact.email.as_ref()))
        .map(String::as_str)
}
