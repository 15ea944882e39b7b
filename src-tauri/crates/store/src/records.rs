//! Salesforce records as they were last read, and the keys customers find them by.

use std::collections::BTreeSet;

use drawbridge_model::{GivenKeys, MatchKey, Record, RecordId, SyncId};
use rusqlite::{Connection, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{folded, from_column, to_json};
use crate::{Store, StoreError};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 6,
        date: "2026-11-21",
        sql: "CREATE TABLE record (
              sync INTEGER NOT NULL,
              id TEXT NOT NULL,
              doc TEXT NOT NULL,
              UNIQUE (sync, id)
          ) STRICT;
          CREATE TABLE record_key (
              sync INTEGER NOT NULL,
              key TEXT NOT NULL,
              record TEXT NOT NULL,
              PRIMARY KEY (sync, key, record)
          ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        version: 24,
        date: "2026-11-21",
        sql: "ALTER TABLE record_key RENAME TO record_key_before;
          CREATE TABLE record_key (
              sync INTEGER NOT NULL,
              key TEXT NOT NULL,
              record TEXT NOT NULL,
              -- The record that gives the key: itself, or a Contact of it.
              giver TEXT NOT NULL,
              PRIMARY KEY (sync, key, record, giver)
          ) STRICT, WITHOUT ROWID;
          INSERT INTO record_key (sync, key, record, giver)
              SELECT sync, key, record, record FROM record_key_before;
          DROP TABLE record_key_before;
          CREATE INDEX record_key_giver ON record_key (sync, giver);",
    },
];

/// Forgets records and keys, and how far they were read. What matching found stays until it is
/// found anew: a link tells which customer a deleted record belonged to.
pub(crate) fn clear(db: &Connection, sync: SyncId) -> Inside<()> {
    for sql in [
        "DELETE FROM record WHERE sync = ?1",
        "DELETE FROM record_key WHERE sync = ?1",
    ] {
        db.execute(sql, [sync.0])?;
    }
    crate::snapshots::forget(db, sync)?;
    crate::readings::forget_mark(db, sync)
}

pub(crate) fn put(
    db: &Connection,
    sync: SyncId,
    records: &[Record],
    keys: &dyn Fn(&Record) -> Vec<MatchKey>,
) -> Inside<()> {
    let mut put = db.prepare_cached(
        "INSERT INTO record (sync, id, doc) VALUES (?1, ?2, ?3)
         ON CONFLICT (sync, id) DO UPDATE SET doc = excluded.doc WHERE doc <> excluded.doc",
    )?;
    // One that was deleted may be back from the recycle bin.
    let mut back = db.prepare_cached("DELETE FROM record_gone WHERE sync = ?1 AND id = ?2")?;
    let mut put_key = prepare_key(db)?;
    let mut drop_key = db.prepare_cached(
        "DELETE FROM record_key WHERE sync = ?1 AND key = ?2 AND record = ?3 AND giver = ?4",
    )?;
    for record in records {
        let id = record.id.as_str();
        if put.execute(params![sync.0, id, to_json("a record", record)?])? == 0 {
            // It is there as it is, and so are its keys. Most of what is read again is.
            continue;
        }
        back.execute(params![sync.0, id])?;
        let keys: BTreeSet<String> = keys(record).iter().map(text).collect();
        let before = own_keys(db, sync, &record.id)?;
        for key in before.difference(&keys) {
            drop_key.execute(params![sync.0, key, id, id])?;
        }
        for key in keys.difference(&before) {
            put_key.execute(params![sync.0, key, id, id])?;
        }
    }
    Ok(())
}

pub(crate) fn put_keys(db: &Connection, sync: SyncId, given: &[GivenKeys]) -> Inside<()> {
    let mut put = prepare_key(db)?;
    for giver in given {
        forget_keys(db, sync, &giver.by)?;
        for (key, record) in &giver.keys {
            put.execute(params![
                sync.0,
                text(key),
                record.as_str(),
                giver.by.as_str()
            ])?;
        }
    }
    Ok(())
}

/// The keys a record gives to itself.
fn own_keys(db: &Connection, sync: SyncId, record: &RecordId) -> Inside<BTreeSet<String>> {
    Ok(db
        .prepare_cached(
            "SELECT key FROM record_key WHERE sync = ?1 AND giver = ?2 AND record = ?2",
        )?
        .query_map(params![sync.0, record.as_str()], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Forgets the keys a record gives, to itself or to others.
pub(crate) fn forget_keys(db: &Connection, sync: SyncId, giver: &RecordId) -> Inside<()> {
    db.prepare_cached("DELETE FROM record_key WHERE sync = ?1 AND giver = ?2")?
        .execute(params![sync.0, giver.as_str()])?;
    Ok(())
}

fn prepare_key(db: &Connection) -> rusqlite::Result<rusqlite::CachedStatement<'_>> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO record_key (sync, key, record, giver) VALUES (?1, ?2, ?3, ?4)",
    )
}

/// The records that carry a key, at most three.
pub(crate) fn by_key(db: &Connection, sync: SyncId, key: &MatchKey) -> Inside<Vec<RecordId>> {
    db.prepare_cached(
        "SELECT DISTINCT record FROM record_key WHERE sync = ?1 AND key = ?2
         ORDER BY record LIMIT 3",
    )?
    .query_and_then(params![sync.0, text(key)], crate::customers::read_record)?
    .collect()
}

pub(crate) fn get(db: &Connection, sync: SyncId, id: &RecordId) -> Inside<Option<Record>> {
    db.prepare_cached("SELECT doc FROM record WHERE sync = ?1 AND id = ?2")?
        .query_and_then(params![sync.0, id.as_str()], |row| {
            from_column(|| format!("record {id}"), row, 0)
        })?
        .next()
        .transpose()
}

pub(crate) fn count(db: &Connection, sync: SyncId) -> Inside<u64> {
    Ok(db
        .prepare_cached("SELECT count(*) FROM record WHERE sync = ?1")?
        .query_row([sync.0], |row| row.get::<_, u32>(0))?
        .into())
}

impl Store {
    /// One record of a sync as it was last read.
    pub fn cached_record(&self, sync: SyncId, id: &RecordId) -> Result<Option<Record>, StoreError> {
        self.read("reading a record", |db| get(db, sync, id))
    }

    /// Records whose name contains a text, compared as matching compares names but for legal
    /// forms; at most `limit`, by name.
    pub fn records_by_name(
        &self,
        sync: SyncId,
        search: &str,
        limit: u32,
    ) -> Result<Vec<RecordId>, StoreError> {
        let search = folded(search);
        if search.is_empty() {
            return Ok(Vec::new());
        }
        self.read("looking for records", |db| {
            db.prepare_cached(
                "SELECT record FROM record_key
                 WHERE sync = ?1 AND key >= 'n' AND key < 'o' AND instr(key, ?2) > 1
                 ORDER BY key, record LIMIT ?3",
            )?
            .query_and_then(
                params![sync.0, search, limit],
                crate::customers::read_record,
            )?
            .collect()
        })
    }
}

/// The key as one text, its kind first.
fn text(key: &MatchKey) -> String {
    match key {
        MatchKey::ExternalId(id) => format!("x{id}"),
        MatchKey::RecordId(id) => format!("r{id}"),
        MatchKey::Email(email) => format!("e{email}"),
        MatchKey::Domain(domain) => format!("d{domain}"),
        MatchKey::Name(name) => format!("n{name}"),
    }
}
