//! Runs: begun from a plan, and how each stands.

use std::collections::BTreeSet;
use std::time::Duration;

use drawbridge_model::{
    ConnectionId, Counts, CustomerId, Outcome, PlanId, RunId, RunStatus, SyncId, Timed, Way,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{from_json, optional_time, time, to_json};
use crate::{PlanStatus, Store, StoreError, history, outcomes, plans};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 12,
        date: "2026-11-21",
        sql: "CREATE TABLE run (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              plan INTEGER NOT NULL REFERENCES plan (id),
              sync INTEGER NOT NULL REFERENCES sync (id),
              mode TEXT NOT NULL,
              row_limit INTEGER,
              status TEXT NOT NULL,
              reason TEXT,
              read INTEGER NOT NULL,
              to_write INTEGER NOT NULL,
              -- The counts while the run stands still; NULL when they must be counted.
              counts TEXT,
              api_calls INTEGER NOT NULL DEFAULT 0,
              verified INTEGER,
              differs INTEGER,
              started_at TEXT NOT NULL,
              finished_at TEXT
          ) STRICT;
          CREATE INDEX run_plan ON run (plan);
          CREATE INDEX run_status ON run (status);",
    },
    Migration {
        version: 28,
        date: "2026-11-21",
        sql: "-- How a run writes, and why so. Before, all wrote by Collections and said so in `mode`.
          ALTER TABLE run ADD COLUMN way TEXT NOT NULL DEFAULT '\"collections\"';
          ALTER TABLE run ADD COLUMN way_reason TEXT NOT NULL DEFAULT '';",
    },
    Migration {
        version: 44,
        date: "2026-11-22",
        sql: "-- How long it wrote and read back, without pauses; 0 where that was not measured.
          ALTER TABLE run ADD COLUMN worked_ms INTEGER NOT NULL DEFAULT 0;",
    },
    Migration {
        version: 49,
        date: "2026-11-22",
        sql: "-- Whether it writes a part of its plan only.
          ALTER TABLE run ADD COLUMN pilot INTEGER NOT NULL DEFAULT 0;
          UPDATE run SET pilot = 1 WHERE row_limit IS NOT NULL;",
    },
];

/// So many runs, the last ones, say how long the next will take.
const TIMED_RUNS: u32 = 5;

/// Which rows of its plan a run may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that are to be written.
    All,
    /// The first so many, by customer id: a pilot.
    First(u32),
    /// Those of these customers: a pilot too.
    Only(Vec<CustomerId>),
}

/// How a new run writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Which way.
    pub way: Way,
    /// Why so, as a sentence.
    pub reason: String,
    /// Which rows.
    pub scope: Scope,
}

/// A run as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number.
    pub id: RunId,
    /// Of which plan.
    pub plan: PlanId,
    /// Of which sync.
    pub sync: SyncId,
    /// Whether its plan takes another run back.
    pub is_undo: bool,
    /// How it writes.
    pub way: Way,
    /// Why so, as a sentence.
    pub way_reason: String,
    /// How many rows at most, for a pilot.
    pub limit: Option<u32>,
    /// How it stands.
    pub status: RunStatus,
    /// Why it stands so, when there is a why.
    pub reason: Option<String>,
    /// Customers read; what the counts must add up to.
    pub read: u32,
    /// Rows by outcome.
    pub counts: Counts,
    /// Rows that were to be sent when it began.
    pub to_write: u32,
    /// Calls it made to the org.
    pub api_calls: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// When it last came to stand still.
    pub finished_at: Option<Timestamp>,
    /// Records read back that hold what was written; `None` before they are read back.
    pub verified: Option<u32>,
    /// Records read back that do not.
    pub differs: Option<u32>,
    /// The newest run of the same sync that came after it.
    pub later: Option<RunId>,
}

