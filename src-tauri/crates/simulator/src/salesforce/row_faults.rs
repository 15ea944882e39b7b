//! Faults that strike rows of a write, rather than the whole call.

use crate::faults::FaultKind;
use crate::locks::RowLocks;
use crate::reply::{Request, RowErrors};
use crate::salesforce::errors::RowError;
use crate::salesforce::write::Values;

/// Counts one more row; gives the refusal of every n-th.
pub(crate) fn refusal(fault: Option<&RowErrors>) -> Option<RowError> {
    let fault = fault?;
    fault
        .rows
        .next()
        .is_multiple_of(fault.every_nth)
        .then(|| RowError::new(&fault.status_code, fault.message.clone(), &[]))
}

/// The refusal of a locked row. It is known by its key, or by all its values where it has none.
/// `record` is what somebody else has locked: the row's parent, or its record.
pub(crate) fn lock(
    locks: &RowLocks,
    key: Option<&str>,
    values: &Values,
    record: Option<&str>,
) -> Option<RowError> {
    let name = key.map_or_else(
        || serde_json::to_string(values).unwrap_or_default(),
        str::to_owned,
    );
    if !locks.strikes(&name) {
        return None;
    }
    // facts/salesforce.md §9
    let record = match record {
        Some(id) => format!("this record or 1 records: {id}"),
        None => "this record".to_owned(),
    };
    Some(RowError::new(
        "UNABLE_TO_LOCK_ROW",
        format!("unable to obtain exclusive access to {record}"),
        &[],
    ))
}

/// The fault that strikes a row of a Collections call; `key` names its external id field.
pub(crate) fn of_call(request: &Request, key: Option<&str>, values: &Values) -> Option<RowError> {
    if let Some(error) = refusal(request.row_errors.as_ref()) {
        return Some(error);
    }
    let Some(FaultKind::RowLocks(locks)) = &request.fault else {
        return None;
    };
    if locks.parallel_only {
        return None;
    }
    let text = |name: &str| values.get(name)?.as_str();
    let id = text("Id").or_else(|| text("id"));
    lock(locks, key.map_or(id, text), values, id)
}
