//! Who changed a field since it was last written, where it was Drawbridge itself.

use drawbridge_model::{Journal, LedgerError, PlanId, PlanRow, Reason, RunId};

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

/// The same of a record that `run` created, that we ourselves saved last, and that is left because
/// it was saved since: by a later run, if there was one.
pub(crate) fn name_later_run<J: Journal>(
    journal: &J,
    plan: PlanId,
    run: RunId,
    row: &mut PlanRow,
) -> Result<(), LedgerError> {
    if let (Some(Reason::SavedSince { by, .. }), Some(record)) = (&mut row.reason, &row.record)
        && let Some((later, sync)) = journal.newest_run(plan, record)?
        && later > run
    {
        *by = Some(format!("Run {later} of “{sync}”"));
    }
    Ok(())
}
