//! One call of sObject Collections: check, record the attempt, send once, record the outcomes. A
//! call that Salesforce refuses as a whole for what one record holds becomes several.

use std::collections::BTreeMap;
use std::time::Duration;

use drawbridge_model::{
    Action, Attempt, AttemptKind, Event, FieldName, Journal, LedgerError, PlanRow, Problem,
    RecordId, RowOutcome, Target, TargetError, Value, Way, WriteBatch, WriteKind, WriteRow,
};

use super::control::Wish;
use super::flight::Flight;
use super::send::Sent;
use super::settle::Lost;
use super::verdict::Verdicts;
use super::{Ports, calls, check, customers, settle};
use crate::Error;

/// Writes rows of one action, at most [`WriteBatch::MAX_ROWS`]. What is recorded is in `sent`,
/// also when it fails or is to stop; a row that is not there stays open.
pub(super) async fn write<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
    sent: &mut Sent,
) -> Result<(), Error> {
    let check::Checked { send, settled } = check::check(ports, rows).await?;
    ports.journal.put_outcomes(ports.input.run, &settled)?;
    sent.outcomes.extend(settled);
    let whole = send.len();
    let mut alone = Alone::default();
    // A call that is refused as a whole for what one record holds is halved down to that record.
    let mut waiting = vec![send];
    while let Some(mut batch) = waiting.pop() {
        let Some(first) = batch.first() else { continue };
        if batch.len() < whole {
            if ports.control.wish() != Wish::Go {
                return Ok(());
            }
            // Others may be under way beside this one.
            calls::refuse_too_few(ports, Flight::MOST - 1)?;
        }
        let kind = kind_of(first.action);
        let Some(refusal) = attempt(ports, kind, &batch, batch.len() == whole, sent).await? else {
            alone.through = true;
            continue;
        };
        if batch.len() > 1 {
            let right = batch.split_off(batch.len().div_ceil(2));
            waiting.extend([right, batch]);
        } else if alone.is_about_all() {
            return Err(refusal.into());
        } else if alone.refused >= ALONE {
            return Ok(());
        }
    }
    Ok(())
}

/// So many records may be refused alone in one call: a run that goes on meets the others again, and
/// the stop-loss looks at it before.
const ALONE: u32 = 20;
/// When so many records are refused alone and none goes through, it is not for what they hold.
const ABOUT_ALL: u32 = 3;

/// What halving a call came to so far.
#[derive(Default)]
struct Alone {
    /// Records refused in a call of their own.
    refused: u32,
    /// Whether any call went through.
    through: bool,
}

impl Alone {
    /// Counts a record more; gives whether none of them is to blame.
    fn is_about_all(&mut self) -> bool {
        self.refused += 1;
        !self.through && self.refused >= ABOUT_ALL
    }
}

/// One call with these rows, as an attempt. Gives why Salesforce refused the call as a whole, where
/// that may be for what one record holds: of a single record that is recorded as rejected, other
/// rows stay open.
async fn attempt<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    rows: &[PlanRow],
    is_whole: bool,
    sent: &mut Sent,
) -> Result<Option<TargetError>, Error> {
    let run = ports.input.run;
    let whose = customers(rows);
    let at = ports.clock.now();
    let id = ports
        .journal
        .begin_attempt(run, kind, Way::Collections, &whose, at)?;
    let attempt = Attempt {
        id,
        kind,
        way: Way::Collections,
        job: None,
        begun_at: at,
        customers: whose,
    };
    let answered = match kind {
        AttemptKind::Create | AttemptKind::Update => call(ports, kind, rows).await,
        AttemptKind::Delete => delete(ports, rows).await,
    };
    match answered {
        Ok(verdicts) => {
            if is_whole {
                sent.answered(&verdicts);
            }
            record(ports, &attempt, verdicts, sent).await?;
            Ok(None)
        }
        Err(TargetError::LostAnswer { reason, .. }) => {
            let rows = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            ports.reporter.report(Event::AnswerLost { rows, reason });
            let settled = settle::settle(ports, &attempt, Lost::Answer).await?;
            sent.outcomes.extend(settled);
            Ok(None)
        }
        // Every other error says that nothing was done: the attempt closes without outcomes, and
        // its rows stay open.
        Err(error) => {
            let mut verdicts = Verdicts::default();
            let of_one = about_one_record(&error);
            if let (Some(problem), [row]) = (&of_one, rows) {
                verdicts.reject(&row.customer, row.record.clone(), problem.clone());
            }
            record(ports, &attempt, verdicts, sent).await?;
            match of_one {
                Some(_) => Ok(Some(error)),
                None => Err(error.into()),
            }
        }
    }
}

