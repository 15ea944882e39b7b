//! Refreshed sandboxes: what is forgotten and what is kept when a connection is linked to the copy.

use drawbridge_model::{Connection, ConnectionId, CustomerId, RecordId, RunId, SyncId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::error::{Inside, Trouble};
use crate::links::BEFORE_REFRESH;
use crate::migrate::Migration;
use crate::words::{record_id, time};
use crate::{Store, StoreError, connections, plans};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 26,
    date: "2026-11-21",
    sql: "CREATE TABLE relink (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              connection INTEGER NOT NULL,
              from_org TEXT NOT NULL,
              to_org TEXT NOT NULL,
              at TEXT NOT NULL,
              -- Runs up to this one were made in the org before the refresh.
              last_run INTEGER NOT NULL
          ) STRICT;",
}];

/// The links of one sync, as they are after a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRelink {
    /// Which sync.
    pub sync: SyncId,
    /// Links that were found again.
    pub again: Vec<(CustomerId, RecordId)>,
    /// Customers whose link was not: it is remembered as one of the sandbox before its refresh.
    pub unsettled: Vec<(CustomerId, RecordId)>,
}

/// A refresh that a connection was taken through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relink {
    /// The org before.
    pub from_org: RecordId,
    /// The org since.
    pub to_org: RecordId,
    /// When it was re-linked.
    pub at: Timestamp,
}

impl Store {
    /// Every customer of a sync with the record it is linked to, or was found on last unless a person
    /// decided otherwise since.
    pub fn settled_links(&self, sync: SyncId) -> Result<Vec<(CustomerId, RecordId)>, StoreError> {
        self.read("reading the links", |db| {
            db.prepare_cached(
                "SELECT customer, record FROM accepted_link WHERE sync = ?1
                 UNION ALL
                 SELECT customer, record FROM link l WHERE sync = ?1 AND record IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM accepted_link a
                         WHERE a.sync = l.sync AND a.customer = l.customer)
                     AND NOT EXISTS (SELECT 1 FROM match_apart m
                         WHERE m.sync = l.sync AND m.customer = l.customer)
                 ORDER BY 1",
            )?
            .query_and_then([sync.0], |row| {
                let record: String = row.get(1)?;
                Ok((CustomerId(row.get(0)?), record_id(&record)?))
            })?
            .collect()
        })
    }

    /// Pins a connection to its sandbox after a refresh: records, marks, base values and findings of
    /// the org before are forgotten, plans no longer hold, links are those given. Syncs, mappings
    /// and decisions stay. All or nothing.
    pub fn relink(
        &self,
        connection: &Connection,
        from_org: &RecordId,
        syncs: &[SyncRelink],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("re-linking a connection", |db| {
            let to_org = connection.org.as_ref().ok_or_else(|| {
                Trouble::not_found(format!("org of connection {}", connection.id))
            })?;
            connections::update(db, connection)?;
            db.execute(
                "INSERT INTO relink (connection, from_org, to_org, at, last_run)
                 VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(id), 0) FROM run))",
                params![
                    connection.id.0,
                    from_org.as_str(),
                    to_org.org_id.as_str(),
                    at.to_string()
                ],
            )?;
            for relinked in syncs {
                let sync = relinked.sync;
                crate::records::clear(db, sync)?;
                for sql in [
                    "DELETE FROM record_gone WHERE sync = ?1",
                    "DELETE FROM link WHERE sync = ?1",
                    "DELETE FROM base WHERE sync = ?1",
                    "DELETE FROM saved WHERE sync = ?1",
                ] {
                    db.execute(sql, [sync.0])?;
                }
                plans::make_stale(db, sync)?;
                put_links(db, relinked, at)?;
            }
            Ok(())
        })
    }

    /// The refresh that came between a run and now, if one did: the org the run wrote to is gone.
    pub fn refreshed_since(
        &self,
        connection: ConnectionId,
        run: RunId,
    ) -> Result<Option<Relink>, StoreError> {
        self.read("reading refreshes", |db| {
            let found: Option<(String, String, String)> = db
                .prepare_cached(
                    "SELECT from_org, to_org, at FROM relink
                     WHERE connection = ?1 AND last_run >= ?2 ORDER BY id LIMIT 1",
                )?
                .query_row(params![connection.0, run.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            found
                .map(|(from, to, at)| {
                    Ok(Relink {
                        from_org: record_id(&from)?,
                        to_org: record_id(&to)?,
                        at: time(&at)?,
                    })
                })
                .transpose()
        })
    }
}

fn put_links(db: &rusqlite::Connection, relinked: &SyncRelink, at: Timestamp) -> Inside<()> {
    let at = at.to_string();
    // A person's link stays a person's.
    let mut again = db.prepare_cached(
        "INSERT INTO accepted_link (sync, customer, record, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sync, customer) DO UPDATE SET record = excluded.record, at = excluded.at,
             decided = decided % ?5",
    )?;
    for (customer, record) in &relinked.again {
        again.execute(params![
            relinked.sync.0,
            customer.as_str(),
            record.as_str(),
            at,
            BEFORE_REFRESH
        ])?;
    }
    let mut unsettled = db.prepare_cached(
        "INSERT INTO accepted_link (sync, customer, record, at, decided)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (sync, customer) DO UPDATE SET decided = excluded.decided",
    )?;
    for (customer, record) in &relinked.unsettled {
        unsettled.execute(params![
            relinked.sync.0,
            customer.as_str(),
            record.as_str(),
            at,
            BEFORE_REFRESH
        ])?;
    }
    Ok(())
}
