//! How a sync's runs left the records they created: what tells later whether somebody else saved
//! one since.

use drawbridge_model::{Deed, RunId, SyncId, Written};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::error::Inside;
use crate::migrate::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 33,
    date: "2026-11-21",
    sql: "-- Whether a person wants the records deleted that the run it takes back created.
          ALTER TABLE plan ADD COLUMN deletes INTEGER NOT NULL DEFAULT 0;
          -- SystemModstamp of records the sync created, as the last run that wrote them read
          -- them back.
          CREATE TABLE saved (
              sync INTEGER NOT NULL,
              record TEXT NOT NULL,
              run INTEGER NOT NULL,
              at TEXT NOT NULL,
              PRIMARY KEY (sync, record)
          ) STRICT, WITHOUT ROWID;",
}];

/// Keeps when records were saved, as a run read them back the first time. Of a record that no run
/// of the sync created nothing is kept: it is never deleted.
pub(crate) fn note(
    db: &Connection,
    sync: SyncId,
    run: RunId,
    saved: &[(&Written, Timestamp)],
) -> Inside<()> {
    let mut create = db.prepare_cached(
        "INSERT OR IGNORE INTO saved (sync, record, run, at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut update = db.prepare_cached(
        "UPDATE saved SET run = ?3, at = ?4 WHERE sync = ?1 AND record = ?2 AND run < ?3",
    )?;
    for (written, at) in saved {
        let note = match written.deed {
            Deed::Created => &mut create,
            Deed::Updated => &mut update,
            Deed::Deleted => continue,
        };
        note.execute(params![
            sync.0,
            written.record.as_str(),
            run.0,
            at.to_string()
        ])?;
    }
    Ok(())
}