/// What such codes begin with concerns every record of a call, and those of the next one: what the
/// user may do, what the org has, what was called (facts/salesforce.md §9).
const CONCERNS_ALL: [&str; 13] = [
    "API_",
    "BLOCKED",
    "FUNCTIONALITY_NOT_ENABLED",
    "INSUFFICIENT_ACCESS",
    "INVALID_SESSION",
    "INVALID_TYPE",
    "METHOD_NOT_ALLOWED",
    "NOT_FOUND",
    "OPERATION_NOT_ALLOWED",
    "REQUEST_LIMIT",
    "STORAGE_LIMIT",
    "TXN_SECURITY",
    "UNSUPPORTED_",
];

/// Why a call was refused as a whole, if that may be for what one of its records holds.
fn about_one_record(error: &TargetError) -> Option<Problem> {
    let TargetError::Refused { code, message, .. } = error else {
        return None;
    };
    let concerns_all = CONCERNS_ALL.iter().any(|begin| code.starts_with(begin));
    (!concerns_all).then(|| check::problem(code, message.clone()))
}

/// The one call that writes these rows.
async fn call<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    rows: &[PlanRow],
) -> Result<Verdicts, TargetError> {
    let batch = WriteBatch {
        sobject: ports.input.mapping.sobject.clone(),
        kind: write_kind(ports, kind),
        rows: rows.iter().map(|row| write_row(ports, kind, row)).collect(),
        allow_duplicates: ports.input.allow_duplicates,
    };
    let results = ports.target.write(&batch).await?;
    let mut verdicts = Verdicts::default();
    for (row, result) in rows.iter().zip(results) {
        verdicts.take(&batch.kind, &row.customer, row.record.clone(), result);
    }
    Ok(verdicts)
}

/// The one call that deletes these rows' records.
async fn delete<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<Verdicts, TargetError> {
    let ids: Vec<RecordId> = rows.iter().filter_map(|row| row.record.clone()).collect();
    let results = ports.target.delete(&ids).await?;
    let mut verdicts = Verdicts::default();
    for (row, result) in rows.iter().zip(results) {
        verdicts.take_deleted(row, result);
    }
    Ok(verdicts)
}

/// So long what is over waits for what is about to go out.
const COURTESY: Duration = Duration::from_secs(1);

/// Records what became of an attempt's rows and closes it.
pub(super) async fn record<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    mut verdicts: Verdicts,
    sent: &mut Sent,
) -> Result<(), Error> {
    verdicts
        .confirm(ports)
        .await
        .map_err(|cause| settle::not_settled(attempt, cause))?;
    let outcomes = end(ports, attempt, verdicts.outcomes).await?;
    if sent.outcomes.is_empty() {
        sent.outcomes = outcomes;
    } else {
        sent.outcomes.extend(outcomes);
    }
    sent.again.append(&mut verdicts.again);
    Ok(())
}

/// Closes an attempt with these outcomes, and gives them back.
async fn end<T, J: Journal>(
    ports: &Ports<'_, T, J>,
    attempt: &Attempt,
    outcomes: Vec<RowOutcome>,
) -> Result<Vec<RowOutcome>, LedgerError> {
    let (run, id, at) = (ports.input.run, attempt.id, ports.clock.now());
    let end = move |journal: &J| {
        journal.end_attempt(run, id, &outcomes, at)?;
        Ok(outcomes)
    };
    match attempt.way {
        Way::Collections => end(ports.journal),
        Way::Bulk => {
            let _one_by_one = ports.recording.lock().await;
            // The next job is on its way before the many rows of this one take the journal.
            let _ = tokio::time::timeout(COURTESY, ports.slots.all_gone_out()).await;
            ports.beside(end).await
        }
    }
}

/// What a call or job of such rows does.
pub(super) fn kind_of(action: Action) -> AttemptKind {
    match action {
        Action::Create => AttemptKind::Create,
        Action::Delete => AttemptKind::Delete,
        _ => AttemptKind::Update,
    }
}

/// How Salesforce is told so, in a call or a Bulk job. Nothing is ever deleted by a Bulk job.
pub(super) fn write_kind<T, J>(ports: &Ports<'_, T, J>, kind: AttemptKind) -> WriteKind {
    match kind {
        AttemptKind::Create => WriteKind::Upsert(ports.input.mapping.external_id.clone()),
        AttemptKind::Update | AttemptKind::Delete => WriteKind::Update,
    }
}

/// The row as it is sent.
pub(super) fn write_row<T, J>(
    ports: &Ports<'_, T, J>,
    kind: AttemptKind,
    row: &PlanRow,
) -> WriteRow {
    let mut values: BTreeMap<FieldName, Value> = row
        .writes()
        .map(|change| (change.field.clone(), change.after.clone()))
        .collect();
    if kind == AttemptKind::Create {
        let external_id = ports.input.mapping.external_id.clone();
        values.insert(external_id, Value::text(row.customer.as_str()));
    }
    WriteRow {
        customer: row.customer.clone(),
        record: row.record.clone(),
        values,
    }
}
