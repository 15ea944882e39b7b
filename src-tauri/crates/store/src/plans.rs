//! Plans: how each stands, and what it came to.

use drawbridge_model::{ConnectionId, Forecast, PlanCounts, PlanId, RunId, SyncId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{from_json, optional_time, time, to_json};
use crate::{Store, StoreError, plan_orders};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 9,
        date: "2026-11-21",
        sql: "CREATE TABLE plan (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              sync INTEGER NOT NULL REFERENCES sync (id),
              mapping_version INTEGER NOT NULL,
              status TEXT NOT NULL,
              summary TEXT NOT NULL,
              started_at TEXT NOT NULL,
              finished_at TEXT,
              error TEXT
          ) STRICT;
          CREATE INDEX plan_sync ON plan (sync, id);",
    },
    Migration {
        version: 19,
        date: "2026-11-21",
        sql: "-- The run a plan takes back.
          ALTER TABLE plan ADD COLUMN undoes INTEGER;",
    },
];

/// How a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// It is being computed, or was when the app ended.
    Planning,
    /// It can be reviewed and run.
    Ready,
    /// It could not be computed.
    Failed,
    /// A run was made of it.
    Used,
    /// A newer plan, or a change of the sync or its mapping, replaced it.
    Stale,
}

impl PlanStatus {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Used => "used",
            Self::Stale => "stale",
        }
    }

    fn of(word: &str) -> Inside<Self> {
        [
            Self::Planning,
            Self::Ready,
            Self::Failed,
            Self::Used,
            Self::Stale,
        ]
        .into_iter()
        .find(|status| status.word() == word)
        .ok_or_else(|| {
            Trouble::unreadable("how a plan stands", format!("“{word}” is no such word"))
        })
    }
}

/// A safety halt: a run of the plan needs its tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// A stable word, such as `source_shrunk`.
    pub code: String,
    /// The sentence a person reads.
    pub message: String,
    /// Whether a person ticked it.
    pub accepted: bool,
}

/// What a finished plan came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// Rows by action.
    pub counts: PlanCounts,
    /// What a run would cost.
    pub forecast: Forecast,
    /// Customers read from the source.
    pub read: u32,
    /// Records read from the org.
    pub records: u32,
    /// Safety halts.
    pub halts: Vec<Halt>,
    /// When both sides were read, for a plan that asked neither.
    #[serde(default)]
    pub offline: Option<Ages>,
    /// What is not known about it and a person should know.
    #[serde(default)]
    pub note: Option<String>,
    /// Everything saved in the org up to here was seen; by the org's clock. `None` where that is not
    /// known.
    #[serde(default)]
    pub read_through: Option<Timestamp>,
}

/// When both sides were last read to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ages {
    /// The source.
    pub source: Timestamp,
    /// The org.
    pub org: Timestamp,
}

/// A plan as it is stored, without its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRecord {
    /// Its number.
    pub id: PlanId,
    /// Of which sync.
    pub sync: SyncId,
    /// Made from which version of the mapping.
    pub mapping_version: u32,
    /// The run it takes back, when it is an undo.
    pub undoes: Option<RunId>,
    /// Whether it may delete records: only an undo, and only those the run it takes back created.
    pub deletes: bool,
    /// How it stands.
    pub status: PlanStatus,
    /// Rows by action.
    pub counts: PlanCounts,
    /// What a run would cost.
    pub forecast: Forecast,
    /// Customers read from the source.
    pub read: u32,
    /// Records read from the org.
    pub records: u32,
    /// Safety halts.
    pub halts: Vec<Halt>,
    /// When both sides were read, for a plan that asked neither.
    pub offline: Option<Ages>,
    /// Everything saved in the org up to here was seen; see [`PlanSummary::read_through`].
    pub read_through: Option<Timestamp>,
    /// What is not known about it and a person should know.
    pub note: Option<String>,
    /// When planning began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
}

