//! Syncs and their mappings. Each saved mapping is a new version; none is ever changed.

use drawbridge_model::{AccountPolicy, ConnectionId, Mapping, Pack, SpeakerRule, Sync, SyncId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{folded, from_json, time, to_json};
use crate::{Store, StoreError, plans};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 3,
        date: "2026-11-21",
        sql: "CREATE TABLE sync (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              name TEXT NOT NULL,
              name_key TEXT NOT NULL UNIQUE,
              source INTEGER NOT NULL REFERENCES connection (id),
              org INTEGER NOT NULL REFERENCES connection (id),
              doc TEXT NOT NULL
          ) STRICT;
          CREATE INDEX sync_source ON sync (source);
          CREATE INDEX sync_org ON sync (org);
          CREATE TABLE mapping (
              sync INTEGER NOT NULL REFERENCES sync (id),
              version INTEGER NOT NULL,
              doc TEXT NOT NULL,
              PRIMARY KEY (sync, version)
          ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        version: 31,
        date: "2026-11-21",
        sql: "-- When the version was saved; not known of versions before this step.
          ALTER TABLE mapping ADD COLUMN saved_at TEXT;",
    },
];

/// One version of a mapping, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingVersion {
    /// The mapping.
    pub mapping: Mapping,
    /// When it was saved; `None` for versions older than this record of it.
    pub saved_at: Option<Timestamp>,
}

/// A sync that is not stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSync {
    /// The name its user gave it.
    pub name: String,
    /// Where the customers come from.
    pub source: ConnectionId,
    /// Where the records are.
    pub org: ConnectionId,
    /// Which fields it fills.
    pub pack: Pack,
    /// Whether the source may create records.
    pub account_policy: AccountPolicy,
    /// Whether e-mail addresses are masked in a sandbox.
    pub mask_emails: bool,
}

impl Store {
    /// Keeps a new sync with the first version of its mapping. Its name must be free.
    pub fn insert_sync(
        &self,
        new: &NewSync,
        mapping: &Mapping,
        at: Timestamp,
    ) -> Result<Sync, StoreError> {
        self.write("saving a sync", |db| {
            let mut sync = Sync {
                id: SyncId(0),
                name: new.name.clone(),
                source: new.source,
                org: new.org,
                pack: new.pack,
                account_policy: new.account_policy,
                mask_emails: new.mask_emails,
                speaker: SpeakerRule::default(),
            };
            db.execute(
                "INSERT INTO sync (name, name_key, source, org, doc) VALUES (?1, ?2, ?3, ?4, '')",
                params![new.name, folded(&new.name), new.source.0, new.org.0],
            )
            .map_err(|error| taken(&new.name, error))?;
            sync.id = SyncId(last_id(db)?);
            save(db, &sync)?;
            put_mapping(db, sync.id, mapping, 1, at)?;
            Ok(sync)
        })
    }

    /// Keeps a sync as it is now. Plans made before no longer hold, unless it only has another name.
    pub fn update_sync(&self, sync: &Sync) -> Result<(), StoreError> {
        self.write("saving a sync", |db| {
            let before = get(db, sync.id)?.map(|before| Sync {
                name: sync.name.clone(),
                ..before
            });
            save(db, sync)?;
            if before.as_ref() == Some(sync) {
                return Ok(());
            }
            plans::make_stale(db, sync.id)
        })
    }

    /// All syncs, by name.
    pub fn syncs(&self) -> Result<Vec<Sync>, StoreError> {
        self.read("reading the syncs", |db| {
            db.prepare_cached("SELECT id, doc FROM sync ORDER BY name_key")?
                .query_and_then([], read)?
                .collect()
        })
    }

    /// One sync.
    pub fn sync(&self, id: SyncId) -> Result<Option<Sync>, StoreError> {
        self.read("reading a sync", |db| get(db, id))
    }

    /// The sync of that name, in upper or lower case.
    pub fn sync_by_name(&self, name: &str) -> Result<Option<Sync>, StoreError> {
        self.read("reading a sync", |db| {
            db.prepare_cached("SELECT id, doc FROM sync WHERE name_key = ?1")?
                .query_and_then([folded(name)], read)?
                .next()
                .transpose()
        })
    }

    /// The latest mapping of a sync.
    pub fn mapping(&self, sync: SyncId) -> Result<Mapping, StoreError> {
        self.read("reading a mapping", |db| {
            let latest = latest_version(db, sync)?;
            get_mapping(db, sync, latest)
        })
    }

