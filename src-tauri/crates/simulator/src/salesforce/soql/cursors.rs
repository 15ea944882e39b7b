//! Results of queries that are longer than a page: the row ids in their order, and how to read a
//! row. A million rows cost eight megabytes.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use rusqlite::types::{ToSql, Value as Cell};

use super::plan::{Records, Sql};

/// How long a locator lives (facts/salesforce.md §4).
const LIFE: SignedDuration = SignedDuration::from_hours(48);
/// Most cursors kept; the one unused for longest goes first.
const MOST: usize = 5000;
/// Most row ids kept in all.
const MOST_ROWS: usize = 20_000_000;

/// A result and its page size.
#[derive(Debug)]
pub(crate) struct Cursor {
    pub(super) records: Arc<Records>,
    pub(super) rows: Vec<i64>,
    pub(super) page_size: usize,
    made: Timestamp,
}

impl Cursor {
    pub(super) fn new(records: Arc<Records>, rows: Vec<i64>, page_size: usize) -> Self {
        Self {
            records,
            rows,
            page_size: page_size.max(1),
            made: crate::now::now(),
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
    pub(super) fn used(&mut self, locator: &str) -> Option<Arc<Cursor>> {
        let position = self.kept.iter().rposition(|(known, _)| known == locator)?;
        let (name, cursor) = self.kept.remove(position)?;
        if crate::now::now().duration_since(cursor.made) > LIFE {
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
    let mut statement = db.prepare_cached(&sql.text)?;
    let parent = parent.map(|id| Cell::Text(id.to_owned()));
    let parameters: Vec<&dyn ToSql> = parent
        .iter()
        .chain(&sql.parameters)
        .map(|cell| cell as &dyn ToSql)
        .collect();
    let rows = statement.query_map(&*parameters, |row| row.get(0))?;
    rows.collect()
}