impl Store {
    /// Begins a plan. Rows of older plans of the sync that were never run and no longer can be are
    /// deleted; what they came to is kept.
    pub fn create_plan(
        &self,
        sync: SyncId,
        mapping_version: u32,
        at: Timestamp,
    ) -> Result<PlanId, StoreError> {
        self.begin_plan(sync, mapping_version, None, false, at)
    }

    /// Begins a plan that takes a run back, of the mapping that run was made with. Only where
    /// `deletes` says so may it have rows that delete a record.
    pub fn create_undo(
        &self,
        run: RunId,
        deletes: bool,
        at: Timestamp,
    ) -> Result<PlanId, StoreError> {
        let (sync, mapping_version) = self.read("beginning an undo", |db| {
            db.query_row(
                "SELECT p.sync, p.mapping_version FROM run r JOIN plan p ON p.id = r.plan
                 WHERE r.id = ?1",
                [run.0],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?
            .ok_or_else(|| Trouble::not_found(format!("run {run}")))
        })?;
        self.begin_plan(SyncId(sync), mapping_version, Some(run), deletes, at)
    }

    fn begin_plan(
        &self,
        sync: SyncId,
        mapping_version: u32,
        undoes: Option<RunId>,
        deletes: bool,
        at: Timestamp,
    ) -> Result<PlanId, StoreError> {
        self.write("beginning a plan", |db| {
            let given_up = "SELECT id FROM plan
                WHERE sync = ?1 AND status IN ('stale', 'failed')
                AND NOT EXISTS (SELECT 1 FROM run WHERE run.plan = plan.id)";
            for table in ["plan_row", "plan_order", "plan_field", "plan_halt_row"] {
                db.execute(
                    &format!("DELETE FROM {table} WHERE plan IN ({given_up})"),
                    [sync.0],
                )?;
            }
            db.execute(
                "INSERT INTO plan (sync, mapping_version, status, summary, started_at, undoes,
                     deletes)
                 VALUES (?1, ?2, 'planning', ?3, ?4, ?5, ?6)",
                params![
                    sync.0,
                    mapping_version,
                    to_json("a plan", &PlanSummary::default())?,
                    at.to_string(),
                    undoes.map(|run| run.0),
                    deletes
                ],
            )?;
            Ok(PlanId(crate::syncs::last_id(db)?))
        })
    }

    /// Makes a plan ready for review. Older plans of the sync that were ready become stale.
    pub fn finish_plan(
        &self,
        plan: PlanId,
        summary: &PlanSummary,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("saving a plan", |db| {
            let record = expect(db, plan, PlanStatus::Planning)?;
            plan_orders::build(db, plan)?;
            make_stale(db, record.sync)?;
            db.execute(
                "UPDATE plan SET status = 'ready', summary = ?2, finished_at = ?3 WHERE id = ?1",
                params![plan.0, to_json("a plan", summary)?, at.to_string()],
            )?;
            Ok(())
        })?;
        self.rest();
        Ok(())
    }

    /// Records that a plan could not be computed, and why.
    pub fn fail_plan(&self, plan: PlanId, error: &str, at: Timestamp) -> Result<(), StoreError> {
        self.write("saving why a plan failed", |db| {
            expect(db, plan, PlanStatus::Planning)?;
            db.execute(
                "UPDATE plan SET status = 'failed', error = ?2, finished_at = ?3 WHERE id = ?1",
                params![plan.0, error, at.to_string()],
            )?;
            Ok(())
        })
    }

    /// What the plans of a sync were made from holds no longer.
    pub fn make_plans_stale(&self, sync: SyncId) -> Result<(), StoreError> {
        self.write("marking plans as stale", |db| make_stale(db, sync))
    }

