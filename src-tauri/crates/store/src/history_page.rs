//! The history of a workspace in windows: runs, operations, imports and calls by hand in one list,
//! newest first. SQLite puts them in order and gives a window; what each is is read for that alone.
//!
//! What was only previewed is not in it: nothing was sent.

use std::fmt::Write;

use drawbridge_model::{
    ApiCallId, ApiCallRecord, BatchId, ConnectionId, Environment, ImportId, ImportOutcome,
    OperationOutcome, Outcome, RunId, RunStatus, SyncId,
};
use jiff::Timestamp;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use crate::error::{Inside, Trouble};
use crate::history::{self, HistoryRow};
use crate::imports::ImportRecord;
use crate::operations::BatchRecord;
use crate::words::folded;
use crate::{Store, StoreError, api_calls, imports, operations, runs};

/// More words than this narrow nothing down.
const MOST_WORDS: usize = 12;

/// What an entry of the history is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HistoryKind {
    /// A run or an undo.
    Run,
    /// One or more operations in a billing system.
    Operation,
    /// An import of Accounts.
    Import,
    /// A call made by hand.
    Call,
}

impl HistoryKind {
    const ALL: [Self; 4] = [Self::Run, Self::Operation, Self::Import, Self::Call];

    /// All that ever began, to be narrowed down by an `AND`.
    fn from(self) -> &'static str {
        match self {
            Self::Run => {
                "FROM run r JOIN sync s ON s.id = r.sync JOIN plan p ON p.id = r.plan WHERE 1"
            }
            Self::Operation => "FROM operation_batch b WHERE b.status IS NOT NULL",
            Self::Import => {
                "FROM import i JOIN sync s ON s.id = i.sync JOIN connection o ON o.id = s.org
                 JOIN connection f ON f.id = s.source WHERE i.status IS NOT NULL"
            }
            Self::Call => "FROM api_call a WHERE 1",
        }
    }

    /// Its number, and the moment it first began.
    fn columns(self) -> &'static str {
        match self {
            Self::Run => "r.id AS id, r.started_at AS at",
            Self::Operation => "b.id AS id, coalesce(b.started_at, b.created_at) AS at",
            Self::Import => "i.id AS id, coalesce(i.began_at, i.started_at) AS at",
            Self::Call => "a.id AS id, a.begun_at AS at",
        }
    }
}

/// Which entries. The default is all of them. What an entry cannot have, it does not have: a call by
/// hand is in no org.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Only these kinds. Empty means all.
    pub kinds: Vec<HistoryKind>,
    /// Words; a run is found when each of them begins a word of its sync, its org, its user, or a
    /// customer that had a problem in it; anything else when each of them is in it. Any text is safe.
    pub search: String,
    /// Only those of this sync.
    pub sync: Option<SyncId>,
    /// Only those of the org of this connection.
    pub org: Option<ConnectionId>,
    /// Only those of the billing system of this connection.
    pub source: Option<ConnectionId>,
    /// Only those of orgs of this kind.
    pub environment: Option<Environment>,
    /// Only those that stand so. Empty means all.
    pub status: Vec<RunStatus>,
    /// Only those with rows of one of these outcomes. Empty means all.
    pub outcome: Vec<Outcome>,
    /// Only those begun at this moment or later.
    pub from: Option<Timestamp>,
    /// Only those begun before this moment.
    pub until: Option<Timestamp>,
    /// How many entries to leave out at the beginning.
    pub offset: u32,
    /// How many entries at most.
    pub limit: u32,
}

/// A window of the history, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// Its entries.
    pub rows: Vec<HistoryEntry>,
    /// How many there are in all windows.
    pub total: u32,
    /// How many there are without a filter.
    pub all: u32,
}

/// One entry of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryEntry {
    /// A run or an undo.
    Run(Box<HistoryRow>),
    /// One or more operations in a billing system.
    Operation(Box<BatchRecord>),
    /// An import of Accounts.
    Import(Box<ImportRecord>),
    /// A call made by hand.
    Call(Box<ApiCallRecord>),
}

