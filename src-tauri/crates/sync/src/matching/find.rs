//! Finding the record of one customer.

use std::collections::{BTreeMap, BTreeSet};

use drawbridge_model::{
    AcceptedLink, Acquaintance, Apart, Customer, CustomerId, Evidence, FieldName, FormerCustomer,
    GoneRecord, LedgerError, LinkedBy, MatchKey, Matched, MatchedBy, Reason, Record, RecordId,
    Takeover, Value,
};

use super::email_key;
use super::former::{handed_over, offer, takes_over};
use super::propose::propose;
use super::standing::{Standing, present, standing};

/// What matching may look up.
pub trait Lookup {
    /// Whether several customers may have one record. Which do is then asked of its Contacts.
    fn shares(&self) -> bool {
        false
    }
    /// Records that carry a key, at most three.
    fn by_key(&self, key: &MatchKey) -> Result<Vec<RecordId>, LedgerError>;
    /// One record that is there.
    fn record(&self, id: &RecordId) -> Result<Option<Record>, LedgerError>;
    /// What is known of a deleted record.
    fn gone(&self, id: &RecordId) -> Result<Option<GoneRecord>, LedgerError>;
    /// Whether the billing system has this customer.
    fn has(&self, id: &CustomerId) -> Result<bool, LedgerError>;
    /// What is known of a customer that the billing system had once and has no longer.
    fn former(&self, id: &CustomerId) -> Result<Option<FormerCustomer>, LedgerError>;
    /// The link that a person decided this customer takes over.
    fn takeover(&self, customer: &CustomerId) -> Result<Option<Takeover>, LedgerError>;
    /// The decision by which another customer took over this one's link.
    fn handed_over(&self, former: &CustomerId) -> Result<Option<Takeover>, LedgerError>;
}

/// What is certain from the first look: a person's decision to leave the customer alone, and the
/// record that carries its id, unless a person chose another.
pub fn at_once(known: &Acquaintance) -> Option<Matched> {
    if known.apart == Some(Apart::Ignore) {
        return Some(Matched::Decided {
            apart: Apart::Ignore,
        });
    }
    if known.by_id.is_empty() {
        return None;
    }
    match &known.accepted {
        // Of several that carry the id, the choice settles which one it is.
        Some(link) if link.by == LinkedBy::Person => known
            .by_id
            .contains(&link.record)
            .then(|| found(link.record.clone(), MatchedBy::ExternalId)),
        _ => Some(one(
            known.by_id.iter().cloned().collect(),
            MatchedBy::ExternalId,
        )),
    }
}

/// Looks for the customer's record, strongest evidence first. What is less than certain is only
/// proposed.
pub fn find(
    customer: &Customer,
    known: &Acquaintance,
    external_id: &FieldName,
    lookup: &impl Lookup,
) -> Result<Matched, LedgerError> {
    if let Some(matched) = at_once(known) {
        return Ok(matched);
    }
    if let (Some(by_id), Some(link)) = (known.by_id.first(), &known.accepted) {
        return against_choice(known, by_id, link, lookup);
    }
    let accepted = match &known.accepted {
        Some(link) if lookup.shares() && link.by == LinkedBy::Run => {
            // What a run found once does not hold an Account against the Contacts of today; it only
            // tells of one that is gone.
            if let Some(matched) = by_email(customer, external_id, lookup)? {
                return Ok(matched);
            }
            let there = lookup.record(&link.record)?.is_some();
            (!there).then_some(link)
        }
        accepted => accepted.as_ref(),
    };
    // A link made after the decision for a new record is what came of it.
    if let (Some(apart), None) = (known.apart, accepted) {
        return Ok(Matched::Decided { apart });
    }
    let followed = match accepted {
        Some(link) => by_link(customer, external_id, link, lookup)?,
        None => match handed_over(&customer.id, external_id, lookup)? {
            Some(reason) => Followed::To(Matched::Conflict { reason }),
            None => Followed::NoLink,
        },
    };
    if let Followed::To(matched) = followed {
        return Ok(matched);
    }
    if let Some(matched) = by_billing_link(customer, external_id, lookup)? {
        return Ok(matched);
    }
    if let Followed::Deleted(reason) = followed {
        return Ok(Matched::Conflict { reason });
    }
    let former = match &followed {
        Followed::Former(record) => Some(record),
        _ => None,
    };
    if let Some(matched) = by_email(customer, external_id, lookup)?
        && former.is_none_or(|former| matched == found(former.clone(), MatchedBy::Email))
    {
        return Ok(matched);
    }
    let former = former.map(|record| (record, Evidence::FormerLink));
    let proposals = propose(customer, external_id, former, lookup)?;
    Ok(match followed {
        _ if !proposals.is_empty() => Matched::Proposed { proposals },
        Followed::NotInCopy(reason) => Matched::Conflict { reason },
        _ => Matched::NotFound,
    })
}

