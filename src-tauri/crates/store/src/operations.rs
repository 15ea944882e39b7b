//! Changes made to billing systems by hand, in batches of one or many: what each is to do, the calls
//! that were begun, and what became of them.

use drawbridge_model::{
    After, BatchId, Before, ConnectionId, Operation, OperationCounts, OperationKind,
    OperationOutcome, RunStatus, SubscriptionEvent,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{folded, from_json, optional_time, time, to_json};
use crate::{Store, StoreError, runs};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 38,
    date: "2026-11-21",
    sql: "CREATE TABLE operation_batch (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              -- The history outlives its connection, which is why its name stands here too.
              connection INTEGER NOT NULL,
              connection_name TEXT NOT NULL,
              origin TEXT NOT NULL,
              title TEXT NOT NULL,
              -- Title, connection and who, in lower case, for searching.
              text TEXT NOT NULL,
              who TEXT,
              -- NULL until it begins.
              status TEXT,
              reason TEXT,
              created_at TEXT NOT NULL,
              started_at TEXT,
              finished_at TEXT
          ) STRICT;
          CREATE TABLE operation_row (
              batch INTEGER NOT NULL REFERENCES operation_batch (id),
              number INTEGER NOT NULL,
              kind TEXT NOT NULL,
              subject TEXT NOT NULL,
              text TEXT NOT NULL,
              -- What was shown before anything was sent.
              sentence TEXT NOT NULL,
              -- NULL where the row has problems.
              doc TEXT,
              problems TEXT NOT NULL,
              -- Of the call that is under way or whose answer was lost.
              begun_at TEXT,
              ended_at TEXT,
              outcome INTEGER,
              code TEXT,
              message TEXT,
              before TEXT,
              after TEXT,
              PRIMARY KEY (batch, number)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX operation_row_open ON operation_row (batch, begun_at, number)
              WHERE outcome IS NULL;
          CREATE INDEX operation_row_outcome ON operation_row (batch, outcome, number);
          -- Whose a subscription is, as answers told.
          CREATE TABLE billing_subscription (
              connection INTEGER NOT NULL,
              handle TEXT NOT NULL,
              user TEXT NOT NULL,
              doc TEXT NOT NULL,
              PRIMARY KEY (connection, handle)
          ) STRICT, WITHOUT ROWID;",
}];

/// Where the operations of a batch come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchOrigin {
    /// A form: one operation.
    Form,
    /// Rows a person selected.
    Selection,
    /// A CSV file.
    Csv,
}

impl BatchOrigin {
    fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Selection => "selection",
            Self::Csv => "csv",
        }
    }

    fn read(word: &str) -> Inside<Self> {
        [Self::Form, Self::Selection, Self::Csv]
            .into_iter()
            .find(|origin| origin.word() == word)
            .ok_or_else(|| Trouble::unreadable("a batch", format!("{word} is no origin")))
    }
}

/// A batch that is not stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// In which billing system.
    pub connection: ConnectionId,
    /// What that is called.
    pub connection_name: String,
    /// Where it comes from.
    pub origin: BatchOrigin,
    /// What a person knows it by: a file's name, or what is done.
    pub title: String,
    /// Who made it, as the computer calls them.
    pub who: Option<String>,
}

/// What is wrong with a row: in which field, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    /// Name of the field, where it is about one.
    pub field: Option<String>,
    /// What, and what to do.
    pub message: String,
}

/// A row that is not stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOperation {
    /// Its place, from 1; of a file the line it stands in.
    pub number: u32,
    /// Which change.
    pub kind: OperationKind,
    /// Id or alias of what is changed, as it was given.
    pub subject: String,
    /// What will happen, in words.
    pub sentence: String,
    /// What is to be done; `None` where something is wrong.
    pub operation: Option<Operation>,
    /// What is wrong.
    pub problems: Vec<RowProblem>,
}

/// A batch as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRecord {
    /// Its number.
    pub id: BatchId,
    /// What it was made of.
    pub made: NewBatch,
    /// How it stands; `None` before it begins.
    pub status: Option<RunStatus>,
    /// Why it stands so, when there is a why.
    pub reason: Option<String>,
    /// How many rows it has.
    pub rows: u32,
    /// How many of them can be sent.
    pub sendable: u32,
    /// How many of them delete a user.
    pub deletions: u32,
    /// What its first row is; all rows are of one billing system.
    pub kind: OperationKind,
    /// Outcomes so far.
    pub counts: OperationCounts,
    /// When it was previewed.
    pub created_at: Timestamp,
    /// When it first began.
    pub started_at: Option<Timestamp>,
    /// When it last came to stand still.
    pub finished_at: Option<Timestamp>,
}

