//! An attempt whose answer was lost: reading back what became of it, before anything is sent again.

use std::time::Duration;

use drawbridge_model::{
    Attempt, AttemptKind, CustomerId, Journal, MOST_BY_ID, Outcome, PlanRow, Problem, Record,
    RecordId, RowOutcome, Target, TargetError,
};

use super::check::{find_created, holds, problem, read_records};
use super::{Ports, outcome};
use crate::Error;

/// Salesforce may still be at work on a call whose connection broke; so long it is given before
/// the second look.
const SECOND_LOOK: Duration = Duration::from_secs(2);
/// How often reading back is tried while the org cannot be reached.
const TRIES: u32 = 4;

/// Why nobody said what became of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// The answer to the call did not arrive.
    Answer,
    /// Salesforce does not know the Bulk job any more.
    Job,
    /// The results of the Bulk job leave them out.
    Results,
}

impl Lost {
    fn words(self) -> &'static str {
        match self {
            Self::Answer => "The answer was lost",
            Self::Job => "Salesforce does not know the Bulk job any more",
            Self::Results => "The results of the Bulk job leave the record out",
        }
    }
}

/// Reads back the attempt's rows, records what became of those that were written, and closes it.
/// Rows that were not written stay open. If reading back fails, the attempt stays open too: the
/// run can be resumed and will look again.
pub(super) async fn settle<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    lost: Lost,
) -> Result<Vec<RowOutcome>, Error> {
    let outcomes = read_back(ports, attempt.kind, &attempt.customers, lost)
        .await
        .map_err(|cause| not_settled(attempt, cause))?;
    let run = ports.input.run;
    ports
        .journal
        .end_attempt(run, attempt.id, &outcomes, ports.clock.now())?;
    Ok(outcomes)
}

/// An error of its own, so that nobody takes it for “nothing was done” and sends again.
pub(super) fn not_settled(attempt: &Attempt, cause: Error) -> Error {
    Error::NotSettled {
        rows: attempt.customers.len(),
        cause: Box::new(cause),
    }
}

/// What became of the rows of these customers, by what the org holds now. A row that was not
/// written has no outcome.
pub(super) async fn read_back<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    customers: &[CustomerId],
    lost: Lost,
) -> Result<Vec<RowOutcome>, Error> {
    let mut outcomes = Vec::new();
    let mut waited = false;
    for part in customers.chunks(MOST_BY_ID) {
        let rows = ports.journal.plan_rows(ports.input.run, part)?;
        let mut findings = look_patiently(ports, kind, &rows).await?;
        let not_there = |finding: &Finding| matches!(finding, Finding::NotThere);
        if !waited && findings.iter().any(not_there) {
            waited = true;
            tokio::time::sleep(SECOND_LOOK).await;
            findings = look_patiently(ports, kind, &rows).await?;
        }
        judge(kind, lost, &rows, findings, &mut outcomes);
    }
    Ok(outcomes)
}

fn judge(
    kind: AttemptKind,
    lost: Lost,
    rows: &[PlanRow],
    findings: Vec<Finding>,
    outcomes: &mut Vec<RowOutcome>,
) {
    for (row, finding) in rows.iter().zip(findings) {
        match finding {
            Finding::Done(record) => {
                let what = match kind {
                    AttemptKind::Create => Outcome::Created,
                    AttemptKind::Update => Outcome::Updated,
                    AttemptKind::Delete => Outcome::Deleted,
                };
                let doubt = (kind == AttemptKind::Create).then(found_again);
                outcomes.push(outcome(row, what, Some(record), doubt));
            }
            Finding::NotThere => {}
            Finding::Unclear(record) => {
                let now = match &record {
                    Some(_) => "the record now holds other values than were sent",
                    None => "the record can no longer be found",
                };
                let problem = problem("answer_lost", format!("{}, and {now}.", lost.words()));
                let record = record.map(|record| record.id);
                outcomes.push(outcome(row, Outcome::Unknown, record, Some(problem)));
            }
        }
    }
}

/// What is kept with a record that counts as created because it was found: whoever undoes the run
/// must not delete it, as somebody else may have made it.
pub(super) fn found_again() -> Problem {
    problem(
        "found_again",
        "The answer was lost. A record with this customer's external ID holds what was sent, and \
         counts as created."
            .to_owned(),
    )
}

enum Finding {
    /// The record holds what was sent, or is gone as it should be.
    Done(RecordId),
    /// The record stands as before the call.
    NotThere,
    /// Neither.
    Unclear(Option<Record>),
}

async fn look_patiently<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    rows: &[PlanRow],
) -> Result<Vec<Finding>, Error> {
    let mut tries = 0;
    loop {
        match look(ports, kind, rows).await {
            Err(Error::Target(
                TargetError::Busy { .. }
                | TargetError::Unreachable { .. }
                | TargetError::LostAnswer { .. },
            )) if tries + 1 < TRIES => {
                tokio::time::sleep(Duration::from_millis(500 << tries)).await;
                tries += 1;
            }
            other => return other,
        }
    }
}

async fn look<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    rows: &[PlanRow],
) -> Result<Vec<Finding>, Error> {
    match kind {
        AttemptKind::Create => {
            let mut found = find_created(ports, rows).await?;
            Ok(rows
                .iter()
                .map(|row| match found.remove(row.customer.as_str()) {
                    Some(record) if holds(&record, row) => Finding::Done(record.id),
                    Some(record) => Finding::Unclear(Some(record)),
                    None => Finding::NotThere,
                })
                .collect())
        }
        AttemptKind::Update => {
            let mut now = read_records(ports, rows).await?;
            Ok(rows
                .iter()
                .map(
                    |row| match row.record.as_ref().and_then(|id| now.remove(id)) {
                        Some(record) if row.seen == Some(record.modstamp) => Finding::NotThere,
                        Some(record) if holds(&record, row) => Finding::Done(record.id),
                        other => Finding::Unclear(other),
                    },
                )
                .collect())
        }
        AttemptKind::Delete => {
            let now = read_records(ports, rows).await?;
            Ok(rows
                .iter()
                .map(|row| match &row.record {
                    Some(id) if !now.contains_key(id) => Finding::Done(id.clone()),
                    // It stands: whether it stands as previewed is checked before the next call.
                    _ => Finding::NotThere,
                })
                .collect())
        }
    }
}
