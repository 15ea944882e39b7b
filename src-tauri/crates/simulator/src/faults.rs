//! Faults: what a test or a person switches on to see how a client copes.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::locks::{RowCount, RowLocks};

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
    /// Text the request's body must contain; empty matches all.
    #[serde(default)]
    pub body_contains: String,
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
            body_contains: String::new(),
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

    /// Only requests whose body contains this text.
    #[must_use]
    pub fn body_contains(mut self, text: &str) -> Self {
        text.clone_into(&mut self.body_contains);
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
    /// Answer this status with these headers (as `Retry-After`) and this JSON; nothing is done.
    Answer {
        /// HTTP status.
        status: u16,
        /// Names and values.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// JSON; null for an empty body, a text for a body of plain text.
        #[serde(default)]
        body: Value,
    },
    /// An HTML page of a gateway, 502 or 504 say.
    Gateway {
        /// HTTP status.
        status: u16,
        /// Whether the work was done before the gateway gave up.
        #[serde(default)]
        after_commit: bool,
    },
    /// 429; nothing is done.
    TooManyRequests {
        /// Seconds for `Retry-After`; without, no such header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// 403 `REQUEST_LIMIT_EXCEEDED`, "`ConcurrentPerOrgLongTxn` Limit exceeded." (429 from the billing
    /// systems); nothing is done.
    ConcurrentLimit,
    /// 503 with an HTML page; nothing is done.
    Html503,
    /// 200 with an HTML page where JSON is expected; nothing is done.
    Html200,
    /// 200 with a JSON array of made-up customers of about this many bytes; nothing is done.
    HugeAnswer(u64),
    /// The work is done, but the answer's body stops in the middle.
    Truncate,
    /// The last so many rows of a list are left out of the answer, as if they had been deleted while
    /// it was made.
    LessRows(usize),
    /// The connection closes without an answer and nothing was done.
    DropBeforeCommit,
    /// The work is done, then the connection closes without an answer.
    DropAfterCommit,
    /// The connection closes without an answer, and the work is done this many milliseconds later.
    LateCommit(u64),
    /// The connection is reset without an answer and nothing was done.
    Reset,
    /// The request arrives this many milliseconds later; when the client leaves meanwhile, nothing
    /// is done.
    Slow(u64),
    /// The answer's body trickles at this many bytes per second.
    SlowBody(u64),
    /// The answer never comes; nothing is done.
    Hang,
    /// 403 `REQUEST_LIMIT_EXCEEDED` (429 from the billing systems).
    QuotaExceeded,
    /// 401: the session or the key is not accepted this time; it lives on.
    ExpiredSession,
    /// The session of the request ends for good, and the request is the first that learns of it; a
    /// refresh gives a new one. With `skip` it ends in the middle of a run. From the billing systems,
    /// whose keys do not expire, the same as `ExpiredSession`.
    TokenExpired,
    /// Every n-th row of a write is refused; the others go through. Rows count on over all calls it
    /// strikes, and over all subrequests of a composite; a write of a single record is one row.
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
    /// The result files of a Bulk ingest job leave out every n-th row of its file, whatever became of
    /// it.
    MissingResults {
        /// 1 leaves out every row, 3 every third.
        every_nth: usize,
    },
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
        let reads = matches!(method, "GET" | "HEAD");
        // POST to a named sObject of Collections retrieves.
        let retrieves = method == "POST" && path.contains("/composite/sobjects/");
        let writes = !reads && !retrieves && !path.contains("/tooling/");
        match self {
            Self::RowErrors { .. } => {
                closes || (writes && (path.contains("/sobjects") || path.contains("/composite")))
            }
            Self::RowLocks(_) => closes || (writes && path.contains("/composite/sobjects")),
            Self::BulkFailure(_) => closes,
            Self::SlowBulk(_) => closes || queries,
            Self::MissingResults { .. } => {
                let path = path.to_ascii_lowercase();
                reads
                    && path.contains("/jobs/ingest/")
                    && ["results", "unprocessedrecords"]
                        .iter()
                        .any(|name| path.trim_end_matches('/').ends_with(name))
            }
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

/// A fault with its number and how often it struck.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArmedFault {
    /// Number by which it can be disarmed.
    pub id: u64,
    /// How many requests it struck so far.
    pub struck: u32,
    /// The fault; `times` and `skip` are what is left of them.
    #[serde(flatten)]
    pub fault: Fault,
    /// The rows of all the calls it struck.
    #[serde(skip)]
    rows: RowCount,
}

/// A fault that strikes a request.
#[derive(Debug)]
pub(crate) struct Struck {
    pub(crate) kind: FaultKind,
    /// Counts the rows of writes, on from those of the calls it struck before.
    pub(crate) rows: RowCount,
}

/// The faults armed at present.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Armed>);

#[derive(Debug, Default)]
struct Armed {
    last_id: u64,
    faults: Vec<ArmedFault>,
}

impl Faults {
    fn lock(&self) -> MutexGuard<'_, Armed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Arms a fault and gives its number.
    pub(crate) fn arm(&self, fault: Fault) -> u64 {
        let mut armed = self.lock();
        armed.last_id += 1;
        let id = armed.last_id;
        armed.faults.push(ArmedFault {
            id,
            struck: 0,
            fault,
            rows: RowCount::default(),
        });
        id
    }

    /// Disarms one; false when there is none of this number (any more).
    pub(crate) fn disarm(&self, id: u64) -> bool {
        let mut armed = self.lock();
        let before = armed.faults.len();
        armed.faults.retain(|fault| fault.id != id);
        armed.faults.len() < before
    }

    pub(crate) fn clear(&self) {
        self.lock().faults.clear();
    }

    /// What is armed, oldest first; used-up faults are gone.
    pub(crate) fn list(&self) -> Vec<ArmedFault> {
        self.lock().faults.clone()
    }

    /// The fault that strikes this request, if any; its counters move. The oldest goes first.
    pub(crate) fn take(
        &self,
        server: Server,
        method: &str,
        path: &str,
        body: &[u8],
    ) -> Option<Struck> {
        let mut armed = self.lock();
        let mut struck = None;
        for ArmedFault {
            struck: times_struck,
            fault,
            rows,
            ..
        } in &mut armed.faults
        {
            if fault.times == 0 || !fault.matches(server, method, path, body) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if fault.times != u32::MAX {
                fault.times -= 1;
            }
            *times_struck += 1;
            struck = Some(Struck {
                kind: fault.kind.clone(),
                rows: rows.clone(),
            });
            break;
        }
        armed.faults.retain(|armed| armed.fault.times > 0);
        struck
    }
}

impl Fault {
    /// Why the fault cannot be: no such answer can be sent, or it would never strike.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.times == 0 {
            return Some("times must be 1 or more".to_owned());
        }
        match &self.kind {
            FaultKind::Status(status, _)
            | FaultKind::Answer { status, .. }
            | FaultKind::Gateway { status, .. }
                if !(200..=599).contains(status) =>
            {
                Some(format!("{status} is no status of an answer"))
            }
            FaultKind::Answer { headers, .. } => headers
                .iter()
                .find(|(name, value)| {
                    HeaderName::try_from(name.as_str()).is_err()
                        || HeaderValue::try_from(value.as_str()).is_err()
                })
                .map(|(name, _)| {
                    format!("{name:?} is no header, or has no value a header can have")
                }),
            FaultKind::SlowBody(0) => {
                Some("slow_body must be 1 byte per second or more".to_owned())
            }
            FaultKind::RowErrors { every_nth: 0, .. }
            | FaultKind::MissingResults { every_nth: 0 } => {
                Some("every_nth must be 1 or more".to_owned())
            }
            FaultKind::RowLocks(locks) if locks.every_nth == 0 => {
                Some("every_nth must be 1 or more".to_owned())
            }
            _ => None,
        }
    }

    fn matches(&self, server: Server, method: &str, path: &str, body: &[u8]) -> bool {
        self.server == server
            && self
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && path.contains(&self.path_contains)
            && (self.body_contains.is_empty()
                || String::from_utf8_lossy(body).contains(&self.body_contains))
            && self.kind.fits(method, path)
    }
}
