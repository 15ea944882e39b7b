//! The life of one job: recorded, created, filled, closed. Whatever goes wrong on the way, what
//! became of it is asked of the job itself.

use drawbridge_model::{
    Attempt, AttemptKind, BulkJobId, BulkTarget, CustomerId, Event, Journal, LedgerError,
    TargetError, Way,
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
    let whose = rows.into_iter().map(|row| row.customer).collect();
    let (attempt, begun) = begin(ports, kind, whose).await?;
    if let Some(slot) = &mut sent.slot {
        slot.gone_out();
    }
    let failed = match begun {
        Ok(job) => {
            let mut stage = Stage::NeverClosed;
            let filled = fill(ports, &job, file, &mut stage).await;
            conclude_with(ports, &attempt, stage, sent).await?;
            match filled {
                Err(Error::Target(error)) => error,
                ended => return ended,
            }
        }
        Err(error @ TargetError::LostAnswer { .. }) => {
            let stage = Stage::NeverClosed;
            conclude_with(ports, &attempt, stage, sent).await?;
            error
        }
        // Every other error says that there is no job.
        Err(error) => {
            let (run, now) = (ports.input.run, ports.clock.now());
            ports.journal.end_attempt(run, attempt.id, &[], now)?;
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

/// Records the attempt, has Salesforce create its job, and records which that is.
async fn begin<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    whose: Vec<CustomerId>,
) -> Result<(Attempt, Result<BulkJobId, TargetError>), Error> {
    let (run, at) = (ports.input.run, ports.clock.now());
    let note = move |journal: &J| {
        let id = journal.begin_attempt(run, kind, Way::Bulk, &whose, at)?;
        Ok::<_, LedgerError>(Attempt {
            id,
            kind,
            way: Way::Bulk,
            job: None,
            begun_at: at,
            customers: whose,
        })
    };
    let mut attempt = ports.beside(note).await?;
    let begun = ports.target.begin_bulk(&bulk_write(ports, kind)).await;
    if let Ok(job) = &begun {
        attempt.job = Some(job.clone());
        let (id, job) = (attempt.id, job.clone());
        let note = move |journal: &J| journal.set_attempt_job(run, id, &job);
        ports.beside(note).await?;
    }
    Ok((attempt, begun))
}

/// Sends the file and lets Salesforce begin, unless somebody switched the org to read-only while the
/// file went out.
async fn fill<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    job: &BulkJobId,
    file: T::File,
    stage: &mut Stage,
) -> Result<(), Error> {
    ports.target.upload(job, file).await?;
    ports.journal.may_send(ports.input.run)?;
    *stage = Stage::MayBeClosed;
    Ok(ports.target.close(job).await?)
}
