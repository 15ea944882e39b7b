//! Outcomes: what became of each row of a run.

use std::collections::BTreeSet;
use std::fmt::Write;

use drawbridge_model::{
    Change, Counts, CustomerId, Decision, Outcome, PlanId, PlanRow, Problem, RecordId, RowOutcome,
    RunId, Twin,
};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::runs::{self, Scope};
use crate::words::{folded, from_json, optional_record, outcome_code, outcome_of, to_json};
use crate::{Store, StoreError};

pub(crate) const MIGRATIONS: &[Migration] = &[FIRST, TWINS];

const FIRST: Migration = Migration {
    version: 14,
    date: "2026-11-21",
    sql: "CREATE TABLE outcome (
              run INTEGER NOT NULL,
              customer TEXT NOT NULL,
              outcome INTEGER NOT NULL,
              record TEXT,
              code TEXT,
              message TEXT,
              fields TEXT,
              PRIMARY KEY (run, customer)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX outcome_kind ON outcome (run, outcome, customer);
          CREATE INDEX outcome_problem ON outcome (run, outcome, code, message, customer)
              WHERE code IS NOT NULL;",
};

/// What duplicate rules found.
const TWINS: Migration = Migration {
    version: 40,
    date: "2026-11-21",
    sql: "ALTER TABLE outcome ADD COLUMN twin TEXT;",
};

/// What is true of an outcome `o` and its row `p` of the plan where it was written except for fields
/// that were held back.
const FIELDS_HELD: &str = "o.outcome IN (0, 1) AND p.held = 0 AND p.held_fields > 0";

/// Which rows of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeQuery {
    /// Only rows of this outcome.
    pub outcome: Option<Outcome>,
    /// Only rows with a problem of this code.
    pub code: Option<String>,
    /// Only rows that were written except for fields that were held back.
    pub fields_held: bool,
    /// Only rows whose name, customer id, record id or problem contain this text, in any case.
    pub search: String,
    /// How many rows to leave out at the beginning.
    pub offset: u32,
    /// How many rows at most.
    pub limit: u32,
}

/// A page of a run's rows, by customer id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomePage {
    /// Its rows.
    pub rows: Vec<OutcomeRow>,
    /// How many rows there are on all pages.
    pub total: u32,
}

/// One row of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRow {
    /// Whose.
    pub customer: CustomerId,
    /// The words a person knows the customer by.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The record, when there is one.
    pub record: Option<RecordId>,
    /// What was wrong, when something was.
    pub problem: Option<Problem>,
    /// What was written, and what was held back of it; where nothing was written, what the plan
    /// would have.
    pub changes: Vec<OutcomeChange>,
}

/// One field of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeChange {
    /// The change as it was planned.
    pub change: Change,
    /// Whether it was held back: alone, or with its whole row.
    pub held: bool,
}

