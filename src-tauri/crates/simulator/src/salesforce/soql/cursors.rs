//! Results of queries that are longer than a page: the row ids in their order, and how to read a
//! row. A million rows cost eight megabytes.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use rusqlite::types::{ToSql, Value as Cell};

use super::plan::{Records, Sql};
use super::source::Source;

/// How long a locator lives (facts/salesforce.md §4).
const LIFE: SignedDuration = SignedDuration::from_hours(48);
/// Most cursors kept; the one unused for longest goes first.
const MOST: usize = 5000;
/// Most row ids kept in all.
const MOST_ROWS: usize = 20_000_000;

/// A result and its page size.
#[derive(Debug)]
pub(crate) struct Cursor {
    pub(super) source: Arc<Source>,
    pub(super) records: Arc<Records>,
    pub(super) rows: Vec<i64>,
    pub(super) page_size: usize,
    made: Timestamp,
}

impl Cursor {
    pub(super) fn new(
        source: Arc<Source>,
        records: Arc<Records>,
        rows: Vec<i64>,
        page_size: usize,
        made: Timestamp,
    ) -> Self {
        Self {
            source,
            records,
            rows,
            page_size: page_size.max(1),
            made,
        }
    }
}

/// The cursors of an org by locator, the one used last at the end.
#[derive(Debug, Default)]
pub(crate) struct Cursors {
    kept: VecDeque<(String, Arc<Cursor>)>,
    rows: usize,
}

impl Cursors {
    pub(super) fn keep(&mut self, locator: &str, cursor: Cursor) -> Arc<Cursor> {
        let cursor = Arc::new(cursor);
        self.rows += cursor.rows.len();
        self.kept.push_back((locator.to_owned(), cursor.clone()));
        while self.kept.len() > 1 && (self.kept.len() > MOST || self.rows > MOST_ROWS) {
            if let Some((_, old)) = self.kept.pop_front() {
                self.rows -= old.rows.len();
            }
        }
        cursor
    }

    /// The cursor of a locator, unless it is unknown or too old.
    pub(super) fn used(&mut self, locator: &str, now: Timestamp) -> Option<Arc<Cursor>> {
        let position = self.kept.iter().rposition(|(known, _)| known == locator)?;
        let (name, cursor) = self.kept.remove(position)?;
        if now.duration_since(cursor.made) > LIFE {
            self.rows -= cursor.rows.len();
            return None;
        }
        self.kept.push_back((name, cursor.clone()));
        Some(cursor)
    }
}

/// Runs a statement that finds row ids; for children, of this parent.
pub(super) fn row_ids(
    db: &Connection,
    sql: &Sql,
    parent: Option<&str>,
) -> rusqlite::Result<Vec<i64>> {
    let mut statement = sql.statement(db)?;
    let parent = parent.map(|id| Cell::Text(id.to_owned()));
    let parameters: Vec<&dyn ToSql> = parent
        .iter()
        .chain(&sql.parameters)
        .map(|cell| cell as &dyn ToSql)
        .collect();
    let rows = statement.query_map(&*parameters, |row| row.get(0))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::salesforce::soql::plan::Plan;
    use crate::salesforce::soql::{Checker, planned};

    fn cursor(rows: usize, made: Timestamp) -> Cursor {
        let schema = Checker::new().unwrap().schema;
        let source = Source {
            soql: "SELECT Id FROM Account".to_owned(),
            with_deleted: false,
        };
        let plan = planned(&schema, &source.soql, false, made).unwrap();
        let Plan::Records(records) = plan else {
            panic!("a query of records");
        };
        Cursor::new(Arc::new(source), records, vec![0; rows], 200, made)
    }

    #[test]
    fn locators_grow_old() {
        let made: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let mut cursors = Cursors::default();
        cursors.keep("01g", cursor(3, made));
        let later = |hours| made + SignedDuration::from_hours(hours);
        assert!(cursors.used("01h", made).is_none());
        assert!(cursors.used("01g", later(48)).is_some());
        assert!(cursors.used("01g", later(49)).is_none());
        assert!(cursors.used("01g", made).is_none());
        assert_eq!(cursors.rows, 0);
    }

    #[test]
    fn the_one_unused_for_longest_goes_first() {
        let made = Timestamp::UNIX_EPOCH;
        let mut cursors = Cursors::default();
        cursors.keep("a", cursor(MOST_ROWS / 2, made));
        cursors.keep("b", cursor(MOST_ROWS / 4, made));
        assert!(cursors.used("a", made).is_some());
        cursors.keep("c", cursor(MOST_ROWS / 2, made));
        assert!(cursors.used("b", made).is_none());
        assert!(cursors.used("a", made).is_some() && cursors.used("c", made).is_some());
    }
}
