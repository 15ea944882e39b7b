//! Before a batch goes out: which of its rows still stand as they were previewed.

use std::collections::{BTreeMap, HashMap};

use drawbridge_model::{
    Action, Describe, FieldName, Journal, Outcome, PlanRow, Problem, ReadQuery, Record, RecordId,
    RowOutcome, Target, Value,
};

use super::{Ports, outcome};
use crate::Error;
use crate::mapping::same;

/// Rows that may be sent, and outcomes of those that may not.
pub(super) struct Checked {
    pub(super) send: Vec<PlanRow>,
    pub(super) settled: Vec<RowOutcome>,
}

/// Reads the batch's records as they are now and holds back what changed since the preview.
pub(super) async fn check<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<Checked, Error> {
    match rows.first().map(|row| row.action) {
        Some(Action::Create) => check_new(ports, rows).await,
        Some(Action::Delete) => check_deleted(ports, rows).await,
        _ => check_existing(ports, rows).await,
    }
}

/// A record is deleted only as it was previewed: not saved since, and with nothing hanging on it.
async fn check_deleted<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<Checked, Error> {
    let mut checked = check_standing(ports, rows, |row, now| {
        now.is_none().then(|| {
            let problem = problem(
                "gone_already",
                "Somebody else deleted the record after the preview. Nothing was sent.".to_owned(),
            );
            outcome(row, Outcome::Unchanged, None, Some(problem))
        })
    })
    .await?;
    let ids: Vec<RecordId> = checked
        .send
        .iter()
        .filter_map(|row| row.record.clone())
        .collect();
    let children = ports
        .children
        .of(ports.target, &ports.describe.sobject, &ids)
        .await?;
    for row in checked.send.extract_if(.., |row| {
        row.record
            .as_ref()
            .is_some_and(|id| children.contains_key(id))
    }) {
        let has = row.record.as_ref().and_then(|id| children.get(id));
        let problem = problem(
            "has_children",
            format!(
                "{} came to hang on the record after the preview and would be deleted with it.",
                has.map_or("Another record", String::as_str)
            ),
        );
        let record = row.record.clone();
        checked
            .settled
            .push(outcome(&row, Outcome::Held, record, Some(problem)));
    }
    Ok(checked)
}

async fn check_existing<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<Checked, Error> {
    check_standing(ports, rows, |row, now| match now {
        Some(record) if holds(record, row) => {
            let id = Some(record.id.clone());
            Some(outcome(row, Outcome::Unchanged, id, None))
        }
        Some(_) => None,
        None => {
            let problem = problem(
                "record_gone",
                "The record was deleted or can no longer be seen.".to_owned(),
            );
            Some(outcome(row, Outcome::Held, None, Some(problem)))
        }
    })
    .await
}

/// Sends on the rows whose record was not saved since the preview. Of the others `settle` says what
/// became of them; those it leaves open changed, and are held.
async fn check_standing<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
    settle: impl Fn(&PlanRow, Option<&Record>) -> Option<RowOutcome>,
) -> Result<Checked, Error> {
    let now = read_records(ports, rows).await?;
    let mut checked = Checked {
        send: Vec::new(),
        settled: Vec::new(),
    };
    let mut changed: Vec<(&PlanRow, &RecordId)> = Vec::new();
    for row in rows {
        let record = row.record.as_ref().and_then(|id| now.get(id));
        if record.is_some_and(|record| row.seen == Some(record.modstamp)) {
            checked.send.push(row.clone());
        } else if let Some(settled) = settle(row, record) {
            checked.settled.push(settled);
        } else if let Some(id) = &row.record {
            changed.push((row, id));
        }
    }
    hold_changed(ports, &changed, &mut checked).await?;
    Ok(checked)
}