impl Store {
    /// A page of a run's rows that have an outcome.
    pub fn outcomes(&self, run: RunId, query: &OutcomeQuery) -> Result<OutcomePage, StoreError> {
        self.read("reading a run", |db| {
            let (plan, _) = runs::origin(db, run)?;
            let mut from = "FROM outcome o".to_owned();
            let mut filter = " WHERE o.run = ?1".to_owned();
            let mut values = vec![Sql::from(run.0)];
            if let Some(outcome) = query.outcome {
                values.push(Sql::from(outcome_code(outcome)));
                let _ = write!(filter, " AND o.outcome = ?{}", values.len());
            }
            if let Some(code) = &query.code {
                values.push(Sql::from(code.clone()));
                let _ = write!(filter, " AND o.code = ?{}", values.len());
            }
            let search = folded(&query.search);
            if query.fields_held || !search.is_empty() {
                let _ = write!(
                    from,
                    " LEFT JOIN plan_row p ON p.plan = {plan} AND p.customer = o.customer"
                );
            }
            if query.fields_held {
                let _ = write!(filter, " AND {FIELDS_HELD}");
            }
            if !search.is_empty() {
                values.push(Sql::from(search));
                let search = values.len();
                let _ = write!(
                    filter,
                    " AND instr(folded(o.customer || ' ' || coalesce(p.name, '') || ' ' ||
                         coalesce(o.record, '') || ' ' || coalesce(o.code, '') || ' ' ||
                         coalesce(o.message, '')), ?{search}) > 0"
                );
            }
            let total = db
                .prepare_cached(&format!("SELECT count(*) {from} {filter}"))?
                .query_row(params_from_iter(&values), |row| row.get(0))?;
            let sql = format!(
                "SELECT page.*, r.doc FROM
                     (SELECT o.customer, o.outcome, o.record, o.code, o.message, o.fields, o.twin
                      {from} {filter} ORDER BY o.customer LIMIT {} OFFSET {}) page
                 LEFT JOIN plan_row r ON r.plan = {plan} AND r.customer = page.customer
                 ORDER BY page.customer",
                query.limit, query.offset
            );
            let rows = db
                .prepare_cached(&sql)?
                .query_and_then(params_from_iter(&values), read)?
                .collect::<Inside<Vec<_>>>()?;
            Ok(OutcomePage { rows, total })
        })
    }

    /// How many rows of a run were written except for fields that were held back.
    pub fn fields_held(&self, run: RunId) -> Result<u32, StoreError> {
        self.read("counting held fields", |db| {
            let (plan, _) = runs::origin(db, run)?;
            // Named by the rows of the plan that hold something, which have an index of their own.
            let sql = format!(
                "SELECT count(*) FROM plan_row p
                 JOIN outcome o ON o.run = ?1 AND o.customer = p.customer
                 WHERE p.plan = ?2 AND (p.held = 1 OR p.held_fields > 0) AND {FIELDS_HELD}"
            );
            Ok(db
                .prepare_cached(&sql)?
                .query_row(params![run.0, plan.0], |row| row.get(0))?)
        })
    }

    /// A run's rows after a customer, by customer id: for going through all of them.
    pub fn outcomes_after(
        &self,
        run: RunId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<OutcomeRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read("reading a run", |db| {
            let (plan, _) = runs::origin(db, run)?;
            db.prepare_cached(
                "SELECT o.customer, o.outcome, o.record, o.code, o.message, o.fields, o.twin,
                     r.doc FROM outcome o
                 LEFT JOIN plan_row r ON r.plan = ?2 AND r.customer = o.customer
                 WHERE o.run = ?1 AND o.customer > ?3 ORDER BY o.customer LIMIT ?4",
            )?
            .query_and_then(
                params![run.0, plan.0, after.map_or("", CustomerId::as_str), limit],
                read,
            )?
            .collect()
        })
    }
}

/// Gives every row that needs no call its outcome.
pub(crate) fn begin(db: &Connection, run: RunId, plan: PlanId, scope: &Scope) -> Inside<()> {
    // Rows after the last one a pilot may write; without a limit no id stands after it.
    let last: Option<String> = match scope {
        Scope::All | Scope::Only(_) => None,
        Scope::First(0) => Some(String::new()),
        Scope::First(limit) => db
            .prepare(
                "SELECT max(customer) FROM (SELECT customer FROM plan_row
                     WHERE plan = ?1 AND sendable = 1 AND held = 0 ORDER BY customer LIMIT ?2)",
            )?
            .query_row([plan.0, *limit], |row| row.get(0))?,
    };
    let only = match scope {
        Scope::Only(customers) => Some(to_json("customers", customers)?),
        Scope::All | Scope::First(_) => None,
    };
    let is_undo: bool = db
        .prepare("SELECT undoes IS NOT NULL FROM plan WHERE id = ?1")?
        .query_row([plan.0], |row| row.get(0))?;
    db.execute(
        "INSERT INTO outcome (run, customer, outcome, record, code, message, fields)
         SELECT ?1, customer,
             CASE WHEN action = 2 THEN 2 WHEN action = 3 THEN 3 WHEN action = 4 THEN 4 ELSE 6 END,
             record,
             CASE WHEN action = 2 THEN NULL WHEN action IN (3, 4) THEN reason_code
                  WHEN held = 1 THEN 'held_by_person'
                  WHEN sendable = 0 AND drift = 1 AND ?5 THEN 'changed_since_run'
                  WHEN sendable = 0 THEN 'all_fields_held'
                  ELSE 'not_in_pilot' END,
             CASE WHEN action = 2 THEN NULL WHEN action IN (3, 4) THEN reason
                  WHEN held = 1 THEN 'A person held this row back in the preview. Nothing was sent.'
                  WHEN sendable = 0 AND drift = 1 AND ?5
                  THEN 'What would be restored was changed since the run. Nothing was sent.'
                  WHEN sendable = 0
                  THEN 'Every change of this row is held back. Nothing was sent.'
                  ELSE 'This row was not part of the pilot. Nothing was sent.' END,
             NULL
         FROM plan_row
         WHERE plan = ?2 AND (sendable = 0 OR held = 1 OR customer > ?3
             OR (?4 IS NOT NULL AND customer NOT IN (SELECT value FROM json_each(?4))))
         ORDER BY customer",
        params![run.0, plan.0, last, only, is_undo],
    )?;
    Ok(())
}

