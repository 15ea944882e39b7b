//! The life of one job: recorded, created, filled, closed. Whatever goes wrong on the way, what
//! became of it is asked of the job itself.

use std::collections::BTreeSet;

use drawbridge_model::{
    Attempt, AttemptKind, BulkJobId, BulkTarget, BulkWrite, CustomerId, Event, FieldName, Journal,
    TargetError, Way, WriteRow,
};

use super::conclude::{LeftOut, Stage, conclude_with};
use crate::Error;
use crate::execute::Ports;
use crate::execute::batch::write_kind;
use crate::execute::send::Sent;

/// Writes rows of one action as one job. Rows that do not fit its file stay open.
pub(super) async fn run<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    mut file: Vec<WriteRow>,
    sent: &mut Sent,
) -> Result<(), Error> {
    let write = BulkWrite {
        sobject: ports.input.mapping.sobject.clone(),
        kind: write_kind(ports, kind),
        fields: columns(&file),
    };
    let fitting = fitting(
        file.iter()
            .map(|row| ports.target.bulk_row_size(&write, row)),
    );
    file.truncate(fitting);
    let whose: Vec<CustomerId> = file.iter().map(|row| row.customer.clone()).collect();
    let run = ports.input.run;
    let at = ports.clock.now();
    let id = ports
        .journal
        .begin_attempt(run, kind, Way::Bulk, &whose, at)?;
    let mut attempt = Attempt {
        id,
        kind,
        way: Way::Bulk,
        job: None,
        begun_at: at,
        customers: whose,
    };
    let failed = match ports.target.begin_bulk(&write).await {
        Ok(job) => {
            ports.journal.set_attempt_job(run, id, &job)?;
            attempt.job = Some(job.clone());
            let mut stage = Stage::NeverClosed;
            let filled = fill(ports, &job, &write, &file, &mut stage).await;
            drop(file);
            let (left_out, failed) = match filled {
                Ok(left_out) => (left_out, None),
                Err(error) => (LeftOut::new(), Some(error)),
            };
            conclude_with(ports, &attempt, stage, &left_out, sent).await?;
            match failed {
                Some(error) => error,
                None => return Ok(()),
            }
        }
        Err(error @ TargetError::LostAnswer { .. }) => {
            let stage = Stage::NeverClosed;
            conclude_with(ports, &attempt, stage, &LeftOut::new(), sent).await?;
            error
        }
        // Every other error says that there is no job.
        Err(error) => {
            let now = ports.clock.now();
            ports.journal.end_attempt(run, id, &[], &[], now)?;
            return Err(error.into());
        }
    };
    match failed {
        TargetError::LostAnswer { reason, .. } => {
            let rows = u32::try_from(attempt.customers.len()).unwrap_or(u32::MAX);
            ports.reporter.report(Event::AnswerLost { rows, reason });
            Ok(())
        }
        // The rows whose job did not come about are open, and the cause is dealt with as anywhere.
        error => Err(error.into()),
    }
}

/// Sends the file and lets Salesforce begin. Gives the rows that are not in the file.
async fn fill<T: BulkTarget, J>(
    ports: &Ports<'_, T, J>,
    job: &BulkJobId,
    write: &BulkWrite,
    file: &[WriteRow],
    stage: &mut Stage,
) -> Result<LeftOut, TargetError> {
    let refused = ports.target.upload(job, write, file).await?;
    let is_sent = refused.len() < file.len();
    let left_out = refused
        .into_iter()
        .filter_map(|(index, problem)| Some((file.get(index)?.customer.clone(), problem)))
        .collect();
    // A job without a file is not begun; looking at it aborts it.
    if is_sent {
        *stage = Stage::MayBeClosed;
        ports.target.close(job).await?;
    }
    Ok(left_out)
}

fn columns(rows: &[WriteRow]) -> Vec<FieldName> {
    let names: BTreeSet<&FieldName> = rows.iter().flat_map(|row| row.values.keys()).collect();
    names.into_iter().cloned().collect()
}

/// How many rows of these sizes go into one file: all, as long as they fit, and at least one.
fn fitting(sizes: impl Iterator<Item = usize>) -> usize {
    let mut total = 0_usize;
    sizes
        .take_while(|size| {
            let first = total == 0;
            total = total.saturating_add(*size);
            first || total <= MAX_BYTES
        })
        .count()
}

/// Leaves room for the names of the columns.
const MAX_BYTES: usize = BulkWrite::MAX_BYTES - 40_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_takes_what_fits_and_at_least_one_row() {
        assert_eq!(fitting([10, 10, 10].into_iter()), 3);
        assert_eq!(fitting([MAX_BYTES, 1].into_iter()), 1);
        assert_eq!(fitting([MAX_BYTES + 1, 1].into_iter()), 1);
        assert_eq!(fitting([MAX_BYTES - 1, 1, 1].into_iter()), 2);
        assert_eq!(fitting([].into_iter()), 0);
    }
}