/// Which batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchQuery {
    /// Only those of this connection.
    pub connection: Option<ConnectionId>,
    /// Only those whose title, connection or maker contains this text, in any case.
    pub search: String,
    /// How many to leave out at the beginning.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// Which rows of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationQuery {
    /// Only those with this outcome; blocked ones before the batch begins too.
    pub outcome: Option<OperationOutcome>,
    /// Only those whose subject or sentence contains this text, in any case.
    pub search: String,
    /// How many to leave out at the beginning.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// One row of a batch, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationRecord {
    /// What it is.
    pub row: NewOperation,
    /// When its call was begun, where it is under way or its answer was lost.
    pub begun_at: Option<Timestamp>,
    /// When it had its outcome.
    pub ended_at: Option<Timestamp>,
    /// What became of it.
    pub outcome: Option<OperationOutcome>,
    /// A stable word for what was wrong.
    pub code: Option<String>,
    /// What there is to know, as sentences.
    pub message: Option<String>,
    /// What stood there before, where it is known.
    pub before: Option<Before>,
    /// What is there from then on, where it is known.
    pub after: Option<After>,
}

const OUTCOMES: [OperationOutcome; 5] = [
    OperationOutcome::Done,
    OperationOutcome::Already,
    OperationOutcome::Blocked,
    OperationOutcome::Rejected,
    OperationOutcome::Unknown,
];

pub(crate) fn outcome_code(outcome: OperationOutcome) -> u8 {
    match outcome {
        OperationOutcome::Done => 0,
        OperationOutcome::Already => 1,
        OperationOutcome::Blocked => 2,
        OperationOutcome::Rejected => 3,
        OperationOutcome::Unknown => 4,
    }
}

fn outcome_of(code: u8) -> Inside<OperationOutcome> {
    OUTCOMES
        .get(usize::from(code))
        .copied()
        .ok_or_else(|| Trouble::unreadable("what became of an operation", format!("{code}")))
}

fn kind_of(word: &str) -> Inside<OperationKind> {
    OperationKind::ALL
        .into_iter()
        .find(|kind| kind.code() == word)
        .ok_or_else(|| Trouble::unreadable("an operation", format!("{word} is no kind")))
}

impl Store {
    /// Keeps a batch that is previewed: nothing of it is sent yet.
    pub fn create_batch(
        &self,
        new: &NewBatch,
        rows: &[NewOperation],
        at: Timestamp,
    ) -> Result<BatchId, StoreError> {
        self.write("saving operations", |db| {
            let who = new.who.as_deref().unwrap_or_default();
            let text = folded(&format!("{}\n{}\n{who}", new.title, new.connection_name));
            db.execute(
                "INSERT INTO operation_batch
                     (connection, connection_name, origin, title, text, who, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    new.connection.0,
                    new.connection_name,
                    new.origin.word(),
                    new.title,
                    text,
                    new.who,
                    at.to_string()
                ],
            )?;
            let batch = BatchId(crate::syncs::last_id(db)?);
            rows.iter().try_for_each(|row| put_row(db, batch, row))?;
            Ok(batch)
        })
    }

    /// Records how a batch stands. When it begins, rows with problems have their outcome at once.
    pub fn set_batch_status(
        &self,
        batch: BatchId,
        status: RunStatus,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("recording how operations stand", |db| {
            let running = status == RunStatus::Running;
            let finished = (!running).then(|| at.to_string());
            let started = running.then(|| at.to_string());
            let changed = db.execute(
                "UPDATE operation_batch SET status = ?2, reason = ?3, finished_at = ?4,
                     started_at = coalesce(started_at, ?5) WHERE id = ?1",
                params![batch.0, runs::word(status), reason, finished, started],
            )?;
            found(changed, batch)?;
            db.execute(
                "UPDATE operation_row SET outcome = 2, ended_at = ?2
                 WHERE batch = ?1 AND doc IS NULL AND outcome IS NULL",
                params![batch.0, at.to_string()],
            )?;
            Ok(())
        })
    }

    /// One batch.
    pub fn batch(&self, batch: BatchId) -> Result<Option<BatchRecord>, StoreError> {
        self.read("reading operations", |db| get(db, batch))
    }

