//! Imports of Accounts into a billing system: what would become of each Account, the calls that
//! were begun, and what became of them.

use drawbridge_model::{
    ConnectionId, Currency, CustomerId, ImportAction, ImportCounts, ImportId, ImportLedger,
    ImportOutcome, ImportResult, ImportRow, LedgerError, OpenImport, RecordId, RunStatus, SyncId,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{folded, from_json, optional_time, time, to_json};
use crate::{Store, StoreError, connections};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 30,
        date: "2026-11-21",
        sql: "CREATE TABLE import (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              sync INTEGER NOT NULL REFERENCES sync (id),
              doc TEXT NOT NULL,
              -- NULL until a run of it begins.
              status TEXT,
              reason TEXT,
              read INTEGER NOT NULL DEFAULT 0,
              started_at TEXT NOT NULL,
              finished_at TEXT
          ) STRICT;
          CREATE TABLE import_row (
              import INTEGER NOT NULL REFERENCES import (id),
              record TEXT NOT NULL,
              name TEXT NOT NULL,
              -- Name and id in lower case, for searching.
              text TEXT NOT NULL,
              action INTEGER NOT NULL,
              doc TEXT NOT NULL,
              -- Of the call that is under way or whose answer was lost.
              begun_at TEXT,
              outcome INTEGER,
              customer TEXT,
              code TEXT,
              message TEXT,
              PRIMARY KEY (import, record)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX import_row_open ON import_row (import, begun_at, record)
              WHERE action = 0 AND outcome IS NULL;
          CREATE INDEX import_row_action ON import_row (import, action, name, record);",
    },
    Migration {
        version: 41,
        date: "2026-11-21",
        sql: "-- Who ran an import, as the computer calls them, and when its run first began.
          ALTER TABLE import ADD COLUMN who TEXT;
          ALTER TABLE import ADD COLUMN began_at TEXT;
          UPDATE import SET began_at = started_at WHERE status IS NOT NULL;",
    },
];

/// What an import was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportWish {
    /// Only Accounts of these types; empty means all.
    pub types: Vec<String>,
    /// The currency of Accounts that do not say theirs.
    pub currency: Option<Currency>,
}

/// An import as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRecord {
    /// Its number.
    pub id: ImportId,
    /// Of which sync.
    pub sync: SyncId,
    /// What it was asked for.
    pub wish: ImportWish,
    /// How its run stands; `None` before there is one.
    pub status: Option<RunStatus>,
    /// Why it stands so, when there is a why.
    pub reason: Option<String>,
    /// Accounts read; what its counts must add up to.
    pub read: u32,
    /// When it was previewed.
    pub started_at: Timestamp,
    /// When its run last came to stand still.
    pub finished_at: Option<Timestamp>,
    /// Who ran it, as the computer calls them.
    pub who: Option<String>,
    /// When its run first began.
    pub began_at: Option<Timestamp>,
}

/// How many Accounts of an import are planned how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportPlanned {
    /// To become customers.
    pub create: u32,
    /// Left out by a rule.
    pub skip: u32,
    /// To be settled first.
    pub blocked: u32,
}

/// Which Accounts of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportQuery {
    /// Only those planned so.
    pub action: Option<ImportAction>,
    /// Only those whose name or id contains this text, in any case.
    pub search: String,
    /// How many to leave out at the beginning.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// One Account of an import, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRowRecord {
    /// The Account.
    pub row: ImportRow,
    /// What became of it.
    pub outcome: Option<ImportOutcome>,
    /// The customer, when there is one.
    pub customer: Option<CustomerId>,
    /// What was wrong.
    pub message: Option<String>,
}

const OUTCOMES: [ImportOutcome; 6] = [
    ImportOutcome::Created,
    ImportOutcome::Already,
    ImportOutcome::Skipped,
    ImportOutcome::Blocked,
    ImportOutcome::Rejected,
    ImportOutcome::Unknown,
];

pub(crate) fn outcome_code(outcome: ImportOutcome) -> u8 {
    match outcome {
        ImportOutcome::Created => 0,
        ImportOutcome::Already => 1,
        ImportOutcome::Skipped => 2,
        ImportOutcome::Blocked => 3,
        ImportOutcome::Rejected => 4,
        ImportOutcome::Unknown => 5,
    }
}