const COLUMNS: &str = "id, plan, sync, way, row_limit, status, reason, read, counts, to_write,
    api_calls, started_at, finished_at, verified, differs,
    (SELECT p.undoes IS NOT NULL FROM plan p WHERE p.id = run.plan), way_reason,
    (SELECT max(later.id) FROM run later WHERE later.sync = run.sync AND later.id > run.id)";

impl Store {
    /// Begins a run of a ready plan, which is used from now on. Rows that need no call have their
    /// outcome at once. In a pilot the rows outside its scope are held.
    pub fn create_run(
        &self,
        plan: PlanId,
        new: &NewRun,
        at: Timestamp,
    ) -> Result<RunId, StoreError> {
        self.write("beginning a run", |db| {
            let record = plans::expect(db, plan, PlanStatus::Ready)?;
            let limit = match &new.scope {
                Scope::First(limit) => Some(*limit),
                Scope::All | Scope::Only(_) => None,
            };
            db.execute(
                "INSERT INTO run (plan, sync, mode, row_limit, status, read, to_write, started_at,
                     way, way_reason, pilot)
                 VALUES (?1, ?2, '', ?3, 'running', ?4, 0, ?5, ?6, ?7, ?8)",
                params![
                    plan.0,
                    record.sync.0,
                    limit,
                    record.read,
                    at.to_string(),
                    to_json("how a run writes", &new.way)?,
                    new.reason,
                    new.scope != Scope::All
                ],
            )?;
            let run = RunId(crate::syncs::last_id(db)?);
            outcomes::begin(db, run, plan, &new.scope)?;
            db.execute(
                "UPDATE run SET to_write = (SELECT count(*) FROM plan_row WHERE plan = ?2)
                     - (SELECT count(*) FROM outcome WHERE run = ?1) WHERE id = ?1",
                [run.0, plan.0],
            )?;
            db.execute("UPDATE plan SET status = 'used' WHERE id = ?1", [plan.0])?;
            history::begin(db, run)?;
            Ok(run)
        })
    }

    /// One run.
    pub fn run(&self, run: RunId) -> Result<Option<RunRecord>, StoreError> {
        self.read("reading a run", |db| get(db, run))
    }

    /// All runs, newest first.
    pub fn runs(&self) -> Result<Vec<RunRecord>, StoreError> {
        self.read("reading the runs", |db| {
            db.prepare_cached(&format!("SELECT {COLUMNS} FROM run ORDER BY id DESC"))?
                .query_and_then([], |row| read(db, row))?
                .collect()
        })
    }

    /// Adds to the calls a run made, and to the time it worked.
    pub fn add_effort(&self, run: RunId, calls: u32, worked: Duration) -> Result<(), StoreError> {
        self.write("counting calls", |db| {
            let sql = "UPDATE run SET api_calls = api_calls + ?2, worked_ms = worked_ms + ?3
                 WHERE id = ?1";
            let worked = i64::try_from(worked.as_millis()).unwrap_or(i64::MAX);
            found(db.execute(sql, params![run.0, calls, worked])?, run)
        })
    }

    /// What the last finished runs to an org took that wrote records this way; `None` where there
    /// are none.
    pub fn timed(&self, org: ConnectionId, way: Way) -> Result<Option<Timed>, StoreError> {
        self.read("timing runs", |db| {
            let sql = format!(
                "SELECT {COLUMNS}, worked_ms FROM run
                 WHERE status = 'finished' AND worked_ms > 0 AND way = ?2
                     AND sync IN (SELECT id FROM sync WHERE org = ?1)
                 ORDER BY id DESC LIMIT {TIMED_RUNS}"
            );
            let mut all = Timed::default();
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = statement.query(params![org.0, to_json("a run", &way)?])?;
            while let Some(row) = rows.next()? {
                let run = read(db, row)?;
                all.runs += 1;
                all.calls += run.api_calls;
                all.rows += run.counts.sent();
                let worked: i64 = row.get("worked_ms")?;
                all.worked += Duration::from_millis(worked.unsigned_abs());
            }
            Ok((all.rows > 0).then_some(all))
        })
    }

    /// Records how many records read back hold what was written, and how many do not.
    pub fn set_verified(&self, run: RunId, verified: u32, differs: u32) -> Result<(), StoreError> {
        self.write("saving what was read back", |db| {
            let sql = "UPDATE run SET verified = ?2, differs = ?3 WHERE id = ?1";
            found(db.execute(sql, [run.0, verified, differs])?, run)
        })
    }

    /// Opens rejected rows of a run again, all or those of these customers, so that resuming it
    /// sends them once more. Gives how many; where there are none, nothing changes.
    pub fn reopen_rejected(
        &self,
        run: RunId,
        customers: Option<&[CustomerId]>,
        at: Timestamp,
    ) -> Result<u32, StoreError> {
        self.write("opening rejected rows again", |db| {
            let reopened = outcomes::reopen(db, run, customers)?;
            if reopened > 0 {
                // Whatever happens next, the run is not finished while rows are open.
                let reason = "Rejected records are tried again";
                set_status(db, run, RunStatus::Interrupted, Some(reason), at)?;
            }
            Ok(u32::try_from(reopened).unwrap_or(u32::MAX))
        })
    }

    /// What became of these customers' rows; `None` for a row that has no outcome or is not in the
    /// run.
    pub fn outcomes_of(
        &self,
        run: RunId,
        customers: &[CustomerId],
    ) -> Result<Vec<Option<Outcome>>, StoreError> {
        self.read("reading outcomes", |db| outcomes::of(db, run, customers))
    }

    /// Which of these customers' rows were rejected for a duplicate that a person may allow.
    pub fn allowable(
        &self,
        run: RunId,
        customers: &[CustomerId],
    ) -> Result<BTreeSet<CustomerId>, StoreError> {
        self.read("reading outcomes", |db| {
            outcomes::allowable(db, run, customers)
        })
    }

    /// Rows by outcome, counted now.
    pub fn counts(&self, run: RunId) -> Result<Counts, StoreError> {
        self.read("counting a run", |db| outcomes::count(db, run))
    }

    /// Marks runs as interrupted that a process left *running* when it ended. A run whose lock is
    /// held is being executed and stays as it is. Gives the runs it marked.
    pub fn interrupt_running(&self, at: Timestamp) -> Result<Vec<RunId>, StoreError> {
        let running: Vec<RunId> = self.read("reading the runs", |db| {
            Ok(db
                .prepare("SELECT id FROM run WHERE status = 'running' ORDER BY id")?
                .query_map([], |row| Ok(RunId(row.get(0)?)))?
                .collect::<Result<_, _>>()?)
        })?;
        let mut interrupted = Vec::new();
        for run in running {
            let lock = match self.lock_run(run) {
                Ok(lock) => lock,
                Err(StoreError::RunIsExecuting { .. }) => continue,
                Err(other) => return Err(other),
            };
            let marked = self.write("marking a run", |db| {
                // It may have ended between the reading and the lock.
                let status = status_of(db, run)?;
                if status == RunStatus::Running {
                    let reason = "Drawbridge ended while the run was under way";
                    set_status(db, run, RunStatus::Interrupted, Some(reason), at)?;
                }
                Ok(status == RunStatus::Running)
            })?;
            if marked {
                interrupted.push(run);
            }
            drop(lock);
        }
        Ok(interrupted)
    }
}