/// The field has the last word over what a run linked, but not in silence over what a person chose,
/// as long as that is there.
fn against_choice(
    known: &Acquaintance,
    by_id: &RecordId,
    choice: &AcceptedLink,
    lookup: &impl Lookup,
) -> Result<Matched, LedgerError> {
    Ok(match present(&choice.record, lookup)? {
        None => one(known.by_id.iter().cloned().collect(), MatchedBy::ExternalId),
        Some(chosen) if known.by_id.contains(&chosen.id) => found(chosen.id, MatchedBy::ExternalId),
        Some(chosen) => Matched::Conflict {
            reason: Reason::LinkDisagrees {
                by_id: by_id.clone(),
                chosen: chosen.id,
            },
        },
    })
}

/// Where a link leads.
enum Followed {
    /// To a record, or to a conflict over one.
    To(Matched),
    /// To a record that was deleted.
    Deleted(Reason),
    /// To a record of the sandbox before its refresh that may be the customer's: ids are given out
    /// anew in each org.
    Former(RecordId),
    /// To one of that sandbox that is not there.
    NotInCopy(Reason),
    /// There is none.
    NoLink,
}

fn by_link(
    customer: &Customer,
    external_id: &FieldName,
    link: &AcceptedLink,
    lookup: &impl Lookup,
) -> Result<Followed, LedgerError> {
    let (record, by) = match standing(&link.record, lookup)? {
        Standing::There(record) | Standing::Merged(record)
            if link.by == LinkedBy::BeforeRefresh =>
        {
            return Ok(Followed::Former(record.id));
        }
        Standing::There(record) => (record, MatchedBy::AcceptedLink),
        Standing::Merged(record) => (record, MatchedBy::Merged),
        Standing::Deleted(_) | Standing::Unseen if link.by == LinkedBy::BeforeRefresh => {
            let record = link.record.clone();
            return Ok(Followed::NotInCopy(Reason::NotInCopy { record }));
        }
        gone => {
            return Ok(Followed::Deleted(Reason::RecordDeleted {
                record: link.record.clone(),
                at: match gone {
                    Standing::Deleted(at) => Some(at),
                    _ => None,
                },
            }));
        }
    };
    let other = taken_by_another(&record, external_id, &customer.id, lookup);
    if let (Some(other), LinkedBy::Person) = (&other, link.by)
        && let Some(matched) = takes_over(&customer.id, &record.id, other, lookup)?
    {
        return Ok(Followed::To(matched));
    }
    if let Some(reason) = handed_over(&customer.id, external_id, lookup)?
        && other.is_some()
        && matches!(&reason, Reason::HandedOver { record: theirs, .. } if *theirs == record.id)
    {
        return Ok(Followed::To(Matched::Conflict { reason }));
    }
    Ok(Followed::To(match (other, by) {
        (None, _) => found(record.id, by),
        (Some(other), MatchedBy::Merged) => Matched::Conflict {
            reason: Reason::MergedIntoTaken {
                record: link.record.clone(),
                into: record.id,
                other,
            },
        },
        (Some(other), _) => contradiction(record.id, other, lookup)?,
    }))
}

