//! The base: the values Drawbridge last wrote to the fields of each record.

use std::collections::BTreeMap;

use drawbridge_model::{FieldName, LeftBehind, PlanRow, RecordId, SyncId, Value};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{from_column, from_json, to_json};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 8,
        date: "2026-11-21",
        sql: "CREATE TABLE base (
              sync INTEGER NOT NULL,
              record TEXT NOT NULL,
              field TEXT NOT NULL,
              value TEXT NOT NULL,
              PRIMARY KEY (sync, record, field)
          ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        version: 36,
        date: "2026-11-21",
        sql: "-- One row per record: a first run writes a seventeenth of the rows.
          CREATE TABLE base_of_record (
              sync INTEGER NOT NULL,
              record TEXT NOT NULL,
              fields TEXT NOT NULL,
              PRIMARY KEY (sync, record)
          ) STRICT;
          INSERT INTO base_of_record (sync, record, fields)
              SELECT sync, record, json_group_object(field, json(value)) FROM base
              GROUP BY sync, record;
          DROP TABLE base;
          ALTER TABLE base_of_record RENAME TO base;",
    },
];

type Fields = BTreeMap<FieldName, Value>;

/// Keeps what a row put into its record, beside what was written to other fields of it before.
pub(crate) fn put(db: &Connection, sync: SyncId, record: &RecordId, row: &PlanRow) -> Inside<()> {
    let earlier = get(db, sync, record)?;
    let mut fields: BTreeMap<&FieldName, &Value> = earlier.iter().collect();
    fields.extend(row.writes().map(|change| (&change.field, &change.after)));
    db.prepare_cached(
        "INSERT INTO base (sync, record, fields) VALUES (?1, ?2, ?3)
         ON CONFLICT (sync, record) DO UPDATE SET fields = excluded.fields",
    )?
    .execute(params![
        sync.0,
        record.as_str(),
        to_json("what was written", &fields)?
    ])?;
    Ok(())
}

/// What was last written to each field of a record.
pub(crate) fn get(db: &Connection, sync: SyncId, record: &RecordId) -> Inside<Fields> {
    let fields: Option<String> = db
        .prepare_cached("SELECT fields FROM base WHERE sync = ?1 AND record = ?2")?
        .query_row(params![sync.0, record.as_str()], |row| row.get(0))
        .optional()?;
    fields.map_or(Ok(Fields::new()), |fields| {
        from_json(
            || format!("what was last written to record {record}"),
            &fields,
        )
    })
}

/// Records something was written to that no customer of the source is found for.
pub(crate) fn left_behind(
    db: &Connection,
    sync: SyncId,
    after: Option<&RecordId>,
    limit: usize,
) -> Inside<Vec<LeftBehind>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // No id is empty, so the empty text stands before all.
    let after = after.map_or("", RecordId::as_str);
    db.prepare_cached(
        "SELECT b.record, b.fields, r.doc FROM base b
         JOIN record r ON r.sync = b.sync AND r.id = b.record
         WHERE b.sync = ?1 AND b.record > ?2 AND NOT EXISTS (
             SELECT 1 FROM link l
             JOIN sync s ON s.id = l.sync
             JOIN customer c ON c.source = s.source AND c.id = l.customer
             WHERE l.sync = b.sync AND l.record = b.record)
         ORDER BY b.record LIMIT ?3",
    )?
    .query_and_then(params![sync.0, after, limit], |row| {
        let record: String = row.get(0)?;
        let what = || format!("what was last written to record {record}");
        Ok(LeftBehind {
            base: from_json(what, &row.get::<_, String>(1)?)?,
            record: from_column(what, row, 2)?,
        })
    })?
    .collect()
}