    /// Batches, newest first, and how many there are.
    pub fn batches(&self, query: &BatchQuery) -> Result<(Vec<BatchRecord>, u32), StoreError> {
        self.read("reading operations", |db| {
            let filter = "FROM operation_batch WHERE (?1 IS NULL OR connection = ?1)
                 AND (?2 = '' OR instr(text, ?2) > 0 OR EXISTS (SELECT 1 FROM operation_row r
                     WHERE r.batch = operation_batch.id AND instr(r.text, ?2) > 0))";
            let connection = query.connection.map(|it| it.0);
            let search = folded(&query.search);
            let total = db
                .prepare_cached(&format!("SELECT count(*) {filter}"))?
                .query_row(params![connection, search], |row| row.get(0))?;
            let sql = format!("SELECT {COLUMNS} {filter} ORDER BY id DESC LIMIT ?3 OFFSET ?4");
            let rows = db
                .prepare_cached(&sql)?
                .query_and_then(
                    params![connection, search, query.limit, query.offset],
                    |row| read(db, row),
                )?
                .collect::<Inside<_>>()?;
            Ok((rows, total))
        })
    }

    /// A page of a batch's rows, in their order, and how many there are.
    pub fn operation_rows(
        &self,
        batch: BatchId,
        query: &OperationQuery,
    ) -> Result<(Vec<OperationRecord>, u32), StoreError> {
        self.read("reading operations", |db| {
            let filter = "FROM operation_row WHERE batch = ?1
                 AND (?2 IS NULL OR outcome = ?2 OR (?2 = 2 AND doc IS NULL))
                 AND (?3 = '' OR instr(text, ?3) > 0)";
            let outcome = query.outcome.map(outcome_code);
            let search = folded(&query.search);
            let total = db
                .prepare_cached(&format!("SELECT count(*) {filter}"))?
                .query_row(params![batch.0, outcome, search], |row| row.get(0))?;
            let sql = format!(
                "SELECT number, kind, subject, sentence, doc, problems, begun_at, ended_at, outcome,
                     code, message, before, after {filter} ORDER BY number LIMIT ?4 OFFSET ?5"
            );
            let rows = db
                .prepare_cached(&sql)?
                .query_and_then(
                    params![batch.0, outcome, search, query.limit, query.offset],
                    read_row,
                )?
                .collect::<Inside<_>>()?;
            Ok((rows, total))
        })
    }

    /// Remembers whose subscriptions these are, and what they are now.
    pub fn put_billing_subscriptions(
        &self,
        connection: ConnectionId,
        events: &[SubscriptionEvent],
    ) -> Result<(), StoreError> {
        self.write("remembering subscriptions", |db| {
            events
                .iter()
                .try_for_each(|event| put_subscription(db, connection.0, event))
        })
    }
}

const COLUMNS: &str = "id, connection, connection_name, origin, title, who, status, reason,
    created_at, started_at, finished_at,
    (SELECT count(*) FROM operation_row r WHERE r.batch = operation_batch.id),
    (SELECT count(*) FROM operation_row r WHERE r.batch = operation_batch.id AND doc IS NOT NULL),
    (SELECT count(*) FROM operation_row r WHERE r.batch = operation_batch.id AND doc IS NOT NULL
         AND kind = 'delete_user'),
    (SELECT kind FROM operation_row r WHERE r.batch = operation_batch.id ORDER BY number LIMIT 1)";

pub(crate) fn get(db: &Connection, batch: BatchId) -> Inside<Option<BatchRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM operation_batch WHERE id = ?1");
    db.prepare_cached(&sql)?
        .query_and_then([batch.0], |row| read(db, row))?
        .next()
        .transpose()
}

fn read(db: &Connection, row: &Row<'_>) -> Inside<BatchRecord> {
    let id = BatchId(row.get(0)?);
    let status: Option<String> = row.get(6)?;
    Ok(BatchRecord {
        id,
        made: NewBatch {
            connection: ConnectionId(row.get(1)?),
            connection_name: row.get(2)?,
            origin: BatchOrigin::read(&row.get::<_, String>(3)?)?,
            title: row.get(4)?,
            who: row.get(5)?,
        },
        status: status.map(|word| runs::status(&word)).transpose()?,
        reason: row.get(7)?,
        created_at: time(&row.get::<_, String>(8)?)?,
        started_at: optional_time(row.get(9)?)?,
        finished_at: optional_time(row.get(10)?)?,
        rows: row.get(11)?,
        sendable: row.get(12)?,
        deletions: row.get(13)?,
        kind: kind_of(&row.get::<_, String>(14)?)?,
        counts: counts(db, id)?,
    })
}

