//! The results of a job that is over: each row is found by its key, whatever their order.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use drawbridge_model::{
    Attempt, AttemptKind, BulkJob, BulkOutcome, BulkResults, BulkState, BulkTarget, BulkWrite,
    CustomerId, Journal, RecordId, TargetError,
};

use super::conclude::patiently;
use super::rows::bulk_write;
use crate::Error;
use crate::execute::batch::record;
use crate::execute::send::{Sent, in_our_words};
use crate::execute::settle::{Lost, not_settled};
use crate::execute::verdict::{Again, Verdicts};
use crate::execute::{Ports, settle};

/// Rows whose records are read at a time.
const WINDOW: usize = 1_000;

/// Takes the results of a job that is over and closes its attempt. Rows Salesforce did not get to
/// stay open; rows of which it says nothing are read back.
pub(super) async fn take<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    job: &BulkJob,
    sent: &mut Sent,
) -> Result<(), Error> {
    let write = bulk_write(ports, attempt.kind);
    let mut found = match read(ports, &write, job, attempt.customers.len()).await {
        Ok(found) => found,
        // A job that keeps no results: what became of its rows can still be read back.
        Err(TargetError::Refused { .. }) => HashMap::new(),
        Err(error) => return Err(not_settled(attempt, error.into())),
    };
    let mut verdicts = Verdicts::default();
    let mut silent: Vec<CustomerId> = Vec::new();
    let why = job.error.clone().unwrap_or_else(|| match job.state {
        BulkState::Aborted => "The Bulk job was aborted before it got to this row.".to_owned(),
        _ => "Salesforce did not get to this row.".to_owned(),
    });
    for customers in attempt.customers.chunks(WINDOW) {
        let records = ports.journal.planned_records(ports.input.run, customers)?;
        for (customer, record) in customers.iter().zip(records) {
            let key = match attempt.kind {
                AttemptKind::Create => Some(customer.as_str()),
                AttemptKind::Update | AttemptKind::Delete => record.as_ref().map(RecordId::as_str),
            };
            match key.and_then(|key| found.remove(key)) {
                Some(BulkOutcome::Processed(result)) => {
                    verdicts.take(&write.kind, customer, record, result);
                }
                Some(BulkOutcome::NotProcessed) => verdicts.again.push(Again {
                    customer: customer.clone(),
                    problem: in_our_words("job_failed", why.clone()),
                    apart: false,
                }),
                None => silent.push(customer.clone()),
            }
        }
    }
    sent.answered(&verdicts);
    let wrote_any = verdicts.outcomes.iter().any(|row| row.wrote().is_some());
    if job.state == BulkState::Failed && !wrote_any {
        sent.alike = Some(why);
    }
    if !silent.is_empty() {
        let outcomes = settle::read_back(ports, attempt.kind, &silent, Lost::Results)
            .await
            .map_err(|cause| not_settled(attempt, cause))?;
        verdicts.outcomes.extend(outcomes);
    }
    record(ports, attempt, verdicts, sent).await
}

/// Every row the results tell of, by key. The three lists are asked for until all rows are found.
async fn read<T: BulkTarget, J>(
    ports: &Ports<'_, T, J>,
    write: &BulkWrite,
    job: &BulkJob,
    rows: usize,
) -> Result<HashMap<String, BulkOutcome>, TargetError> {
    let mut found = HashMap::with_capacity(rows);
    for which in [
        BulkResults::Successful,
        BulkResults::Failed,
        BulkResults::Unprocessed,
    ] {
        if found.len() >= rows {
            break;
        }
        let part = patiently(|| async {
            // After an error the windows that came are forgotten with this list.
            let part = Mutex::new(Vec::new());
            let collect = |window| {
                part.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(window);
            };
            ports.target.results(&job.id, write, which, collect).await?;
            Ok(part.into_inner().unwrap_or_else(PoisonError::into_inner))
        })
        .await?;
        found.extend(
            part.into_iter()
                .map(|row: drawbridge_model::BulkRow| (row.key, row.outcome)),
        );
    }
    Ok(found)
}
