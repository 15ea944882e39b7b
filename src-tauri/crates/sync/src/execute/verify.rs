//! After writing: reading back what was written.

use std::collections::HashMap;

use drawbridge_model::{
    CustomerId, Deed, Describe, Event, FieldName, Journal, Phase, Problem, Record, RecordId,
    Target, Value, WriteBatch, Written,
};

use super::{Ports, calls};
use crate::Error;
use crate::mapping::same;

/// Calls under way at a time.
const AT_A_TIME: usize = 3;

/// How far reading back has come.
#[derive(Default)]
pub(super) struct ReadBack {
    after: Option<CustomerId>,
    /// Records read back.
    pub(super) verified: u32,
    /// Records that hold other values than were sent: a trigger or a person changed them, or they
    /// are gone; and records that were deleted and are there again.
    pub(super) differs: u32,
    /// How each of them differs.
    differing: Vec<(CustomerId, Problem)>,
}

/// Reads back every record the run wrote, from where `done` stands. Gives whether it came to its
/// end; otherwise a person stopped it.
pub(super) async fn verify<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    done: &mut ReadBack,
) -> Result<bool, Error> {
    ports.reporter.report(Event::PhaseStarted {
        phase: Phase::Verify,
        total: None,
    });
    loop {
        if !ports.control.goes_on(ports.reporter).await {
            return Ok(false);
        }
        calls::refuse_too_few(ports, AT_A_TIME)?;
        let rows = WriteBatch::MAX_ROWS * AT_A_TIME;
        let written = ports
            .journal
            .written(ports.input.run, done.after.as_ref(), rows)?;
        let Some(last) = written.last() else { break };
        let differ = futures::future::try_join_all(
            written
                .chunks(WriteBatch::MAX_ROWS)
                .map(|part| read_part(ports, part)),
        )
        .await?;
        done.verified += u32::try_from(written.len()).unwrap_or(u32::MAX);
        done.differing.extend(differ.into_iter().flatten());
        done.differs = u32::try_from(done.differing.len()).unwrap_or(u32::MAX);
        done.after = Some(last.customer.clone());
        ports.reporter.report(Event::PhaseAdvanced {
            phase: Phase::Verify,
            done: u64::from(done.verified),
        });
        ports.report_calls();
    }
    ports
        .journal
        .note_differing(ports.input.run, &done.differing)?;
    let ReadBack {
        verified, differs, ..
    } = *done;
    let detail = match differs {
        0 => format!("{verified} read back as sent"),
        _ => format!("{differs} of {verified} read back differently"),
    };
    ports.reporter.report(Event::PhaseFinished {
        phase: Phase::Verify,
        done: u64::from(verified),
        detail: Some(detail),
    });
    Ok(true)
}

/// Those of these records that hold other values than were sent, and how they differ.
async fn read_part<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    written: &[Written],
) -> Result<Vec<(CustomerId, Problem)>, Error> {
    let ids: Vec<RecordId> = written.iter().map(|row| row.record.clone()).collect();
    let records = ports
        .target
        .read_by_id(&ids, &fields(written), ports.describe)
        .await?;
    let by_id: HashMap<_, _> = records
        .into_iter()
        .map(|record| (record.id.clone(), record))
        .collect();
    let mut differing = Vec::new();
    let mut saved = Vec::new();
    for row in written {
        let record = by_id.get(&row.record);
        if let Some(problem) = difference(ports.describe, row, record) {
            differing.push((row.customer.clone(), problem));
        } else if let Some(record) = record {
            saved.push((row, record.modstamp));
        }
    }
    // In a run that was resumed others may have saved a record before it is read back.
    if ports.input.counts.sent() == 0 && !saved.is_empty() {
        ports.journal.note_saved(ports.input.run, &saved)?;
    }
    Ok(differing)
}

/// How a record that was read back differs from what was sent.
fn difference(describe: &Describe, written: &Written, now: Option<&Record>) -> Option<Problem> {
    let (message, fields) = match (now, written.deed) {
        (None, Deed::Deleted) => return None,
        (Some(_), Deed::Deleted) => ("The record is there again.".to_owned(), Vec::new()),
        (None, Deed::Created | Deed::Updated) => (
            "The record is gone, or can no longer be seen.".to_owned(),
            Vec::new(),
        ),
        (Some(record), Deed::Created | Deed::Updated) => {
            let other: Vec<_> = written
                .fields
                .iter()
                .filter(|(field, _, sent)| !same(record.value(field), sent))
                .collect();
            if other.is_empty() {
                return None;
            }
            let told: Vec<String> = other
                .iter()
                .map(|(name, _, sent)| {
                    let label = describe.field(name).map_or(name.as_str(), |it| &it.label);
                    format!(
                        "{label}: sent {}, holds {}",
                        shown(sent),
                        shown(record.value(name))
                    )
                })
                .collect();
            let fields = other.iter().map(|(name, ..)| name.to_string()).collect();
            (format!("{}.", told.join("; ")), fields)
        }
    };
    Some(Problem {
        code: "read_back_differs".to_owned(),
        message,
        fields,
        twin: None,
    })
}

/// A value as a sentence can hold it.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    match value {
        Value::Text(text) if text.chars().count() > LONGEST => {
            let start: String = text.chars().take(LONGEST).collect();
            format!("“{start}…”")
        }
        Value::Text(text) => format!("“{text}”"),
        Value::Blank => "nothing".to_owned(),
        other => other.to_string(),
    }
}

fn fields(chunk: &[Written]) -> Vec<FieldName> {
    let mut fields: Vec<FieldName> = Vec::new();
    for (field, _, _) in chunk.iter().flat_map(|written| &written.fields) {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    fields
}
