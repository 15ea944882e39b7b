//! SOQL: text → tokens → tree → parameterised SQL → records.

mod ast;
mod lexer;
mod parser;
mod run;
mod sql;
mod table;

pub(crate) use run::{Locators, PAGE, columns, more, query};
pub(crate) use table::{Table, table};

use crate::salesforce::errors::CallError;

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

#[cfg(test)]
pub(crate) mod tests {
    use super::parser;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parser_never_panics(query in "\\PC{0,120}") {
            let _ = parser::parse(&query).map_err(|error| error.into_call(&query));
        }

        #[test]
        fn parser_never_panics_on_near_queries(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("SELECT"), Just("FROM"), Just("WHERE"), Just("Id"), Just("Name"), Just(","),
                    Just("("), Just(")"), Just("="), Just("!="), Just("'a\\'b'"), Just("'"), Just("IN"),
                    Just("NOT"), Just("LIKE"), Just("AND"), Just("OR"), Just("null"), Just("1.5"), Just("-"),
                    Just("2026-01-01"), Just("2026-01-01T00:00:00Z"), Just("LAST_N_DAYS:3"), Just("count()"),
                    Just("ORDER BY"), Just("LIMIT"), Just("OFFSET"), Just("Account.Name"), Just("é"), Just("\n"),
                ],
                0..25,
            )
        ) {
            let query = parts.join(" ");
            let _ = parser::parse(&query).map_err(|error| error.into_call(&query));
        }
    }

    #[test]
    fn deep_nesting_is_refused_not_crashed() {
        let query = format!(
            "SELECT Id FROM Account WHERE {}Id = null{}",
            "(".repeat(5000),
            ")".repeat(5000)
        );
        assert!(parser::parse(&query).is_err());
    }
}
