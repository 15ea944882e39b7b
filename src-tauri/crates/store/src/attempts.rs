//! Attempts: recorded before a call goes out, closed with what became of it.

use drawbridge_model::{Attempt, AttemptId, AttemptKind, BulkJobId, CustomerId, RunId, Way};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{from_json, time, to_json};
use crate::{connections, runs};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
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
    },
    Migration {
        version: 27,
        date: "2026-11-21",
        sql: "-- How an attempt was sent, and its Bulk job once that is known.
          ALTER TABLE attempt ADD COLUMN way TEXT NOT NULL DEFAULT '\"collections\"';
          ALTER TABLE attempt ADD COLUMN job TEXT;
          CREATE INDEX attempt_job ON attempt (job) WHERE job IS NOT NULL;",
    },
];

pub(crate) fn begin(
    db: &Connection,
    run: RunId,
    kind: AttemptKind,
    way: Way,
    customers: &[CustomerId],
    at: Timestamp,
) -> Inside<AttemptId> {
    connections::refuse_read_only(db, runs::ends(db, run)?.1)?;
    db.prepare_cached(
        "INSERT INTO attempt (run, kind, customers, begun_at, way) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        run.0,
        to_json("an attempt", &kind)?,
        to_json("an attempt", &customers)?,
        at.to_string(),
        to_json("an attempt", &way)?
    ])?;
    number(db.last_insert_rowid())
}

/// Keeps the Bulk job of an open attempt.
pub(crate) fn set_job(
    db: &Connection,
    run: RunId,
    attempt: AttemptId,
    job: &BulkJobId,
) -> Inside<()> {
    let id = i64::try_from(attempt.0).map_err(|error| Trouble::unreadable("an attempt", error))?;
    let changed = db
        .prepare_cached(
            "UPDATE attempt SET job = ?3 WHERE id = ?1 AND run = ?2 AND ended_at IS NULL",
        )?
        .execute(params![id, run.0, job.0])?;
    if changed == 0 {
        return Err(not_open(run, attempt));
    }
    Ok(())
}

fn not_open(run: RunId, attempt: AttemptId) -> Trouble {
    Trouble::unreadable(
        format!("attempt {} of run {run}", attempt.0),
        "it is not open",
    )
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
        return Err(not_open(run, attempt));
    }
    Ok(())
}

pub(crate) fn open(db: &Connection, run: RunId) -> Inside<Vec<Attempt>> {
    db.prepare_cached(
        "SELECT id, kind, customers, way, job, begun_at FROM attempt
         WHERE run = ?1 AND ended_at IS NULL ORDER BY id",
    )?
    .query_and_then([run.0], |row| {
        let id = number(row.get(0)?)?;
        let what = || format!("attempt {} of run {run}", id.0);
        Ok(Attempt {
            id,
            kind: from_json(what, &row.get::<_, String>(1)?)?,
            customers: from_json(what, &row.get::<_, String>(2)?)?,
            way: from_json(what, &row.get::<_, String>(3)?)?,
            job: row.get::<_, Option<String>>(4)?.map(BulkJobId),
            begun_at: time(&row.get::<_, String>(5)?)?,
        })
    })?
    .collect()
}

fn number(id: i64) -> Inside<AttemptId> {
    u64::try_from(id)
        .map(AttemptId)
        .map_err(|error| Trouble::unreadable("an attempt", error))
}