/// The records the billing system names: connected accounts first, then aliases.
fn by_billing_link(
    customer: &Customer,
    external_id: &FieldName,
    lookup: &impl Lookup,
) -> Result<Option<Matched>, LedgerError> {
    for named in [&customer.connected_accounts, &customer.aliases] {
        let mut existing = BTreeSet::new();
        let mut by = MatchedBy::BillingLink;
        for id in named.iter().filter_map(|text| RecordId::parse(text).ok()) {
            let Some(record) = present(&id, lookup)? else {
                continue;
            };
            if let Some(other) = taken_by_another(&record, external_id, &customer.id, lookup) {
                let clue = (&record, Evidence::Named);
                let offered = offer(customer, external_id, clue, &other, lookup)?;
                return match offered {
                    None => contradiction(record.id, other, lookup).map(Some),
                    offered => Ok(offered),
                };
            }
            if record.id != id {
                by = MatchedBy::Merged;
            }
            existing.insert(record.id);
        }
        if !existing.is_empty() {
            return Ok(Some(one(existing, by)));
        }
    }
    Ok(None)
}

/// The one record that has the customer's address. An address that several share is evidence, not
/// proof.
fn by_email(
    customer: &Customer,
    external_id: &FieldName,
    lookup: &impl Lookup,
) -> Result<Option<Matched>, LedgerError> {
    let mut existing = BTreeMap::new();
    for key in addresses(customer).filter_map(email_key) {
        for id in lookup.by_key(&key)? {
            if let Some(record) = present(&id, lookup)? {
                existing.insert(record.id.clone(), (record, key.clone()));
            }
        }
    }
    let (Some((id, (record, key))), true) = (existing.pop_first(), existing.is_empty()) else {
        return Ok(None);
    };
    let Some(other) = taken_by_another(&record, external_id, &customer.id, lookup) else {
        return Ok(Some(found(id, MatchedBy::Email)));
    };
    let offered = match key {
        MatchKey::Email(address) => {
            let clue = (&record, Evidence::Email { address });
            offer(customer, external_id, clue, &other, lookup)?
        }
        _ => None,
    };
    match offered {
        None => contradiction(id, other, lookup).map(Some),
        offered => Ok(offered),
    }
}

pub(super) fn found(record: RecordId, by: MatchedBy) -> Matched {
    Matched::Found { record, by }
}

/// A record that matches and carries the id of another: a customer's, or nobody's.
fn contradiction(
    record: RecordId,
    other: CustomerId,
    lookup: &impl Lookup,
) -> Result<Matched, LedgerError> {
    let reason = if lookup.has(&other)? || lookup.former(&other)?.is_some() {
        Reason::SharedRecord {
            record,
            others: vec![other],
        }
    } else {
        Reason::StrangersId { record, id: other }
    };
    Ok(Matched::Conflict { reason })
}

fn one(records: BTreeSet<RecordId>, by: MatchedBy) -> Matched {
    let mut records: Vec<RecordId> = records.into_iter().collect();
    match (records.pop(), records.is_empty()) {
        (Some(record), true) => found(record, by),
        (Some(record), false) => {
            records.push(record);
            Matched::Conflict {
                reason: Reason::SeveralRecords { records },
            }
        }
        (None, _) => Matched::NotFound,
    }
}

/// The customer whose id a record carries, when it is another one: such a record is not taken over.
/// One that customers may share is nobody's.
pub(super) fn taken_by_another(
    record: &Record,
    external_id: &FieldName,
    customer: &CustomerId,
    lookup: &impl Lookup,
) -> Option<CustomerId> {
    match record.value(external_id) {
        _ if lookup.shares() => None,
        Value::Text(other) if other != customer.as_str() => Some(CustomerId(other.clone())),
        _ => None,
    }
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
