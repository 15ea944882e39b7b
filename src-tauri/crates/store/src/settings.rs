//! Small settings by key.

use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::migrate::Migration;
use crate::words::{from_json, to_json};
use crate::{Store, StoreError};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    date: "2026-11-21",
    sql: "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;",
}];

impl Store {
    /// A setting; `None` when it was never set. Never a secret.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.read("reading a setting", |db| {
            db.prepare_cached("SELECT value FROM setting WHERE key = ?1")?
                .query_row([key], |row| row.get::<_, String>(0))
                .optional()?
                .map(|text| from_json(|| format!("the setting “{key}”"), &text))
                .transpose()
        })
    }

    /// Keeps a setting as JSON, in place of an older value.
    pub fn set_setting<T: Serialize>(&self, key: &str, value: &T) -> Result<(), StoreError> {
        self.write("saving a setting", |db| {
            let value = to_json("a setting", value)?;
            db.execute(
                "INSERT INTO setting (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                params![key, value],
            )?;
            Ok(())
        })
    }

    /// Forgets a setting; one that is not there is no error.
    pub fn delete_setting(&self, key: &str) -> Result<(), StoreError> {
        self.write("deleting a setting", |db| {
            db.execute("DELETE FROM setting WHERE key = ?1", [key])?;
            Ok(())
        })
    }
}
