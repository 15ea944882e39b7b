//! The runs of the history: what they are found by, and who began each.

use std::fmt::Write;

use drawbridge_model::{ConnectionId, Environment, Outcome, RunId};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row, params};

use crate::error::{Inside, Trouble};
use crate::history_page::HistoryQuery;
use crate::migrate::Migration;
use crate::runs::RunRecord;
use crate::search::full_text_query;
use crate::words::outcome_code;
use crate::{Store, StoreError, runs};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 32,
    date: "2026-11-21",
    sql: "-- Who began a run, and in which org, as it was at that moment.
          ALTER TABLE run ADD COLUMN user_id TEXT;
          ALTER TABLE run ADD COLUMN user_name TEXT;
          ALTER TABLE run ADD COLUMN org_id TEXT;
          ALTER TABLE run ADD COLUMN environment TEXT;
          UPDATE run SET environment = (SELECT c.doc ->> '$.environment' FROM sync s
              JOIN connection c ON c.id = s.org WHERE s.id = run.sync);
          CREATE INDEX run_sync ON run (sync, id);
          -- Every write to a record, by any run.
          CREATE INDEX written_record ON written (record);
          -- What a run is found by: names of its sync, org and user, and of customers with a
          -- problem.
          CREATE VIRTUAL TABLE run_text USING fts5 (
              names, customers,
              content = '', contentless_delete = 1, prefix = '1 2 3',
              tokenize = 'unicode61 remove_diacritics 2'
          );
          INSERT INTO run_text (rowid, names, customers)
              SELECT r.id, s.name || ' ' || (c.doc ->> '$.name'),
                  coalesce((SELECT group_concat(p.name || ' ' || p.customer, ' ')
                      FROM outcome o JOIN plan_row p ON p.plan = r.plan AND p.customer = o.customer
                      WHERE o.run = r.id AND (o.outcome IN (4, 5, 7)
                          OR (o.outcome = 6 AND o.code <> 'not_in_pilot'))), '')
              FROM run r JOIN sync s ON s.id = r.sync JOIN connection c ON c.id = s.org;",
}];

/// Outcomes that a person should look at.
const PROBLEMS: [Outcome; 4] = [
    Outcome::Blocked,
    Outcome::Rejected,
    Outcome::Held,
    Outcome::Unknown,
];

/// A run with what surrounds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The run.
    pub run: RunRecord,
    /// Its org's connection.
    pub org: ConnectionId,
    /// Version of the mapping its plan was made with.
    pub mapping_version: u32,
    /// The run it takes back.
    pub undoes: Option<RunId>,
    /// The newest run that took it back, or a part of it.
    pub undone_by: Option<RunId>,
    /// Who began it, and where.
    pub who: Who,
}

/// Who began a run, and in which org; not known of runs made before it was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// Id of the Salesforce user.
    pub user_id: Option<String>,
    /// The user's display name.
    pub user_name: Option<String>,
    /// Id of the org.
    pub org_id: Option<String>,
    /// The connection's label at that time.
    pub environment: Option<Environment>,
}

const COLUMNS: &str = "r.id, s.org, p.mapping_version, p.undoes,
    (SELECT max(u.id) FROM run u JOIN plan up ON up.id = u.plan WHERE up.undoes = r.id),
    r.user_id, r.user_name, r.org_id, r.environment";

const FROM: &str = "FROM run r JOIN sync s ON s.id = r.sync JOIN plan p ON p.id = r.plan";

impl Store {
    /// One run with what surrounds it.
    pub fn history_row(&self, run: RunId) -> Result<Option<HistoryRow>, StoreError> {
        self.read("reading a run", |db| get(db, run))
    }
}