fn outcome_of(code: u8) -> Inside<ImportOutcome> {
    OUTCOMES
        .get(usize::from(code))
        .copied()
        .ok_or_else(|| Trouble::unreadable("what became of an Account", format!("{code} is none")))
}

fn action_code(action: ImportAction) -> u8 {
    match action {
        ImportAction::Create => 0,
        ImportAction::Skip => 1,
        ImportAction::Blocked => 2,
    }
}

impl Store {
    /// Begins an import: a preview that has no rows yet.
    pub fn create_import(
        &self,
        sync: SyncId,
        wish: &ImportWish,
        at: Timestamp,
    ) -> Result<ImportId, StoreError> {
        self.write("beginning an import", |db| {
            db.execute(
                "INSERT INTO import (sync, doc, started_at) VALUES (?1, ?2, ?3)",
                params![sync.0, to_json("an import", wish)?, at.to_string()],
            )?;
            Ok(ImportId(crate::syncs::last_id(db)?))
        })
    }

    /// Records how many Accounts were read: the preview is complete.
    pub fn set_import_read(&self, import: ImportId, read: u32) -> Result<(), StoreError> {
        self.write("saving an import", |db| {
            let sql = "UPDATE import SET read = ?2 WHERE id = ?1";
            found(db.execute(sql, [import.0, read])?, import)
        })
    }

    /// Records how the run of an import stands. When it begins, everything that needs no call has
    /// its outcome at once.
    pub fn set_import_status(
        &self,
        import: ImportId,
        status: RunStatus,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("recording how an import stands", |db| {
            let running = status == RunStatus::Running;
            let finished = (!running).then(|| at.to_string());
            let began = running.then(|| at.to_string());
            let word = crate::runs::word(status);
            let changed = db.execute(
                "UPDATE import SET status = ?2, reason = ?3, finished_at = ?4,
                     began_at = coalesce(began_at, ?5) WHERE id = ?1",
                params![import.0, word, reason, finished, began],
            )?;
            found(changed, import)?;
            db.execute(
                "UPDATE import_row SET outcome = CASE action WHEN 1 THEN 2 ELSE 3 END
                 WHERE import = ?1 AND action <> 0 AND outcome IS NULL",
                [import.0],
            )?;
            Ok(())
        })
    }

    /// Records who runs an import.
    pub fn set_import_who(&self, import: ImportId, who: &str) -> Result<(), StoreError> {
        self.write("recording who imports", |db| {
            let sql = "UPDATE import SET who = ?2 WHERE id = ?1";
            found(db.execute(sql, params![import.0, who])?, import)
        })
    }

    /// One import.
    pub fn import(&self, import: ImportId) -> Result<Option<ImportRecord>, StoreError> {
        self.read("reading an import", |db| get(db, import))
    }

    /// The latest import of a sync.
    pub fn latest_import(&self, sync: SyncId) -> Result<Option<ImportRecord>, StoreError> {
        self.read("reading the imports", |db| {
            let sql =
                format!("SELECT {COLUMNS} FROM import WHERE sync = ?1 ORDER BY id DESC LIMIT 1");
            db.prepare_cached(&sql)?
                .query_and_then([sync.0], read)?
                .next()
                .transpose()
        })
    }

    /// Accounts by what is planned.
    pub fn import_planned(&self, import: ImportId) -> Result<ImportPlanned, StoreError> {
        self.read("counting an import", |db| {
            let mut planned = ImportPlanned::default();
            let mut counted = db.prepare_cached(
                "SELECT action, count(*) FROM import_row WHERE import = ?1 GROUP BY action",
            )?;
            let mut rows = counted.query([import.0])?;
            while let Some(row) = rows.next()? {
                *match row.get::<_, u8>(0)? {
                    0 => &mut planned.create,
                    1 => &mut planned.skip,
                    _ => &mut planned.blocked,
                } = row.get(1)?;
            }
            Inside::Ok(planned)
        })
    }