/// Holds rows back whose record somebody saved after the preview, and says who.
async fn hold_changed<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    changed: &[(&PlanRow, &RecordId)],
    checked: &mut Checked,
) -> Result<(), Error> {
    let ids: Vec<RecordId> = changed.iter().map(|(_, id)| (*id).clone()).collect();
    let names = who_saved_last(ports.target, ports.describe, &ids).await?;
    for (row, id) in changed {
        let by = names.get(id).map_or("Somebody", String::as_str);
        let problem = problem(
            "changed_since_preview",
            format!("{by} changed the record in Salesforce after the preview."),
        );
        checked.settled.push(outcome(
            row,
            Outcome::Held,
            Some((*id).clone()),
            Some(problem),
        ));
    }
    Ok(())
}

/// Names of the people who saved these records last. One more call, only where something changed.
pub(crate) async fn who_saved_last<T: Target>(
    target: &T,
    describe: &Describe,
    records: &[RecordId],
) -> Result<HashMap<RecordId, String>, Error> {
    if records.is_empty() {
        return Ok(HashMap::new());
    }
    let query = ReadQuery {
        sobject: describe.sobject.clone(),
        fields: Vec::new(),
        only: Some((
            FieldName::from("Id"),
            records.iter().map(ToString::to_string).collect(),
        )),
        not_blank: None,
        changed_since: None,
    };
    let mut names = HashMap::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = target.read(&query, describe, cursor.as_deref()).await?;
        names.extend(
            page.rows
                .into_iter()
                .filter_map(|record| Some((record.id, record.modified_by?))),
        );
        cursor = page.next;
        if cursor.is_none() {
            return Ok(names);
        }
    }
}

async fn check_new<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<Checked, Error> {
    let existing = find_created(ports, rows).await?;
    let mut checked = Checked {
        send: Vec::new(),
        settled: Vec::new(),
    };
    for row in rows {
        match existing.get(row.customer.as_str()) {
            None => checked.send.push(row.clone()),
            Some(record) if holds(record, row) => {
                let record = Some(record.id.clone());
                checked
                    .settled
                    .push(outcome(row, Outcome::Unchanged, record, None));
            }
            Some(record) => {
                let problem = problem(
                    "created_since_preview",
                    "A record with this customer's id appeared after the preview.".to_owned(),
                );
                let record = Some(record.id.clone());
                checked
                    .settled
                    .push(outcome(row, Outcome::Held, record, Some(problem)));
            }
        }
    }
    Ok(checked)
}

/// Whether a record holds everything the row would send.
pub(super) fn holds(record: &Record, row: &PlanRow) -> bool {
    row.writes()
        .all(|change| same(record.value(&change.field), &change.after))
}

/// The rows' records as they are now.
pub(super) async fn read_records<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<HashMap<RecordId, Record>, Error> {
    let ids: Vec<RecordId> = rows.iter().filter_map(|row| row.record.clone()).collect();
    let fields = Ports::<T, J>::fields_of(rows);
    let records = ports
        .target
        .read_by_id(&ids, &fields, ports.describe)
        .await?;
    Ok(records
        .into_iter()
        .map(|record| (record.id.clone(), record))
        .collect())
}

/// Records that carry the rows' customer ids in the external ID field, by customer id.
pub(super) async fn find_created<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<BTreeMap<String, Record>, Error> {
    let external_id: &FieldName = &ports.input.mapping.external_id;
    let mut fields = Ports::<T, J>::fields_of(rows);
    if !fields.contains(external_id) {
        fields.push(external_id.clone());
    }
    let ids = rows.iter().map(|row| row.customer.0.clone()).collect();
    let query = ReadQuery {
        sobject: ports.input.mapping.sobject.clone(),
        fields,
        only: Some((external_id.clone(), ids)),
        not_blank: None,
        changed_since: None,
    };
    let mut found = BTreeMap::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = ports
            .target
            .read(&query, ports.describe, cursor.as_deref())
            .await?;
        for record in page.rows {
            if let Value::Text(id) = record.value(external_id).clone() {
                found.insert(id, record);
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(found);
        }
    }
}

pub(super) fn problem(code: &str, message: String) -> Problem {
    Problem::new(code, message)
}
