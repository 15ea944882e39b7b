//! Undoing a run: a plan that puts back what stood in each field before, where nobody has changed
//! it since. It is reviewed and run like any other plan, so it can be undone as well. Records the
//! run created stay, unless a person wants them deleted: then those go that nobody else saved since
//! and that nothing hangs on. A deletion cannot be undone from here.

mod children;
mod deletion;

use std::collections::HashMap;

use drawbridge_model::{
    Action, Change, CustomerId, Decision, Deed, Describe, Drift, Environment, Event, FieldName,
    Journal, MOST_BY_ID, Mapping, OrgIdentity, Phase, PlanId, PlanRow, Reason, Record, RecordId,
    Reporter, RunId, SObjectName, Target, Written,
};

use crate::Error;
use crate::execute::{refuse_other_org, who_saved_last};
use crate::mapping::same;
use crate::matching::parent_field;
use crate::plan::{Summary, Tally, name_later_run, name_runs};

pub(crate) use children::Children;

/// What an undo is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Number of the plan; its rows go into the journal under it.
    pub plan: PlanId,
    /// The run to undo.
    pub run: RunId,
    /// The mapping the run was made with.
    pub mapping: &'a Mapping,
    /// The org its connection is pinned to. A refreshed sandbox is another org, and is refused.
    pub pinned: &'a OrgIdentity,
    /// What the connection's label says the org is.
    pub environment: Environment,
    /// Whether records the run created are to be deleted.
    pub delete_created: bool,
}

/// Makes the plan. Nothing is written.
pub async fn make<T: Target, J: Journal>(
    input: Input<'_>,
    target: &T,
    journal: &J,
    reporter: &dyn Reporter,
) -> Result<Summary, Error> {
    let identity = refuse_other_org(input.pinned, input.environment, target).await?;
    let describe = target.describe(&input.mapping.sobject).await?;
    for phase in [Phase::Read, Phase::Plan] {
        reporter.report(Event::PhaseStarted { phase, total: None });
    }
    let mut tally = Tally::default();
    let mut restored = 0_u32;
    let mut after: Option<Written> = None;
    let children = Children::default();
    loop {
        let chunk = journal.written(input.run, after.as_ref(), MOST_BY_ID)?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.clone());
        let mut rows = rows(&input, target, journal, &describe, &chunk).await?;
        keep_parents(target, &describe.sobject, &children, &mut rows).await?;
        for row in &mut rows {
            name_runs(journal, input.plan, row)?;
        }
        for row in &rows {
            tally.add(row, None);
            restored += u32::from(row.action == Action::Update && row.is_written());
            reporter.report(Event::Planned(row.action));
        }
        journal.put_plan_rows(input.plan, &rows)?;
        for phase in [Phase::Read, Phase::Plan] {
            reporter.report(Event::PhaseAdvanced {
                phase,
                done: u64::from(tally.counts.total()),
            });
        }
        reporter.report(Event::ApiCalls {
            used: target.calls_made(),
            usage: target.usage(),
        });
    }
    let read = tally.counts.total();
    let planned = match (restored, tally.counts.delete) {
        (restored, 0) => format!("{restored} to restore"),
        (restored, deleted) => format!("{restored} to restore, {deleted} to delete"),
    };
    for (phase, detail) in [
        (Phase::Read, format!("{read} records")),
        (Phase::Plan, planned),
    ] {
        reporter.report(Event::PhaseFinished {
            phase,
            done: u64::from(read),
            detail: Some(detail),
        });
    }
    Ok(Summary {
        identity: Some(identity),
        ..tally.into_summary(read, read, target.usage(), describe)
    })
}

