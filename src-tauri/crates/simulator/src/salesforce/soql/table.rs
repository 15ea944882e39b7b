//! A query as a table of text cells, for Bulk queries.

use std::sync::Arc;

use rusqlite::params_from_iter;
use rusqlite::types::Value as Cell;

use super::ast::Select;
use super::parser::parse;
use super::sql::build;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::FieldType;
use crate::salesforce::values::java_double;

/// The result of a query.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    sobject: String,
    headers: Vec<String>,
    rows: Arc<Vec<Vec<Option<String>>>>,
}

/// Runs a query for its table. Errors are the query's own, or say what Bulk cannot do: grouping,
/// aggregates, OFFSET, child relationships and compound fields (facts/salesforce.md §6).
pub(crate) fn table(org: &Org, soql: &str, with_deleted: bool) -> Result<Table, CallError> {
    let refused = |text: &str| CallError::bad("FUNCTIONALITY_NOT_ENABLED", text);
    let tree = parse(soql).map_err(|error| error.into_call(soql))?;
    let statement =
        build(&org.schema, &tree, with_deleted).map_err(|error| error.into_call(soql))?;
    if matches!(tree.select, Select::Count) {
        return Err(refused(
            "Aggregate functions and GROUP BY are not supported in Bulk Query",
        ));
    }
    if tree.offset.is_some() {
        return Err(refused("OFFSET is not supported in Bulk Query"));
    }
    if statement
        .outputs
        .iter()
        .any(|output| output.kind == FieldType::Address)
    {
        return Err(refused(
            "Selecting compound data not supported in Bulk Query",
        ));
    }
    let headers = statement.outputs.iter().map(|output| {
        let mut path = output.parents.clone();
        path.push(output.name.clone());
        path.join(".")
    });
    let headers = headers.collect();
    let mut prepared = org.db.prepare_cached(&statement.sql)?;
    let mut found = prepared.query(params_from_iter(&statement.parameters))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cells: rusqlite::Result<Vec<Option<String>>> = statement
            .outputs
            .iter()
            .map(|output| Ok(text(output.kind, row.get(output.column)?)))
            .collect();
        rows.push(cells?);
    }
    Ok(Table {
        sobject: statement.sobject,
        headers,
        rows: Arc::new(rows),
    })
}

impl Table {
    /// The queried sObject.
    pub(crate) fn sobject(&self) -> &str {
        &self.sobject
    }

    /// The header, in the order of the select list: `Id`, `Account.Owner.Name`.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(String::as_str)
    }

    /// How many rows the query found.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Hands each of at most `count` rows from `from` on to `each`; gives how many there were.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a table that reads its rows when they are asked for can fail"
    )]
    pub(crate) fn rows(
        &self,
        _: &Org,
        from: usize,
        count: usize,
        mut each: impl FnMut(&[Option<String>]),
    ) -> Result<usize, CallError> {
        let window = self.rows.iter().skip(from).take(count);
        Ok(window.map(|cells| each(cells)).count())
    }
}

fn text(kind: FieldType, cell: Cell) -> Option<String> {
    Some(match (kind, cell) {
        (FieldType::Boolean, Cell::Integer(flag)) => (flag != 0).to_string(),
        (FieldType::Boolean, Cell::Null) => "false".to_owned(),
        (_, Cell::Integer(number)) => number.to_string(),
        (_, Cell::Real(number)) => java_double(number),
        (FieldType::DateTime, Cell::Text(text)) => match text.strip_suffix("+0000") {
            Some(moment) => [moment, "Z"].concat(),
            None => text,
        },
        (_, Cell::Text(text)) => text,
        (_, Cell::Null | Cell::Blob(_)) => return None,
    })
}
