//! After writing: reading back what was written.

use std::collections::HashMap;

use drawbridge_model::{
    CustomerId, Deed, Event, FieldName, Journal, Phase, RecordId, Target, WriteBatch, Written,
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
        let differ: Vec<u32> = futures::future::try_join_all(
            written
                .chunks(WriteBatch::MAX_ROWS)
                .map(|part| read_part(ports, part)),
        )
        .await?;
        done.verified += u32::try_from(written.len()).unwrap_or(u32::MAX);
        done.differs += differ.iter().sum::<u32>();
        done.after = Some(last.customer.clone());
        ports.reporter.report(Event::PhaseAdvanced {
            phase: Phase::Verify,
            done: u64::from(done.verified),
        });
        ports.report_calls();
    }
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

/// How many of these records hold other values than were sent.
async fn read_part<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    written: &[Written],
) -> Result<u32, Error> {
    let ids: Vec<RecordId> = written.iter().map(|row| row.record.clone()).collect();
    let records = ports
        .target
        .read_by_id(&ids, &fields(written), ports.describe)
        .await?;
    let by_id: HashMap<_, _> = records
        .into_iter()
        .map(|record| (record.id.clone(), record))
        .collect();
    let mut agree = 0;
    let mut saved = Vec::new();
    for row in written {
        match (by_id.get(&row.record), row.deed) {
            (None, Deed::Deleted) => agree += 1,
            (Some(record), Deed::Created | Deed::Updated)
                if row
                    .fields
                    .iter()
                    .all(|(field, _, sent)| same(record.value(field), sent)) =>
            {
                agree += 1;
                saved.push((row, record.modstamp));
            }
            _ => {}
        }
    }
    // In a run that was resumed others may have saved a record before it is read back.
    if ports.input.counts.sent() == 0 && !saved.is_empty() {
        ports.journal.note_saved(ports.input.run, &saved)?;
    }
    Ok(u32::try_from(written.len() - agree).unwrap_or(u32::MAX))
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