/// Which of these records the run wrote.
pub(crate) fn wrote(
    db: &Connection,
    run: RunId,
    records: &[RecordId],
) -> Inside<BTreeSet<RecordId>> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM outcome WHERE run = ?1 AND record = ?2 AND outcome IN (0, 1, 8)",
    )?;
    let mut found = BTreeSet::new();
    for record in records {
        if find.exists(params![run.0, record.as_str()])? {
            found.insert(record.clone());
        }
    }
    Ok(found)
}

/// Which of these customers have an outcome.
pub(crate) fn settled(
    db: &Connection,
    run: RunId,
    customers: &[CustomerId],
) -> Inside<BTreeSet<CustomerId>> {
    let mut find = db.prepare_cached("SELECT 1 FROM outcome WHERE run = ?1 AND customer = ?2")?;
    let mut found = BTreeSet::new();
    for customer in customers {
        if find.exists(params![run.0, customer.as_str()])? {
            found.insert(customer.clone());
        }
    }
    Ok(found)
}

/// Which of these customers' rows were rejected for a duplicate that a person may allow.
pub(crate) fn allowable(
    db: &Connection,
    run: RunId,
    customers: &[CustomerId],
) -> Inside<BTreeSet<CustomerId>> {
    let mut find = db.prepare_cached(
        "SELECT twin FROM outcome WHERE run = ?1 AND customer = ?2 AND outcome = ?3
             AND twin IS NOT NULL",
    )?;
    let rejected = outcome_code(Outcome::Rejected);
    let mut found = BTreeSet::new();
    for customer in customers {
        let what = || format!("the outcome of customer {customer}");
        let twin: Option<String> = find
            .query_row(params![run.0, customer.as_str(), rejected], |row| {
                row.get(0)
            })
            .optional()?;
        let twin: Option<Twin> = twin.map(|twin| from_json(what, &twin)).transpose()?;
        if twin.is_some_and(|twin| twin.allowable) {
            found.insert(customer.clone());
        }
    }
    Ok(found)
}

/// The outcome of each of these customers' rows.
pub(crate) fn of(
    db: &Connection,
    run: RunId,
    customers: &[CustomerId],
) -> Inside<Vec<Option<Outcome>>> {
    let mut find =
        db.prepare_cached("SELECT outcome FROM outcome WHERE run = ?1 AND customer = ?2")?;
    customers
        .iter()
        .map(|customer| {
            let code: Option<u8> = find
                .query_row(params![run.0, customer.as_str()], |row| row.get(0))
                .optional()?;
            code.map(outcome_of).transpose()
        })
        .collect()
}

/// Takes the outcome of rejected rows away, all or those of these customers, so that they are open
/// again. Gives how many there were.
pub(crate) fn reopen(
    db: &Connection,
    run: RunId,
    customers: Option<&[CustomerId]>,
) -> Inside<usize> {
    let only = customers
        .map(|customers| to_json("customers", &customers))
        .transpose()?;
    let reopened = db.execute(
        "DELETE FROM outcome WHERE run = ?1 AND outcome = ?2
             AND (?3 IS NULL OR customer IN (SELECT value FROM json_each(?3)))",
        params![run.0, outcome_code(Outcome::Rejected), only],
    )?;
    runs::outcomes_changed(db, run)?;
    Ok(reopened)
}

