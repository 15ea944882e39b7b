//! Attempts: recorded before a call goes out, closed with what became of it.

use drawbridge_model::{Attempt, AttemptId, AttemptKind, CustomerId, RunId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{from_json, to_json};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 13,
    date: "2026-11-21",
    sql: "CREATE TABLE attempt (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              run INTEGER NOT NULL REFERENCES run (id),
              kind TEXT NOT NULL,
              customers TEXT NOT NULL,
              begun_at TEXT NOT NULL,
              ended_at TEXT
          ) STRICT;
          CREATE INDEX attempt_open ON attempt (run, id) WHERE ended_at IS NULL;",
}];

pub(crate) fn begin(
    db: &Connection,
    run: RunId,
    kind: AttemptKind,
    customers: &[CustomerId],
    at: Timestamp,
) -> Inside<AttemptId> {
    db.prepare_cached(
        "INSERT INTO attempt (run, kind, customers, begun_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        run.0,
        to_json("an attempt", &kind)?,
        to_json("an attempt", &customers)?,
        at.to_string()
    ])?;
    number(db.last_insert_rowid())
}

/// Closes an attempt; one that is closed already, or of another run, is refused.
pub(crate) fn end(db: &Connection, run: RunId, attempt: AttemptId, at: Timestamp) -> Inside<()> {
    let id = i64::try_from(attempt.0).map_err(|error| Trouble::unreadable("an attempt", error))?;
    let closed = db
        .prepare_cached(
            "UPDATE attempt SET ended_at = ?3 WHERE id = ?1 AND run = ?2 AND ended_at IS NULL",
        )?
        .execute(params![id, run.0, at.to_string()])?;
    if closed == 0 {
        return Err(Trouble::unreadable(
            format!("attempt {} of run {run}", attempt.0),
            "it is not open",
        ));
    }
    Ok(())
}

pub(crate) fn open(db: &Connection, run: RunId) -> Inside<Vec<Attempt>> {
    db.prepare_cached(
        "SELECT id, kind, customers FROM attempt WHERE run = ?1 AND ended_at IS NULL ORDER BY id",
    )?
    .query_and_then([run.0], |row| {
        let id = number(row.get(0)?)?;
        let what = || format!("attempt {} of run {run}", id.0);
        Ok(Attempt {
            id,
            kind: from_json(what, &row.get::<_, String>(1)?)?,
            customers: from_json(what, &row.get::<_, String>(2)?)?,
        })
    })?
    .collect()
}

fn number(id: i64) -> Inside<AttemptId> {
    u64::try_from(id)
        .map(AttemptId)
        .map_err(|error| Trouble::unreadable("an attempt", error))
}
