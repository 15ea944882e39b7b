//! Links that are written back to the billing system: planned, begun, and what became of them.

use drawbridge_model::{
    Action, AttemptId, Customer, CustomerId, LedgerError, LinkAction, LinkAttempt, LinkCandidate,
    LinkCounts, LinkLedger, LinkOutcome, LinkPlace, LinkResult, LinkRow, Outcome, PlanId, RecordId,
    RunId,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{action_code, from_json, optional_record, outcome_code, time, to_json};
use crate::{Store, StoreError, connections, plan_rows, runs};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 29,
    date: "2026-11-21",
    sql: "CREATE TABLE writeback_row (
              plan INTEGER NOT NULL REFERENCES plan (id),
              customer TEXT NOT NULL,
              -- NULL while the record is still to be created.
              record TEXT,
              doc TEXT NOT NULL,
              PRIMARY KEY (plan, customer)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE writeback_attempt (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              run INTEGER NOT NULL REFERENCES run (id),
              customer TEXT NOT NULL,
              begun_at TEXT NOT NULL,
              ended_at TEXT
          ) STRICT;
          CREATE INDEX writeback_attempt_open
              ON writeback_attempt (run, id) WHERE ended_at IS NULL;
          CREATE TABLE writeback_outcome (
              run INTEGER NOT NULL REFERENCES run (id),
              customer TEXT NOT NULL,
              outcome INTEGER NOT NULL,
              record TEXT NOT NULL,
              -- Of the connected account that was made.
              connected TEXT,
              code TEXT,
              message TEXT,
              PRIMARY KEY (run, customer)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX writeback_outcome_kind ON writeback_outcome (run, outcome, customer);",
}];

const OUTCOMES: [LinkOutcome; 5] = [
    LinkOutcome::Recorded,
    LinkOutcome::Already,
    LinkOutcome::Conflict,
    LinkOutcome::Failed,
    LinkOutcome::Unknown,
];

fn code_of(outcome: LinkOutcome) -> u8 {
    match outcome {
        LinkOutcome::Recorded => 0,
        LinkOutcome::Already => 1,
        LinkOutcome::Conflict => 2,
        LinkOutcome::Failed => 3,
        LinkOutcome::Unknown => 4,
    }
}

fn outcome_of(code: u8) -> Inside<LinkOutcome> {
    OUTCOMES
        .get(usize::from(code))
        .copied()
        .ok_or_else(|| Trouble::unreadable("what became of a link", format!("{code} is none")))
}

/// One link of a run as a person looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRowRecord {
    /// The link as it was planned.
    pub row: LinkRow,
    /// Its record, once there is one.
    pub record: Option<RecordId>,
    /// What became of it; `None` while it is open.
    pub outcome: Option<LinkOutcome>,
    /// A word for what was wrong.
    pub code: Option<String>,
    /// What was wrong.
    pub message: Option<String>,
}

/// Links of run ?1: all that have, or had, their record written. A pilot has those of its own
/// customers alone, which are the ones it wrote (8 is a deletion).
const OF_RUN: &str = "FROM run r
    JOIN plan p ON p.id = r.plan
    JOIN writeback_row w ON w.plan = r.plan
    LEFT JOIN outcome o ON o.run = r.id AND o.customer = w.customer
    LEFT JOIN writeback_outcome x ON x.run = r.id AND x.customer = w.customer
    WHERE r.id = ?1 AND coalesce(w.record, o.record) IS NOT NULL
        AND CASE WHEN r.pilot = 1 THEN o.outcome IN (?2, ?3, 8)
            ELSE p.undoes IS NOT NULL OR o.outcome IN (?2, ?3, ?4) END";

fn written() -> [u8; 3] {
    [Outcome::Created, Outcome::Updated, Outcome::Unchanged].map(outcome_code)
}