pub(crate) fn set_status(
    db: &Connection,
    run: RunId,
    status: RunStatus,
    reason: Option<&str>,
    at: Timestamp,
) -> Inside<()> {
    let (counts, finished) = if status == RunStatus::Running {
        (None, None)
    } else {
        let counts = to_json("a run", &outcomes::count(db, run)?)?;
        (Some(counts), Some(at.to_string()))
    };
    let changed = db.execute(
        "UPDATE run SET status = ?2, reason = ?3, counts = ?4, finished_at = ?5 WHERE id = ?1",
        params![run.0, word(status), reason, counts, finished],
    )?;
    found(changed, run)?;
    history::index(db, run)
}

/// The counts kept with the run no longer hold.
pub(crate) fn outcomes_changed(db: &Connection, run: RunId) -> Inside<()> {
    db.prepare_cached("UPDATE run SET counts = NULL WHERE id = ?1 AND counts IS NOT NULL")?
        .execute([run.0])?;
    Ok(())
}

/// The plan and the sync of a run.
pub(crate) fn origin(db: &Connection, run: RunId) -> Inside<(PlanId, SyncId)> {
    db.prepare_cached("SELECT plan, sync FROM run WHERE id = ?1")?
        .query_row([run.0], |row| {
            Ok((PlanId(row.get(0)?), SyncId(row.get(1)?)))
        })
        .optional()?
        .ok_or_else(|| Trouble::not_found(format!("run {run}")))
}