    /// One version of a sync's mapping.
    pub fn mapping_version(&self, sync: SyncId, version: u32) -> Result<Mapping, StoreError> {
        self.read("reading a mapping", |db| get_mapping(db, sync, version))
    }

    /// Every version of a sync's mapping, the latest first.
    pub fn mapping_versions(&self, sync: SyncId) -> Result<Vec<MappingVersion>, StoreError> {
        self.read("reading the versions of a mapping", |db| {
            let what = || format!("a version of the mapping of sync {sync}");
            db.prepare_cached(
                "SELECT doc, saved_at FROM mapping WHERE sync = ?1 ORDER BY version DESC",
            )?
            .query_and_then([sync.0], |row| {
                let saved_at: Option<String> = row.get(1)?;
                Ok(MappingVersion {
                    mapping: from_json(what, &row.get::<_, String>(0)?)?,
                    saved_at: saved_at.map(|at| time(&at)).transpose()?,
                })
            })?
            .collect()
        })
    }

    /// Keeps a mapping as a new version, whose number it gives. Plans made before no longer hold.
    pub fn save_mapping(
        &self,
        sync: SyncId,
        mapping: &Mapping,
        at: Timestamp,
    ) -> Result<u32, StoreError> {
        self.write("saving a mapping", |db| {
            let version = latest_version(db, sync)? + 1;
            put_mapping(db, sync, mapping, version, at)?;
            plans::make_stale(db, sync)?;
            Ok(version)
        })
    }
}

/// The id of the row that was just inserted.
pub(crate) fn last_id(db: &Connection) -> Inside<u32> {
    u32::try_from(db.last_insert_rowid()).map_err(|error| Trouble::unreadable("a number", error))
}

fn get(db: &Connection, id: SyncId) -> Inside<Option<Sync>> {
    db.prepare_cached("SELECT id, doc FROM sync WHERE id = ?1")?
        .query_and_then([id.0], read)?
        .next()
        .transpose()
}

fn save(db: &Connection, sync: &Sync) -> Inside<()> {
    let changed = db
        .execute(
            "UPDATE sync SET name = ?2, name_key = ?3, source = ?4, org = ?5, doc = ?6
             WHERE id = ?1",
            params![
                sync.id.0,
                sync.name,
                folded(&sync.name),
                sync.source.0,
                sync.org.0,
                to_json("a sync", sync)?
            ],
        )
        .map_err(|error| taken(&sync.name, error))?;
    if changed == 0 {
        return Err(Trouble::not_found(format!("sync {}", sync.id)));
    }
    Ok(())
}

fn put_mapping(
    db: &Connection,
    sync: SyncId,
    mapping: &Mapping,
    version: u32,
    at: Timestamp,
) -> Inside<()> {
    let mapping = Mapping {
        version,
        ..mapping.clone()
    };
    db.execute(
        "INSERT INTO mapping (sync, version, doc, saved_at) VALUES (?1, ?2, ?3, ?4)",
        params![
            sync.0,
            version,
            to_json("a mapping", &mapping)?,
            at.to_string()
        ],
    )?;
    Ok(())
}

fn latest_version(db: &Connection, sync: SyncId) -> Inside<u32> {
    db.prepare_cached("SELECT max(version) FROM mapping WHERE sync = ?1")?
        .query_row([sync.0], |row| row.get::<_, Option<u32>>(0))?
        .ok_or_else(|| Trouble::not_found(format!("sync {sync}")))
}

fn get_mapping(db: &Connection, sync: SyncId, version: u32) -> Inside<Mapping> {
    let what = || format!("version {version} of the mapping of sync {sync}");
    db.prepare_cached("SELECT doc FROM mapping WHERE sync = ?1 AND version = ?2")?
        .query_row([sync.0, version], |row| row.get::<_, String>(0))
        .optional()?
        .ok_or_else(|| Trouble::not_found(what()))
        .and_then(|doc| from_json(what, &doc))
}

fn taken(name: &str, error: rusqlite::Error) -> Trouble {
    if Trouble::is_duplicate(&error) {
        Trouble::Store(StoreError::NameTaken {
            kind: "sync",
            name: name.to_owned(),
        })
    } else {
        Trouble::Sql(error)
    }
}

fn read(row: &Row<'_>) -> Inside<Sync> {
    let id: u32 = row.get(0)?;
    from_json(|| format!("sync {id}"), &row.get::<_, String>(1)?)
}
