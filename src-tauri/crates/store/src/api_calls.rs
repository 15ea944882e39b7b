//! Calls made by hand to a billing system's API: written down before they are sent, closed when an
//! answer came. Answers are not kept: they are the billing system's data, and it can be asked again.

use std::fmt::Write;

use drawbridge_model::{
    ApiCall, ApiCallEnd, ApiCallId, ApiCallOutcome, ApiCallRecord, Connection, ConnectionId,
    Provider,
};
use jiff::Timestamp;
use rusqlite::types::Value as Sql;
use rusqlite::{Row, params, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{folded, from_column, time, to_json};
use crate::{Store, StoreError, connections, syncs};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 37,
    date: "2026-11-21",
    sql: "CREATE TABLE api_call (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              -- The connection may be gone: what was done to a billing system stays known.
              connection INTEGER NOT NULL,
              -- Whether it may have changed something.
              changes INTEGER NOT NULL,
              doc TEXT NOT NULL,
              -- What it is found by, in lower case.
              text TEXT NOT NULL,
              begun_at TEXT NOT NULL,
              -- NULL while it is under way, or where Drawbridge ended first.
              outcome TEXT,
              status INTEGER,
              elapsed_ms INTEGER,
              size INTEGER,
              message TEXT
          ) STRICT;
          CREATE INDEX api_call_reads ON api_call (id) WHERE changes = 0;",
}];

/// So many reads are kept; calls that change something are kept all.
const READS_KEPT: u32 = 500;
/// So much of a body is searched.
const BODY_SEARCHED: usize = 2_000;

/// Which calls. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiCallQuery {
    /// Words; a call is found when each of them is in its method, path, query, body or connection.
    pub search: String,
    /// Only calls of this connection.
    pub connection: Option<ConnectionId>,
    /// Only calls that may have changed something.
    pub changes: bool,
    /// How many to leave out at the beginning.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// A window of the calls, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCallPage {
    /// Its calls.
    pub rows: Vec<ApiCallRecord>,
    /// How many there are in all windows.
    pub total: u32,
    /// How many there are without a filter.
    pub all: u32,
}

#[derive(Serialize, Deserialize)]
struct Doc {
    connection_name: String,
    provider: Provider,
    call: ApiCall,
    /// Not known of calls made before it was kept.
    #[serde(default)]
    who: Option<String>,
}

const COLUMNS: &str = "id, connection, doc, begun_at, outcome, status, elapsed_ms, size, message";

impl Store {
    /// Writes a call down that is about to be sent. The oldest reads go.
    pub fn begin_api_call(
        &self,
        connection: &Connection,
        call: &ApiCall,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<ApiCallId, StoreError> {
        self.write("writing a call down", |db| {
            if call.method.changes() {
                connections::refuse_read_only(db, connection.id)?;
            }
            let doc = Doc {
                connection_name: connection.name.clone(),
                provider: connection.provider,
                call: call.clone(),
                who: who.map(str::to_owned),
            };
            db.prepare_cached(
                "INSERT INTO api_call (connection, changes, doc, text, begun_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                connection.id.0,
                call.method.changes(),
                to_json("a call", &doc)?,
                found_by(&doc),
                at.to_string()
            ])?;
            let id = ApiCallId(syncs::last_id(db)?);
            db.prepare_cached(
                "DELETE FROM api_call WHERE changes = 0 AND id <= (
                     SELECT id FROM api_call WHERE changes = 0 ORDER BY id DESC
                     LIMIT 1 OFFSET ?1)",
            )?
            .execute([READS_KEPT])?;
            Ok(id)
        })
    }

    /// Notes how a call ended. `instead` replaces what was kept of it, where the call forgot a
    /// person and the history is to forget them, too.
    pub fn end_api_call(
        &self,
        id: ApiCallId,
        end: &ApiCallEnd,
        instead: Option<&ApiCall>,
    ) -> Result<(), StoreError> {
        self.write("noting how a call ended", |db| {
            db.prepare_cached(
                "UPDATE api_call SET outcome = ?2, status = ?3, elapsed_ms = ?4, size = ?5,
                     message = ?6 WHERE id = ?1",
            )?
            .execute(params![
                id.0,
                word(end.outcome),
                end.status,
                i64::try_from(end.elapsed_ms).unwrap_or(i64::MAX),
                i64::try_from(end.size).unwrap_or(i64::MAX),
                end.message
            ])?;
            let Some(call) = instead else { return Ok(()) };
            let doc: Option<Doc> = db
                .prepare_cached("SELECT doc FROM api_call WHERE id = ?1")?
                .query_and_then([id.0], |row| from_column(|| format!("call {id}"), row, 0))?
                .next()
                .transpose()?;
            let Some(doc) = doc else { return Ok(()) };
            let doc = Doc {
                call: call.clone(),
                ..doc
            };
            db.prepare_cached("UPDATE api_call SET doc = ?2, text = ?3 WHERE id = ?1")?
                .execute(params![id.0, to_json("a call", &doc)?, found_by(&doc)])?;
            Ok(())
        })
    }

    /// A window of the calls, newest first.
    pub fn api_calls(&self, query: &ApiCallQuery) -> Result<ApiCallPage, StoreError> {
        self.read("reading the calls", |db| {
            let (filter, values) = filter(query);
            let total = db
                .prepare_cached(&format!("SELECT count(*) FROM api_call WHERE {filter}"))?
                .query_row(params_from_iter(&values), |row| row.get(0))?;
            let all = db.query_row("SELECT count(*) FROM api_call", [], |row| row.get(0))?;
            let sql = format!(
                "SELECT {COLUMNS} FROM api_call WHERE {filter} ORDER BY id DESC LIMIT {} OFFSET {}",
                query.limit, query.offset
            );
            let rows = db
                .prepare_cached(&sql)?
                .query_and_then(params_from_iter(&values), read)?
                .collect::<Inside<Vec<_>>>()?;
            Ok(ApiCallPage { rows, total, all })
        })
    }

    /// One call.
    pub fn api_call(&self, id: ApiCallId) -> Result<Option<ApiCallRecord>, StoreError> {
        self.read("reading a call", |db| get(db, id))
    }
}

