//! How many rows of a plan change each field.

use std::collections::BTreeMap;

use drawbridge_model::{FieldName, PlanId};

use crate::plan_rows::bits;
use crate::{Store, StoreError};

impl Store {
    /// The fields that a plan changes, with the number of rows that change each.
    pub fn plan_field_counts(&self, plan: PlanId) -> Result<BTreeMap<FieldName, u32>, StoreError> {
        self.read("counting a plan's changes", |db| {
            let bits = bits(db, plan)?;
            let mut counts: BTreeMap<FieldName, u32> =
                bits.keys().map(|field| (field.clone(), 0)).collect();
            let mut grouped = db.prepare_cached(
                "SELECT fields, count(*) FROM plan_row
                 WHERE plan = ?1 AND fields <> 0 GROUP BY fields",
            )?;
            let groups = grouped.query_map([plan.0], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?))
            })?;
            for group in groups {
                let (mask, rows) = group?;
                for (field, bit) in &bits {
                    if mask & (1 << bit) != 0
                        && let Some(count) = counts.get_mut(field)
                    {
                        *count += rows;
                    }
                }
            }
            Ok(counts)
        })
    }
}
