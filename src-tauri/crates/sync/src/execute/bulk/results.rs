//! The results of a job that is over: each row is found by its key, whatever their order.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use drawbridge_model::{
    Attempt, AttemptKind, BulkJob, BulkOutcome, BulkResults, BulkRow, BulkState, BulkTarget,
    BulkWrite, CustomerId, Journal, RecordId, TargetError,
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
    let why = job.error.clone().unwrap_or_else(|| match job.state {
        BulkState::Aborted => "The Bulk job was aborted before it got to this row.".to_owned(),
        _ => "Salesforce did not get to this row.".to_owned(),
    });
    let told = Mutex::new(Told::nothing_of(ports, attempt)?);
    match read(ports, &write, job, &why, &told).await {
        // A job that keeps no results: what became of its rows can still be read back.
        Ok(()) | Err(TargetError::Refused { .. }) => {}
        Err(error) => return Err(not_settled(attempt, error.into())),
    }
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (mut verdicts, silent) = told.by_customer();
    sent.answered(&verdicts);
    // The next job may go out, unless there is something to be seen from this one.
    if silent.is_empty() && verdicts.all_written() {
        sent.slot = None;
        tokio::task::yield_now().await;
    }
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

/// Reads what the results say, one list after the other, until all rows are told of.
async fn read<T: BulkTarget, J>(
    ports: &Ports<'_, T, J>,
    write: &BulkWrite,
    job: &BulkJob,
    why: &str,
    told: &Mutex<Told>,
) -> Result<(), TargetError> {
    let told = || told.lock().unwrap_or_else(PoisonError::into_inner);
    for which in [
        BulkResults::Successful,
        BulkResults::Failed,
        BulkResults::Unprocessed,
    ] {
        if told().waiting.is_empty() {
            break;
        }
        // A list that breaks off is read again from its beginning: what it told already is known.
        let take = |row| told().take(write, row, why);
        patiently(|| ports.target.results(&job.id, write, which, take)).await?;
    }
    Ok(())
}

/// What the results have told so far.
struct Told {
    /// Whose rows are not told of yet, by the key they are found by.
    waiting: HashMap<String, CustomerId>,
    /// Whose row has no key it could be found by.
    without_key: Vec<CustomerId>,
    verdicts: Verdicts,
}

impl Told {
    fn nothing_of<T, J: Journal>(
        ports: &Ports<'_, T, J>,
        attempt: &Attempt,
    ) -> Result<Self, Error> {
        let rows = attempt.customers.len();
        let mut told = Self {
            waiting: HashMap::with_capacity(rows),
            without_key: Vec::new(),
            verdicts: Verdicts::with_capacity(rows),
        };
        for customers in attempt.customers.chunks(WINDOW) {
            if attempt.kind == AttemptKind::Create {
                let by_id = customers.iter().map(|it| (it.0.clone(), it.clone()));
                told.waiting.extend(by_id);
                continue;
            }
            let records = ports.journal.planned_records(ports.input.run, customers)?;
            for (customer, record) in customers.iter().zip(records) {
                match record {
                    Some(record) => {
                        let key = record.as_str().to_owned();
                        told.waiting.insert(key, customer.clone());
                    }
                    None => told.without_key.push(customer.clone()),
                }
            }
        }
        Ok(told)
    }

    fn take(&mut self, write: &BulkWrite, row: BulkRow, why: &str) {
        let Some((key, customer)) = self.waiting.remove_entry(&row.key) else {
            return;
        };
        match row.outcome {
            BulkOutcome::Processed(result) => {
                let record = RecordId::parse(&key).ok().filter(|_| write.names_records());
                self.verdicts.take(&write.kind, &customer, record, result);
            }
            BulkOutcome::NotProcessed => self.verdicts.again.push(Again {
                customer,
                problem: in_our_words("job_failed", why.to_owned()),
                apart: false,
            }),
        }
    }

    /// What was told, and whose rows nothing was said of; both by customer.
    fn by_customer(self) -> (Verdicts, Vec<CustomerId>) {
        let mut verdicts = self.verdicts;
        verdicts
            .outcomes
            .sort_by(|a, b| a.customer.cmp(&b.customer));
        let mut silent = self.without_key;
        silent.extend(self.waiting.into_values());
        silent.sort();
        (verdicts, silent)
    }
}