impl Store {
    /// The links of a plan, by customer id.
    pub fn plan_links(
        &self,
        plan: PlanId,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<LinkRow>, u32), StoreError> {
        self.read("reading the links of a plan", |db| {
            let total = db
                .prepare_cached("SELECT count(*) FROM writeback_row WHERE plan = ?1")?
                .query_row([plan.0], |row| row.get(0))?;
            let rows = db
                .prepare_cached(
                    "SELECT doc FROM writeback_row WHERE plan = ?1 ORDER BY customer
                     LIMIT ?2 OFFSET ?3",
                )?
                .query_and_then([plan.0, limit, offset], |row| {
                    from_json(|| "a link".to_owned(), &row.get::<_, String>(0)?)
                })?
                .collect::<Inside<_>>()?;
            Ok((rows, total))
        })
    }

    /// The links of a run, by customer id, and how many there are; only of this outcome if one is
    /// given.
    pub fn run_links(
        &self,
        run: RunId,
        outcome: Option<LinkOutcome>,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<LinkRowRecord>, u32), StoreError> {
        self.read("reading the links of a run", |db| {
            let [a, b, c] = written();
            let outcome = outcome.map(code_of);
            let filter = "AND (?5 IS NULL OR x.outcome = ?5)";
            let total = db
                .prepare_cached(&format!("SELECT count(*) {OF_RUN} {filter}"))?
                .query_row(params![run.0, a, b, c, outcome], |row| row.get(0))?;
            let sql = format!(
                "SELECT w.doc, coalesce(w.record, o.record), x.outcome, x.code, x.message
                 {OF_RUN} {filter} ORDER BY w.customer LIMIT ?6 OFFSET ?7"
            );
            let rows = db
                .prepare_cached(&sql)?
                .query_and_then(params![run.0, a, b, c, outcome, limit, offset], |row| {
                    Ok(LinkRowRecord {
                        row: from_json(|| "a link".to_owned(), &row.get::<_, String>(0)?)?,
                        record: optional_record(row.get(1)?)?,
                        outcome: row.get::<_, Option<u8>>(2)?.map(outcome_of).transpose()?,
                        code: row.get(3)?,
                        message: row.get(4)?,
                    })
                })?
                .collect::<Inside<_>>()?;
            Ok((rows, total))
        })
    }

    /// Whether a plan has links at all.
    pub fn has_links(&self, plan: PlanId) -> Result<bool, StoreError> {
        self.read("reading the links of a plan", |db| {
            Ok(db
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM writeback_row WHERE plan = ?1)")?
                .query_row([plan.0], |row| row.get(0))?)
        })
    }
}

/// A link with its record, from its document and the record beside it.
fn with_record(row: &Row<'_>) -> Inside<LinkRow> {
    let link: LinkRow = from_json(|| "a link".to_owned(), &row.get::<_, String>(0)?)?;
    Ok(LinkRow {
        record: optional_record(row.get(1)?)?,
        ..link
    })
}

fn put_result(db: &Connection, run: RunId, result: &LinkResult) -> Inside<()> {
    db.prepare_cached(
        "INSERT INTO writeback_outcome (run, customer, outcome, record, connected, code, message)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (run, customer) DO UPDATE SET outcome = excluded.outcome,
             record = excluded.record, connected = excluded.connected, code = excluded.code,
             message = excluded.message",
    )?
    .execute(params![
        run.0,
        result.customer.as_str(),
        code_of(result.outcome),
        result.record.as_str(),
        result.connected,
        result.code,
        result.message
    ])?;
    if matches!(result.outcome, LinkOutcome::Recorded | LinkOutcome::Already) {
        remember(db, run, result)?;
    }
    Ok(())
}

