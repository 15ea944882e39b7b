//! The life of one job: recorded, created, filled, closed. Whatever goes wrong on the way, what
//! became of it is asked of the job itself.

use drawbridge_model::{
    Attempt, BulkJobId, BulkTarget, CustomerId, Event, Journal, TargetError, Way,
};

use super::conclude::{Stage, conclude_with};
use super::rows::{JobRows, bulk_write};
use crate::Error;
use crate::execute::Ports;
use crate::execute::send::Sent;

/// Writes rows of one action as one job.
pub(super) async fn run<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    job: JobRows<T::File>,
    sent: &mut Sent,
) -> Result<(), Error> {
    let JobRows {
        kind, rows, file, ..
    } = job;
    let whose: Vec<CustomerId> = rows.into_iter().map(|row| row.customer).collect();
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
    let failed = match ports.target.begin_bulk(&bulk_write(ports, kind)).await {
        Ok(job) => {
            ports.journal.set_attempt_job(run, id, &job)?;
            attempt.job = Some(job.clone());
            let mut stage = Stage::NeverClosed;
            let filled = fill(ports, &job, file, &mut stage).await;
            conclude_with(ports, &attempt, stage, sent).await?;
            match filled {
                Err(error) => error,
                Ok(()) => return Ok(()),
            }
        }
        Err(error @ TargetError::LostAnswer { .. }) => {
            let stage = Stage::NeverClosed;
            conclude_with(ports, &attempt, stage, sent).await?;
            error
        }
        // Every other error says that there is no job.
        Err(error) => {
            let now = ports.clock.now();
            ports.journal.end_attempt(run, id, &[], now)?;
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

/// Sends the file and lets Salesforce begin.
async fn fill<T: BulkTarget, J>(
    ports: &Ports<'_, T, J>,
    job: &BulkJobId,
    file: T::File,
    stage: &mut Stage,
) -> Result<(), TargetError> {
    ports.target.upload(job, file).await?;
    *stage = Stage::MayBeClosed;
    ports.target.close(job).await
}
