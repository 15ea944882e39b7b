//! One batch: check, record the attempt, send once, record the outcomes.

use std::collections::BTreeMap;

use drawbridge_model::{
    Action, Attempt, AttemptKind, Event, FieldName, Journal, Outcome, PlanRow, RecordId,
    RowOutcome, RowResult, Target, TargetError, Value, WriteBatch, WriteKind, WriteRow, Written,
};

use super::{Ports, check, customers, outcome, settle};
use crate::Error;

/// Writes a batch of rows of one action and returns an outcome for every row that has one now. A
/// row without one stays open and is sent again.
pub(super) async fn write<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<Vec<RowOutcome>, Error> {
    let check::Checked { send, mut settled } = check::check(ports, rows).await?;
    ports.journal.put_outcomes(ports.input.run, &settled)?;
    let Some(first) = send.first() else {
        return Ok(settled);
    };
    let kind = match first.action {
        Action::Create => AttemptKind::Create,
        _ => AttemptKind::Update,
    };
    let run = ports.input.run;
    let sent = customers(&send);
    let id = ports
        .journal
        .begin_attempt(run, kind, &sent, ports.clock.now())?;
    match ports.target.write(&batch(ports, kind, &send)).await {
        Ok(results) => {
            let (outcomes, written) = read_results(&send, &results);
            ports
                .journal
                .end_attempt(run, id, &outcomes, &written, ports.clock.now())?;
            settled.extend(outcomes);
        }
        Err(TargetError::LostAnswer { reason, .. }) => {
            let rows = u32::try_from(send.len()).unwrap_or(u32::MAX);
            ports.reporter.report(Event::AnswerLost { rows, reason });
            let attempt = Attempt {
                id,
                kind,
                customers: sent,
            };
            settled.extend(settle::settle(ports, &attempt).await?);
        }
        // Every other error says that nothing was done: the attempt closes without outcomes, and
        // its rows stay open.
        Err(error) => {
            ports
                .journal
                .end_attempt(run, id, &[], &[], ports.clock.now())?;
            return Err(error.into());
        }
    }
    Ok(settled)
}

fn batch<T, J>(ports: &Ports<'_, T, J>, kind: AttemptKind, rows: &[PlanRow]) -> WriteBatch {
    let mapping = ports.input.mapping;
    WriteBatch {
        sobject: mapping.sobject.clone(),
        kind: match kind {
            AttemptKind::Create => WriteKind::Upsert(mapping.external_id.clone()),
            AttemptKind::Update => WriteKind::Update,
        },
        rows: rows
            .iter()
            .map(|row| WriteRow {
                customer: row.customer.clone(),
                record: row.record.clone(),
                values: values(row, kind, &mapping.external_id),
            })
            .collect(),
    }
}

fn values(row: &PlanRow, kind: AttemptKind, external_id: &FieldName) -> BTreeMap<FieldName, Value> {
    let mut values: BTreeMap<FieldName, Value> = row
        .writes()
        .map(|change| (change.field.clone(), change.after.clone()))
        .collect();
    if kind == AttemptKind::Create {
        values.insert(external_id.clone(), Value::text(row.customer.as_str()));
    }
    values
}

fn read_results(rows: &[PlanRow], results: &[RowResult]) -> (Vec<RowOutcome>, Vec<Written>) {
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut written = Vec::new();
    for (row, result) in rows.iter().zip(results) {
        match result {
            RowResult::Written { record, created } => {
                let what = if *created {
                    Outcome::Created
                } else {
                    Outcome::Updated
                };
                outcomes.push(outcome(row, what, Some(record.clone()), None));
                written.push(what_was_written(row, record));
            }
            RowResult::Refused(problem) => {
                let record = row.record.clone();
                outcomes.push(outcome(
                    row,
                    Outcome::Rejected,
                    record,
                    Some(problem.clone()),
                ));
            }
        }
    }
    (outcomes, written)
}

pub(super) fn what_was_written(row: &PlanRow, record: &RecordId) -> Written {
    Written {
        customer: row.customer.clone(),
        record: record.clone(),
        created: row.action == Action::Create,
        fields: row
            .writes()
            .map(|change| {
                (
                    change.field.clone(),
                    change.before.clone(),
                    change.after.clone(),
                )
            })
            .collect(),
    }
}
