//! What a run put into each record: for reading back and for undo. It is not kept a second time:
//! the rows of a plan do not change once it is run, and outcomes say which of them were written.

use drawbridge_model::{
    Action, CustomerId, Deed, FieldName, Outcome, PlanRow, RunId, Value, Written,
};
use rusqlite::{Connection, Row, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::plan_rows;
use crate::words::{optional_time, outcome_code, outcome_of, record_id};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 15,
        date: "2026-11-21",
        sql: "CREATE TABLE written (
              run INTEGER NOT NULL REFERENCES run (id),
              customer TEXT NOT NULL,
              record TEXT NOT NULL,
              fields TEXT NOT NULL,
              UNIQUE (run, customer)
          ) STRICT;",
    },
    Migration {
        version: 45,
        date: "2026-11-22",
        sql: "-- The order records are read back in: what is kept of each stands in this order too.
          CREATE INDEX written_of_run ON written (run, record, customer);",
    },
    Migration {
        version: 48,
        date: "2026-11-22",
        sql: "-- The plan says what was written: no need to keep it once more.
          DROP TABLE written;
          CREATE INDEX outcome_written ON outcome (run, record, customer)
              WHERE outcome IN (0, 1, 8);
          -- Every write to a record, by any run.
          CREATE INDEX outcome_record ON outcome (record) WHERE outcome IN (0, 1, 8);
          CREATE VIEW written AS
              SELECT o.run, o.customer, o.record, o.outcome, p.doc
              FROM outcome o
              CROSS JOIN run r ON r.id = o.run
              CROSS JOIN plan_row p ON p.plan = r.plan AND p.customer = o.customer
              WHERE o.outcome IN (0, 1, 8) AND o.record IS NOT NULL;",
    },
];

/// What a row put into its record: each field, with the value before and the one written.
pub(crate) type Fields = Vec<(FieldName, Value, Value)>;

/// The fields of a written row, by its JSON in a column.
pub(crate) fn fields(row: &Row<'_>, column: usize) -> Inside<Fields> {
    Ok(put(plan_rows::read_from(row, column)?))
}

fn put(planned: PlanRow) -> Fields {
    planned
        .into_writes()
        .map(|change| (change.field, change.before, change.after))
        .collect()
}

/// Whose records a run wrote; see [`drawbridge_model::Journal::customers_written`].
pub(crate) fn customers(
    db: &Connection,
    run: RunId,
    after: Option<&CustomerId>,
    limit: usize,
) -> Inside<Vec<CustomerId>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // No id is empty, so the empty text stands before all.
    let after = after.map_or("", CustomerId::as_str);
    Ok(db
        .prepare_cached(
            "SELECT customer FROM outcome WHERE run = ?1 AND customer > ?2
             AND outcome IN (0, 1, 8) AND record IS NOT NULL ORDER BY customer LIMIT ?3",
        )?
        .query_map(params![run.0, after, limit], |row| {
            Ok(CustomerId(row.get(0)?))
        })?
        .collect::<Result<_, _>>()?)
}

pub(crate) fn page(
    db: &Connection,
    run: RunId,
    after: Option<&Written>,
    limit: usize,
) -> Inside<Vec<Written>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.prepare_cached(
        "SELECT w.customer, w.record, w.outcome,
             CASE w.outcome WHEN ?4 THEN (SELECT s.at FROM saved s
                 WHERE s.record = w.record
                     AND s.sync = (SELECT r.sync FROM run r WHERE r.id = ?1)) END,
             w.doc,
             (SELECT o.code IS 'found_again' FROM outcome o
                 WHERE o.run = w.run AND o.customer = w.customer)
         FROM written w WHERE w.run = ?1 AND (w.record, w.customer) > (?2, ?5)
         ORDER BY w.record, w.customer LIMIT ?3",
    )?
    .query_and_then(
        params![
            run.0,
            // No id is empty, so the empty text stands before all.
            after.map_or("", |row| row.record.as_str()),
            limit,
            outcome_code(Outcome::Created),
            after.map_or("", |row| row.customer.as_str())
        ],
        |row| {
            let planned = plan_rows::read_from(row, 4)?;
            let found_again: bool = row.get(5)?;
            let deed = match outcome_of(row.get(2)?)? {
                Outcome::Created => Deed::Created,
                Outcome::Deleted => Deed::Deleted,
                _ => Deed::Updated,
            };
            // What was to be made and was there: what stood in it before is not known.
            let was_there = planned.action == Action::Create && deed == Deed::Updated;
            Ok(Written {
                customer: CustomerId(row.get(0)?),
                record: record_id(&row.get::<_, String>(1)?)?,
                deed,
                certain: !found_again && !was_there,
                saved_at: optional_time(row.get(3)?)?,
                fields: put(planned),
            })
        },
    )?
    .collect()
}