    /// Ticks a safety halt of a ready plan.
    pub fn accept_halt(&self, plan: PlanId, code: &str) -> Result<(), StoreError> {
        self.write("accepting a halt", |db| {
            let record = expect(db, plan, PlanStatus::Ready)?;
            let mut summary = PlanSummary {
                counts: record.counts,
                forecast: record.forecast,
                read: record.read,
                records: record.records,
                halts: record.halts,
                offline: record.offline,
                note: record.note,
                read_through: record.read_through,
            };
            let halt = summary
                .halts
                .iter_mut()
                .find(|halt| halt.code == code)
                .ok_or_else(|| Trouble::not_found(format!("halt “{code}” in plan {plan}")))?;
            halt.accepted = true;
            db.execute(
                "UPDATE plan SET summary = ?2 WHERE id = ?1",
                params![plan.0, to_json("a plan", &summary)?],
            )?;
            Ok(())
        })
    }

    /// One plan.
    pub fn plan(&self, plan: PlanId) -> Result<Option<PlanRecord>, StoreError> {
        self.read("reading a plan", |db| get(db, plan))
    }

    /// The newest plan of a sync, however it stands.
    pub fn latest_plan(&self, sync: SyncId) -> Result<Option<PlanRecord>, StoreError> {
        self.read("reading a plan", |db| {
            let newest: Option<u32> = db
                .query_row(
                    "SELECT max(id) FROM plan WHERE sync = ?1",
                    [sync.0],
                    |row| row.get(0),
                )
                .optional()?
                .flatten();
            newest.map_or(Ok(None), |id| get(db, PlanId(id)))
        })
    }
}

/// Plans of the sync that were ready no longer are.
pub(crate) fn make_stale(db: &Connection, sync: SyncId) -> Inside<()> {
    db.execute(
        "UPDATE plan SET status = 'stale' WHERE sync = ?1 AND status = 'ready'",
        [sync.0],
    )?;
    Ok(())
}

/// The same for all syncs of a source.
pub(crate) fn make_stale_of_source(db: &Connection, source: ConnectionId) -> Inside<()> {
    db.execute(
        "UPDATE plan SET status = 'stale' WHERE status = 'ready'
             AND sync IN (SELECT id FROM sync WHERE source = ?1)",
        [source.0],
    )?;
    Ok(())
}

/// The plan, if it stands as it must.
pub(crate) fn expect(db: &Connection, plan: PlanId, status: PlanStatus) -> Inside<PlanRecord> {
    let record = get(db, plan)?.ok_or_else(|| Trouble::not_found(format!("plan {plan}")))?;
    if record.status == status {
        Ok(record)
    } else {
        Err(Trouble::Store(StoreError::PlanNotReady {
            plan,
            status: record.status,
        }))
    }
}

pub(crate) fn get(db: &Connection, plan: PlanId) -> Inside<Option<PlanRecord>> {
    db.prepare_cached(
        "SELECT sync, mapping_version, status, summary, started_at, finished_at, error, undoes,
             deletes
         FROM plan WHERE id = ?1",
    )?
    .query_and_then([plan.0], |row| read(plan, row))?
    .next()
    .transpose()
}

fn read(plan: PlanId, row: &Row<'_>) -> Inside<PlanRecord> {
    let summary: PlanSummary = from_json(|| format!("plan {plan}"), &row.get::<_, String>(3)?)?;
    Ok(PlanRecord {
        id: plan,
        sync: SyncId(row.get(0)?),
        mapping_version: row.get(1)?,
        status: PlanStatus::of(&row.get::<_, String>(2)?)?,
        counts: summary.counts,
        forecast: summary.forecast,
        read: summary.read,
        records: summary.records,
        halts: summary.halts,
        offline: summary.offline,
        read_through: summary.read_through,
        note: summary.note,
        started_at: time(&row.get::<_, String>(4)?)?,
        finished_at: optional_time(row.get(5)?)?,
        error: row.get(6)?,
        undoes: row.get::<_, Option<u32>>(7)?.map(RunId),
        deletes: row.get(8)?,
    })
}