    /// Accounts to be settled first by the kind of their reason, most first.
    pub fn import_causes(&self, import: ImportId) -> Result<Vec<(String, u32)>, StoreError> {
        self.read("counting an import", |db| {
            Ok(db
                .prepare_cached(
                    "SELECT json_extract(doc, '$.reason.kind') AS kind, count(*)
                     FROM import_row WHERE import = ?1 AND action = 2 AND kind IS NOT NULL
                     GROUP BY kind ORDER BY 2 DESC, 1",
                )?
                .query_map([import.0], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?)
        })
    }

    /// Accounts by outcome.
    pub fn import_counts(&self, import: ImportId) -> Result<ImportCounts, StoreError> {
        self.read("counting an import", |db| {
            let mut counts = ImportCounts::default();
            let mut counted = db.prepare_cached(
                "SELECT outcome, count(*) FROM import_row
                 WHERE import = ?1 AND outcome IS NOT NULL GROUP BY outcome",
            )?;
            let mut rows = counted.query([import.0])?;
            while let Some(row) = rows.next()? {
                *match outcome_of(row.get(0)?)? {
                    ImportOutcome::Created => &mut counts.created,
                    ImportOutcome::Already => &mut counts.already,
                    ImportOutcome::Skipped => &mut counts.skipped,
                    ImportOutcome::Blocked => &mut counts.blocked,
                    ImportOutcome::Rejected => &mut counts.rejected,
                    ImportOutcome::Unknown => &mut counts.unknown,
                } = row.get(1)?;
            }
            Inside::Ok(counts)
        })
    }

    /// A page of Accounts, by name, and how many there are.
    pub fn import_rows(
        &self,
        import: ImportId,
        query: &ImportQuery,
    ) -> Result<(Vec<ImportRowRecord>, u32), StoreError> {
        self.read("reading an import", |db| {
            let filter = "FROM import_row WHERE import = ?1 AND (?2 IS NULL OR action = ?2)
                 AND (?3 = '' OR instr(text, ?3) > 0)";
            let action = query.action.map(action_code);
            let search = folded(&query.search);
            let total = db
                .prepare_cached(&format!("SELECT count(*) {filter}"))?
                .query_row(params![import.0, action, search], |row| row.get(0))?;
            let sql = format!(
                "SELECT doc, outcome, customer, message {filter} ORDER BY name, record
                 LIMIT ?4 OFFSET ?5"
            );
            let rows = db
                .prepare_cached(&sql)?
                .query_and_then(
                    params![import.0, action, search, query.limit, query.offset],
                    |row| {
                        Ok(ImportRowRecord {
                            row: document(row)?,
                            outcome: row.get::<_, Option<u8>>(1)?.map(outcome_of).transpose()?,
                            customer: row.get::<_, Option<String>>(2)?.map(CustomerId),
                            message: row.get(3)?,
                        })
                    },
                )?
                .collect::<Inside<_>>()?;
            Ok((rows, total))
        })
    }

    /// One Account of an import as it is planned.
    pub fn import_row(
        &self,
        import: ImportId,
        record: &RecordId,
    ) -> Result<Option<ImportRow>, StoreError> {
        self.read("reading an import", |db| {
            db.prepare_cached("SELECT doc FROM import_row WHERE import = ?1 AND record = ?2")?
                .query_and_then(params![import.0, record.as_str()], document)?
                .next()
                .transpose()
        })
    }
}

const COLUMNS: &str = "id, sync, doc, status, reason, read, started_at, finished_at, who, began_at";

pub(crate) fn get(db: &Connection, import: ImportId) -> Inside<Option<ImportRecord>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM import WHERE id = ?1"))?
        .query_and_then([import.0], read)?
        .next()
        .transpose()
}

fn read(row: &Row<'_>) -> Inside<ImportRecord> {
    let id = ImportId(row.get(0)?);
    let status: Option<String> = row.get(3)?;
    Ok(ImportRecord {
        id,
        sync: SyncId(row.get(1)?),
        wish: from_json(|| format!("import {id}"), &row.get::<_, String>(2)?)?,
        status: status.map(|word| crate::runs::status(&word)).transpose()?,
        reason: row.get(4)?,
        read: row.get(5)?,
        started_at: time(&row.get::<_, String>(6)?)?,
        finished_at: optional_time(row.get(7)?)?,
        who: row.get(8)?,
        began_at: optional_time(row.get(9)?)?,
    })
}

fn document(row: &Row<'_>) -> Inside<ImportRow> {
    from_json(
        || "an Account of an import".to_owned(),
        &row.get::<_, String>(0)?,
    )
}

