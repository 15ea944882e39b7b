//! What became of a record that a link leads to.

use drawbridge_model::{LedgerError, Record, RecordId};
use jiff::Timestamp;

use super::Lookup;

/// Merges in a row that are followed; nobody merges so often, and a circle must end.
const LONGEST_CHAIN: usize = 50;

/// How a record stands.
#[derive(Debug)]
pub(super) enum Standing {
    /// It is there.
    There(Box<Record>),
    /// It was merged into this one, which is there.
    Merged(Box<Record>),
    /// It was deleted, or the one it was merged into was.
    Deleted(Timestamp),
    /// It is not there, and nothing tells why.
    Unseen,
}

/// Follows merges from a record to the one that is there now.
pub(super) fn standing(id: &RecordId, lookup: &impl Lookup) -> Result<Standing, LedgerError> {
    if let Some(record) = lookup.record(id)? {
        return Ok(Standing::There(Box::new(record)));
    }
    let mut id = id.clone();
    for _ in 0..LONGEST_CHAIN {
        let Some(gone) = lookup.gone(&id)? else {
            return Ok(Standing::Unseen);
        };
        let Some(into) = gone.merged_into else {
            return Ok(Standing::Deleted(gone.at));
        };
        if let Some(record) = lookup.record(&into)? {
            return Ok(Standing::Merged(Box::new(record)));
        }
        id = into;
    }
    Ok(Standing::Unseen)
}

/// The record that is there for an id: itself, or the one it was merged into.
pub(super) fn present(id: &RecordId, lookup: &impl Lookup) -> Result<Option<Record>, LedgerError> {
    Ok(match standing(id, lookup)? {
        Standing::There(record) | Standing::Merged(record) => Some(*record),
        Standing::Deleted(_) | Standing::Unseen => None,
    })
}
