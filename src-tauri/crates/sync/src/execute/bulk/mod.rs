//! Writing by Bulk jobs: what must not be sent is found out first, then one job takes the rest.

mod changes;
mod conclude;
mod job;
mod results;
mod under_way;

use drawbridge_model::{BulkTarget, Journal, PlanRow, SObjectName, WriteBatch};

pub(super) use changes::Changes;
pub(super) use conclude::conclude;
pub(crate) use under_way::UnderWay;

use super::send::Sent;
use super::{Ports, check};
use crate::Error;

/// How many jobs may be under way at a time. Salesforce locks the Account of each Contact it
/// writes: of Contacts one job at a time, so that no two wait for each other's locks.
pub(super) fn at_a_time(sobject: &SObjectName) -> usize {
    if sobject.as_str() == "Contact" { 1 } else { 2 }
}

/// Writes rows of one action as one job. What is recorded is in `sent`, also when it fails; a row
/// that is not there stays open.
pub(super) async fn write<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    changes: &Changes,
    rows: Vec<PlanRow>,
    sent: &mut Sent,
) -> Result<(), Error> {
    let (touched, mut rows) = changes.part(ports, rows).await?;
    for part in touched.chunks(WriteBatch::MAX_ROWS) {
        let checked = check::check(ports, part).await?;
        ports
            .journal
            .put_outcomes(ports.input.run, &checked.settled)?;
        sent.outcomes.extend(checked.settled);
        rows.extend(checked.send);
    }
    if rows.is_empty() {
        return Ok(());
    }
    job::run(ports, rows, sent).await
}
