//! Counts and sums for every combination of filters, so that totals over a million rows are read
//! from a few dozen.

use drawbridge_model::{ConnectionId, Interval};
use rusqlite::Connection;

use crate::error::Inside;
use crate::migrate::Migration;
use crate::{Store, StoreError};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 17,
    date: "2026-11-21",
    sql: "CREATE TABLE subscription_total (
              source INTEGER NOT NULL,
              status TEXT NOT NULL,
              interval INTEGER NOT NULL,
              currency TEXT NOT NULL,
              rows INTEGER NOT NULL,
              -- The sum in two parts, each far from the limits of 64 bits.
              mrr_high INTEGER NOT NULL,
              mrr_low INTEGER NOT NULL,
              PRIMARY KEY (source, status, interval, currency)
          ) STRICT, WITHOUT ROWID;",
}];

/// A sum is kept as `high` thousand millions and `low`, so that adding cannot overflow.
pub(crate) const PART: i64 = 1_000_000_000;

/// One value of a filter, with the rows that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet<T> {
    /// The value.
    pub value: T,
    /// How many rows have it.
    pub rows: u32,
}

/// What can be filtered by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Status words; the empty one stands for no status.
    pub statuses: Vec<Facet<String>>,
    /// Currency codes; the empty one stands for no currency.
    pub currencies: Vec<Facet<String>>,
    /// Intervals; `None` for rows that have none.
    pub intervals: Vec<Facet<Option<Interval>>>,
    /// Sources.
    pub sources: Vec<Facet<ConnectionId>>,
}

impl Store {
    /// What the Subscriptions screen can be filtered by, most frequent first.
    pub fn facets(&self) -> Result<Facets, StoreError> {
        self.read("reading the filters", |db| {
            Ok(Facets {
                statuses: facet(db, "status", |row| row.get(0))?,
                currencies: facet(db, "currency", |row| row.get(0))?,
                intervals: facet(db, "interval", |row| Ok(Interval::of_months(row.get(0)?)))?,
                sources: facet(db, "source", |row| Ok(ConnectionId(row.get(0)?)))?,
            })
        })
    }
}

fn facet<T>(
    db: &Connection,
    column: &str,
    read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Inside<Vec<Facet<T>>> {
    Ok(db
        .prepare_cached(&format!(
            "SELECT {column}, sum(rows) FROM subscription_total
             GROUP BY {column} ORDER BY sum(rows) DESC, {column}"
        ))?
        .query_map([], |row| {
            Ok(Facet {
                value: read(row)?,
                rows: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Counts and adds a source's rows anew.
pub(crate) fn refresh(db: &Connection, source: ConnectionId) -> Inside<()> {
    db.execute(
        "DELETE FROM subscription_total WHERE source = ?1",
        [source.0],
    )?;
    db.execute(
        &format!(
            "INSERT INTO subscription_total
                 (source, status, interval, currency, rows, mrr_high, mrr_low)
             SELECT source, status, interval, currency, count(*),
                 coalesce(sum(mrr / {PART}), 0), coalesce(sum(mrr % {PART}), 0)
             FROM subscription_row INDEXED BY subscription_by_mrr WHERE source = ?1
             GROUP BY source, status, interval, currency"
        ),
        [source.0],
    )?;
    Ok(())
}