/// What a run of the history must be like; its values come after those that are there.
pub(crate) fn filter(query: &HistoryQuery, values: &mut Vec<Sql>) -> String {
    let mut conditions = "1".to_owned();
    let mut add = |condition: &str, value: Sql| {
        values.push(value);
        let _ = write!(
            conditions,
            " AND {}",
            condition.replace('?', &format!("?{}", values.len()))
        );
    };
    if let Some(search) = full_text_query(&query.search) {
        add(
            "r.id IN (SELECT rowid FROM run_text WHERE run_text MATCH ?)",
            search.into(),
        );
    }
    if let Some(sync) = query.sync {
        add("r.sync = ?", sync.0.into());
    }
    if let Some(source) = query.source {
        add("s.source = ?", source.0.into());
    }
    if let Some(org) = query.org {
        add("s.org = ?", org.0.into());
    }
    if let Some(environment) = query.environment {
        add("r.environment = ?", word(environment).to_owned().into());
    }
    if let Some(from) = query.from {
        add(
            "julianday(r.started_at) >= julianday(?)",
            from.to_string().into(),
        );
    }
    if let Some(until) = query.until {
        add(
            "julianday(r.started_at) < julianday(?)",
            until.to_string().into(),
        );
    }
    let status: Vec<String> = query
        .status
        .iter()
        .map(|status| format!("'{}'", runs::word(*status)))
        .collect();
    if !status.is_empty() {
        let _ = write!(conditions, " AND r.status IN ({})", status.join(", "));
    }
    let outcomes: Vec<String> = query
        .outcome
        .iter()
        .map(|outcome| outcome_code(*outcome).to_string())
        .collect();
    if !outcomes.is_empty() {
        let _ = write!(
            conditions,
            " AND EXISTS (SELECT 1 FROM outcome o WHERE o.run = r.id AND o.outcome IN ({}))",
            outcomes.join(", ")
        );
    }
    conditions
}

/// One run with what surrounds it.
pub(crate) fn get(db: &Connection, run: RunId) -> Inside<Option<HistoryRow>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE r.id = ?1"))?
        .query_and_then([run.0], |row| read(db, row))?
        .next()
        .transpose()
}

fn read(db: &Connection, row: &Row<'_>) -> Inside<HistoryRow> {
    let id = RunId(row.get(0)?);
    let run = runs::get(db, id)?.ok_or_else(|| Trouble::not_found(format!("run {id}")))?;
    Ok(HistoryRow {
        run,
        org: ConnectionId(row.get(1)?),
        mapping_version: row.get(2)?,
        undoes: row.get::<_, Option<u32>>(3)?.map(RunId),
        undone_by: row.get::<_, Option<u32>>(4)?.map(RunId),
        who: Who {
            user_id: row.get(5)?,
            user_name: row.get(6)?,
            org_id: row.get(7)?,
            environment: row
                .get::<_, Option<String>>(8)?
                .and_then(|text| environment(&text)),
        },
    })
}

/// Keeps who begins a run, and in which org.
pub(crate) fn begin(db: &Connection, run: RunId) -> Inside<()> {
    db.execute(
        "UPDATE run SET (user_id, user_name, org_id, environment) =
             (SELECT c.doc ->> '$.org.user_id', c.doc ->> '$.org.user_name',
                  c.doc ->> '$.org.org_id', c.doc ->> '$.environment'
              FROM sync s JOIN connection c ON c.id = s.org WHERE s.id = run.sync)
         WHERE id = ?1",
        [run.0],
    )?;
    index(db, run)
}

/// Makes what a run is found by anew.
pub(crate) fn index(db: &Connection, run: RunId) -> Inside<()> {
    let outcomes: Vec<String> = PROBLEMS
        .iter()
        .map(|outcome| outcome_code(*outcome).to_string())
        .collect();
    db.execute("DELETE FROM run_text WHERE rowid = ?1", [run.0])?;
    db.execute(
        &format!(
            "INSERT INTO run_text (rowid, names, customers)
             SELECT r.id, s.name || ' ' || (c.doc ->> '$.name') || ' ' ||
                 coalesce(c.doc ->> '$.org.name', '') || ' ' || coalesce(r.user_name, ''),
                 coalesce((SELECT group_concat(p.name || ' ' || p.customer, ' ')
                     FROM outcome o JOIN plan_row p ON p.plan = r.plan AND p.customer = o.customer
                     WHERE o.run = r.id AND o.outcome IN ({})
                         AND coalesce(o.code, '') <> 'not_in_pilot'), '')
             FROM run r JOIN sync s ON s.id = r.sync JOIN connection c ON c.id = s.org
             WHERE r.id = ?1",
            outcomes.join(", ")
        ),
        params![run.0],
    )?;
    Ok(())
}

pub(crate) fn word(environment: Environment) -> &'static str {
    match environment {
        Environment::Sandbox => "sandbox",
        Environment::Production => "production",
    }
}

fn environment(text: &str) -> Option<Environment> {
    [Environment::Sandbox, Environment::Production]
        .into_iter()
        .find(|environment| word(*environment) == text)
}
