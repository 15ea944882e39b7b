//! One process at a time executes a run: a lock file beside the database, held while it does. The
//! system lets go of it when the process ends, however it ends.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use drawbridge_model::RunId;

use crate::open::with_ending;
use crate::pool::lock;
use crate::{Store, StoreError};

/// The right to execute a run, until it is dropped.
#[derive(Debug)]
pub struct RunLock(Held);

#[derive(Debug)]
enum Held {
    File {
        path: PathBuf,
        /// Only ever held, never read.
        _file: File,
    },
    Memory {
        run: RunId,
        executing: Arc<Mutex<BTreeSet<RunId>>>,
    },
}

impl Store {
    /// Takes the right to execute a run; refused while anybody else has it. Take it first, then
    /// set the run's status to running.
    pub fn lock_run(&self, run: RunId) -> Result<RunLock, StoreError> {
        let Some(path) = self.path() else {
            let executing = self.executing();
            if !lock(executing).insert(run) {
                return Err(StoreError::RunIsExecuting { run });
            }
            return Ok(RunLock(Held::Memory {
                run,
                executing: executing.clone(),
            }));
        };
        let path = with_ending(path, &format!(".run-{run}.lock"));
        lock_file(&path, run).map(|file| RunLock(Held::File { path, _file: file }))
    }
}

fn lock_file(path: &Path, run: RunId) -> Result<File, StoreError> {
    let failed = |error: &std::io::Error| StoreError::File {
        path: path.to_owned(),
        doing: "locked",
        reason: error.to_string(),
    };
    loop {
        let file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(path)
            .map_err(|error| failed(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::RunIsExecuting { run }),
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
        // The holder before us may have deleted the file after we opened it: then we hold a lock
        // nobody else can see, and begin again.
        if is_still_there(path, &file) {
            return Ok(file);
        }
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

impl Drop for RunLock {
    fn drop(&mut self) {
        match &self.0 {
            // Deleted while still held, so that nobody can lock a file that is about to go.
            Held::File { path, .. } => drop(fs::remove_file(path)),
            Held::Memory { run, executing } => {
                lock(executing).remove(run);
            }
        }
    }
}
