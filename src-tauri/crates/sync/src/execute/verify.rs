//! After writing: reading back what was written.

use std::collections::HashMap;

use drawbridge_model::{
    CustomerId, Event, FieldName, Journal, Phase, RecordId, Target, WriteBatch, Written,
};

use super::Ports;
use crate::Error;
use crate::mapping::same;

/// Reads back every record the run wrote. Returns how many were read, and how many differ from
/// what was sent (a trigger or a person changed them, or they are gone).
pub(super) async fn verify<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
) -> Result<(u32, u32), Error> {
    let (mut verified, mut differs) = (0_u32, 0_u32);
    ports.reporter.report(Event::PhaseStarted {
        phase: Phase::Verify,
        total: None,
    });
    let mut after: Option<CustomerId> = None;
    loop {
        let chunk = ports
            .journal
            .written(ports.input.run, after.as_ref(), WriteBatch::MAX_ROWS)?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.customer.clone());
        let ids: Vec<RecordId> = chunk.iter().map(|written| written.record.clone()).collect();
        let records = ports
            .target
            .read_by_id(&ids, &fields(&chunk), ports.describe)
            .await?;
        let by_id: HashMap<_, _> = records
            .into_iter()
            .map(|record| (record.id.clone(), record))
            .collect();
        for written in &chunk {
            verified += 1;
            let agrees = by_id.get(&written.record).is_some_and(|record| {
                written
                    .fields
                    .iter()
                    .all(|(field, _, sent)| same(record.value(field), sent))
            });
            if !agrees {
                differs += 1;
            }
        }
        ports.reporter.report(Event::PhaseAdvanced {
            phase: Phase::Verify,
            done: u64::from(verified),
        });
        ports.reporter.report(Event::ApiCalls {
            used: ports.target.calls_made(),
            usage: ports.target.usage(),
        });
    }
    let detail = match differs {
        0 => format!("{verified} read back as sent"),
        _ => format!("{differs} of {verified} read back differently"),
    };
    ports.reporter.report(Event::PhaseFinished {
        phase: Phase::Verify,
        done: u64::from(verified),
        detail: Some(detail),
    });
    Ok((verified, differs))
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
