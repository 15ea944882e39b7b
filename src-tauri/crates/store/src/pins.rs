//! Pins: the subscription a person chose to speak for a customer. They belong to the customer, not
//! to a sync, so that a choice made for a sandbox holds in production too.

use drawbridge_model::{ConnectionId, CustomerId, Pin, SubscriptionId};
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::time;
use crate::{Store, StoreError, plans};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 20,
    date: "2026-11-21",
    sql: "CREATE TABLE pin (
              source INTEGER NOT NULL,
              customer TEXT NOT NULL,
              subscription TEXT NOT NULL,
              at TEXT NOT NULL,
              PRIMARY KEY (source, customer)
          ) STRICT, WITHOUT ROWID;",
}];

impl Store {
    /// Lets this subscription speak for the customer, or the rule again. Plans of the source's
    /// syncs no longer hold.
    pub fn pin(
        &self,
        source: ConnectionId,
        customer: &CustomerId,
        subscription: Option<&SubscriptionId>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("saving which subscription speaks", |db| {
            match subscription {
                Some(subscription) => db.execute(
                    "INSERT OR REPLACE INTO pin (source, customer, subscription, at)
                     VALUES (?1, ?2, ?3, ?4)",
                    params![
                        source.0,
                        customer.as_str(),
                        subscription.as_str(),
                        at.to_string()
                    ],
                )?,
                None => db.execute(
                    "DELETE FROM pin WHERE source = ?1 AND customer = ?2",
                    params![source.0, customer.as_str()],
                )?,
            };
            plans::make_stale_of_source(db, source)
        })
    }
}

/// The pin in two columns of a row, from this one on; `None` where they are NULL.
pub(crate) fn read(row: &Row<'_>, at: usize) -> Inside<Option<Pin>> {
    let Some(subscription) = row.get::<_, Option<String>>(at)? else {
        return Ok(None);
    };
    Ok(Some(Pin {
        subscription: SubscriptionId(subscription),
        at: time(&row.get::<_, String>(at + 1)?)?,
    }))
}
