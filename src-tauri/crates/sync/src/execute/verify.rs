//! After writing: reading back what was written.

use std::collections::HashMap;
use std::sync::Arc;

use drawbridge_model::{
    Cache, CustomerId, Deed, Describe, Event, FieldName, Journal, LedgerError, MOST_BY_ID, Phase,
    Problem, Record, RecordId, RunId, Target, Value, Written,
};

use super::keep::Kept;
use super::{Ports, agree, calls};
use crate::Error;
use crate::mapping::same;

/// How far reading back has come.
#[derive(Default)]
pub(super) struct ReadBack {
    after: Option<Written>,
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
pub(super) async fn verify<T: Target, J: Journal + Cache>(
    ports: &Ports<'_, T, J>,
    done: &mut ReadBack,
) -> Result<bool, Error> {
    ports.reporter.report(Event::PhaseStarted {
        phase: Phase::Verify,
        total: None,
    });
    let known = Arc::new(Known {
        run: ports.input.run,
        // In a run that was resumed others may have saved a record before it is read back.
        is_whole: ports.input.counts.sent() == 0,
        describe: ports.describe.clone(),
        kept: Kept::of(ports)?,
    });
    let mut ahead = read_part(ports, &known.kept, done.after.as_ref()).await?;
    loop {
        let part = match ahead {
            Ahead::Part(part) => part,
            Ahead::End => break,
            Ahead::Stopped => return Ok(false),
        };
        let last = part.written.last().cloned();
        // The next part is read while this one is compared.
        let following = read_part(ports, &known.kept, last.as_ref());
        let (read, known) = (part.written.len(), known.clone());
        let comparing = ports.beside(move |journal| known.compare(journal, part));
        let (following, differing) = futures::future::join(following, comparing).await;
        done.compared(ports, last, read, differing?);
        ahead = following?;
    }
    ports
        .journal
        .note_differing(ports.input.run, &done.differing)?;
    agree::agree(ports)?;
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

/// Rows that were written, and their records as they are now.
struct Part {
    written: Vec<Written>,
    records: HashMap<RecordId, Record>,
}

/// What reading on came to.
enum Ahead {
    Part(Part),
    /// Everything is read back.
    End,
    /// A person stopped the run.
    Stopped,
}

/// Reads back the next records of the run.
async fn read_part<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    kept: &Kept,
    after: Option<&Written>,
) -> Result<Ahead, Error> {
    if !ports.control.goes_on(ports.reporter).await {
        return Ok(Ahead::Stopped);
    }
    calls::refuse_too_few(ports, 1)?;
    let written = ports.journal.written(ports.input.run, after, MOST_BY_ID)?;
    if written.is_empty() {
        return Ok(Ahead::End);
    }
    let ids: Vec<RecordId> = written.iter().map(|row| row.record.clone()).collect();
    let fields = fields(&written, kept);
    let read = ports.target.read_by_id(&ids, &fields, ports.describe);
    let records = read.await?.into_iter();
    Ok(Ahead::Part(Part {
        written,
        records: records.map(|it| (it.id.clone(), it)).collect(),
    }))
}

impl ReadBack {
    /// Takes note of a part that was compared, and reports it.
    fn compared<T: Target, J>(
        &mut self,
        ports: &Ports<'_, T, J>,
        last: Option<Written>,
        read: usize,
        differing: Vec<(CustomerId, Problem)>,
    ) {
        self.differing.extend(differing);
        self.differs = u32::try_from(self.differing.len()).unwrap_or(u32::MAX);
        self.verified += u32::try_from(read).unwrap_or(u32::MAX);
        self.after = last;
        ports.reporter.report(Event::PhaseAdvanced {
            phase: Phase::Verify,
            done: u64::from(self.verified),
        });
        ports.report_calls();
    }
}

/// What is known of a run whose records are compared beside it.
struct Known {
    run: RunId,
    /// Whether all was written in one go.
    is_whole: bool,
    describe: Describe,
    kept: Kept,
}

impl Known {
    /// Gives those that hold other values than were sent, and keeps how all of them are now.
    fn compare<J: Journal + Cache>(
        &self,
        journal: &J,
        part: Part,
    ) -> Result<Vec<(CustomerId, Problem)>, LedgerError> {
        let Part { written, records } = part;
        let mut saved = Vec::new();
        let mut differing = Vec::new();
        for row in &written {
            let record = records.get(&row.record);
            if let Some(problem) = difference(&self.describe, row, record) {
                differing.push((row.customer.clone(), problem));
            } else if let Some(record) = record {
                saved.push((row, record.modstamp));
            }
        }
        if self.is_whole && !saved.is_empty() {
            journal.note_saved(self.run, &saved)?;
        }
        self.kept.keep(journal, &written, records.into_values())?;
        Ok(differing)
    }
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

/// What these rows wrote, and what a reading reads.
fn fields(chunk: &[Written], kept: &Kept) -> Vec<FieldName> {
    let mut fields: Vec<FieldName> = kept.fields().to_vec();
    for (field, _, _) in chunk.iter().flat_map(|written| &written.fields) {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    fields
}
