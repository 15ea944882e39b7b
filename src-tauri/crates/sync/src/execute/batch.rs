//! One call of sObject Collections: check, record the attempt, send once, record the outcomes.

use std::collections::BTreeMap;

use drawbridge_model::{
    Action, Attempt, AttemptKind, Event, FieldName, Journal, PlanRow, RecordId, Target,
    TargetError, Value, Way, WriteBatch, WriteKind, WriteRow,
};

use super::send::Sent;
use super::verdict::Verdicts;
use super::{Ports, check, customers, settle};
use crate::Error;

/// Writes rows of one action, at most [`WriteBatch::MAX_ROWS`]. What is recorded is in `sent`,
/// also when it fails; a row that is not there stays open.
pub(super) async fn write<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
    sent: &mut Sent,
) -> Result<(), Error> {
    let check::Checked { send, settled } = check::check(ports, rows).await?;
    ports.journal.put_outcomes(ports.input.run, &settled)?;
    sent.outcomes.extend(settled);
    let Some(first) = send.first() else {
        return Ok(());
    };
    let kind = kind_of(first.action);
    let run = ports.input.run;
    let whose = customers(&send);
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
        AttemptKind::Create | AttemptKind::Update => call(ports, kind, &send).await,
        AttemptKind::Delete => delete(ports, &send).await,
    };
    match answered {
        Ok(verdicts) => {
            sent.answered(&verdicts);
            record(ports, &attempt, verdicts, sent).await
        }
        Err(TargetError::LostAnswer { reason, .. }) => {
            let rows = u32::try_from(send.len()).unwrap_or(u32::MAX);
            ports.reporter.report(Event::AnswerLost { rows, reason });
            sent.outcomes.extend(settle::settle(ports, &attempt).await?);
            Ok(())
        }
        // Every other error says that nothing was done: the attempt closes without outcomes, and
        // its rows stay open.
        Err(error) => {
            let now = ports.clock.now();
            ports.journal.end_attempt(run, id, &[], &[], now)?;
            Err(error.into())
        }
    }
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
    };
    let results = ports.target.write(&batch).await?;
    let mut verdicts = Verdicts::default();
    for (row, result) in rows.iter().zip(results) {
        verdicts.take(row, result, &ports.input.mapping.external_id);
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
    ports.journal.end_attempt(
        ports.input.run,
        attempt.id,
        &verdicts.outcomes,
        &verdicts.written,
        ports.clock.now(),
    )?;
    sent.outcomes.append(&mut verdicts.outcomes);
    sent.again.append(&mut verdicts.again);
    Ok(())
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
