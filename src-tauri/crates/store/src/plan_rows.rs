//! The rows of plans: the whole row as JSON, and beside it the columns that are filtered on.

use std::collections::BTreeMap;

use drawbridge_model::{Action, CustomerId, Decision, FieldName, PlanId, PlanRow, RecordId, Value};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::StoreError;
use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{
    action_code, from_column, from_json, optional_record, ten_thousandths, to_json,
};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 10,
        date: "2026-11-21",
        sql: "CREATE TABLE plan_row (
              id INTEGER PRIMARY KEY,
              plan INTEGER NOT NULL REFERENCES plan (id),
              customer TEXT NOT NULL,
              name TEXT NOT NULL,
              action INTEGER NOT NULL,
              record TEXT,
              -- Whether a run would send anything if the row were not held.
              sendable INTEGER NOT NULL,
              held INTEGER NOT NULL,
              held_fields INTEGER NOT NULL,
              drift INTEGER NOT NULL,
              -- One bit for each field that changes, by plan_field.
              fields INTEGER NOT NULL,
              -- The largest change of a number, in ten-thousandths.
              magnitude INTEGER NOT NULL,
              reason_code TEXT,
              reason TEXT,
              doc TEXT NOT NULL,
              UNIQUE (plan, customer)
          ) STRICT;
          CREATE INDEX plan_row_flags
              ON plan_row (plan, sendable, held, held_fields, drift);
          CREATE INDEX plan_row_fields ON plan_row (plan, fields);
          CREATE INDEX plan_row_held ON plan_row (plan, id) WHERE held = 1 OR held_fields > 0;
          -- The fields that change anywhere in a plan, each with its bit.
          CREATE TABLE plan_field (
              plan INTEGER NOT NULL,
              bit INTEGER NOT NULL,
              field TEXT NOT NULL,
              PRIMARY KEY (plan, field)
          ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        version: 23,
        date: "2026-11-21",
        sql: "-- The Account of a Contact; empty where there is none.
          ALTER TABLE plan_row ADD COLUMN parent TEXT NOT NULL DEFAULT '';
          -- The order rows are written in.
          CREATE INDEX plan_row_parent ON plan_row (plan, parent, customer);",
    },
    Migration {
        version: 34,
        date: "2026-11-21",
        sql: "-- Most rows of most plans change nothing: the indexes have only those that do.
          DROP INDEX plan_row_flags;
          CREATE INDEX plan_row_flags
              ON plan_row (plan, sendable, held, held_fields, drift)
              WHERE sendable = 1 OR held = 1 OR held_fields > 0 OR drift = 1;
          DROP INDEX plan_row_fields;
          CREATE INDEX plan_row_fields ON plan_row (plan, fields) WHERE fields <> 0;
          DROP INDEX plan_row_parent;
          -- The order rows are written in.
          CREATE INDEX plan_row_parent ON plan_row (plan, parent, customer) WHERE sendable = 1;",
    },
];

/// The last bit stands for every field that found no free one. A mapping has far fewer.
const LAST_BIT: u32 = 62;

/// Adds rows, or replaces those of the same customer.
pub(crate) fn put(db: &Connection, plan: PlanId, rows: &[PlanRow]) -> Inside<()> {
    let record = crate::plans::expect(db, plan, crate::PlanStatus::Planning)?;
    let deletes = rows.iter().find(|row| row.action == Action::Delete);
    if let (Some(row), false) = (deletes, record.deletes) {
        return Err(Trouble::Store(StoreError::NotToDelete {
            plan,
            customer: row.customer.clone(),
        }));
    }
    let mut bits = bits(db, plan)?;
    let mut put = db.prepare_cached(
        "INSERT INTO plan_row (plan, customer, name, action, record, sendable, held, held_fields,
             drift, fields, magnitude, reason_code, reason, doc, parent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (plan, customer) DO UPDATE SET
             name = excluded.name, action = excluded.action, record = excluded.record,
             sendable = excluded.sendable, held = excluded.held,
             held_fields = excluded.held_fields, drift = excluded.drift,
             fields = excluded.fields, magnitude = excluded.magnitude,
             reason_code = excluded.reason_code, reason = excluded.reason, doc = excluded.doc,
             parent = excluded.parent",
    )?;
    for row in rows {
        let mut mask = 0_i64;
        for change in &row.changes {
            mask |= 1 << bit_of(db, plan, &mut bits, &change.field)?;
        }
        let flags = Flags::of(row);
        put.execute(params![
            plan.0,
            row.customer.as_str(),
            row.name,
            action_code(row.action),
            row.record.as_ref().map(drawbridge_model::RecordId::as_str),
            flags.sendable,
            row.held,
            flags.held_fields,
            row.changes.iter().any(|change| change.drift.is_some()),
            mask,
            magnitude(row),
            row.reason.as_ref().map(drawbridge_model::Reason::code),
            row.reason.as_ref().map(ToString::to_string),
            to_json("a plan row", row)?,
            row.parent
                .as_ref()
                .map_or("", drawbridge_model::RecordId::as_str),
        ])?;
    }
    Ok(())
}

