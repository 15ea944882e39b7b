//! The store's connections to its file: one that writes, and a few that read beside it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use drawbridge_model::Sensitive;

use crate::run_lock::Locked;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::StoreError;
use crate::error::{Inside, Trouble};
use crate::open;

/// Idle readers kept open. More may be open for a moment when many screens ask at once.
const IDLE_READERS: usize = 4;

/// Everything Drawbridge remembers. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    writer: Mutex<Connection>,
    /// Where readers connect to; `None` for a store in memory, whose reads use the writer.
    file: Option<OnDisk>,
    /// Runs this process executes, for a store in memory that has no place for lock files.
    executing: Arc<Mutex<BTreeSet<Locked>>>,
}

struct OnDisk {
    path: PathBuf,
    key: Option<Sensitive<[u8; 32]>>,
    idle: Mutex<Vec<Connection>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path()).finish()
    }
}

impl Store {
    pub(crate) fn on_disk(
        path: &Path,
        key: Option<&Sensitive<[u8; 32]>>,
        writer: Connection,
    ) -> Self {
        Self::with(
            writer,
            Some(OnDisk {
                path: path.to_owned(),
                key: key.cloned(),
                idle: Mutex::default(),
            }),
        )
    }

    pub(crate) fn in_memory(writer: Connection) -> Self {
        Self::with(writer, None)
    }

    fn with(writer: Connection, file: Option<OnDisk>) -> Self {
        Self {
            inner: Arc::new(Inner {
                writer: Mutex::new(writer),
                file,
                executing: Arc::default(),
            }),
        }
    }

    /// Where the database is; `None` when it is in memory.
    pub fn path(&self) -> Option<&Path> {
        self.inner.file.as_ref().map(|file| file.path.as_path())
    }

    pub(crate) fn executing(&self) -> &Arc<Mutex<BTreeSet<Locked>>> {
        &self.inner.executing
    }

    /// Runs `work` in one transaction of the writer; an error rolls all of it back.
    pub(crate) fn write<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Inside<T>,
    ) -> Result<T, StoreError> {
        let mut writer = lock(&self.inner.writer);
        transact(&mut writer, work).map_err(|trouble| trouble.during(doing))
    }

    /// As [`Store::write`] for one of many transactions whose content can be read or computed
    /// again: it does not wait for the disk. The next [`Store::write`] does, for all before it too.
    /// If the power fails in between, the latest of them are lost as if they had never been, and
    /// nothing is torn.
    pub(crate) fn write_soon<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Inside<T>,
    ) -> Result<T, StoreError> {
        let mut writer = lock(&self.inner.writer);
        let attempt = || -> Inside<T> {
            writer.execute_batch("PRAGMA synchronous = NORMAL")?;
            let written = transact(&mut writer, work);
            writer.execute_batch("PRAGMA synchronous = FULL")?;
            written
        };
        attempt().map_err(|trouble| trouble.during(doing))
    }

    /// Runs `work` on a reader that sees one state of the database throughout, and never waits
    /// for the writer.
    pub(crate) fn read<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Inside<T>,
    ) -> Result<T, StoreError> {
        let reader = self.reader().map_err(|trouble| trouble.during(doing))?;
        let attempt = || -> Inside<T> {
            let transaction = reader.connection()?.unchecked_transaction()?;
            work(&transaction)
        };
        attempt().map_err(|trouble| trouble.during(doing))
    }

    /// As [`Store::read`] for a single statement, which sees one state by itself.
    pub(crate) fn look<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Inside<T>,
    ) -> Result<T, StoreError> {
        let attempt = || -> Inside<T> { work(self.reader()?.connection()?) };
        attempt().map_err(|trouble| trouble.during(doing))
    }

    /// Works with the writer outside of any transaction.
    pub(crate) fn tidy(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Inside<()>,
    ) -> Result<(), StoreError> {
        work(&lock(&self.inner.writer)).map_err(|trouble| trouble.during(doing))
    }

    /// Lets go of what idle readers keep in memory. For the end of long work: the next reads
    /// other pages.
    pub(crate) fn rest(&self) {
        if let Some(file) = &self.inner.file {
            lock(&file.idle).clear();
        }
    }

    fn reader(&self) -> Inside<Reader<'_>> {
        let Some(file) = &self.inner.file else {
            return Ok(Reader::Writer(lock(&self.inner.writer)));
        };
        let idle = lock(&file.idle).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open::reader(&file.path, file.key.as_ref())?,
        };
        Ok(Reader::Pooled {
            connection: Some(connection),
            idle: &file.idle,
        })
    }

    /// Limits the file to its present size and `pages` more, as a full disk would. For tests.
    #[doc(hidden)]
    pub fn limit_growth(&self, pages: u32) -> Result<(), StoreError> {
        let writer = lock(&self.inner.writer);
        let set = || -> Result<(), rusqlite::Error> {
            let now: u32 = writer.pragma_query_value(None, "page_count", |row| row.get(0))?;
            writer.query_row(
                &format!("PRAGMA max_page_count = {}", now.saturating_add(pages)),
                [],
                |_| Ok(()),
            )
        };
        set().map_err(|error| Trouble::Sql(error).during("limiting the file"))
    }
}

fn transact<T>(
    writer: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Inside<T>,
) -> Inside<T> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// A connection on loan.
enum Reader<'a> {
    Writer(MutexGuard<'a, Connection>),
    Pooled {
        connection: Option<Connection>,
        idle: &'a Mutex<Vec<Connection>>,
    },
}

impl Reader<'_> {
    fn connection(&self) -> Inside<&Connection> {
        match self {
            Self::Writer(connection) => Ok(connection),
            Self::Pooled { connection, .. } => connection
                .as_ref()
                .ok_or_else(|| Trouble::not_found("reader")),
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Self::Pooled { connection, idle } = self
            && let Some(connection) = connection.take()
        {
            let mut idle = lock(idle);
            if idle.len() < IDLE_READERS {
                idle.push(connection);
            }
        }
    }
}

/// Takes a lock whose holder may have panicked: a transaction that was open then has been rolled
/// back, so what the lock guards is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