impl Store {
    /// A window of the history, newest first.
    pub fn history(&self, query: &HistoryQuery) -> Result<HistoryPage, StoreError> {
        self.read("reading the history", |db| {
            let mut values = Vec::new();
            let mut parts = Vec::new();
            for (place, kind) in HistoryKind::ALL.into_iter().enumerate() {
                if let Some(filter) = filter(kind, query, &mut values) {
                    parts.push(format!(
                        "SELECT {place} AS kind, {} {} AND {filter}",
                        kind.columns(),
                        kind.from()
                    ));
                }
            }
            let all = count_all(db)?;
            if parts.is_empty() {
                let rows = Vec::new();
                return Ok(HistoryPage {
                    rows,
                    total: 0,
                    all,
                });
            }
            let union = parts.join(" UNION ALL ");
            let total = db
                .prepare_cached(&format!("SELECT count(*) FROM ({union})"))?
                .query_row(params_from_iter(&values), |row| row.get(0))?;
            let sql = format!(
                "SELECT kind, id FROM ({union}) ORDER BY julianday(at) DESC, kind, id DESC
                 LIMIT {} OFFSET {}",
                query.limit, query.offset
            );
            let places = db
                .prepare_cached(&sql)?
                .query_and_then(params_from_iter(&values), |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect::<Inside<Vec<(u8, u32)>>>()?;
            let rows = places
                .into_iter()
                .map(|(kind, id)| entry(db, HistoryKind::ALL.get(usize::from(kind)).copied(), id))
                .collect::<Inside<_>>()?;
            Ok(HistoryPage { rows, total, all })
        })
    }
}

fn count_all(db: &Connection) -> Inside<u32> {
    let parts = HistoryKind::ALL.map(|kind| format!("(SELECT count(*) {})", kind.from()));
    Ok(
        db.query_row(&format!("SELECT {}", parts.join(" + ")), [], |row| {
            row.get(0)
        })?,
    )
}

fn entry(db: &Connection, kind: Option<HistoryKind>, id: u32) -> Inside<HistoryEntry> {
    let gone = || Trouble::not_found(format!("entry {id} of the history"));
    Ok(match kind.ok_or_else(gone)? {
        HistoryKind::Run => {
            HistoryEntry::Run(Box::new(history::get(db, RunId(id))?.ok_or_else(gone)?))
        }
        HistoryKind::Operation => HistoryEntry::Operation(Box::new(
            operations::get(db, BatchId(id))?.ok_or_else(gone)?,
        )),
        HistoryKind::Import => {
            HistoryEntry::Import(Box::new(imports::get(db, ImportId(id))?.ok_or_else(gone)?))
        }
        HistoryKind::Call => HistoryEntry::Call(Box::new(
            api_calls::get(db, ApiCallId(id))?.ok_or_else(gone)?,
        )),
    })
}

/// What entries of a kind must be like; `None` where none of them can be.
fn filter(kind: HistoryKind, query: &HistoryQuery, values: &mut Vec<Sql>) -> Option<String> {
    if !query.kinds.is_empty() && !query.kinds.contains(&kind) {
        return None;
    }
    if kind == HistoryKind::Run {
        return Some(history::filter(query, values));
    }
    let in_an_org = query.sync.is_some() || query.org.is_some() || query.environment.is_some();
    if in_an_org && kind != HistoryKind::Import {
        return None;
    }
    if !query.status.is_empty() && kind == HistoryKind::Call {
        return None;
    }
    let mut conditions = Conditions {
        text: "1".to_owned(),
        values,
    };
    if !conditions.outcomes(kind, &query.outcome) {
        return None;
    }
    let (source, at) = match kind {
        HistoryKind::Operation => ("b.connection", "coalesce(b.started_at, b.created_at)"),
        HistoryKind::Import => ("s.source", "coalesce(i.began_at, i.started_at)"),
        _ => ("a.connection", "a.begun_at"),
    };
    if let Some(connection) = query.source {
        conditions.add(&format!("{source} = ?"), connection.0.into());
    }
    if let Some(sync) = query.sync {
        conditions.add("i.sync = ?", sync.0.into());
    }
    if let Some(org) = query.org {
        conditions.add("s.org = ?", org.0.into());
    }
    if let Some(environment) = query.environment {
        let word = history::word(environment).to_owned();
        conditions.add("o.doc ->> '$.environment' = ?", word.into());
    }
    if let Some(from) = query.from {
        let condition = format!("julianday({at}) >= julianday(?)");
        conditions.add(&condition, from.to_string().into());
    }
    if let Some(until) = query.until {
        let condition = format!("julianday({at}) < julianday(?)");
        conditions.add(&condition, until.to_string().into());
    }
    if !query.status.is_empty() {
        let of = if kind == HistoryKind::Import {
            "i"
        } else {
            "b"
        };
        let words = query
            .status
            .iter()
            .map(|status| format!("'{}'", runs::word(*status)));
        let words: Vec<String> = words.collect();
        conditions.plain(&format!("{of}.status IN ({})", words.join(", ")));
    }
    for word in query.search.split_whitespace().take(MOST_WORDS) {
        conditions.add(found_by(kind), folded(word).into());
    }
    Some(conditions.text)
}

/// Whether a word is in an entry.
fn found_by(kind: HistoryKind) -> &'static str {
    match kind {
        HistoryKind::Operation => {
            "(instr(b.text, ?) > 0 OR EXISTS (SELECT 1 FROM operation_row w
                 WHERE w.batch = b.id AND instr(w.text, ?) > 0))"
        }
        HistoryKind::Import => {
            "(instr(lower(s.name || ' ' || (o.doc ->> '$.name') || ' ' || (f.doc ->> '$.name')
                 || ' ' || coalesce(i.who, '')), ?) > 0
              OR EXISTS (SELECT 1 FROM import_row w WHERE w.import = i.id AND instr(w.text, ?) > 0))"
        }
        _ => "instr(a.text, ?) > 0",
    }
}