/// The billing system an import makes customers in.
fn source_of(db: &Connection, import: ImportId) -> Inside<ConnectionId> {
    db.prepare_cached("SELECT s.source FROM import i JOIN sync s ON s.id = i.sync WHERE i.id = ?1")?
        .query_row([import.0], |row| Ok(ConnectionId(row.get(0)?)))
        .optional()?
        .ok_or_else(|| Trouble::not_found(format!("import {import}")))
}

fn found(changed: usize, import: ImportId) -> Inside<()> {
    if changed == 0 {
        return Err(Trouble::not_found(format!("import {import}")));
    }
    Ok(())
}

fn put_row(db: &Connection, import: ImportId, row: &ImportRow) -> Inside<()> {
    db.prepare_cached(
        "INSERT INTO import_row (import, record, name, text, action, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (import, record) DO UPDATE SET action = excluded.action, doc = excluded.doc",
    )?
    .execute(params![
        import.0,
        row.record.as_str(),
        row.name,
        folded(&format!("{}\n{}", row.name, row.record)),
        action_code(row.action),
        to_json("an Account of an import", row)?
    ])?;
    Ok(())
}

impl ImportLedger for Store {
    fn customer_of_record(
        &self,
        sync: SyncId,
        record: &RecordId,
    ) -> Result<Option<CustomerId>, LedgerError> {
        Ok(self.read("reading a link", |db| {
            Ok(db
                .prepare_cached(
                    "SELECT customer FROM accepted_link WHERE sync = ?1 AND record = ?2
                     UNION ALL SELECT customer FROM link WHERE sync = ?1 AND record = ?2 LIMIT 1",
                )?
                .query_row(params![sync.0, record.as_str()], |row| row.get(0))
                .optional()?
                .map(CustomerId))
        })?)
    }

    fn put_import_rows(&self, import: ImportId, rows: &[ImportRow]) -> Result<(), LedgerError> {
        Ok(self.write("saving an import", |db| {
            rows.iter().try_for_each(|row| put_row(db, import, row))
        })?)
    }

    fn open_imports(&self, import: ImportId, limit: usize) -> Result<Vec<OpenImport>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.read("reading an import", |db| {
            db.prepare_cached(
                "SELECT doc, begun_at FROM import_row
                 WHERE import = ?1 AND action = 0 AND outcome IS NULL
                 ORDER BY begun_at IS NULL, record LIMIT ?2",
            )?
            .query_and_then(params![import.0, limit], |row| {
                let planned = document(row)?;
                let what = format!("Account {} of import {import}", planned.record);
                Ok(OpenImport {
                    customer: planned
                        .customer
                        .ok_or_else(|| Trouble::unreadable(what, "it names no customer to make"))?,
                    begun_at: optional_time(row.get(1)?)?,
                })
            })?
            .collect()
        })?)
    }

    fn begin_import(
        &self,
        import: ImportId,
        record: &RecordId,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        Ok(self.write("recording a call", |db| {
            connections::refuse_read_only(db, source_of(db, import)?)?;
            let sql = "UPDATE import_row SET begun_at = ?3 WHERE import = ?1 AND record = ?2
                 AND outcome IS NULL";
            let changed = db.prepare_cached(sql)?.execute(params![
                import.0,
                record.as_str(),
                at.to_string()
            ])?;
            found(changed, import)
        })?)
    }

    fn end_import(
        &self,
        import: ImportId,
        record: &RecordId,
        result: Option<&ImportResult>,
    ) -> Result<(), LedgerError> {
        Ok(self.write("recording what became of a call", |db| {
            let sql = "UPDATE import_row SET begun_at = NULL, outcome = ?3, customer = ?4,
                     code = ?5, message = ?6
                 WHERE import = ?1 AND record = ?2 AND outcome IS NULL";
            let customer = result.and_then(|result| result.customer.as_ref());
            let changed = db.prepare_cached(sql)?.execute(params![
                import.0,
                record.as_str(),
                result.map(|result| outcome_code(result.outcome)),
                customer.map(CustomerId::as_str),
                result.and_then(|result| result.code),
                result.and_then(|result| result.message.as_deref())
            ])?;
            found(changed, import)
        })?)
    }
}
