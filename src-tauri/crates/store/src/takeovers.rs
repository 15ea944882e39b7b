//! Customers that the sources no longer have, and what became of their links: a person may decide
//! that another customer is the same under a new id.

use drawbridge_model::{ConnectionId, CustomerId, FormerCustomer, RecordId, SyncId, Takeover};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{optional_time, record_id, time};
use crate::{Store, StoreError};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 42,
    date: "2026-11-22",
    sql: "-- Customers that a reading of everything no longer found.
          CREATE TABLE former_customer (
              source INTEGER NOT NULL,
              id TEXT NOT NULL,
              name TEXT,
              -- When that was; not known of those that went before this table was there.
              gone_at TEXT,
              PRIMARY KEY (source, id)
          ) STRICT, WITHOUT ROWID;
          INSERT OR IGNORE INTO former_customer (source, id)
              SELECT s.source, a.customer FROM accepted_link a JOIN sync s ON s.id = a.sync
              WHERE NOT EXISTS (SELECT 1 FROM customer c
                  WHERE c.source = s.source AND c.id = a.customer);
          -- Decisions that a customer is a former one.
          CREATE TABLE takeover (
              sync INTEGER NOT NULL,
              customer TEXT NOT NULL,
              record TEXT NOT NULL,
              former TEXT NOT NULL,
              former_name TEXT,
              former_gone_at TEXT,
              at TEXT NOT NULL,
              PRIMARY KEY (sync, customer)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX takeover_former ON takeover (sync, former);
          CREATE INDEX takeover_record ON takeover (sync, record);",
}];

impl Store {
    /// The decision by which a record went, or goes, over to another customer: the last one.
    pub fn takeover_of_record(
        &self,
        sync: SyncId,
        record: &RecordId,
    ) -> Result<Option<Takeover>, StoreError> {
        self.read("reading who took over a record", |db| {
            by(db, sync, "record", record.as_str())
        })
    }
}

/// Remembers the customers that the pull did not see. To be called before they are forgotten.
pub(crate) fn note_gone(
    db: &Connection,
    source: ConnectionId,
    unseen: &str,
    pull: u32,
    at: Timestamp,
) -> Inside<()> {
    db.execute(
        &format!(
            "INSERT OR REPLACE INTO former_customer (source, id, name, gone_at)
             SELECT source, id, name, ?3 {unseen}"
        ),
        params![source.0, pull, at.to_string()],
    )?;
    Ok(())
}

/// Forgets that those are gone which the source has again.
pub(crate) fn note_back(db: &Connection, source: ConnectionId) -> Inside<()> {
    db.execute(
        "DELETE FROM former_customer WHERE source = ?1 AND EXISTS (SELECT 1 FROM customer c
             WHERE c.source = former_customer.source AND c.id = former_customer.id)",
        [source.0],
    )?;
    Ok(())
}

/// See [`drawbridge_model::Cache::former_customer`].
pub(crate) fn former(
    db: &Connection,
    source: ConnectionId,
    id: &CustomerId,
) -> Inside<Option<FormerCustomer>> {
    let found: Option<(Option<String>, Option<String>)> = db
        .prepare_cached(
            "SELECT name, gone_at FROM former_customer f WHERE source = ?1 AND id = ?2
             AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.source = f.source AND c.id = f.id)",
        )?
        .query_row(params![source.0, id.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found
        .map(|(name, gone_at)| {
            Ok(FormerCustomer {
                id: id.clone(),
                name,
                gone_at: optional_time(gone_at)?,
            })
        })
        .transpose()
}

/// Whether any customer of a sync took over a link.
pub(crate) fn any(db: &Connection, sync: SyncId) -> Inside<bool> {
    Ok(db
        .prepare_cached("SELECT 1 FROM takeover WHERE sync = ?1 LIMIT 1")?
        .exists([sync.0])?)
}

/// The decision that a customer takes over a link.
pub(crate) fn of(db: &Connection, sync: SyncId, customer: &CustomerId) -> Inside<Option<Takeover>> {
    by(db, sync, "customer", customer.as_str())
}

/// The last decision by which another took over this customer's link.
pub(crate) fn from(db: &Connection, sync: SyncId, former: &CustomerId) -> Inside<Option<Takeover>> {
    by(db, sync, "former", former.as_str())
}

fn by(db: &Connection, sync: SyncId, column: &str, value: &str) -> Inside<Option<Takeover>> {
    db.prepare_cached(&format!(
        "SELECT customer, record, former, former_name, former_gone_at, at FROM takeover
         WHERE sync = ?1 AND {column} = ?2 ORDER BY julianday(at) DESC, customer LIMIT 1"
    ))?
    .query_and_then(params![sync.0, value], read)?
    .next()
    .transpose()
}

fn read(row: &Row<'_>) -> Inside<Takeover> {
    Ok(Takeover {
        customer: CustomerId(row.get(0)?),
        record: record_id(&row.get::<_, String>(1)?)?,
        former: FormerCustomer {
            id: CustomerId(row.get(2)?),
            name: row.get(3)?,
            gone_at: optional_time(row.get(4)?)?,
        },
        at: time(&row.get::<_, String>(5)?)?,
    })
}

/// Replaces the decision about a customer. One that a run has followed stays until there is
/// another: it tells where the record was before.
pub(crate) fn decide(
    db: &Connection,
    sync: SyncId,
    customer: &CustomerId,
    takeover: Option<&Takeover>,
) -> Inside<()> {
    db.execute(
        "DELETE FROM takeover WHERE sync = ?1 AND customer = ?2
             AND (?3 OR NOT EXISTS (SELECT 1 FROM written w
                 JOIN run r ON r.id = w.run
                 WHERE r.sync = ?1 AND w.customer = ?2 AND w.record = takeover.record))",
        params![sync.0, customer.as_str(), takeover.is_some()],
    )?;
    if let Some(takeover) = takeover {
        db.execute(
            "INSERT INTO takeover (sync, customer, record, former, former_name, former_gone_at, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                sync.0,
                customer.as_str(),
                takeover.record.as_str(),
                takeover.former.id.as_str(),
                takeover.former.name,
                takeover.former.gone_at.map(|at| at.to_string()),
                takeover.at.to_string()
            ],
        )?;
    }
    Ok(())
}