pub(crate) fn put(db: &Connection, run: RunId, outcomes: &[RowOutcome]) -> Inside<()> {
    let mut put = db.prepare_cached(
        "INSERT INTO outcome (run, customer, outcome, record, code, message, fields, twin)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (run, customer) DO UPDATE SET
             outcome = excluded.outcome, record = excluded.record, code = excluded.code,
             message = excluded.message, fields = excluded.fields, twin = excluded.twin",
    )?;
    for row in outcomes {
        let problem = row.problem.as_ref();
        let fields = problem.map(fields_of).transpose()?.flatten();
        let twin = problem
            .and_then(|problem| problem.twin.as_ref())
            .map(|twin| to_json("a duplicate", twin))
            .transpose()?;
        put.execute(params![
            run.0,
            row.customer.as_str(),
            outcome_code(row.outcome),
            row.record.as_ref().map(RecordId::as_str),
            problem.map(|problem| &problem.code),
            problem.map(|problem| &problem.message),
            fields,
            twin
        ])?;
    }
    runs::outcomes_changed(db, run)
}

/// Notes beside written rows how their records differ from what was sent.
pub(crate) fn note_differing(
    db: &Connection,
    run: RunId,
    differing: &[(CustomerId, Problem)],
) -> Inside<()> {
    let mut note = db.prepare_cached(
        "UPDATE outcome SET code = ?3, message = ?4, fields = ?5 WHERE run = ?1 AND customer = ?2",
    )?;
    for (customer, problem) in differing {
        note.execute(params![
            run.0,
            customer.as_str(),
            problem.code,
            problem.message,
            fields_of(problem)?
        ])?;
    }
    Ok(())
}

fn fields_of(problem: &Problem) -> Inside<Option<String>> {
    if problem.fields.is_empty() {
        return Ok(None);
    }
    to_json("a problem", &problem.fields).map(Some)
}

pub(crate) fn count(db: &Connection, run: RunId) -> Inside<Counts> {
    let mut counts = Counts::default();
    let mut found =
        db.prepare_cached("SELECT outcome, count(*) FROM outcome WHERE run = ?1 GROUP BY outcome")?;
    let mut rows = found.query([run.0])?;
    while let Some(row) = rows.next()? {
        *counts.of(outcome_of(row.get(0)?)?) = row.get(1)?;
    }
    Ok(counts)
}

fn read(row: &Row<'_>) -> Inside<OutcomeRow> {
    let customer = CustomerId(row.get(0)?);
    let what = || format!("the outcome of customer {customer}");
    let fields: Option<String> = row.get(5)?;
    let twin: Option<String> = row.get(6)?;
    let problem = row
        .get::<_, Option<String>>(3)?
        .map(|code| -> Inside<Problem> {
            Ok(Problem {
                code,
                message: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
                fields: fields.map_or(Ok(Vec::new()), |fields| from_json(what, &fields))?,
                twin: twin.map(|twin| from_json(what, &twin)).transpose()?,
            })
        })
        .transpose()?;
    let planned: Option<PlanRow> = row
        .get::<_, Option<String>>(7)?
        .map(|doc| from_json(what, &doc))
        .transpose()?;
    let outcome = RowOutcome {
        customer,
        outcome: outcome_of(row.get(1)?)?,
        record: optional_record(row.get(2)?)?,
        problem,
    };
    let name = planned
        .as_ref()
        .map_or_else(|| outcome.customer.to_string(), |row| row.name.clone());
    let (held, changes) =
        planned.map_or_else(Default::default, |planned| (planned.held, planned.changes));
    Ok(OutcomeRow {
        customer: outcome.customer,
        name,
        outcome: outcome.outcome,
        record: outcome.record,
        problem: outcome.problem,
        changes: changes
            .into_iter()
            .map(|change| OutcomeChange {
                held: held || change.decision == Decision::Hold,
                change,
            })
            .collect(),
    })
}
