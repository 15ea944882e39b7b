//! The base: the value Drawbridge last wrote to each field of each record.

use std::collections::BTreeMap;

use drawbridge_model::{FieldName, RecordId, SyncId, Value, Written};
use rusqlite::{Connection, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{from_json, to_json};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 8,
    date: "2026-11-21",
    sql: "CREATE TABLE base (
              sync INTEGER NOT NULL,
              record TEXT NOT NULL,
              field TEXT NOT NULL,
              value TEXT NOT NULL,
              PRIMARY KEY (sync, record, field)
          ) STRICT, WITHOUT ROWID;",
}];

pub(crate) fn put(db: &Connection, sync: SyncId, written: &[Written]) -> Inside<()> {
    let mut put = db.prepare_cached(
        "INSERT INTO base (sync, record, field, value) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sync, record, field) DO UPDATE SET value = excluded.value",
    )?;
    for row in written {
        for (field, _, after) in &row.fields {
            put.execute(params![
                sync.0,
                row.record.as_str(),
                field.as_str(),
                to_json("a value", after)?
            ])?;
        }
    }
    Ok(())
}

pub(crate) fn get(
    db: &Connection,
    sync: SyncId,
    record: &RecordId,
) -> Inside<BTreeMap<FieldName, Value>> {
    db.prepare_cached("SELECT field, value FROM base WHERE sync = ?1 AND record = ?2")?
        .query_and_then(params![sync.0, record.as_str()], |row| {
            let field: String = row.get(0)?;
            let value = from_json(
                || format!("what was last written to {field} of record {record}"),
                &row.get::<_, String>(1)?,
            )?;
            Ok((FieldName(field), value))
        })?
        .collect()
}
