//! One process at a time works on a sync, and executes a run: a lock file beside the database, held
//! while it does. The system lets go of it when the process ends, however it ends.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use drawbridge_model::{ConnectionId, RunId, SyncId};

use crate::open::with_ending;
use crate::pool::lock;
use crate::{Store, StoreError};

/// The right to execute a run, until it is dropped.
#[derive(Debug)]
pub struct RunLock(#[expect(dead_code, reason = "held, never read")] Held);

/// The right to make plans of a sync and to write for it, until it is dropped. Both read and
/// replace what the sync remembers of its org, so only one may be under way.
#[derive(Debug)]
pub struct SyncLock(#[expect(dead_code, reason = "held, never read")] Held);

/// The right to carry out operations in a billing system, until it is dropped: there is one writer.
#[derive(Debug)]
pub struct OperationLock(#[expect(dead_code, reason = "held, never read")] Held);

/// What is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Locked {
    Run(RunId),
    Sync(SyncId),
    Operations(ConnectionId),
}

impl Locked {
    fn ending(self) -> String {
        match self {
            Self::Run(run) => format!(".run-{run}.lock"),
            Self::Sync(sync) => format!(".sync-{sync}.lock"),
            Self::Operations(connection) => format!(".operations-{connection}.lock"),
        }
    }

    fn busy(self, by: String) -> StoreError {
        match self {
            Self::Run(run) => StoreError::RunIsExecuting { run, by },
            Self::Sync(sync) => StoreError::SyncIsBusy {
                sync: sync.to_string(),
                by,
            },
            Self::Operations(_) => StoreError::OperationsUnderWay,
        }
    }
}

#[derive(Debug)]
enum Held {
    File {
        path: PathBuf,
        /// Only ever held, never read.
        _file: File,
    },
    Memory {
        what: Locked,
        executing: Arc<Mutex<BTreeSet<Locked>>>,
    },
}

impl Store {
    /// Takes the right to execute a run; refused while anybody else has it. Take it first, then
    /// set the run's status to running.
    pub fn lock_run(&self, run: RunId) -> Result<RunLock, StoreError> {
        self.take(Locked::Run(run)).map(RunLock)
    }

    /// Takes the right to plan or write for a sync; refused while anybody else has it.
    pub fn lock_sync(&self, sync: SyncId) -> Result<SyncLock, StoreError> {
        match self.take(Locked::Sync(sync)) {
            Ok(held) => Ok(SyncLock(held)),
            Err(StoreError::SyncIsBusy { sync: number, by }) => Err(StoreError::SyncIsBusy {
                sync: self.sync(sync)?.map_or(number, |sync| sync.name),
                by,
            }),
            Err(other) => Err(other),
        }
    }

    /// Takes the right to carry out operations in the billing system of a connection; refused while
    /// anybody else has it.
    pub fn lock_operations(&self, connection: ConnectionId) -> Result<OperationLock, StoreError> {
        self.take(Locked::Operations(connection)).map(OperationLock)
    }

    fn take(&self, what: Locked) -> Result<Held, StoreError> {
        let Some(path) = self.path() else {
            let executing = self.executing();
            if !lock(executing).insert(what) {
                return Err(what.busy(String::new()));
            }
            return Ok(Held::Memory {
                what,
                executing: executing.clone(),
            });
        };
        let path = with_ending(path, &what.ending());
        lock_file(&path, what).map(|file| Held::File { path, _file: file })
    }
}

fn lock_file(path: &Path, what: Locked) -> Result<File, StoreError> {
    let failed = |error: &std::io::Error| StoreError::File {
        path: path.to_owned(),
        doing: "locked",
        reason: error.to_string(),
    };
    loop {
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(path)
            .map_err(|error| failed(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(what.busy(holder(&mut file))),
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
        // The holder before us may have deleted the file after we opened it: then we hold a lock
        // nobody else can see, and begin again.
        if is_still_there(path, &file) {
            if let Err(error) = sign(&mut file) {
                tracing::debug!(%error, "the lock does not say whose it is");
            }
            return Ok(file);
        }
    }
}

/// Writes into the lock who holds it, for whoever comes second.
fn sign(file: &mut File) -> std::io::Result<()> {
    let program = std::env::current_exe()?;
    let name = program.file_stem().unwrap_or_default().to_string_lossy();
    file.set_len(0)?;
    write!(file, "{} {name}", std::process::id())?;
    file.flush()
}

/// Who holds a lock, in words; empty where the lock does not say.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(200).read_to_string(&mut text);
    match text.split_once(' ') {
        Some((process, _)) if process == std::process::id().to_string() => {
            " in this program".to_owned()
        }
        Some((process, name)) if read.is_ok() => format!(" in {name} (process {process})"),
        _ => String::new(),
    }
}

#[cfg(unix)]
fn is_still_there(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(path), file.metadata()) {
        (Ok(there), Ok(ours)) => (there.dev(), there.ino()) == (ours.dev(), ours.ino()),
        _ => false,
    }
}

/// Where a file cannot be replaced while it is open, there is nothing to compare.
#[cfg(not(unix))]
fn is_still_there(path: &Path, _file: &File) -> bool {
    path.exists()
}

impl Drop for Held {
    fn drop(&mut self) {
        match self {
            // Deleted while still held, so that nobody can lock a file that is about to go.
            Self::File { path, .. } => drop(fs::remove_file(path)),
            Self::Memory { what, executing } => {
                lock(executing).remove(what);
            }
        }
    }
}
