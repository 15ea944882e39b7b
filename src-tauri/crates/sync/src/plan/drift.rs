//! Who changed a field since it was last written, where it was Drawbridge itself.

use drawbridge_model::{Journal, LedgerError, PlanId, PlanRow};

use crate::mapping::same;

/// A value that a later run wrote, or a run of another sync, was not changed by whoever is signed
/// in: the run is named instead.
pub(crate) fn name_runs<J: Journal>(
    journal: &J,
    plan: PlanId,
    row: &mut PlanRow,
) -> Result<(), LedgerError> {
    let Some(record) = &row.record else {
        return Ok(());
    };
    for change in &mut row.changes {
        let Some(drift) = &mut change.drift else {
            continue;
        };
        let write = journal.newest_write(plan, record, &change.field)?;
        if let Some(own) = write.filter(|own| same(&own.value, &change.before)) {
            drift.by = Some(format!("run {} of “{}”", own.run, own.sync));
        }
    }
    Ok(())
}
