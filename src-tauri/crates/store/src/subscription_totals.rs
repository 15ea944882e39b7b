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
    /// Plans; the empty one stands for no plan.
    pub plans: Vec<Facet<String>>,
}

/// The most frequent ones are given: nobody picks from a longer list.
const MOST: u32 = 200;

impl Store {
    /// What the Subscriptions screen can be filtered by, most frequent first.
    pub fn facets(&self) -> Result<Facets, StoreError> {
        self.read("reading the filters", |db| {
            Ok(Facets {
                statuses: facet(db, ALL, "status", |row| row.get(0))?,
                currencies: facet(db, ALL, "currency", |row| row.get(0))?,
                intervals: facet(db, ALL, "interval", |row| {
                    Ok(Interval::of_months(row.get(0)?))
                })?,
                sources: facet(db, ALL, "source", |row| Ok(ConnectionId(row.get(0)?)))?,
                plans: facet(db, BY_PLAN, "plan", |row| row.get(0))?,
            })
        })
    }
}

/// The sums, and the same for each plan: more rows, for questions about plans alone.
pub(crate) const ALL: &str = "subscription_total";
pub(crate) const BY_PLAN: &str = "subscription_plan_total";

fn facet<T>(
    db: &Connection,
    table: &str,
    column: &str,
    read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Inside<Vec<Facet<T>>> {
    Ok(db
        .prepare_cached(&format!(
            "SELECT {column}, sum(rows) FROM {table}
             GROUP BY {column} ORDER BY sum(rows) DESC, {column} LIMIT {MOST}"
        ))?
        .query_map([], |row| {
            Ok(Facet {
                value: read(row)?,
                rows: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Counts and adds a source's rows anew: once for each plan, then those sums together.
pub(crate) fn refresh(db: &Connection, source: ConnectionId) -> Inside<()> {
    for sql in [
        format!("DELETE FROM {BY_PLAN} WHERE source = ?1"),
        format!("DELETE FROM {ALL} WHERE source = ?1"),
        format!(
            "INSERT INTO {BY_PLAN}
                 (source, plan, status, interval, currency, rows, known, mrr_high, mrr_low)
             SELECT source, plan, status, interval, currency, count(*), count(mrr),
                 coalesce(sum(mrr / {PART}), 0), coalesce(sum(mrr % {PART}), 0)
             FROM subscription_figure WHERE source = ?1
             GROUP BY source, plan, status, interval, currency"
        ),
        format!(
            "INSERT INTO {ALL} (source, status, interval, currency, rows, mrr_high, mrr_low)
             SELECT source, status, interval, currency, sum(rows), sum(mrr_high), sum(mrr_low)
             FROM {BY_PLAN} WHERE source = ?1 GROUP BY source, status, interval, currency"
        ),
    ] {
        db.execute(&sql, [source.0])?;
    }
    Ok(())
}
