//! Connections. Their secrets are in the keychain, never here.

use drawbridge_model::{Connection, ConnectionId, ConnectionStatus, Environment, Provider};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::{folded, from_json, to_json};
use crate::{Store, StoreError, charts, customers, operations};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2,
    date: "2026-11-21",
    sql: "CREATE TABLE connection (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              name_key TEXT NOT NULL UNIQUE,
              doc TEXT NOT NULL
          ) STRICT;",
}];

/// A connection that is not stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConnection {
    /// The name its user gave it.
    pub name: String,
    /// What is on the other side.
    pub provider: Provider,
    /// Sandbox or production. Salesforce only.
    pub environment: Option<Environment>,
    /// Where it is reached.
    pub base_url: String,
    /// Consumer key. Salesforce only.
    pub client_id: Option<String>,
}

impl Store {
    /// Keeps a new connection, which begins as *needs sign-in*. Its name must be free; upper and
    /// lower case count as equal.
    pub fn insert_connection(&self, new: &NewConnection) -> Result<Connection, StoreError> {
        self.write("saving a connection", |db| {
            let mut connection = Connection {
                id: ConnectionId(0),
                name: new.name.clone(),
                provider: new.provider,
                environment: new.environment,
                base_url: new.base_url.clone(),
                client_id: new.client_id.clone(),
                org: None,
                source: None,
                status: ConnectionStatus::NeedsSignIn,
                status_reason: None,
                checked_at: None,
                read_only: false,
                user_changes: Vec::new(),
            };
            db.execute(
                "INSERT INTO connection (name_key, doc) VALUES (?1, '')",
                [folded(&new.name)],
            )
            .map_err(|error| taken(&new.name, error))?;
            connection.id = ConnectionId(crate::syncs::last_id(db)?);
            save(db, &connection)?;
            Ok(connection)
        })
    }

    /// Keeps a connection as it is now, but for the switch that it is only read: what was looked up
    /// a while ago never turns that back.
    pub fn update_connection(&self, connection: &Connection) -> Result<(), StoreError> {
        self.write("saving a connection", |db| update(db, connection))
    }

    /// Says whether a connection is only to be read, and gives it.
    pub fn set_read_only(
        &self,
        id: ConnectionId,
        read_only: bool,
    ) -> Result<Connection, StoreError> {
        self.write("saving a connection", |db| {
            let mut connection = get(db, id)?;
            connection.read_only = read_only;
            save(db, &connection)?;
            Ok(connection)
        })
    }

    /// All connections, by name.
    pub fn connections(&self) -> Result<Vec<Connection>, StoreError> {
        self.read("reading the connections", |db| {
            db.prepare_cached("SELECT id, doc FROM connection ORDER BY name_key")?
                .query_and_then([], read)?
                .collect()
        })
    }

    /// One connection.
    pub fn connection(&self, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        self.read("reading a connection", |db| find(db, id))
    }

    /// The connection of that name, in upper or lower case.
    pub fn connection_by_name(&self, name: &str) -> Result<Option<Connection>, StoreError> {
        self.read("reading a connection", |db| {
            db.prepare_cached("SELECT id, doc FROM connection WHERE name_key = ?1")?
                .query_and_then([folded(name)], read)?
                .next()
                .transpose()
        })
    }

    /// Forgets a connection and what was read from it. Refused while a sync uses it; one that is
    /// not there is no error.
    pub fn delete_connection(&self, id: ConnectionId) -> Result<(), StoreError> {
        self.write("deleting a connection", |db| {
            let user: Option<(String, String)> = db
                .query_row(
                    "SELECT c.doc, s.name FROM sync s JOIN connection c ON c.id = ?1
                     WHERE s.source = ?1 OR s.org = ?1 ORDER BY s.id",
                    [id.0],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            if let Some((doc, sync)) = user {
                let connection: Connection = from_json(|| format!("connection {id}"), &doc)?;
                return Err(Trouble::Store(StoreError::InUse {
                    kind: "connection",
                    name: connection.name,
                    by: format!("the sync “{sync}”"),
                }));
            }
            customers::forget_source(db, id)?;
            operations::forget(db, id)?;
            charts::forget(db, id)?;
            db.execute("DELETE FROM connection WHERE id = ?1", [id.0])?;
            Ok(())
        })
    }
}

/// Keeps a connection; see [`Store::update_connection`].
pub(crate) fn update(db: &rusqlite::Connection, connection: &Connection) -> Inside<()> {
    let read_only = get(db, connection.id)?.read_only;
    save(
        db,
        &Connection {
            read_only,
            ..connection.clone()
        },
    )
}

/// Refuses to record a call that would change something where it is only to be read. Asked in the
/// transaction that lets the call go out: none is sent once the switch is set, whoever set it.
pub(crate) fn refuse_read_only(db: &rusqlite::Connection, id: ConnectionId) -> Inside<()> {
    match find(db, id)? {
        Some(Connection {
            name,
            read_only: true,
            ..
        }) => Err(Trouble::Store(StoreError::ReadOnly { name })),
        _ => Ok(()),
    }
}

fn find(db: &rusqlite::Connection, id: ConnectionId) -> Inside<Option<Connection>> {
    db.prepare_cached("SELECT id, doc FROM connection WHERE id = ?1")?
        .query_and_then([id.0], read)?
        .next()
        .transpose()
}

fn get(db: &rusqlite::Connection, id: ConnectionId) -> Inside<Connection> {
    find(db, id)?.ok_or_else(|| Trouble::not_found(format!("connection {id}")))
}

fn save(db: &rusqlite::Connection, connection: &Connection) -> Inside<()> {
    db.execute(
        "UPDATE connection SET name_key = ?2, doc = ?3 WHERE id = ?1",
        params![
            connection.id.0,
            folded(&connection.name),
            to_json("a connection", connection)?
        ],
    )
    .map_err(|error| taken(&connection.name, error))?;
    Ok(())
}

fn taken(name: &str, error: rusqlite::Error) -> Trouble {
    if Trouble::is_duplicate(&error) {
        Trouble::Store(StoreError::NameTaken {
            kind: "connection",
            name: name.to_owned(),
        })
    } else {
        Trouble::Sql(error)
    }
}

fn read(row: &Row<'_>) -> Inside<Connection> {
    let id: u32 = row.get(0)?;
    from_json(|| format!("connection {id}"), &row.get::<_, String>(1)?)
}