fn counts(db: &Connection, batch: BatchId) -> Inside<OperationCounts> {
    let mut counts = OperationCounts::default();
    let mut counted = db.prepare_cached(
        "SELECT outcome, count(*) FROM operation_row
         WHERE batch = ?1 AND outcome IS NOT NULL GROUP BY outcome",
    )?;
    let mut rows = counted.query([batch.0])?;
    while let Some(row) = rows.next()? {
        *match outcome_of(row.get(0)?)? {
            OperationOutcome::Done => &mut counts.done,
            OperationOutcome::Already => &mut counts.already,
            OperationOutcome::Blocked => &mut counts.blocked,
            OperationOutcome::Rejected => &mut counts.rejected,
            OperationOutcome::Unknown => &mut counts.unknown,
        } = row.get(1)?;
    }
    Ok(counts)
}

fn read_row(row: &Row<'_>) -> Inside<OperationRecord> {
    let what = || "an operation".to_owned();
    let operation: Option<String> = row.get(4)?;
    let before: Option<String> = row.get(11)?;
    let after: Option<String> = row.get(12)?;
    Ok(OperationRecord {
        row: NewOperation {
            number: row.get(0)?,
            kind: kind_of(&row.get::<_, String>(1)?)?,
            subject: row.get(2)?,
            sentence: row.get(3)?,
            operation: operation.map(|text| from_json(what, &text)).transpose()?,
            problems: from_json(what, &row.get::<_, String>(5)?)?,
        },
        begun_at: optional_time(row.get(6)?)?,
        ended_at: optional_time(row.get(7)?)?,
        outcome: row.get::<_, Option<u8>>(8)?.map(outcome_of).transpose()?,
        code: row.get(9)?,
        message: row.get(10)?,
        before: before.map(|text| from_json(what, &text)).transpose()?,
        after: after.map(|text| from_json(what, &text)).transpose()?,
    })
}

fn put_row(db: &Connection, batch: BatchId, row: &NewOperation) -> Inside<()> {
    let operation = row
        .operation
        .as_ref()
        .map(|operation| to_json("an operation", operation))
        .transpose()?;
    db.prepare_cached(
        "INSERT INTO operation_row (batch, number, kind, subject, text, sentence, doc, problems)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        batch.0,
        row.number,
        row.kind.code(),
        row.subject,
        folded(&format!("{}\n{}", row.subject, row.sentence)),
        row.sentence,
        operation,
        to_json("an operation", &row.problems)?
    ])?;
    Ok(())
}

/// The latest line of a subscription is what is kept of it.
pub(crate) fn put_subscription(
    db: &Connection,
    connection: u32,
    event: &SubscriptionEvent,
) -> Inside<()> {
    let Some(user) = event.user_id.as_ref().or(event.user_alias.as_ref()) else {
        return Ok(());
    };
    let doc = to_json("a subscription", event)?;
    let alias = event.subscription_alias.iter();
    for handle in std::iter::once(&event.subscription_id).chain(alias) {
        db.prepare_cached(
            "INSERT INTO billing_subscription (connection, handle, user, doc) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET user = excluded.user, doc = excluded.doc",
        )?
        .execute(params![connection, handle, user, doc])?;
    }
    Ok(())
}

/// Forgets the subscriptions of a connection that is left; what was done stays in the history.
pub(crate) fn forget(db: &Connection, connection: ConnectionId) -> Inside<()> {
    db.execute(
        "DELETE FROM billing_subscription WHERE connection = ?1",
        [connection.0],
    )?;
    Ok(())
}

/// The billing system a batch changes.
pub(crate) fn connection_of(db: &Connection, batch: BatchId) -> Inside<ConnectionId> {
    db.prepare_cached("SELECT connection FROM operation_batch WHERE id = ?1")?
        .query_row([batch.0], |row| Ok(ConnectionId(row.get(0)?)))
        .optional()?
        .ok_or_else(|| Trouble::not_found(format!("batch {batch}")))
}

pub(crate) fn found(changed: usize, batch: BatchId) -> Inside<()> {
    if changed == 0 {
        return Err(Trouble::not_found(format!("operation {batch}")));
    }
    Ok(())
}