async fn rows<T: Target, J: Journal>(
    input: &Input<'_>,
    target: &T,
    journal: &J,
    describe: &Describe,
    chunk: &[Written],
) -> Result<Vec<PlanRow>, Error> {
    let ids: Vec<RecordId> = chunk.iter().map(|written| written.record.clone()).collect();
    let mut fields: Vec<FieldName> = Vec::new();
    for (field, ..) in chunk.iter().flat_map(|written| &written.fields) {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    fields.extend(parent_field(describe));
    if input.delete_created {
        let known = deletion::fields().into_iter();
        fields.extend(known.filter(|field| describe.field(field).is_some()));
    }
    let records = target.read_by_id(&ids, &fields, describe).await?;
    let now: HashMap<RecordId, Record> = records
        .into_iter()
        .map(|record| (record.id.clone(), record))
        .collect();
    let gone: Vec<RecordId> = ids.into_iter().filter(|id| !now.contains_key(id)).collect();
    let merged = merged_into(target, &describe.sobject, &gone).await?;
    let customers: Vec<CustomerId> = chunk.iter().map(|it| it.customer.clone()).collect();
    let names: HashMap<CustomerId, String> = journal
        .plan_rows(input.run, &customers)?
        .into_iter()
        .map(|row| (row.customer, row.name))
        .collect();
    let mut rows: Vec<PlanRow> = chunk
        .iter()
        .map(|written| {
            let name = names
                .get(&written.customer)
                .cloned()
                .unwrap_or_else(|| written.customer.to_string());
            let now = now.get(&written.record);
            let merged = merged.get(&written.record);
            row(written, name, now, merged, input.delete_created)
        })
        .collect();
    let we_saved = |record: &RecordId| {
        let by = now.get(record).and_then(|it| it.modified_by_id.as_ref());
        by == Some(&input.pinned.user_id)
    };
    for row in &mut rows {
        if row.record.as_ref().is_some_and(we_saved) {
            name_later_run(journal, input.plan, input.run, row)?;
        }
    }
    name_editors(target, describe, &mut rows).await?;
    Ok(rows)
}

/// The records that these were merged into. Nothing is asked when none is gone.
async fn merged_into<T: Target>(
    target: &T,
    sobject: &SObjectName,
    gone: &[RecordId],
) -> Result<HashMap<RecordId, RecordId>, Error> {
    let mut merged = HashMap::new();
    let mut cursor: Option<String> = None;
    while !gone.is_empty() {
        let page = target.gone(sobject, None, cursor.as_deref()).await?;
        let known = page.rows.into_iter().filter(|it| gone.contains(&it.id));
        merged.extend(known.filter_map(|it| Some((it.id, it.merged_into?))));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(merged)
}

/// An Account is not deleted while others hang on it: they would go with it.
async fn keep_parents<T: Target>(
    target: &T,
    sobject: &SObjectName,
    children: &Children,
    rows: &mut [PlanRow],
) -> Result<(), Error> {
    let deleted: Vec<RecordId> = rows
        .iter()
        .filter(|row| row.action == Action::Delete)
        .filter_map(|row| row.record.clone())
        .collect();
    let mut found = children.of(target, sobject, &deleted).await?;
    for row in rows.iter_mut().filter(|row| row.action == Action::Delete) {
        if let Some(children) = row.record.as_ref().and_then(|id| found.remove(id)) {
            row.action = Action::Blocked;
            row.reason = Some(Reason::HasChildren { children });
        }
    }
    Ok(())
}

/// Reading records by id does not tell who saved them.
async fn name_editors<T: Target>(
    target: &T,
    describe: &Describe,
    rows: &mut [PlanRow],
) -> Result<(), Error> {
    let edited: Vec<RecordId> = rows
        .iter()
        .filter(|row| {
            let drifted = row.changes.iter().any(|change| change.drift.is_some());
            drifted || matches!(row.reason, Some(Reason::SavedSince { .. }))
        })
        .filter_map(|row| row.record.clone())
        .collect();
    let names = who_saved_last(target, describe, &edited).await?;
    for row in rows {
        let by = row.record.as_ref().and_then(|id| names.get(id));
        for drift in row.changes.iter_mut().filter_map(|it| it.drift.as_mut()) {
            drift.by = drift.by.take().or_else(|| by.cloned());
        }
        if let Some(Reason::SavedSince { by: known, .. }) = &mut row.reason {
            *known = known.take().or_else(|| by.cloned());
        }
    }
    Ok(())
}

/// The undo of one record: what was written is replaced by what stood there before, and what
/// somebody edited since is held back. A record the run created stays, or is deleted where that is
/// wanted and nobody saved it since. One that is gone is left alone: what it was merged into holds
/// values of its own, which are not the run's.
pub fn row(
    written: &Written,
    name: String,
    now: Option<&Record>,
    merged_into: Option<&RecordId>,
    delete_created: bool,
) -> PlanRow {
    let mut row = PlanRow {
        customer: written.customer.clone(),
        name,
        action: Action::Skipped,
        record: Some(written.record.clone()),
        parent: now.and_then(Record::parent),
        matched_by: None,
        changes: Vec::new(),
        reason: None,
        seen: now.map(|record| record.modstamp),
        held: false,
    };
    let Some(record) = now else {
        row.reason = Some(match merged_into {
            Some(into) => Reason::MergedSince { into: into.clone() },
            None if written.deed == Deed::Deleted => Reason::DeletedByUndo,
            None => Reason::Gone,
        });
        return row;
    };
    if !written.certain {
        row.reason = Some(Reason::MaybeAnothers);
        return row;
    }
    if written.deed != Deed::Updated {
        return deletion::row(written, record, delete_created, row);
    }
    for (field, before, sent) in &written.fields {
        let held = record.value(field);
        if same(held, before) {
            continue;
        }
        let untouched = same(held, sent);
        row.changes.push(Change {
            field: field.clone(),
            before: held.clone(),
            after: before.clone(),
            base: Some(sent.clone()),
            decision: if untouched {
                Decision::Write
            } else {
                Decision::Hold
            },
            drift: (!untouched).then(|| Drift {
                by: record.modified_by.clone(),
                at: record.modified_at,
            }),
        });
    }
    row.action = if row.changes.is_empty() {
        Action::Unchanged
    } else {
        Action::Update
    };
    row
}
