//! Complete readings of orgs: when the records of a sync were last read to the end.

use drawbridge_model::{Currency, Snapshot, SyncId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{from_json, time, to_json};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 22,
        date: "2026-11-21",
        sql: "CREATE TABLE snapshot (
              sync INTEGER PRIMARY KEY,
              at TEXT NOT NULL,
              records INTEGER NOT NULL,
              fields TEXT NOT NULL,
              describe TEXT NOT NULL
          ) STRICT;",
    },
    Migration {
        version: 39,
        date: "2026-11-21",
        sql: "ALTER TABLE snapshot ADD COLUMN currency TEXT;",
    },
];

pub(crate) fn put(db: &Connection, sync: SyncId, snapshot: &Snapshot) -> Inside<()> {
    db.execute(
        "INSERT OR REPLACE INTO snapshot (sync, at, records, fields, describe, currency)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            sync.0,
            snapshot.at.to_string(),
            i64::try_from(snapshot.records).unwrap_or(i64::MAX),
            to_json("a list of fields", &snapshot.fields)?,
            to_json("a describe", &snapshot.describe)?,
            snapshot.currency.map(|currency| currency.to_string())
        ],
    )?;
    Ok(())
}

pub(crate) fn get(db: &Connection, sync: SyncId) -> Inside<Option<Snapshot>> {
    db.prepare_cached(
        "SELECT at, records, fields, describe, currency FROM snapshot WHERE sync = ?1",
    )?
    .query_row([sync.0], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, u32>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?,
            row.get::<_, Option<String>>(4)?,
        ))
    })
    .optional()?
    .map(|(at, records, fields, describe, currency)| {
        let what = || format!("the records of sync {sync}");
        Ok(Snapshot {
            at: time(&at)?,
            records: u64::from(records),
            fields: from_json(what, &fields)?,
            describe: from_json(what, &describe)?,
            currency: currency.and_then(|code| Currency::parse(&code).ok()),
        })
    })
    .transpose()
}

/// Before records are forgotten or read anew: what is left then is not complete.
pub(crate) fn forget(db: &Connection, sync: SyncId) -> Inside<()> {
    db.execute("DELETE FROM snapshot WHERE sync = ?1", [sync.0])?;
    Ok(())
}
