//! The results of a job that is over: each row is found by its key, whatever their order.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use drawbridge_model::{
    Attempt, AttemptKind, BulkJob, BulkOutcome, BulkResults, BulkState, BulkTarget, BulkWrite,
    CustomerId, Journal, PlanRow, RecordId, TargetError,
};

use super::conclude::{LeftOut, patiently};
use crate::Error;
use crate::execute::batch::{record, write_kind};
use crate::execute::send::{Sent, in_our_words};
use crate::execute::settle::{Lost, not_settled};
use crate::execute::verdict::{Again, Verdicts};
use crate::execute::{Ports, settle};

/// Plan rows read at a time.
const WINDOW: usize = 1_000;

/// Takes the results of a job that is over and closes its attempt. Rows Salesforce did not get to
/// stay open; rows of which it says nothing are read back.
pub(super) async fn take<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    job: &BulkJob,
    left_out: &LeftOut,
    sent: &mut Sent,
) -> Result<(), Error> {
    let in_file = attempt.customers.len() - left_out.len();
    let mut found = match read(ports, attempt.kind, job, in_file).await {
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
        for row in ports.journal.plan_rows(ports.input.run, customers)? {
            match key(attempt.kind, &row).and_then(|key| found.remove(key)) {
                Some(BulkOutcome::Processed(result)) => {
                    verdicts.take(&row, result, &ports.input.mapping.external_id);
                }
                Some(BulkOutcome::NotProcessed) => verdicts.again.push(Again {
                    customer: row.customer,
                    problem: in_our_words("job_failed", why.clone()),
                    apart: false,
                }),
                None => match left_out.get(&row.customer) {
                    Some(_) => leave_out(&mut verdicts, &row, left_out),
                    None => silent.push(row.customer),
                },
            }
        }
    }
    sent.answered(&verdicts);
    if job.state == BulkState::Failed && verdicts.written.is_empty() {
        sent.alike = Some(why);
    }
    if !silent.is_empty() {
        let (outcomes, written) = settle::read_back(ports, attempt.kind, &silent, Lost::Results)
            .await
            .map_err(|cause| not_settled(attempt, cause))?;
        verdicts.outcomes.extend(outcomes);
        verdicts.written.extend(written);
    }
    record(ports, attempt, verdicts, sent).await
}

/// Closes an attempt whose job processed nothing. Only rows that no job can take are dealt with.
pub(super) async fn nothing_done<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    left_out: &LeftOut,
    sent: &mut Sent,
) -> Result<(), Error> {
    let mut verdicts = Verdicts::default();
    let customers: Vec<CustomerId> = left_out.keys().cloned().collect();
    for row in ports.journal.plan_rows(ports.input.run, &customers)? {
        leave_out(&mut verdicts, &row, left_out);
    }
    record(ports, attempt, verdicts, sent).await
}

/// A row that is not in the file: a text a job would take for “clear this field” goes by a call of
/// Collections instead, which can say it.
fn leave_out(verdicts: &mut Verdicts, row: &PlanRow, left_out: &LeftOut) {
    let Some(problem) = left_out.get(&row.customer).cloned() else {
        return;
    };
    if problem.code == "clears_in_bulk" {
        verdicts.again.push(Again {
            customer: row.customer.clone(),
            problem,
            apart: true,
        });
    } else {
        verdicts.reject(row, problem);
    }
}

fn key(kind: AttemptKind, row: &PlanRow) -> Option<&str> {
    match kind {
        AttemptKind::Create => Some(row.customer.as_str()),
        AttemptKind::Update | AttemptKind::Delete => row.record.as_ref().map(RecordId::as_str),
    }
}

/// Every row the results tell of, by key. The three lists are asked for until all rows are found.
async fn read<T: BulkTarget, J>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    job: &BulkJob,
    rows: usize,
) -> Result<HashMap<String, BulkOutcome>, TargetError> {
    let write = BulkWrite {
        sobject: ports.input.mapping.sobject.clone(),
        kind: write_kind(ports, kind),
        fields: Vec::new(),
    };
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
            ports
                .target
                .results(&job.id, &write, which, collect)
                .await?;
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
