//! SOQL: text → tokens ([`lexer`]) → tree ([`parser`], [`tree`]) → parameterised SQL ([`plan`]) →
//! JSON ([`json`]), a page at a time ([`cursors`]).
//!
//! For other modules:
//! - `query(&mut Org, version, soql, with_deleted, page_size) -> Result<Reply, CallError>`, `more`
//!   and `columns` answer the REST calls;
//! - `table(&Org, soql, with_deleted) -> Result<Table, CallError>` runs a query for Bulk and refuses
//!   what Bulk cannot do. [`Table`] has `sobject()`, `headers()`, `len()` and
//!   `rows(&Org, from, count, |cells: &[Option<String>]| …) -> Result<usize, CallError>`, which reads
//!   a window of rows;
//! - `planned(&Schema, soql, with_deleted, now) -> Result<Plan, CallError>` only checks a query.

mod check;
mod columns;
mod cursors;
mod days;
mod function;
mod json;
mod lexer;
mod parser;
mod plan;
mod print;
mod run;
mod source;
mod table;
mod tree;

#[cfg(test)]
mod laws;

pub(crate) use check::Checker;
pub(crate) use columns::columns;
pub(crate) use cursors::Cursors as Locators;
pub(crate) use run::{PAGE, more, query};
pub(crate) use table::{Table, table};

use jiff::Timestamp;

use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::Schema;

/// The present moment of an org: what named days are counted from and locators grow old by.
fn now(org: &Org) -> Timestamp {
    org.clock.moment()
}

/// Reads and checks a query against a schema; named days are counted from the day of `now` in UTC.
pub(crate) fn planned(
    schema: &Schema,
    soql: &str,
    with_deleted: bool,
    now: Timestamp,
) -> Result<plan::Plan, CallError> {
    let context = plan::Context {
        today: now.to_zoned(jiff::tz::TimeZone::UTC).date(),
        with_deleted,
    };
    parser::parse(soql)
        .and_then(|tree| plan::plan(schema, &tree, context))
        .map_err(|error| error.into_call(soql))
}

/// A fault in a query, with the place it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SoqlError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Byte position in the query; `None` where Salesforce shows none.
    pub(crate) at: Option<usize>,
}

impl SoqlError {
    fn new(code: &'static str, message: impl Into<String>, at: usize) -> Self {
        Self {
            code,
            message: message.into(),
            at: Some(at),
        }
    }

    fn malformed(message: impl Into<String>) -> Self {
        Self {
            code: "MALFORMED_QUERY",
            message: message.into(),
            at: None,
        }
    }

    /// The error as Salesforce answers it: the query line, a caret, row and column, and the text.
    pub(crate) fn into_call(self, query: &str) -> CallError {
        let Some(at) = self.at else {
            return CallError::bad(self.code, self.message);
        };
        let at = at.min(query.len());
        let before = query.get(..at).unwrap_or(query);
        let row = before.matches('\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |position| position + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        let line = query
            .get(line_start..)
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default();
        let caret = " ".repeat(column - 1);
        CallError::bad(
            self.code,
            format!(
                "\n{line}\n{caret}^\nERROR at Row:{row}:Column:{column}\n{}",
                self.message
            ),
        )
    }
}
