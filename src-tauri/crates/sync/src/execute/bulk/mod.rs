//! Writing by Bulk jobs: what must not be sent is found out first, then one job takes the rest.

mod changes;
mod conclude;
mod job;
mod looks;
mod results;
mod under_way;

use drawbridge_model::{
    Action, BulkTarget, CustomerId, Journal, PlanRow, SObjectName, WriteBatch, WriteRow,
};
use jiff::Timestamp;

pub(super) use changes::Changes;
pub(super) use conclude::conclude;
pub(crate) use under_way::UnderWay;

use super::batch::{kind_of, write_row};
use super::send::Sent;
use super::{Ports, check};
use crate::Error;

/// How many jobs may be under way at a time. Salesforce locks the Account of each Contact it
/// writes: of Contacts one job at a time, so that no two wait for each other's locks.
pub(super) fn at_a_time(sobject: &SObjectName) -> usize {
    if sobject.as_str() == "Contact" { 1 } else { 2 }
}

/// A row as a job sends it, and what tells whether somebody saved its record since the preview: of
/// ten thousand rows, all that a plan knows would fill the memory.
pub(super) struct Outgoing {
    row: WriteRow,
    action: Action,
    seen: Option<Timestamp>,
}

impl Outgoing {
    /// The customer whose row it is.
    pub(super) fn customer(&self) -> &CustomerId {
        &self.row.customer
    }
}

/// A row as a job sends it.
pub(super) fn outgoing<T, J>(ports: &Ports<'_, T, J>, row: &PlanRow) -> Outgoing {
    Outgoing {
        row: write_row(ports, kind_of(row.action), row),
        action: row.action,
        seen: row.seen,
    }
}

/// Writes rows of one action as one job. What is recorded is in `sent`, also when it fails; a row
/// that is not there stays open.
pub(super) async fn write<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    changes: &Changes,
    rows: Vec<Outgoing>,
    sent: &mut Sent,
) -> Result<(), Error> {
    let Some(kind) = rows.first().map(|first| kind_of(first.action)) else {
        return Ok(());
    };
    let (touched, rows) = changes.part(ports, rows).await?;
    let mut file: Vec<WriteRow> = rows.into_iter().map(|outgoing| outgoing.row).collect();
    let run = ports.input.run;
    for part in touched.chunks(WriteBatch::MAX_ROWS) {
        let customers: Vec<CustomerId> = part.iter().map(|it| it.customer().clone()).collect();
        let planned = ports.journal.plan_rows(run, &customers)?;
        let checked = check::check(ports, &planned).await?;
        ports.journal.put_outcomes(run, &checked.settled)?;
        sent.outcomes.extend(checked.settled);
        file.extend(checked.send.iter().map(|row| write_row(ports, kind, row)));
    }
    if file.is_empty() {
        return Ok(());
    }
    job::run(ports, kind, file, sent).await
}
