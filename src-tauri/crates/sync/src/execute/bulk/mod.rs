//! Writing by Bulk jobs: what must not be sent is found out first, then one job takes the rest.

mod changes;
mod conclude;
mod job;
mod looks;
mod results;
mod rows;
mod under_way;

use std::collections::BTreeSet;

use drawbridge_model::{BulkTarget, Journal, MOST_BY_ID, Outcome, RowOutcome, SObjectName};

pub(super) use changes::Changes;
pub(super) use conclude::conclude;
pub(super) use rows::JobRows;
pub(crate) use under_way::UnderWay;

use super::send::Sent;
use super::verdict::Again;
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
    mut job: JobRows<T::File>,
    sent: &mut Sent,
) -> Result<(), Error> {
    leave_refused(ports, &mut job, sent)?;
    let run = ports.input.run;
    let touched = changes.touched(ports, &job).await?;
    let mut settled = BTreeSet::new();
    for customers in touched.chunks(MOST_BY_ID) {
        let planned = ports.journal.plan_rows(run, customers)?;
        let checked = check::check(ports, &planned).await?;
        ports.journal.put_outcomes(run, &checked.settled)?;
        settled.extend(checked.settled.iter().map(|row| row.customer.clone()));
        sent.outcomes.extend(checked.settled);
    }
    job.take_out(&settled);
    if job.rows.is_empty() {
        return Ok(());
    }
    job::run(ports, job, sent).await
}

/// Deals with rows that are not in the file: a text a job would take for “clear this field” goes by
/// a call of Collections instead, which can say it.
fn leave_refused<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    job: &mut JobRows<T::File>,
    sent: &mut Sent,
) -> Result<(), Error> {
    let mut rejected = Vec::new();
    for (row, problem) in job.refused.drain(..) {
        if problem.code == "clears_in_bulk" {
            sent.again.push(Again {
                customer: row.customer,
                problem,
                apart: true,
            });
        } else {
            rejected.push(RowOutcome {
                customer: row.customer,
                outcome: Outcome::Rejected,
                record: row.record,
                problem: Some(problem),
            });
        }
    }
    if !rejected.is_empty() {
        ports.journal.put_outcomes(ports.input.run, &rejected)?;
        sent.outcomes.extend(rejected);
    }
    Ok(())
}
