//! Which records that a run created may be deleted by its undo: those that nobody but us saved.

use drawbridge_model::{Action, Deed, FieldName, PlanRow, Reason, Record, Value, Written};

use crate::mapping::same;

const CREATED_AT: &str = "CreatedDate";
const CREATED_BY: &str = "CreatedById";

/// What is read of a record beside what was written, to tell whether it may be deleted.
pub(super) fn fields() -> [FieldName; 2] {
    [FieldName::from(CREATED_AT), FieldName::from(CREATED_BY)]
}

/// What becomes of a record the run created, or deleted itself.
pub(super) fn row(
    written: &Written,
    now: &Record,
    delete_created: bool,
    empty: PlanRow,
) -> PlanRow {
    let (action, reason) = match written.deed {
        // Somebody took it out of the recycle bin: that is what undoing the deletion would do.
        Deed::Deleted => (Action::Unchanged, None),
        _ if !delete_created => (Action::Skipped, Some(Reason::CreatedByRun)),
        _ if is_as_we_left_it(written, now) => (Action::Delete, None),
        _ => {
            let by = now.modified_by.clone();
            let at = now.modified_at;
            (Action::Skipped, Some(Reason::SavedSince { by, at }))
        }
    };
    PlanRow {
        action,
        reason,
        ..empty
    }
}

/// Whether every value the run wrote is still there, and no save came after ours. The last save is
/// ours when the record bears the `SystemModstamp` it had when we read it back after writing, or
/// when it was never saved since its creation; and it must be by the user who created it.
pub(super) fn is_as_we_left_it(written: &Written, now: &Record) -> bool {
    let holds = |(field, _, sent): &(FieldName, Value, Value)| same(now.value(field), sent);
    let creator = match now.value(&FieldName::from(CREATED_BY)) {
        Value::Text(id) => drawbridge_model::RecordId::parse(id).ok(),
        _ => None,
    };
    let by_another = match (&creator, &now.modified_by_id) {
        (Some(creator), Some(last)) => creator != last,
        _ => false,
    };
    let never_saved = match now.value(&FieldName::from(CREATED_AT)) {
        Value::Moment(created) => now.modified_at == Some(*created),
        _ => false,
    };
    let ours = written.saved_at == Some(now.modstamp) || never_saved;
    written.fields.iter().all(holds) && !by_another && ours
}
