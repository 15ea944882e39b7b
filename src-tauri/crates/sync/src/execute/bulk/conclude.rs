//! What became of a job: asked of Salesforce, whether this process began it or an earlier one did.
//!
//! | the job | means | what is done |
//! |---|---|---|
//! | was never known | no file was sent | the rows are open; a job may stay empty in the org |
//! | waits for its file or to be closed | nothing is processed | it is aborted, the rows are open |
//! | is under way | rows are being written | its end is waited for |
//! | is over | each row is in its results | the results are taken; a row that is not there is read back |
//! | is gone (kept for 7 days) | nobody tells | the records are read back |
//!
//! A job that waits to be closed may be closed that very moment, by a call that is still on its way.
//! So after it was aborted its results are taken as well, unless nobody ever closed it.

use std::time::Duration;

use drawbridge_model::{Attempt, BulkJob, BulkJobId, BulkState, BulkTarget, Journal, TargetError};
use tokio::time::Instant;

use super::looks::Looks;
use super::results;
use crate::Error;
use crate::execute::batch::record;
use crate::execute::control::Wish;
use crate::execute::send::Sent;
use crate::execute::settle::{Lost, not_settled};
use crate::execute::verdict::Verdicts;
use crate::execute::{Ports, settle};

/// So long jobs under way are waited for when the run is to stop.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often looking is tried while the org cannot be reached, beside the client's own tries.
const TRIES: u32 = 4;

/// How far a job was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nobody asked Salesforce to begin.
    NeverClosed,
    /// Somebody did, or may have.
    MayBeClosed,
}

/// What a job turned out to be.
enum Found {
    /// Over, with results.
    Over {
        job: BulkJob,
        /// Somebody in the org stopped it while we waited.
        by_somebody: bool,
    },
    /// Nothing of it was processed.
    Nothing,
    /// Salesforce does not know it any more.
    Gone,
    /// Still under way; the run is to stop.
    UnderWay,
}

/// Finds out what became of an attempt of an earlier process, and closes it.
pub(in crate::execute) async fn conclude<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    sent: &mut Sent,
) -> Result<(), Error> {
    // How far the earlier process came is not known.
    let stage = Stage::MayBeClosed;
    conclude_with(ports, attempt, stage, sent).await
}

/// Finds out what became of an attempt, and closes it. If that fails the attempt stays open: the
/// run can be resumed and will look again.
pub(super) async fn conclude_with<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    stage: Stage,
    sent: &mut Sent,
) -> Result<(), Error> {
    let found = match &attempt.job {
        // An empty job may stand in the org. It does no harm, nothing in it tells whose it is, and
        // Salesforce takes it away after seven days: to abort one could hit somebody else's.
        None => Found::Nothing,
        Some(job) => {
            let found = follow(ports, attempt, job, stage).await;
            ports.under_way.forget(attempt.id, ports.reporter);
            found.map_err(|cause| not_settled(attempt, cause.into()))?
        }
    };
    match found {
        // The attempt closes without outcomes, and its rows stay open.
        Found::Nothing => record(ports, attempt, Verdicts::default(), sent).await,
        Found::Gone => {
            sent.outcomes
                .extend(settle::settle(ports, attempt, Lost::Job).await?);
            Ok(())
        }
        Found::UnderWay => {
            sent.left += 1;
            Ok(())
        }
        Found::Over { job, by_somebody } => {
            results::take(ports, attempt, &job, sent).await?;
            if by_somebody {
                return Err(Error::JobAborted { job: job.id.0 });
            }
            Ok(())
        }
    }
}

/// Looks at a job until it is over, and aborts it while nothing of it can have been processed.
async fn follow<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    id: &BulkJobId,
    stage: Stage,
) -> Result<Found, TargetError> {
    let rows = attempt.customers.len();
    let (mut looks, mut stopping) = (Looks::default(), Duration::ZERO);
    let began = Instant::now();
    let (mut aborted, mut was_under_way) = (0, false);
    loop {
        let job = match patiently(|| ports.target.job(id)).await {
            Ok(job) => job,
            Err(error) if is_gone(&error) => return Ok(Found::Gone),
            Err(error) => return Err(error),
        };
        ports
            .under_way
            .note(attempt.id, job.processed, rows, ports.reporter);
        ports.report_calls();
        match job.state {
            BulkState::Open => {
                // Refused where it was closed meanwhile: then the next look tells.
                match patiently(|| ports.target.abort(id)).await {
                    Ok(()) | Err(TargetError::Refused { .. }) if aborted < TRIES => aborted += 1,
                    Ok(()) => return Err(stays_open(id)),
                    Err(error) => return Err(error),
                }
                continue;
            }
            BulkState::Aborted if aborted > 0 && stage == Stage::NeverClosed => {
                return Ok(Found::Nothing);
            }
            BulkState::Aborted => {
                let by_somebody = was_under_way && aborted == 0;
                return Ok(Found::Over { job, by_somebody });
            }
            BulkState::JobComplete | BulkState::Failed => {
                let by_somebody = false;
                return Ok(Found::Over { job, by_somebody });
            }
            BulkState::UploadComplete | BulkState::InProgress => was_under_way = true,
        }
        let mut wait = looks.wait(began.elapsed(), count(job.processed), count(rows));
        if ports.control.wish() == Wish::Stop {
            if stopping >= PATIENCE {
                return Ok(Found::UnderWay);
            }
            wait = wait.min(Duration::from_secs(1));
            stopping += wait;
            tokio::time::sleep(wait).await;
        } else {
            ports.control.sleep(wait).await;
        }
    }
}

/// A job has ten thousand rows at most.
fn count(rows: impl TryInto<u32>) -> u32 {
    rows.try_into().unwrap_or(u32::MAX)
}

fn stays_open(id: &BulkJobId) -> TargetError {
    TargetError::Refused {
        call: "the end of a Bulk job".to_owned(),
        code: "job_stays_open".to_owned(),
        message: format!("job {} does not let itself be aborted", id.0),
    }
}

fn is_gone(error: &TargetError) -> bool {
    matches!(error, TargetError::Refused { code, .. }
        if matches!(code.as_str(), "NOT_FOUND" | "INVALIDJOB" | "ENTITY_IS_DELETED"))
}

/// Asks again while the org is busy or away. For calls that may be repeated.
pub(super) async fn patiently<A, F: Future<Output = Result<A, TargetError>>>(
    ask: impl Fn() -> F,
) -> Result<A, TargetError> {
    let mut tries = 0;
    loop {
        match ask().await {
            Err(
                TargetError::Busy { .. }
                | TargetError::Unreachable { .. }
                | TargetError::LostAnswer { .. },
            ) if tries + 1 < TRIES => {
                tokio::time::sleep(Duration::from_millis(500 << tries)).await;
                tries += 1;
            }
            other => return other,
        }
    }
}