/// Keeps the decisions of a row that is in the plan already.
pub(crate) fn update(db: &Connection, plan: PlanId, row: &PlanRow) -> Inside<()> {
    let flags = Flags::of(row);
    db.prepare_cached(
        "UPDATE plan_row SET sendable = ?3, held = ?4, held_fields = ?5, doc = ?6
         WHERE plan = ?1 AND customer = ?2",
    )?
    .execute(params![
        plan.0,
        row.customer.as_str(),
        flags.sendable,
        row.held,
        flags.held_fields,
        to_json("a plan row", row)?
    ])?;
    Ok(())
}

pub(crate) fn get(db: &Connection, plan: PlanId, customer: &CustomerId) -> Inside<Option<PlanRow>> {
    find(db, plan, customer)?
        .map(|doc| from_json(|| format!("customer {customer} in plan {plan}"), &doc))
        .transpose()
}

/// The JSON of a row that must be there.
pub(crate) fn json(db: &Connection, plan: PlanId, customer: &CustomerId) -> Inside<String> {
    find(db, plan, customer)?.ok_or_else(|| missing(plan, customer))
}

fn find(db: &Connection, plan: PlanId, customer: &CustomerId) -> Inside<Option<String>> {
    Ok(db
        .prepare_cached("SELECT doc FROM plan_row WHERE plan = ?1 AND customer = ?2")?
        .query_row(params![plan.0, customer.as_str()], |row| row.get(0))
        .optional()?)
}

/// As [`get`], of a row that must be there.
pub(crate) fn expect(db: &Connection, plan: PlanId, customer: &CustomerId) -> Inside<PlanRow> {
    get(db, plan, customer)?.ok_or_else(|| missing(plan, customer))
}

/// The record of a row that must be there.
pub(crate) fn record(
    db: &Connection,
    plan: PlanId,
    customer: &CustomerId,
) -> Inside<Option<RecordId>> {
    let found: Option<Option<String>> = db
        .prepare_cached("SELECT record FROM plan_row WHERE plan = ?1 AND customer = ?2")?
        .query_row(params![plan.0, customer.as_str()], |row| row.get(0))
        .optional()?;
    optional_record(found.ok_or_else(|| missing(plan, customer))?)
}

fn missing(plan: PlanId, customer: &CustomerId) -> Trouble {
    Trouble::not_found(format!("customer {customer} in plan {plan}"))
}

/// Reads a row whose JSON is the first column.
pub(crate) fn read(row: &Row<'_>) -> Inside<PlanRow> {
    read_from(row, 0)
}

/// As [`read`], where its JSON is another column.
pub(crate) fn read_from(row: &Row<'_>, column: usize) -> Inside<PlanRow> {
    from_column(|| "a plan row".to_owned(), row, column)
}

struct Flags {
    sendable: bool,
    held_fields: u32,
}

impl Flags {
    fn of(row: &PlanRow) -> Self {
        let held_fields = row
            .changes
            .iter()
            .filter(|change| change.decision == Decision::Hold)
            .count();
        let all = u32::try_from(row.changes.len()).unwrap_or(u32::MAX);
        let held_fields = u32::try_from(held_fields).unwrap_or(u32::MAX);
        Self {
            sendable: match row.action {
                Action::Create | Action::Update => held_fields < all,
                Action::Delete => true,
                Action::Unchanged | Action::Skipped | Action::Blocked => false,
            },
            held_fields,
        }
    }
}

fn magnitude(row: &PlanRow) -> i64 {
    row.changes
        .iter()
        .map(|change| {
            let before = number(&change.before);
            let after = number(&change.after);
            match (before, after) {
                (None, None) => 0,
                (before, after) => after
                    .unwrap_or(0)
                    .saturating_sub(before.unwrap_or(0))
                    .saturating_abs(),
            }
        })
        .max()
        .unwrap_or(0)
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(ten_thousandths(*number).unwrap_or(i64::MAX)),
        _ => None,
    }
}

/// The bits given out so far.
pub(crate) fn bits(db: &Connection, plan: PlanId) -> Inside<BTreeMap<FieldName, u32>> {
    Ok(db
        .prepare_cached("SELECT field, bit FROM plan_field WHERE plan = ?1")?
        .query_map([plan.0], |row| Ok((FieldName(row.get(0)?), row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

fn bit_of(
    db: &Connection,
    plan: PlanId,
    bits: &mut BTreeMap<FieldName, u32>,
    field: &FieldName,
) -> Inside<u32> {
    if let Some(bit) = bits.get(field) {
        return Ok(*bit);
    }
    let free = u32::try_from(bits.len()).map_err(|error| Trouble::unreadable("a field", error))?;
    let bit = free.min(LAST_BIT);
    db.execute(
        "INSERT INTO plan_field (plan, bit, field) VALUES (?1, ?2, ?3)",
        params![plan.0, bit, field.as_str()],
    )?;
    bits.insert(field.clone(), bit);
    Ok(bit)
}