/// The source and the org of a run's sync.
pub(crate) fn ends(db: &Connection, run: RunId) -> Inside<(ConnectionId, ConnectionId)> {
    db.prepare_cached(
        "SELECT s.source, s.org FROM run r JOIN sync s ON s.id = r.sync WHERE r.id = ?1",
    )?
    .query_row([run.0], |row| {
        Ok((ConnectionId(row.get(0)?), ConnectionId(row.get(1)?)))
    })
    .optional()?
    .ok_or_else(|| Trouble::not_found(format!("run {run}")))
}

fn status_of(db: &Connection, run: RunId) -> Inside<RunStatus> {
    let text: String = db.query_row("SELECT status FROM run WHERE id = ?1", [run.0], |row| {
        row.get(0)
    })?;
    status(&text)
}

fn found(changed: usize, run: RunId) -> Inside<()> {
    if changed == 0 {
        return Err(Trouble::not_found(format!("run {run}")));
    }
    Ok(())
}

pub(crate) fn word(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Running => "running",
        RunStatus::Finished => "finished",
        RunStatus::Interrupted => "interrupted",
        RunStatus::Stopped => "stopped",
        RunStatus::Halted => "halted",
    }
}

pub(crate) fn status(text: &str) -> Inside<RunStatus> {
    [
        RunStatus::Running,
        RunStatus::Finished,
        RunStatus::Interrupted,
        RunStatus::Stopped,
        RunStatus::Halted,
    ]
    .into_iter()
    .find(|status| word(*status) == text)
    .ok_or_else(|| Trouble::unreadable("how a run stands", format!("“{text}” is no such word")))
}

pub(crate) fn get(db: &Connection, run: RunId) -> Inside<Option<RunRecord>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM run WHERE id = ?1"))?
        .query_and_then([run.0], |row| read(db, row))?
        .next()
        .transpose()
}

fn read(db: &Connection, row: &Row<'_>) -> Inside<RunRecord> {
    let id = RunId(row.get(0)?);
    let counts = match row.get::<_, Option<String>>(8)? {
        Some(text) => from_json(|| format!("run {id}"), &text)?,
        None => outcomes::count(db, id)?,
    };
    Ok(RunRecord {
        id,
        plan: PlanId(row.get(1)?),
        sync: SyncId(row.get(2)?),
        is_undo: row.get(15)?,
        way: from_json(|| format!("run {id}"), &row.get::<_, String>(3)?)?,
        way_reason: row.get(16)?,
        limit: row.get(4)?,
        status: status(&row.get::<_, String>(5)?)?,
        reason: row.get(6)?,
        read: row.get(7)?,
        counts,
        to_write: row.get(9)?,
        api_calls: row.get(10)?,
        started_at: time(&row.get::<_, String>(11)?)?,
        finished_at: optional_time(row.get(12)?)?,
        verified: row.get(13)?,
        differs: row.get(14)?,
        later: row.get::<_, Option<u32>>(17)?.map(RunId),
    })
}
