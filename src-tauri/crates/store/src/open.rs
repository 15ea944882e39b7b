//! Opening the file: permissions, key, settings of the connection, and setting a file aside.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use drawbridge_model::Sensitive;
use jiff::Timestamp;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode};

use crate::error::Inside;
use crate::words::folded;
use crate::{Store, StoreError, migrate};

/// How long a call waits for another process that writes.
const BUSY: Duration = Duration::from_secs(10);

/// The first bytes of every plain SQLite file.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";

impl Store {
    /// Opens the database, or makes it: its folder with mode 0700, its file with mode 0600. With
    /// a key (32 random bytes) it is encrypted. A file of an older version is copied
    /// (`….before-vN`) and brought up to date; one of a newer version is refused untouched.
    pub fn open(path: &Path, key: Option<&Sensitive<[u8; 32]>>) -> Result<Self, StoreError> {
        make_private(path).map_err(|error| StoreError::File {
            path: path.to_owned(),
            doing: "created",
            reason: error.to_string(),
        })?;
        let mut writer = connect(path, key).map_err(|error| cannot_open(path, key, &error))?;
        migrate::run(&mut writer, Some(path))?;
        Ok(Self::on_disk(path, key, writer))
    }

    /// A store that is gone when its last clone is.
    pub fn open_in_memory() -> Result<Self, StoreError> {
        let doing = "opening a database in memory";
        let mut writer =
            Connection::open_in_memory().map_err(|error| StoreError::sql(doing, &error))?;
        configure(&writer).map_err(|error| StoreError::sql(doing, &error))?;
        migrate::run(&mut writer, None)?;
        Ok(Self::in_memory(writer))
    }

    /// Renames a database that cannot be opened, with all that belongs to it, to
    /// `drawbridge-<time>.db.aside` in the same folder, and gives the new path. Nothing is
    /// deleted.
    pub fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
        let name = format!("drawbridge-{}.db.aside", now.strftime("%Y%m%dT%H%M%SZ"));
        let mut aside = path.with_file_name(&name);
        let mut again = 1;
        while aside.exists() {
            again += 1;
            aside = path.with_file_name(format!("{name}-{again}"));
        }
        for ending in ["-wal", "-shm", ""] {
            let from = with_ending(path, ending);
            if from.exists() {
                fs::rename(&from, with_ending(&aside, ending)).map_err(|error| {
                    StoreError::File {
                        path: from,
                        doing: "renamed",
                        reason: error.to_string(),
                    }
                })?;
            }
        }
        Ok(aside)
    }
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path, key: Option<&Sensitive<[u8; 32]>>) -> Inside<Connection> {
    let connection = connect(path, key)?;
    // Several are open at once, so each keeps less than the writer does.
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -4000;")?;
    Ok(connection)
}

fn connect(path: &Path, key: Option<&Sensitive<[u8; 32]>>) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    // Without this a wrong key writes lines to the standard error of the program.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    if let Some(key) = key {
        use std::fmt::Write;
        let mut hex = String::with_capacity(64);
        for byte in key.expose() {
            let _ = write!(hex, "{byte:02x}");
        }
        connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\";"))?;
    }
    // The first read tells whether the key is right.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    configure(&connection)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.create_scalar_function(
        "folded",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| Ok(folded(context.get_raw(0).as_str().unwrap_or_default())),
    )?;
    // FULL: an attempt must be on the disk before its call goes out, even if the power fails.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -16000;
         PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 8000;
         PRAGMA journal_size_limit = 67108864;",
    )
}

fn cannot_open(
    path: &Path,
    key: Option<&Sensitive<[u8; 32]>>,
    error: &rusqlite::Error,
) -> StoreError {
    let not_a_database = error
        .sqlite_error()
        .is_some_and(|e| matches!(e.code, ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt));
    let path = path.to_owned();
    match (not_a_database, key) {
        (false, _) => StoreError::sql("opening the database", error),
        (true, Some(_)) if starts_plain(&path) => StoreError::NotEncrypted { path },
        (true, Some(_)) => StoreError::WrongKey { path },
        (true, None) => StoreError::NeedsKey { path },
    }
}

fn starts_plain(path: &Path) -> bool {
    let mut start = [0; 16];
    fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok_and(|()| start == *PLAIN)
}

/// Makes the folder and an empty file for this user alone. SQLite gives its side files the mode
/// of the file.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    let mut file = fs::OpenOptions::new();
    file.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folder.mode(0o700);
        file.mode(0o600);
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        folder.create(parent)?;
    }
    let file = file.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    drop(file);
    Ok(())
}

/// The path with something added to its file name.
pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
