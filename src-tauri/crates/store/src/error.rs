//! Everything that can go wrong in the store.

use std::path::PathBuf;

use drawbridge_model::{CustomerId, LedgerError, PlanId, RunId};
use rusqlite::{ErrorCode, ffi};

use crate::PlanStatus;

/// Why the store could not be opened, or could not do what was asked. Nothing of a failed call is
/// kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be reached at all.
    #[error("The database {path} cannot be {doing}: {reason}")]
    File {
        /// Which file.
        path: PathBuf,
        /// `created`, `copied`, `renamed`, ….
        doing: &'static str,
        /// What the system said.
        reason: String,
    },
    /// There is a key, and the file is not encrypted.
    #[error("The database {path} is not encrypted, but there is a key for it: nothing was read")]
    NotEncrypted {
        /// Which file.
        path: PathBuf,
    },
    /// The key does not open the file, or the file is damaged: the two look alike from outside.
    #[error("The database {path} does not open with the key in the keychain: nothing was read")]
    WrongKey {
        /// Which file.
        path: PathBuf,
    },
    /// There is no key, and the file is encrypted or no database at all.
    #[error(
        "The database {path} is encrypted or damaged, and there is no key for it: nothing was read"
    )]
    NeedsKey {
        /// Which file.
        path: PathBuf,
    },
    /// A newer version of Drawbridge wrote the file.
    #[error(
        "The database {path} was written by a newer Drawbridge (version {found} of the file, this \
         one knows {known}): nothing was changed. Install the newer Drawbridge"
    )]
    StoreTooNew {
        /// Which file.
        path: PathBuf,
        /// Version of the file.
        found: u32,
        /// Newest version this program knows.
        known: u32,
    },
    /// The file could not be brought to this program's version. It is as it was before.
    #[error("The database could not be brought to version {version}: {reason}. It is unchanged")]
    Migration {
        /// Which step failed.
        version: u32,
        /// What the database said.
        reason: String,
    },
    /// The disk is full.
    #[error("The disk is full: {doing} was not done. Free some space and try again")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
    },
    /// Another process holds the database for too long.
    #[error("The database is in use by another Drawbridge: {doing} was not done. Try again")]
    Locked {
        /// What was being done.
        doing: &'static str,
    },
    /// Anything else the database says.
    #[error("The database failed while {doing}: {reason}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        reason: String,
    },
    /// What is stored cannot be understood.
    #[error("What is stored about {what} cannot be read: {reason}")]
    Unreadable {
        /// Which thing.
        what: String,
        /// What was wrong.
        reason: String,
    },
    /// A name is taken already; upper and lower case count as equal.
    #[error("There is already a {kind} called “{name}”: choose another name")]
    NameTaken {
        /// `connection` or `sync`.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// Something else still needs it.
    #[error("The {kind} “{name}” is used by {by}: it was not deleted")]
    InUse {
        /// `connection` or `sync`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// Who uses it.
        by: String,
    },
    /// Nothing may be changed through the connection.
    #[error("“{name}” is read-only: nothing further is sent there")]
    ReadOnly {
        /// Name of the connection.
        name: String,
    },
    /// It is not there.
    #[error("There is no {what}")]
    NotFound {
        /// What was looked for, such as `plan 7`.
        what: String,
    },
    /// The plan cannot be run or decided on, because it is not ready.
    #[error("Plan {plan} is {}, not ready: nothing was done. Make a new plan", status.word())]
    PlanNotReady {
        /// Which plan.
        plan: PlanId,
        /// How it stands.
        status: PlanStatus,
    },
    /// A row deletes a record, in a plan that may not.
    #[error(
        "Plan {plan} may delete nothing, and the row of customer {customer} would: it was not kept"
    )]
    NotToDelete {
        /// Which plan.
        plan: PlanId,
        /// Whose row.
        customer: CustomerId,
    },
    /// Another process, or another part of this one, plans or writes for the sync.
    #[error(
        "Another preview or run of “{sync}” is under way{by}: nothing was started. Wait until it \
         has ended"
    )]
    SyncIsBusy {
        /// Name of the sync.
        sync: String,
        /// Who holds it, as ` in drawbridge-cli (process 4711)`; empty where that is not known.
        by: String,
    },
    /// Another process, or another part of this one, carries out operations in the billing system.
    #[error(
        "Other operations in this billing system are under way: nothing was started. Wait until they \
         have ended, or stop them"
    )]
    OperationsUnderWay,
    /// Another process, or another part of this one, is executing the run.
    #[error("Run {run} is being executed already{by}: nothing was started")]
    RunIsExecuting {
        /// Which run.
        run: RunId,
        /// Who holds it, as ` in drawbridge-cli (process 4711)`; empty where that is not known.
        by: String,
    },
}

impl StoreError {
    /// Whether the file itself is at fault, so that setting it aside and beginning anew helps.
    pub fn can_set_aside(&self) -> bool {
        matches!(self, Self::WrongKey { .. })
    }

    pub(crate) fn sql(doing: &'static str, error: &rusqlite::Error) -> Self {
        match error.sqlite_error().map(|e| (e.code, e.extended_code)) {
            Some((ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE)) => {
                Self::DiskFull { doing }
            }
            Some((ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _)) => {
                Self::Locked { doing }
            }
            _ => Self::Database {
                doing,
                reason: error.to_string(),
            },
        }
    }
}

impl From<StoreError> for LedgerError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull { doing } => Self::DiskFull { doing },
            StoreError::Locked { doing } => Self::Locked { doing },
            StoreError::Database { doing, reason } => Self::Database { doing, reason },
            StoreError::ReadOnly { name } => Self::ReadOnly { name },
            StoreError::Unreadable { what, reason } => Self::Unreadable { what, reason },
            other => Self::Database {
                doing: "reading what is stored",
                reason: other.to_string(),
            },
        }
    }
}

/// What goes wrong inside a transaction: the database's own error, still without the words that
/// say what was being done, or an error that is complete.
#[derive(Debug)]
pub(crate) enum Trouble {
    Sql(rusqlite::Error),
    Store(StoreError),
}

impl Trouble {
    pub(crate) fn during(self, doing: &'static str) -> StoreError {
        match self {
            Self::Sql(error) => StoreError::sql(doing, &error),
            Self::Store(error) => error,
        }
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::Store(StoreError::NotFound { what: what.into() })
    }

    pub(crate) fn unreadable(what: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Store(StoreError::Unreadable {
            what: what.into(),
            reason: format!("{reason}"),
        })
    }

    /// Whether a unique index refused the row.
    pub(crate) fn is_duplicate(error: &rusqlite::Error) -> bool {
        error
            .sqlite_error()
            .is_some_and(|e| e.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE)
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What code inside a transaction returns.
pub(crate) type Inside<T> = Result<T, Trouble>;
