//! Customers that agree with their records. The database itself sees to it that a customer is struck
//! out when anything changes that its row is made from, whatever part of the program changes it.

use drawbridge_model::{Action, Agreed, AgreedCount, AmountsIn, Currency, PlanId, SyncId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{action_code, to_json};
use crate::{PlanStatus, links, plans};

/// Strikes out these customers after that. A table that is made anew loses its triggers: a later step
/// that does so must make them anew, too.
macro_rules! strike_out {
    ($trigger:literal, $after:literal, $whom:literal) => {
        concat!(
            "CREATE TRIGGER ",
            $trigger,
            " AFTER ",
            $after,
            " BEGIN DELETE FROM agreed WHERE ",
            $whom,
            "; UPDATE touched SET count = count + 1; END; "
        )
    };
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 46,
    date: "2026-11-22",
    sql: concat!(
        "-- By which terms the customers of a sync agree.
          CREATE TABLE agreed_terms (sync INTEGER PRIMARY KEY, terms TEXT NOT NULL) STRICT;
          CREATE TABLE agreed (
              sync INTEGER NOT NULL,
              customer TEXT NOT NULL,
              record TEXT NOT NULL,
              -- As in plan_row.
              name TEXT NOT NULL,
              parent TEXT NOT NULL,
              doc TEXT NOT NULL,
              -- What the amounts are in, and as the record counts them.
              currency TEXT,
              record_currency TEXT,
              PRIMARY KEY (sync, customer)
          ) STRICT, WITHOUT ROWID;
          -- A record carries one id.
          CREATE UNIQUE INDEX agreed_record ON agreed (sync, record);
          -- How often anything changed that rows are made from: one row.
          CREATE TABLE touched (count INTEGER NOT NULL) STRICT;
          INSERT INTO touched (count) VALUES (0);
          ",
        // What a row is made from.
        strike_out!(
            "customer_changed",
            "UPDATE ON customer",
            "customer = old.id AND sync IN (SELECT id FROM sync WHERE source = old.source)"
        ),
        strike_out!(
            "customer_gone",
            "DELETE ON customer",
            "customer = old.id AND sync IN (SELECT id FROM sync WHERE source = old.source)"
        ),
        strike_out!(
            "subscription_new",
            "INSERT ON subscription",
            "customer = new.customer AND sync IN (SELECT id FROM sync WHERE source = new.source)"
        ),
        strike_out!(
            "subscription_changed",
            "UPDATE ON subscription",
            "customer IN (old.customer, new.customer)
                 AND sync IN (SELECT id FROM sync WHERE source = old.source)"
        ),
        strike_out!(
            "subscription_gone",
            "DELETE ON subscription",
            "customer = old.customer AND sync IN (SELECT id FROM sync WHERE source = old.source)"
        ),
        strike_out!(
            "pin_new",
            "INSERT ON pin",
            "customer = new.customer AND sync IN (SELECT id FROM sync WHERE source = new.source)"
        ),
        strike_out!(
            "pin_changed",
            "UPDATE ON pin",
            "customer = old.customer AND sync IN (SELECT id FROM sync WHERE source = old.source)"
        ),
        strike_out!(
            "pin_gone",
            "DELETE ON pin",
            "customer = old.customer AND sync IN (SELECT id FROM sync WHERE source = old.source)"
        ),
        strike_out!(
            "record_changed",
            "UPDATE ON record",
            "sync = old.sync AND record = old.id"
        ),
        strike_out!(
            "record_deleted",
            "DELETE ON record",
            "sync = old.sync AND record = old.id"
        ),
        strike_out!(
            "link_changed",
            "UPDATE ON link",
            "sync = old.sync AND customer = old.customer"
        ),
        strike_out!(
            "link_gone",
            "DELETE ON link",
            "sync = old.sync AND customer = old.customer"
        ),
        // What its link stands on: the id that a record carries, and what was decided.
        strike_out!(
            "record_id_new",
            "INSERT ON record_key WHEN substr(new.key, 1, 1) = 'x'",
            "sync = new.sync AND customer = substr(new.key, 2)"
        ),
        strike_out!(
            "record_id_gone",
            "DELETE ON record_key WHEN substr(old.key, 1, 1) = 'x'",
            "sync = old.sync AND customer = substr(old.key, 2)"
        ),
        strike_out!(
            "accepted_link_new",
            "INSERT ON accepted_link",
            "sync = new.sync AND customer = new.customer"
        ),
        strike_out!(
            "accepted_link_changed",
            "UPDATE ON accepted_link",
            "sync = old.sync AND customer = old.customer"
        ),
        strike_out!(
            "accepted_link_gone",
            "DELETE ON accepted_link",
            "sync = old.sync AND customer = old.customer"
        ),
        strike_out!(
            "apart_new",
            "INSERT ON match_apart",
            "sync = new.sync AND customer = new.customer"
        ),
        strike_out!(
            "apart_changed",
            "UPDATE ON match_apart",
            "sync = old.sync AND customer = old.customer"
        ),
        strike_out!(
            "apart_gone",
            "DELETE ON match_apart",
            "sync = old.sync AND customer = old.customer"
        ),
    ),
}];

