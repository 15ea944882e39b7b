//! The rows that a safety halt speaks of, so that a person can look at them.

use std::collections::BTreeMap;

use drawbridge_model::{CustomerId, PlanId};
use rusqlite::params;

use crate::migrate::Migration;
use crate::plans::expect;
use crate::{PlanStatus, Store, StoreError};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 50,
    date: "2026-11-22",
    sql: "-- The rows each safety halt of a plan speaks of.
          CREATE TABLE plan_halt_row (
              plan INTEGER NOT NULL,
              halt TEXT NOT NULL,
              row INTEGER NOT NULL,
              PRIMARY KEY (plan, halt, row)
          ) STRICT, WITHOUT ROWID;",
}];

impl Store {
    /// Records of whose rows a halt speaks, while the plan is still being made.
    pub fn put_halt_rows(
        &self,
        plan: PlanId,
        code: &str,
        customers: &[CustomerId],
    ) -> Result<(), StoreError> {
        self.write("saving the rows of a halt", |db| {
            expect(db, plan, PlanStatus::Planning)?;
            let mut put = db.prepare_cached(
                "INSERT OR IGNORE INTO plan_halt_row (plan, halt, row)
                 SELECT ?1, ?2, id FROM plan_row WHERE plan = ?1 AND customer = ?3",
            )?;
            for customer in customers {
                put.execute(params![plan.0, code, customer.as_str()])?;
            }
            Ok(())
        })
    }

    /// Of how many rows each halt of a plan speaks; one that speaks of none is left out.
    pub fn halt_row_counts(&self, plan: PlanId) -> Result<BTreeMap<String, u32>, StoreError> {
        self.read("counting the rows of halts", |db| {
            let mut counted = db.prepare_cached(
                "SELECT halt, count(*) FROM plan_halt_row WHERE plan = ?1 GROUP BY halt",
            )?;
            let counts = counted
                .query_map([plan.0], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            Ok(counts)
        })
    }
}
