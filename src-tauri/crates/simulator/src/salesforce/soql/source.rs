//! The query behind a kept result. Its statements are run again for later pages, when fields may be
//! gone or no longer seen; then the result cannot be read on.

use jiff::Timestamp;

use super::plan::{Plan, Records};
use super::planned;
use crate::salesforce::errors::CallError;
use crate::salesforce::schema::Schema;

/// A query as it was asked.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) soql: String,
    pub(super) with_deleted: bool,
}

impl Source {
    /// Refuses unless the signed-in user would still be answered by the same statements: with the
    /// query's own error where it has one by now.
    pub(super) fn check(
        &self,
        schema: &Schema,
        kept: &Records,
        now: Timestamp,
    ) -> Result<(), CallError> {
        let Plan::Records(present) = planned(schema, &self.soql, self.with_deleted, now)? else {
            return Err(lost());
        };
        let is_part = std::iter::once(&present)
            .chain(present.children())
            .any(|part| part.reads_as(kept));
        if is_part { Ok(()) } else { Err(lost()) }
    }
}

/// The answer to a locator that leads nowhere.
pub(super) fn lost() -> CallError {
    CallError::bad("INVALID_QUERY_LOCATOR", "invalid query locator")
}
