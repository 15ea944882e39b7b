//! A query as a table of text cells, for Bulk queries.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::cursors::row_ids;
use super::plan::{Plan, Records};
use super::source::Source;
use super::{now, planned};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{FieldType, Schema};
use crate::salesforce::values::{Shown, text_of};

/// The result of a query: the row ids, read in windows.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    source: Arc<Source>,
    records: Arc<Records>,
    rows: Arc<[i64]>,
}

/// Runs a query for its table. Errors are the query's own, or say what Bulk cannot do: grouping,
/// aggregates, OFFSET, child relationships and compound fields (facts/salesforce.md §6).
pub(crate) fn table(org: &Org, soql: &str, with_deleted: bool) -> Result<Table, CallError> {
    find(&org.schema, &org.db, soql, with_deleted, now(org))
}

fn find(
    schema: &Schema,
    db: &Connection,
    soql: &str,
    with_deleted: bool,
    now: Timestamp,
) -> Result<Table, CallError> {
    let refused = |text: &str| CallError::bad("FUNCTIONALITY_NOT_ENABLED", text);
    let tree = super::parser::parse(soql).map_err(|error| error.into_call(soql))?;
    let Plan::Records(records) = planned(schema, soql, with_deleted, now)? else {
        return Err(refused(
            "Aggregate functions and GROUP BY are not supported in Bulk Query",
        ));
    };
    if tree.offset.is_some() {
        return Err(refused("OFFSET is not supported in Bulk Query"));
    }
    if records.has_children {
        return Err(refused(
            "Aggregate Relationships not supported in Bulk Query",
        ));
    }
    if records.outputs.iter().any(|output| output.compound) {
        return Err(refused(
            "Selecting compound data not supported in Bulk Query",
        ));
    }
    let rows = row_ids(db, &records.find, None)?.into();
    let source = Source {
        soql: soql.to_owned(),
        with_deleted,
    };
    Ok(Table {
        source: Arc::new(source),
        records,
        rows,
    })
}

impl Table {
    /// The queried sObject.
    pub(crate) fn sobject(&self) -> &str {
        &self.records.sobject
    }

    /// The header, in the order of the select list: `Id`, `Account.Owner.Name`.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        self.records
            .outputs
            .iter()
            .map(|output| output.header.as_str())
    }

    /// How many rows the query found.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Hands each of at most `count` rows from `from` on to `each`, as text cells; none is null.
    /// Moments end in `Z`, as in Bulk results. Gives how many rows were left: those deleted for
    /// good since are skipped. Fails with the query's error when a field is gone or hidden by now.
    pub(crate) fn rows(
        &self,
        org: &Org,
        from: usize,
        count: usize,
        each: impl FnMut(&[Option<String>]),
    ) -> Result<usize, CallError> {
        self.source.check(&org.schema, &self.records, now(org))?;
        self.read(&org.db, from, count, each)
    }

    fn read(
        &self,
        db: &Connection,
        from: usize,
        count: usize,
        mut each: impl FnMut(&[Option<String>]),
    ) -> Result<usize, CallError> {
        let end = from.saturating_add(count).min(self.rows.len());
        let mut fetch = db.prepare_cached(&self.records.fetch)?;
        let mut given = 0;
        let mut cells = Vec::with_capacity(self.records.outputs.len());
        for id in self.rows.get(from..end).unwrap_or_default() {
            let mut found = fetch.query([id])?;
            let Some(row) = found.next()? else {
                continue;
            };
            cells.clear();
            for output in &self.records.outputs {
                cells.push(cell(output.kind, row.get_ref(output.position)?));
            }
            each(&cells);
            given += 1;
        }
        Ok(given)
    }
}

fn cell(kind: FieldType, value: ValueRef<'_>) -> Option<String> {
    let (Shown::Plain(text) | Shown::Quoted(text)) = text_of(kind, value)?;
    Some(match (kind, text.strip_suffix("+0000")) {
        (FieldType::DateTime, Some(moment)) => [moment, "Z"].concat(),
        _ => text.into_owned(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::salesforce::soql::Checker;

    fn found(org: &Checker, soql: &str, with_deleted: bool) -> Result<Table, CallError> {
        find(
            &org.schema,
            &org.db,
            soql,
            with_deleted,
            Timestamp::UNIX_EPOCH,
        )
    }

    fn filled() -> Checker {
        let org = Checker::new().unwrap();
        org.db
            .execute_batch(
                "INSERT INTO User (Id, Name) VALUES ('U1', 'Ana');
                 INSERT INTO Account (Id, Name, OwnerId, AnnualRevenue, IsDeleted, CreatedDate) VALUES
                   ('A1', 'One', 'U1', 15000, 0, '2026-01-31T12:34:56.000+0000'),
                   ('A2', 'Two', NULL, 350000000.0, 0, NULL), ('A3', 'Gone', NULL, NULL, 1, NULL)",
            )
            .unwrap();
        org
    }

    #[test]
    fn windows_of_text_cells() {
        let org = filled();
        let soql = "SELECT owner.name, Id, AnnualRevenue, IsDeleted, CreatedDate FROM Account ORDER BY Name";
        let table = found(&org, soql, false).unwrap();
        assert_eq!(table.sobject(), "Account");
        assert_eq!(
            table.headers().collect::<Vec<_>>(),
            [
                "Owner.Name",
                "Id",
                "AnnualRevenue",
                "IsDeleted",
                "CreatedDate"
            ]
        );
        assert_eq!(table.len(), 2);
        let mut rows: Vec<Vec<Option<String>>> = Vec::new();
        for from in [0, 1, 2] {
            table
                .read(&org.db, from, 1, |cells| rows.push(cells.to_vec()))
                .unwrap();
        }
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            rows,
            [
                vec![
                    text("Ana"),
                    text("A1"),
                    text("15000.0"),
                    text("false"),
                    text("2026-01-31T12:34:56.000Z")
                ],
                vec![None, text("A2"), text("3.5E8"), text("false"), None],
            ]
        );
        assert_eq!(found(&org, soql, true).unwrap().len(), 3);
    }

    #[test]
    fn what_bulk_cannot_do_is_refused() {
        let org = filled();
        for soql in [
            "SELECT count() FROM Account",
            "SELECT COUNT(Id) FROM Account",
            "SELECT Name FROM Account GROUP BY Name",
            "SELECT Id FROM Account OFFSET 1",
            "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
            "SELECT Id, Owner.Name, BillingAddress FROM Account",
        ] {
            let error = found(&org, soql, false).unwrap_err();
            assert_eq!(error.code, "FUNCTIONALITY_NOT_ENABLED", "{soql}");
        }
    }
}
