//! How far the records of a sync were read, and which of them are gone.

use drawbridge_model::{GoneRecord, ReadMark, RecordId, SyncId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{from_json, optional_record, time, to_json};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 25,
    date: "2026-11-21",
    sql: "CREATE TABLE read_mark (
              sync INTEGER PRIMARY KEY,
              doc TEXT NOT NULL
          ) STRICT;
          -- Deleted records. Salesforce forgets them after 15 days or so; a link to one must not.
          CREATE TABLE record_gone (
              sync INTEGER NOT NULL,
              id TEXT NOT NULL,
              at TEXT NOT NULL,
              merged_into TEXT,
              PRIMARY KEY (sync, id)
          ) STRICT, WITHOUT ROWID;",
}];

pub(crate) fn mark(db: &Connection, sync: SyncId) -> Inside<Option<ReadMark>> {
    db.prepare_cached("SELECT doc FROM read_mark WHERE sync = ?1")?
        .query_row([sync.0], |row| row.get::<_, String>(0))
        .optional()?
        .map(|doc| {
            from_json(
                || format!("how far the records of sync {sync} were read"),
                &doc,
            )
        })
        .transpose()
}

pub(crate) fn set_mark(db: &Connection, sync: SyncId, mark: &ReadMark) -> Inside<()> {
    db.execute(
        "INSERT INTO read_mark (sync, doc) VALUES (?1, ?2)
         ON CONFLICT (sync) DO UPDATE SET doc = excluded.doc",
        params![sync.0, to_json("how far records were read", mark)?],
    )?;
    Ok(())
}

pub(crate) fn forget_mark(db: &Connection, sync: SyncId) -> Inside<()> {
    db.execute("DELETE FROM read_mark WHERE sync = ?1", [sync.0])?;
    Ok(())
}

/// Takes deleted records out of the cache; see [`drawbridge_model::Cache::put_gone`].
pub(crate) fn put_gone(db: &Connection, sync: SyncId, gone: &[GoneRecord]) -> Inside<()> {
    let mut remember = db.prepare_cached(
        "INSERT INTO record_gone (sync, id, at, merged_into) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sync, id) DO UPDATE SET at = excluded.at, merged_into = excluded.merged_into",
    )?;
    let mut forget = db.prepare_cached("DELETE FROM record WHERE sync = ?1 AND id = ?2")?;
    for record in gone {
        remember.execute(params![
            sync.0,
            record.id.as_str(),
            record.at.to_string(),
            record.merged_into.as_ref().map(RecordId::as_str)
        ])?;
        forget.execute(params![sync.0, record.id.as_str()])?;
        crate::records::forget_keys(db, sync, &record.id)?;
    }
    Ok(())
}

pub(crate) fn gone(db: &Connection, sync: SyncId, id: &RecordId) -> Inside<Option<GoneRecord>> {
    let found: Option<(String, Option<String>)> = db
        .prepare_cached("SELECT at, merged_into FROM record_gone WHERE sync = ?1 AND id = ?2")?
        .query_row(params![sync.0, id.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found
        .map(|(at, merged_into)| {
            Ok(GoneRecord {
                id: id.clone(),
                at: time(&at)?,
                merged_into: optional_record(merged_into)?,
            })
        })
        .transpose()
}