/// Forgets what was found by other terms; see [`drawbridge_model::Cache::agree_by`].
pub(crate) fn agree_by(db: &Connection, sync: SyncId, terms: &str) -> Inside<()> {
    if terms_of(db, sync)?.as_deref() == Some(terms) {
        return Ok(());
    }
    db.execute("DELETE FROM agreed WHERE sync = ?1", [sync.0])?;
    db.execute(
        "INSERT OR REPLACE INTO agreed_terms (sync, terms) VALUES (?1, ?2)",
        params![sync.0, terms],
    )?;
    Ok(())
}

fn terms_of(db: &Connection, sync: SyncId) -> Inside<Option<String>> {
    Ok(db
        .prepare_cached("SELECT terms FROM agreed_terms WHERE sync = ?1")?
        .query_row([sync.0], |row| row.get(0))
        .optional()?)
}

/// See [`drawbridge_model::Cache::touched`].
pub(crate) fn touched(db: &Connection) -> Inside<i64> {
    Ok(db
        .prepare_cached("SELECT count FROM touched")?
        .query_row([], |row| row.get(0))?)
}

/// See [`drawbridge_model::Cache::put_agreed`].
pub(crate) fn put(
    db: &Connection,
    sync: SyncId,
    terms: &str,
    before: i64,
    agreed: &[Agreed],
) -> Inside<()> {
    if touched(db)? != before || terms_of(db, sync)?.as_deref() != Some(terms) {
        return Ok(());
    }
    let stands = links::STANDS;
    let mut put = db.prepare_cached(&format!(
        "INSERT OR REPLACE INTO agreed
             (sync, customer, record, name, parent, doc, currency, record_currency)
         SELECT ?2, c.id, l.record, ?4, ?5, ?6, ?7, ?8 FROM sync s
         JOIN customer c ON c.source = s.source AND c.id = ?1
         {stands_on} WHERE s.id = ?2 AND l.record = ?3 AND {stands}",
        stands_on = links::STANDS_ON,
    ))?;
    for Agreed { row, amounts } in agreed {
        if row.action != Action::Unchanged {
            continue;
        }
        put.execute(params![
            row.customer.as_str(),
            sync.0,
            row.record.as_ref().map(drawbridge_model::RecordId::as_str),
            row.name,
            row.parent
                .as_ref()
                .map_or("", drawbridge_model::RecordId::as_str),
            to_json("a plan row", row)?,
            amounts.map(|amounts| amounts.source.to_string()),
            amounts.and_then(|amounts| Some(amounts.record?.to_string())),
        ])?;
    }
    Ok(())
}

/// See [`drawbridge_model::Journal::put_agreed_rows`].
pub(crate) fn put_rows(db: &Connection, plan: PlanId) -> Inside<Vec<AgreedCount>> {
    let sync = plans::expect(db, plan, PlanStatus::Planning)?.sync;
    db.execute(
        "INSERT INTO plan_row (plan, customer, name, action, record, sendable, held, held_fields,
             drift, fields, magnitude, doc, parent)
         SELECT ?1, customer, name, ?2, record, 0, 0, 0, 0, 0, 0, doc, parent FROM agreed
         WHERE sync = ?3 ORDER BY customer",
        params![plan.0, action_code(Action::Unchanged), sync.0],
    )?;
    db.prepare_cached(
        "SELECT count(*), currency, record_currency FROM agreed WHERE sync = ?1
         GROUP BY currency, record_currency",
    )?
    .query_and_then([sync.0], |row| {
        Ok(AgreedCount {
            rows: row.get(0)?,
            amounts: currency(row, 1)?
                .map(|source| -> Inside<_> {
                    Ok(AmountsIn {
                        source,
                        record: currency(row, 2)?,
                    })
                })
                .transpose()?,
        })
    })?
    .collect()
}

fn currency(row: &Row<'_>, at: usize) -> Inside<Option<Currency>> {
    let code: Option<String> = row.get(at)?;
    code.map(|code| {
        Currency::parse(&code).map_err(|error| Trouble::unreadable("a currency", error))
    })
    .transpose()
}
