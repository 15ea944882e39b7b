//! The base: the values Drawbridge last wrote to the fields of each record.

use std::borrow::Cow;
use std::collections::BTreeMap;

use drawbridge_model::{Decision, FieldName, LeftBehind, RecordId, SyncId, Value};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{borrowed, from_column, from_json, to_json};

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

/// What of a plan row's JSON a base is made of. Values are kept as they stand there.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow, default)]
    changes: Vec<Change<'a>>,
    #[serde(default)]
    held: bool,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(borrow)]
    after: &'a RawValue,
    #[serde(default)]
    decision: Decision,
}

/// Keeps what a row, by its JSON in the plan, put into its record, beside what was written to other
/// fields of it before.
pub(crate) fn put(db: &Connection, sync: SyncId, record: &RecordId, row: &str) -> Inside<()> {
    let what = || format!("what was written to record {record}");
    let row: Row<'_> = borrowed(what, row)?;
    let earlier = find(db, sync, record)?;
    let mut fields: BTreeMap<Cow<'_, str>, &RawValue> = match &earlier {
        Some(fields) => borrowed(what, fields)?,
        None => BTreeMap::new(),
    };
    let written = |change: &Change<'_>| !row.held && change.decision == Decision::Write;
    fields.extend(
        row.changes
            .into_iter()
            .filter(written)
            .map(|change| (change.field, change.after)),
    );
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
    find(db, sync, record)?.map_or(Ok(Fields::new()), |fields| {
        from_json(
            || format!("what was last written to record {record}"),
            &fields,
        )
    })
}

fn find(db: &Connection, sync: SyncId, record: &RecordId) -> Inside<Option<String>> {
    Ok(db
        .prepare_cached("SELECT fields FROM base WHERE sync = ?1 AND record = ?2")?
        .query_row(params![sync.0, record.as_str()], |row| row.get(0))
        .optional()?)
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
