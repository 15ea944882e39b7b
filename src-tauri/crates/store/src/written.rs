//! What a run put into each record: for reading back and for undo.

use drawbridge_model::{
    CustomerId, Deed, FieldName, Outcome, PlanRow, RecordId, RunId, Value, Written,
};
use rusqlite::{Connection, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{from_json, optional_time, outcome_code, outcome_of, record_id, to_json};

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
];

/// Keeps what a row put into its record. The rows of a run do not change, so one that is written
/// twice is kept as it was.
pub(crate) fn put(db: &Connection, run: RunId, record: &RecordId, row: &PlanRow) -> Inside<()> {
    let fields: Vec<(&FieldName, &Value, &Value)> = row
        .writes()
        .map(|change| (&change.field, &change.before, &change.after))
        .collect();
    db.prepare_cached(
        "INSERT INTO written (run, customer, record, fields) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (run, customer) DO UPDATE SET
             record = excluded.record, fields = excluded.fields",
    )?
    .execute(params![
        run.0,
        row.customer.as_str(),
        record.as_str(),
        to_json("what was written", &fields)?
    ])?;
    Ok(())
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
            "SELECT customer FROM written WHERE run = ?1 AND customer > ?2
             ORDER BY customer LIMIT ?3",
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
        "SELECT w.customer, w.record, w.fields, coalesce(o.outcome, ?4),
             CASE o.outcome WHEN ?5 THEN (SELECT s.at FROM saved s
                 WHERE s.record = w.record
                     AND s.sync = (SELECT r.sync FROM run r WHERE r.id = ?1)) END
         FROM written w
         LEFT JOIN outcome o ON o.run = w.run AND o.customer = w.customer
         WHERE w.run = ?1 AND (w.record, w.customer) > (?2, ?6)
         ORDER BY w.record, w.customer LIMIT ?3",
    )?
    .query_and_then(
        params![
            run.0,
            // No id is empty, so the empty text stands before all.
            after.map_or("", |row| row.record.as_str()),
            limit,
            outcome_code(Outcome::Updated),
            outcome_code(Outcome::Created),
            after.map_or("", |row| row.customer.as_str())
        ],
        |row| {
            let customer = CustomerId(row.get(0)?);
            Ok(Written {
                record: record_id(&row.get::<_, String>(1)?)?,
                deed: match outcome_of(row.get(3)?)? {
                    Outcome::Created => Deed::Created,
                    Outcome::Deleted => Deed::Deleted,
                    _ => Deed::Updated,
                },
                saved_at: optional_time(row.get(4)?)?,
                fields: from_json(
                    || format!("what was written for {customer}"),
                    &row.get::<_, String>(2)?,
                )?,
                customer,
            })
        },
    )?
    .collect()
}