/// Keeps a link with its customer too: a pull of what changed does not bring links, and the next
/// plan would want it once more.
fn remember(db: &Connection, run: RunId, result: &LinkResult) -> Inside<()> {
    let found: Option<(String, u32, String)> = db
        .prepare_cached(
            "SELECT w.doc, s.source, c.doc FROM run r
             JOIN writeback_row w ON w.plan = r.plan AND w.customer = ?2
             JOIN sync s ON s.id = r.sync
             JOIN customer c ON c.source = s.source AND c.id = w.customer
             WHERE r.id = ?1",
        )?
        .query_row(params![run.0, result.customer.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((link, source, customer)) = found else {
        return Ok(());
    };
    let link: LinkRow = from_json(|| "a link".to_owned(), &link)?;
    let what = || format!("customer {}", result.customer);
    let mut customer: Customer = from_json(what, &customer)?;
    let names = match link.place {
        LinkPlace::ConnectedAccount { .. } => &mut customer.connected_accounts,
        LinkPlace::Alias => &mut customer.aliases,
    };
    names.retain(|name| name != result.record.as_str());
    if link.action == LinkAction::Record {
        names.push(result.record.to_string());
    }
    db.prepare_cached("UPDATE customer SET doc = ?3 WHERE source = ?1 AND id = ?2")?
        .execute(params![
            source,
            result.customer.as_str(),
            to_json("a customer", &customer)?
        ])?;
    Ok(())
}

impl LinkLedger for Store {
    fn link_candidates(
        &self,
        plan: PlanId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<LinkCandidate>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let actions = [Action::Create, Action::Update, Action::Unchanged].map(action_code);
        Ok(self.read("reading plan rows", |db| {
            db.prepare_cached(
                "SELECT r.doc, c.doc FROM plan_row r
                 JOIN plan p ON p.id = r.plan
                 JOIN sync s ON s.id = p.sync
                 JOIN customer c ON c.source = s.source AND c.id = r.customer
                 WHERE r.plan = ?1 AND r.customer > ?2 AND r.action IN (?3, ?4, ?5)
                 ORDER BY r.customer LIMIT ?6",
            )?
            .query_and_then(
                params![
                    plan.0,
                    after.map_or("", CustomerId::as_str),
                    actions[0],
                    actions[1],
                    actions[2],
                    limit
                ],
                |row| -> Inside<LinkCandidate> {
                    let planned = plan_rows::read(row)?;
                    let what = || format!("customer {}", planned.customer);
                    let customer: Customer = from_json(what, &row.get::<_, String>(1)?)?;
                    Ok(LinkCandidate {
                        customer: planned.customer,
                        name: planned.name,
                        action: planned.action,
                        record: planned.record,
                        connected_accounts: customer.connected_accounts,
                        aliases: customer.aliases,
                    })
                },
            )?
            .collect()
        })?)
    }

    fn put_link_rows(&self, plan: PlanId, rows: &[LinkRow]) -> Result<(), LedgerError> {
        Ok(self.write("saving the links of a plan", |db| {
            let mut put = db.prepare_cached(
                "INSERT INTO writeback_row (plan, customer, record, doc) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (plan, customer) DO UPDATE SET
                     record = excluded.record, doc = excluded.doc",
            )?;
            for row in rows {
                put.execute(params![
                    plan.0,
                    row.customer.as_str(),
                    row.record.as_ref().map(RecordId::as_str),
                    to_json("a link", row)?
                ])?;
            }
            Ok(())
        })?)
    }

    fn recorded_links(
        &self,
        run: RunId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<LinkRow>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.read("reading the links of a run", |db| {
            db.prepare_cached(
                "SELECT w.doc, x.record, x.connected FROM writeback_outcome x
                 JOIN run r ON r.id = x.run
                 JOIN writeback_row w ON w.plan = r.plan AND w.customer = x.customer
                 WHERE x.run = ?1 AND x.customer > ?2 AND x.outcome = ?3
                     AND NOT EXISTS (SELECT 1 FROM outcome o
                         WHERE o.run = x.run AND o.customer = x.customer AND o.outcome = ?5)
                     AND NOT EXISTS (SELECT 1 FROM run lr
                         JOIN writeback_outcome l ON l.run = lr.id AND l.customer = x.customer
                         WHERE lr.id > x.run AND lr.sync = r.sync AND l.outcome = ?3)
                 ORDER BY x.customer LIMIT ?4",
            )?
            .query_and_then(
                params![
                    run.0,
                    after.map_or("", CustomerId::as_str),
                    code_of(LinkOutcome::Recorded),
                    limit,
                    // A link to a record the run deleted is not made again.
                    outcome_code(Outcome::Deleted)
                ],
                |row| {
                    Ok(LinkRow {
                        connected: row.get(2)?,
                        ..with_record(row)?
                    })
                },
            )?
            .collect()
        })?)
    }

    fn open_links(
        &self,
        run: RunId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<LinkRow>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.read("reading open links", |db| {
            let [a, b, c] = written();
            let sql = format!(
                "SELECT w.doc, coalesce(w.record, o.record) {OF_RUN}
                     AND x.customer IS NULL AND w.customer > ?5 ORDER BY w.customer LIMIT ?6"
            );
            let after = after.map_or("", CustomerId::as_str);
            db.prepare_cached(&sql)?
                .query_and_then(params![run.0, a, b, c, after, limit], with_record)?
                .collect()
        })?)
    }

    fn open_link_attempts(&self, run: RunId) -> Result<Vec<LinkAttempt>, LedgerError> {
        Ok(self.read("reading open calls", |db| {
            db.prepare_cached(
                "SELECT w.doc, coalesce(w.record, o.record), a.id, a.begun_at
                 FROM writeback_attempt a
                 JOIN run r ON r.id = a.run
                 JOIN writeback_row w ON w.plan = r.plan AND w.customer = a.customer
                 LEFT JOIN outcome o ON o.run = a.run AND o.customer = a.customer
                 WHERE a.run = ?1 AND a.ended_at IS NULL ORDER BY a.id",
            )?
            .query_and_then([run.0], |row| {
                Ok(LinkAttempt {
                    row: with_record(row)?,
                    id: number(row.get(2)?)?,
                    begun_at: time(&row.get::<_, String>(3)?)?,
                })
            })?
            .collect()
        })?)
    }

    fn begin_link_attempt(
        &self,
        run: RunId,
        customer: &CustomerId,
        at: Timestamp,
    ) -> Result<AttemptId, LedgerError> {
        Ok(self.write("recording a call", |db| {
            connections::refuse_read_only(db, runs::ends(db, run)?.0)?;
            db.prepare_cached(
                "INSERT INTO writeback_attempt (run, customer, begun_at) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![run.0, customer.as_str(), at.to_string()])?;
            number(db.last_insert_rowid())
        })?)
    }

    fn end_link_attempt(
        &self,
        run: RunId,
        attempt: AttemptId,
        result: Option<&LinkResult>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        Ok(self.write("recording what became of a call", |db| {
            let id = i64::try_from(attempt.0)
                .map_err(|error| Trouble::unreadable("an attempt", error))?;
            let closed = db
                .prepare_cached(
                    "UPDATE writeback_attempt SET ended_at = ?3
                     WHERE id = ?1 AND run = ?2 AND ended_at IS NULL",
                )?
                .execute(params![id, run.0, at.to_string()])?;
            if closed == 0 {
                let what = format!("attempt {} at a link of run {run}", attempt.0);
                return Err(Trouble::unreadable(what, "it is not open"));
            }
            result.map_or(Ok(()), |result| put_result(db, run, result))
        })?)
    }

    fn put_link_results(&self, run: RunId, results: &[LinkResult]) -> Result<(), LedgerError> {
        Ok(self.write("recording outcomes of links", |db| {
            results
                .iter()
                .try_for_each(|result| put_result(db, run, result))
        })?)
    }

    fn link_counts(&self, run: RunId) -> Result<LinkCounts, LedgerError> {
        Ok(self.read("counting links", |db| {
            let [a, b, c] = written();
            let mut counts = LinkCounts::default();
            let mut found =
                db.prepare_cached(&format!("SELECT x.outcome, count(*) {OF_RUN} GROUP BY 1"))?;
            let mut rows = found.query(params![run.0, a, b, c])?;
            while let Some(row) = rows.next()? {
                let count: u32 = row.get(1)?;
                counts.to_link += count;
                if let Some(code) = row.get::<_, Option<u8>>(0)? {
                    counts.set(outcome_of(code)?, count);
                }
            }
            Inside::Ok(counts)
        })?)
    }
}

fn number(id: i64) -> Inside<AttemptId> {
    u64::try_from(id)
        .map(AttemptId)
        .map_err(|error| Trouble::unreadable("an attempt", error))
}
