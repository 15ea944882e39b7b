//! Customers whose id changed in the billing system: deleted and made anew, merged, or imported again.
//!
//! Nothing goes over by itself. A record that carries the id of a customer the billing system no
//! longer has is offered to the one that matches it now, and a person decides. Should the old id
//! come back, that is said and nothing is switched back.

use drawbridge_model::{
    Customer, CustomerId, Evidence, FieldName, LedgerError, Matched, MatchedBy, Reason, Record,
    RecordId, Value,
};

use super::find::{Lookup, found};
use super::propose::propose;
use super::standing::present;

/// The record that one sure clue leads to, as a proposal, where the customer whose id it carries is
/// gone from the billing system.
pub(super) fn offer(
    customer: &Customer,
    external_id: &FieldName,
    (record, clue): (&Record, Evidence),
    other: &CustomerId,
    lookup: &impl Lookup,
) -> Result<Option<Matched>, LedgerError> {
    if lookup.former(other)?.is_none() {
        return Ok(None);
    }
    let also = Some((&record.id, clue));
    let mut proposals = propose(customer, external_id, also, lookup)?;
    // What else is like the customer would only distract: this one is its own for all that is known.
    proposals.retain(|proposal| proposal.record == record.id);
    Ok((!proposals.is_empty()).then_some(Matched::Proposed { proposals }))
}

/// What comes of a person's choice of a record that carries another customer's id: that it takes
/// over the link, if this was decided, unless the other is back.
pub(super) fn takes_over(
    customer: &CustomerId,
    record: &RecordId,
    other: &CustomerId,
    lookup: &impl Lookup,
) -> Result<Option<Matched>, LedgerError> {
    let decided = lookup.takeover(customer)?;
    if decided.is_none_or(|takeover| takeover.former.id != *other) {
        return Ok(None);
    }
    Ok(Some(match lookup.former(other)? {
        Some(_) => found(record.clone(), MatchedBy::TakenOver),
        None => Matched::Conflict {
            reason: Reason::FormerIsBack {
                record: record.clone(),
                former: other.clone(),
            },
        },
    }))
}

/// That another customer took over this one's record and has it still.
pub(super) fn handed_over(
    customer: &CustomerId,
    external_id: &FieldName,
    lookup: &impl Lookup,
) -> Result<Option<Reason>, LedgerError> {
    if lookup.shares() {
        return Ok(None);
    }
    let Some(takeover) = lookup.handed_over(customer)? else {
        return Ok(None);
    };
    let Some(record) = present(&takeover.record, lookup)? else {
        return Ok(None);
    };
    let theirs = matches!(record.value(external_id), Value::Text(id) if *id == takeover.customer.0);
    Ok(theirs.then_some(Reason::HandedOver {
        record: record.id,
        customer: takeover.customer,
        at: takeover.at,
    }))
}
