//! The orders a plan is paged through. They are built in one go when the plan is finished, which
//! costs far less than keeping indexes while its rows arrive in another order.

use drawbridge_model::PlanId;
use rusqlite::{Connection, params};

use crate::error::Inside;
use crate::migrate::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 11,
    date: "2026-11-21",
    sql: "CREATE TABLE plan_order (
              plan INTEGER NOT NULL,
              -- 0 by name, 1 by largest change, 2 by customer id.
              sort INTEGER NOT NULL,
              place INTEGER NOT NULL,
              row INTEGER NOT NULL,
              action INTEGER NOT NULL,
              drift INTEGER NOT NULL,
              fields INTEGER NOT NULL,
              -- What a search looks through; only by name, the others are narrow.
              text TEXT,
              PRIMARY KEY (plan, sort, place)
          ) STRICT, WITHOUT ROWID;",
}];

pub(crate) const BY_NAME: u8 = 0;
pub(crate) const BY_CHANGE: u8 = 1;
pub(crate) const BY_CUSTOMER: u8 = 2;

/// Builds the orders of a plan anew.
pub(crate) fn build(db: &Connection, plan: PlanId) -> Inside<()> {
    db.execute("DELETE FROM plan_order WHERE plan = ?1", [plan.0])?;
    // `folded` knows all letters; SQLite's own lower() knows ASCII only.
    let text = "folded(name || ' ' || customer || ' ' || coalesce(record, ''))";
    for (sort, order, text) in [
        (BY_NAME, "folded(name), customer", text),
        (BY_CHANGE, "magnitude DESC, customer", "NULL"),
        (BY_CUSTOMER, "customer", "NULL"),
    ] {
        db.execute(
            &format!(
                "INSERT INTO plan_order (plan, sort, place, row, action, drift, fields, text)
                 SELECT ?1, ?2, row_number() OVER (ORDER BY {order}), id, action, drift, fields,
                     {text}
                 FROM plan_row WHERE plan = ?1"
            ),
            params![plan.0, sort],
        )?;
    }
    Ok(())
}