pub(crate) fn get(db: &rusqlite::Connection, id: ApiCallId) -> Inside<Option<ApiCallRecord>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM api_call WHERE id = ?1"))?
        .query_and_then([id.0], read)?
        .next()
        .transpose()
}

fn filter(query: &ApiCallQuery) -> (String, Vec<Sql>) {
    let mut conditions = "1".to_owned();
    let mut values: Vec<Sql> = Vec::new();
    for word in query.search.split_whitespace().take(12) {
        values.push(folded(word).into());
        let _ = write!(conditions, " AND instr(text, ?{}) > 0", values.len());
    }
    if let Some(connection) = query.connection {
        values.push(connection.0.into());
        let _ = write!(conditions, " AND connection = ?{}", values.len());
    }
    if query.changes {
        conditions.push_str(" AND changes = 1");
    }
    (conditions, values)
}

fn found_by(doc: &Doc) -> String {
    let call = &doc.call;
    let mut text = format!(
        "{} {} {} {}",
        doc.connection_name,
        doc.who.as_deref().unwrap_or_default(),
        call.method.word(),
        call.path
    );
    for (name, value) in &call.query {
        let _ = write!(text, " {name}={value}");
    }
    if let Some(body) = &call.body {
        text.push(' ');
        text.extend(body.chars().take(BODY_SEARCHED));
    }
    folded(&text)
}

fn word(outcome: ApiCallOutcome) -> &'static str {
    match outcome {
        ApiCallOutcome::Answered => "answered",
        ApiCallOutcome::Cut => "cut",
        ApiCallOutcome::Lost => "lost",
        ApiCallOutcome::NotSent => "not_sent",
    }
}

fn outcome_of(word: &str) -> Inside<ApiCallOutcome> {
    [
        ApiCallOutcome::Answered,
        ApiCallOutcome::Cut,
        ApiCallOutcome::Lost,
        ApiCallOutcome::NotSent,
    ]
    .into_iter()
    .find(|outcome| self::word(*outcome) == word)
    .ok_or_else(|| Trouble::unreadable("a call", format!("{word} is no outcome")))
}

fn read(row: &Row<'_>) -> Inside<ApiCallRecord> {
    let id = ApiCallId(row.get(0)?);
    let doc: Doc = from_column(|| format!("call {id}"), row, 2)?;
    let outcome: Option<String> = row.get(4)?;
    let number = |column| -> Inside<u64> {
        let number: Option<i64> = row.get(column)?;
        Ok(number.and_then(|it| u64::try_from(it).ok()).unwrap_or(0))
    };
    let end = outcome
        .map(|word| -> Inside<ApiCallEnd> {
            Ok(ApiCallEnd {
                outcome: outcome_of(&word)?,
                status: row.get(5)?,
                elapsed_ms: number(6)?,
                size: number(7)?,
                message: row.get(8)?,
            })
        })
        .transpose()?;
    Ok(ApiCallRecord {
        id,
        connection: ConnectionId(row.get(1)?),
        connection_name: doc.connection_name,
        provider: doc.provider,
        call: doc.call,
        who: doc.who,
        begun_at: time(&row.get::<_, String>(3)?)?,
        end,
    })
}
