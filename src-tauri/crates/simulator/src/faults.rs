//! Faults: what a test or a person switches on to see how a client copes.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::locks::RowLocks;

/// One of the simulated servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Server {
    /// The sandbox org.
    SalesforceSandbox,
    /// The production org.
    SalesforceProduction,
    /// `ProfitWell`.
    Profitwell,
    /// Alguna.
    Alguna,
}

/// A fault armed for some requests of one server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The server it applies to.
    pub server: Server,
    /// HTTP method (upper case), or any.
    #[serde(default)]
    pub method: Option<String>,
    /// Text the request's path must contain; empty matches all.
    #[serde(default)]
    pub path_contains: String,
    /// What happens.
    pub kind: FaultKind,
    /// How many requests are struck; `u32::MAX` for all from then on.
    #[serde(default = "once")]
    pub times: u32,
    /// How many matching requests pass unharmed first.
    #[serde(default)]
    pub skip: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// A fault that strikes the next request of `server` whose path contains `path_contains`.
    pub fn new(server: Server, path_contains: &str, kind: FaultKind) -> Self {
        Self {
            server,
            method: None,
            path_contains: path_contains.to_owned(),
            kind,
            times: 1,
            skip: 0,
        }
    }

    /// Only requests of this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// How many requests are struck.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// How many matching requests pass first.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }
}

/// What a fault does to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Answer this status with this JSON (Salesforce: a list of `{message, errorCode}`); nothing is done.
    Status(u16, Value),
    /// 503 with an HTML page; nothing is done.
    Html503,
    /// 200 with an HTML page where JSON is expected; nothing is done.
    Html200,
    /// The work is done, but the answer's body stops in the middle.
    Truncate,
    /// The connection closes without an answer and nothing was done.
    DropBeforeCommit,
    /// The work is done, then the connection closes without an answer.
    DropAfterCommit,
    /// The answer comes after this many milliseconds.
    Slow(u64),
    /// The answer never comes; nothing is done.
    Hang,
    /// 403 `REQUEST_LIMIT_EXCEEDED` (429 from the billing systems).
    QuotaExceeded,
    /// 401: the session or the key is not accepted.
    ExpiredSession,
    /// Every n-th row of a write is refused; the others go through.
    RowErrors {
        /// Salesforce's status code.
        status_code: String,
        /// Salesforce's text.
        message: String,
        /// 1 refuses every row, 3 every third.
        every_nth: usize,
    },
    /// Rows of a write are locked by somebody else for their first tries.
    RowLocks(RowLocks),
    /// A Bulk ingest job fails as a whole; what it wrote before stays.
    BulkFailure(BulkFailure),
    /// A Bulk job takes at least this many milliseconds.
    SlowBulk(u64),
}

/// A Bulk job that fails as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkFailure {
    /// The job's `errorMessage`.
    pub message: String,
    /// How many internal batches of 10,000 rows are written first; a job that has no more of them
    /// fails at its end.
    #[serde(default)]
    pub after_batches: usize,
}

impl FaultKind {
    /// Whether a request of this method and path can be struck. Faults of rows and of Bulk jobs
    /// leave requests alone that write no rows or start no job.
    fn fits(&self, method: &str, path: &str) -> bool {
        let closes = method == "PATCH" && path.contains("/jobs/ingest/");
        let queries = method == "POST" && path.ends_with("/jobs/query");
        match self {
            Self::RowLocks(_) => {
                closes || (method != "GET" && path.contains("/composite/sobjects"))
            }
            Self::BulkFailure(_) => closes,
            Self::SlowBulk(_) => closes || queries,
            _ => true,
        }
    }

    /// A Salesforce error answer with one error.
    pub fn salesforce_error(status: u16, code: &str, message: &str) -> Self {
        Self::Status(
            status,
            serde_json::json!([{"message": message, "errorCode": code}]),
        )
    }
}

/// The faults armed at present.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn arm(&self, fault: Fault) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(fault);
    }

    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The fault that strikes this request, if any; its counters move.
    pub(crate) fn take(&self, server: Server, method: &str, path: &str) -> Option<FaultKind> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut struck = None;
        for fault in faults.iter_mut() {
            let matches = fault.server == server
                && fault.times > 0
                && fault
                    .method
                    .as_deref()
                    .is_none_or(|m| m.eq_ignore_ascii_case(method))
                && path.contains(&fault.path_contains)
                && fault.kind.fits(method, path);
            if !matches {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if fault.times != u32::MAX {
                fault.times -= 1;
            }
            struck = Some(fault.kind.clone());
            break;
        }
        faults.retain(|fault| fault.times > 0);
        struck
    }
}
