//! Writes one row of an ingest job.

use std::collections::HashSet;

use crate::salesforce::bulk::columns::Row;
use crate::salesforce::collections;
use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::org::Org;
use crate::salesforce::write::Written;

/// What an ingest job does with its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Insert,
    Update,
    Upsert,
    Delete,
    HardDelete,
}

impl Operation {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [
            Self::Insert,
            Self::Update,
            Self::Upsert,
            Self::Delete,
            Self::HardDelete,
        ]
        .into_iter()
        .find(|operation| operation.name() == name)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Upsert => "upsert",
            Self::Delete => "delete",
            Self::HardDelete => "hardDelete",
        }
    }
}

/// What is the same for all rows of a job.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) operation: Operation,
    pub(crate) sobject: String,
    /// The external id field of an upsert.
    pub(crate) key: Option<String>,
}

/// Writes a row inside the transaction of its chunk; `seen` holds the chunk's keys so far.
pub(crate) fn write(
    org: &mut Org,
    order: &Order,
    row: Row,
    seen: &mut HashSet<String>,
) -> Result<Written, RowError> {
    if let Some(refused) = row.refused {
        return Err(refused);
    }
    let sobject = order.sobject.as_str();
    match order.operation {
        Operation::Insert if row.id.is_some() => Err(RowError::new(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "cannot specify Id in an insert call",
            &["Id"],
        )),
        Operation::Insert => create(org, sobject, &row),
        Operation::Update => {
            let id = given(row.id.as_deref(), "an update")?;
            once(seen, id)?;
            update(org, sobject, id, &row)
        }
        Operation::Upsert => upsert(org, order, row, seen),
        Operation::Delete | Operation::HardDelete => {
            let id = given(row.id.as_deref(), "a delete")?;
            once(seen, id)?;
            let id = org.delete_signed_in(sobject, id)?;
            if order.operation == Operation::HardDelete {
                let sql = format!("DELETE FROM \"{sobject}\" WHERE Id = ?1");
                org.db.prepare_cached(&sql)?.execute([&id])?;
            }
            Ok(Written { id, created: false })
        }
    }
}

fn given<'a>(id: Option<&'a str>, call: &str) -> Result<&'a str, RowError> {
    id.ok_or_else(|| {
        RowError::new(
            "MISSING_ARGUMENT",
            format!("Id not specified in {call} call"),
            &[],
        )
    })
}

/// Refuses the second row of a chunk about one record.
fn once(seen: &mut HashSet<String>, id: &str) -> Result<(), RowError> {
    let short = id.get(..15).unwrap_or(id).to_owned();
    if seen.insert(short) {
        return Ok(());
    }
    Err(RowError::new(
        "DUPLICATE_VALUE",
        format!("duplicate id in list: {id}"),
        &[],
    ))
}

fn create(org: &mut Org, sobject: &str, row: &Row) -> Result<Written, RowError> {
    let writer = org.signed_in();
    let object = org.schema.object(sobject).ok_or_else(gone)?;
    let checked = org
        .check(object, &row.values, true, &writer)
        .map_err(of_row)??;
    org.create(sobject, checked, &writer)
}

fn update(org: &mut Org, sobject: &str, id: &str, row: &Row) -> Result<Written, RowError> {
    let writer = org.signed_in();
    let object = org.schema.object(sobject).ok_or_else(gone)?;
    let checked = org
        .check(object, &row.values, false, &writer)
        .map_err(of_row)??;
    org.update(sobject, id, checked, &writer)
}

fn upsert(
    org: &mut Org,
    order: &Order,
    mut row: Row,
    seen: &mut HashSet<String>,
) -> Result<Written, RowError> {
    let sobject = order.sobject.as_str();
    let key = order.key.as_deref().unwrap_or("Id");
    if key.eq_ignore_ascii_case("Id") {
        return match row.id.take() {
            Some(id) => {
                once(seen, &id)?;
                update(org, sobject, &id, &row)
            }
            None => create(org, sobject, &row),
        };
    }
    if row.id.is_some() {
        return Err(RowError::new(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            format!("cannot specify Id in an upsert call by {key}"),
            &["Id"],
        ));
    }
    let writer = org.signed_in();
    collections::upsert_row(org, row.values, (sobject, key), &writer, seen).map_err(of_row)?
}

fn gone() -> RowError {
    RowError::new("INVALID_TYPE", "sObject type is not supported.", &[])
}

/// An error that would fail a whole REST call fails only its row here.
fn of_row(error: CallError) -> RowError {
    let fields = error.fields.unwrap_or_default();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    RowError::new(&error.code, error.message, &fields)
}

/// The error cell of a failed row: `CODE:message:Field1, Field2 --`, without fields
/// `CODE:message:--`.
pub(crate) fn error_cell(error: &RowError) -> String {
    let (code, message) = (&error.status_code, &error.message);
    if error.fields.is_empty() {
        return format!("{code}:{message}:--");
    }
    format!("{code}:{message}:{} --", error.fields.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_cells() {
        let error = RowError::new("A", "b c", &["X", "Y"]);
        assert_eq!(error_cell(&error), "A:b c:X, Y --");
        assert_eq!(error_cell(&RowError::new("A", "b", &[])), "A:b:--");
    }
}
