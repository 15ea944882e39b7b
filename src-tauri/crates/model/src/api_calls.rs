//! Calls a person makes to a billing system's API by hand, and what came of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ApiCallId, ConnectionId, Provider};

/// How a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ApiMethod {
    /// Reads.
    Get,
    /// Reads the head of an answer alone.
    Head,
    /// Creates, or does what the path says.
    Post,
    /// Replaces.
    Put,
    /// Changes a part.
    Patch,
    /// Deletes.
    Delete,
}

impl ApiMethod {
    /// All of them, reads first.
    pub const ALL: [Self; 6] = [
        Self::Get,
        Self::Head,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
    ];

    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of that word, in upper or lower case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|method| method.word().eq_ignore_ascii_case(word.trim()))
    }

    /// Whether it may change something on the other side.
    pub fn changes(self) -> bool {
        !matches!(self, Self::Get | Self::Head)
    }
}

/// A call as a person wrote it: nothing of it is trusted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiCall {
    /// How.
    pub method: ApiMethod,
    /// Below the base URL of the connection, with or without a query of its own.
    pub path: String,
    /// Headers beside those every call has.
    pub headers: Vec<(String, String)>,
    /// The query, as plain text: it is encoded on the way.
    pub query: Vec<(String, String)>,
    /// JSON, unless a `Content-Type` among the headers says otherwise.
    pub body: Option<String>,
}

/// What a billing system answered, whatever its status.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers, without those that carry secrets.
    pub headers: Vec<(String, String)>,
    /// From the first byte sent to the last one read.
    pub elapsed_ms: u64,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// Unpacked, and without the key wherever the system repeated it.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for ApiAnswer {
    /// Customers' data stays out of whatever prints this.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiAnswer")
            .field("status", &self.status)
            .field("elapsed_ms", &self.elapsed_ms)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiCallOutcome {
    /// An answer came, whatever its status.
    Answered,
    /// An answer came, but no whole one: it was too large or ended early.
    Cut,
    /// It was sent and no answer came: it may or may not be done.
    Lost,
    /// It was not sent: nobody could be reached.
    NotSent,
}

/// How a call ended, for the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCallEnd {
    /// What became of it.
    pub outcome: ApiCallOutcome,
    /// HTTP status, where there was one.
    pub status: Option<u16>,
    /// How long it took.
    pub elapsed_ms: u64,
    /// Bytes of the answer.
    pub size: u64,
    /// What went wrong, when something did.
    pub message: Option<String>,
}

/// A call as the history keeps it. Answers are not kept: they are the billing system's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCallRecord {
    /// Its number.
    pub id: ApiCallId,
    /// Of which connection. It may have been left since.
    pub connection: ConnectionId,
    /// The connection's name at that time.
    pub connection_name: String,
    /// Which billing system.
    pub provider: Provider,
    /// What was sent: without the key, and without headers that look like secrets.
    pub call: ApiCall,
    /// Who made it, as the computer calls them; not known of calls made before it was kept.
    pub who: Option<String>,
    /// When it was begun: before anything was sent.
    pub begun_at: Timestamp,
    /// How it ended; `None` while it is under way, or where Drawbridge ended first.
    pub end: Option<ApiCallEnd>,
}

/// Why a call was not sent: a rule that keeps the key and the data safe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiCallRefusal {
    /// A path is missing.
    #[error("A path is missing, such as {example}")]
    NoPath {
        /// One that works.
        example: &'static str,
    },
    /// It names a host.
    #[error(
        "“{path}” names a host of its own. Calls go to {host} alone, because the key goes with them: \
         give the path only, such as {example}"
    )]
    OtherHost {
        /// What was given, shortened.
        path: String,
        /// The connection's host.
        host: String,
        /// One that works.
        example: &'static str,
    },
    /// It does not begin with a slash.
    #[error("A path begins with a slash, such as {example}; “{path}” does not")]
    NoSlash {
        /// What was given, shortened.
        path: String,
        /// One that works.
        example: &'static str,
    },
    /// It holds something no path has.
    #[error("The path holds {what}. {instead}")]
    PathCharacter {
        /// What, in words.
        what: String,
        /// What to write instead.
        instead: &'static str,
    },
    /// It goes up.
    #[error(
        "The path holds “{segment}”, which leads to another place than it shows. Write the path without it"
    )]
    DotSegment {
        /// As it was given.
        segment: String,
    },
    /// A header that is Drawbridge's own, or would turn the call into another one.
    #[error("The header {name} cannot be given: {why}")]
    Header {
        /// Its name.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// A header whose name or value is none.
    #[error("{what}: a header is one line of plain text")]
    BrokenHeader {
        /// Which, in words.
        what: String,
    },
    /// The key stands in the call.
    #[error(
        "The key of the connection stands in {place}. Drawbridge sends it by itself; take it out"
    )]
    KeyInside {
        /// Where, in words.
        place: &'static str,
    },
    /// A body that goes with no read.
    #[error("{method} carries no body. Take the body out, or choose POST, PUT or PATCH")]
    BodyOfRead {
        /// Which.
        method: &'static str,
    },
    /// The body is no JSON.
    #[error("The body is not JSON: {reason}")]
    NotJson {
        /// Where reading stopped, and why.
        reason: String,
    },
    /// The body is longer than a person writes.
    #[error("The body has {bytes} bytes; the console sends at most {most}. Send it in parts")]
    LongBody {
        /// Its length.
        bytes: usize,
        /// What goes.
        most: usize,
    },
}

/// Why a call has no whole answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiCallError {
    /// It was not sent.
    #[error(transparent)]
    Refused(#[from] ApiCallRefusal),
    /// Nobody could be reached: nothing was sent.
    #[error("{source_name} cannot be reached at {host}: {reason}")]
    Unreachable {
        /// Which billing system.
        source_name: &'static str,
        /// Host and port.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// It was sent, and no answer came.
    #[error("The answer of {source_name} to {call} was lost after {seconds} s: {reason}")]
    Lost {
        /// Which billing system.
        source_name: &'static str,
        /// Method and path.
        call: String,
        /// Whether it may have changed something.
        changes: bool,
        /// Whole seconds since it was sent.
        seconds: u64,
        /// What broke.
        reason: String,
    },
    /// An answer came, but not all of it.
    #[error(
        "{source_name} answered {call} with {status}, but {reason}: {read} bytes of it were read and dropped"
    )]
    Cut {
        /// Which billing system.
        source_name: &'static str,
        /// Method and path.
        call: String,
        /// Whether it may have changed something.
        changes: bool,
        /// HTTP status.
        status: u16,
        /// Bytes read.
        read: u64,
        /// What was wrong with the rest.
        reason: String,
    },
}
