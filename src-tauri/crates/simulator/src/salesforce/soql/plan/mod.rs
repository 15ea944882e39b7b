//! Turns a query's tree into parameterised SQL and the shape of its answer.
//!
//! A query of records runs in two steps: `find` gives the row ids in their order, which is all that
//! is kept of a long result, and `fetch` reads one row when its page is asked for. Tables need row
//! ids, so an sObject is a table and not a view.

mod children;
mod filter;
mod groups;
mod records;
mod scope;
mod selection;
mod semi_join;
mod target;

use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::types::Value as Cell;
use rusqlite::{CachedStatement, Connection};

pub(crate) use groups::{GroupColumn, Groups};
pub(crate) use records::{Column, Member, Records, Shape};

use super::SoqlError;
use super::function::Function;
use super::tree::{Operand, Query, Selected};
use crate::salesforce::schema::{SObject, Schema};
use crate::salesforce::searched;

/// Largest OFFSET (facts/salesforce.md §4).
const MAX_OFFSET: u64 = 2000;

/// A statement and its parameters.
#[derive(Debug)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) parameters: Vec<Cell>,
}

impl Sql {
    /// The statement, with the indexes that help it.
    pub(crate) fn statement<'db>(
        &self,
        db: &'db Connection,
    ) -> rusqlite::Result<CachedStatement<'db>> {
        searched::index(db, &self.text)?;
        db.prepare_cached(&self.text)
    }
}

/// What is true for a query and all queries inside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    pub(crate) today: Date,
    pub(crate) with_deleted: bool,
}

/// How a query is answered.
#[derive(Debug)]
pub(crate) enum Plan {
    /// `SELECT count()`: one row with one number.
    Count {
        sobject: String,
        sql: Sql,
    },
    Groups(Groups),
    Records(Arc<Records>),
}

pub(crate) fn plan(schema: &Schema, query: &Query, context: Context) -> Result<Plan, SoqlError> {
    let context = Context {
        with_deleted: context.with_deleted || query.all_rows,
        ..context
    };
    if let [
        Selected::Operand {
            operand:
                Operand::Call {
                    function: Function::Count,
                    argument: None,
                    ..
                },
            alias: None,
        },
    ] = query.select.as_slice()
        && query.group.is_empty()
    {
        let (sobject, found) = records::find(schema, query, context)?;
        let text = format!("SELECT count(*) FROM ({})", found.text);
        let parameters = found.parameters;
        return Ok(Plan::Count {
            sobject,
            sql: Sql { text, parameters },
        });
    }
    let is_aggregate = query.select.iter().any(
        |selected| matches!(selected, Selected::Operand { operand, .. } if operand.is_aggregate()),
    );
    if is_aggregate || !query.group.is_empty() {
        return groups::plan(schema, query, context).map(Plan::Groups);
    }
    records::plan(schema, query, context).map(|records| Plan::Records(Arc::new(records)))
}

/// The condition that leaves out the recycle bin, where there is one.
fn live(object: &SObject, with_deleted: bool) -> Option<String> {
    (object.has_recycle_bin() && !with_deleted).then(|| "t0.\"IsDeleted\" = 0".to_owned())
}

/// `LIMIT … OFFSET …`, or nothing.
fn window(query: &Query) -> Result<String, SoqlError> {
    let offset = query.offset.unwrap_or_default();
    if offset > MAX_OFFSET {
        return Err(SoqlError {
            code: "NUMBER_OUTSIDE_VALID_RANGE",
            message: format!("Maximum SOQL offset allowed is {MAX_OFFSET}"),
            at: None,
        });
    }
    if query.limit.is_none() && offset == 0 {
        return Ok(String::new());
    }
    // SQLite reads a negative limit as none.
    let limit = query
        .limit
        .map_or_else(|| "-1".to_owned(), |limit| limit.to_string());
    Ok(format!(" LIMIT {limit} OFFSET {offset}"))
}

/// ` WHERE a AND b`, or nothing.
fn where_text(conditions: &[String]) -> String {
    if conditions.is_empty() {
        return String::new();
    }
    [" WHERE ", &conditions.join(" AND ")].concat()
}