struct Conditions<'a> {
    text: String,
    values: &'a mut Vec<Sql>,
}

impl Conditions<'_> {
    fn plain(&mut self, condition: &str) {
        let _ = write!(self.text, " AND {condition}");
    }

    /// Every `?` of the condition is this value.
    fn add(&mut self, condition: &str, value: Sql) {
        self.values.push(value);
        let condition = condition.replace('?', &format!("?{}", self.values.len()));
        self.plain(&condition);
    }

    /// Only entries with one of these outcomes; `false` where none of the kind can have one.
    fn outcomes(&mut self, kind: HistoryKind, wanted: &[Outcome]) -> bool {
        if wanted.is_empty() {
            return true;
        }
        let own: Vec<String> = wanted
            .iter()
            .filter_map(|outcome| match kind {
                HistoryKind::Run => None,
                HistoryKind::Operation => operation_outcome(*outcome),
                HistoryKind::Import => import_outcome(*outcome),
                HistoryKind::Call => call_outcome(*outcome),
            })
            .collect();
        if own.is_empty() {
            return false;
        }
        let condition = match kind {
            HistoryKind::Operation => format!(
                "EXISTS (SELECT 1 FROM operation_row w WHERE w.batch = b.id AND w.outcome IN ({}))",
                own.join(", ")
            ),
            HistoryKind::Import => format!(
                "EXISTS (SELECT 1 FROM import_row w WHERE w.import = i.id AND w.outcome IN ({}))",
                own.join(", ")
            ),
            _ => format!("({})", own.join(" OR ")),
        };
        self.plain(&condition);
        true
    }
}

fn operation_outcome(outcome: Outcome) -> Option<String> {
    let own = match outcome {
        Outcome::Blocked => OperationOutcome::Blocked,
        Outcome::Rejected => OperationOutcome::Rejected,
        Outcome::Unknown => OperationOutcome::Unknown,
        _ => return None,
    };
    Some(operations::outcome_code(own).to_string())
}

fn import_outcome(outcome: Outcome) -> Option<String> {
    let own = match outcome {
        Outcome::Blocked => ImportOutcome::Blocked,
        Outcome::Rejected => ImportOutcome::Rejected,
        Outcome::Unknown => ImportOutcome::Unknown,
        _ => return None,
    };
    Some(imports::outcome_code(own).to_string())
}

/// A call by hand is refused by its status; what was not answered, or not wholly, is not known.
fn call_outcome(outcome: Outcome) -> Option<String> {
    let condition = match outcome {
        Outcome::Rejected => "a.status >= 400",
        Outcome::Unknown => "(a.outcome IS NULL OR a.outcome IN ('lost', 'cut'))",
        _ => return None,
    };
    Some(condition.to_owned())
}
