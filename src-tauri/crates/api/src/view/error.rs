//! Errors as they cross the boundary.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, from a closed list. The screens choose their words and actions by it and
/// never by the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request itself is wrong.
    BadRequest,
    /// There is no such connection, sync, plan or run.
    NotFound,
    /// The name is taken.
    NameTaken,
    /// A key or token was refused.
    NeedsSignIn,
    /// The person said no in the browser, closed it or took too long.
    SignInNotFinished,
    /// The port for the browser's answer is in use.
    PortInUse,
    /// Nobody answers at the address.
    Unreachable,
    /// Somebody answers, but not the product that was expected.
    NotTheApi,
    /// The other side is busy or asks to wait.
    Busy,
    /// The org's API calls are used up.
    QuotaUsedUp,
    /// The org's policy keeps the app out.
    BlockedByPolicy,
    /// The org is not what the connection's label says, or another org than before.
    WrongOrg,
    /// Another user of the org is signed in than the one who previewed or began it.
    AnotherUser,
    /// The sandbox was refreshed: the connection must be re-linked first.
    OrgRefreshed,
    /// A field of the mapping is gone or cannot be seen.
    FieldMissing,
    /// Salesforce or the billing system refused the call.
    Refused,
    /// The answer of a call was lost.
    LostAnswer,
    /// An answer came, but not all of it could be taken.
    AnswerCut,
    /// The plan is too old, or was made with another version of the mapping.
    PlanStale,
    /// A guard stopped it: a confirmation is missing, or a safety halt.
    Guard,
    /// Something else is running that must finish first.
    AlreadyRunning,
    /// There is no keychain for the secret.
    NoKeychain,
    /// The disk is full.
    DiskFull,
    /// A file could not be saved where it should be.
    FileNotSaved,
    /// The database cannot be used.
    Database,
    /// A defect of Drawbridge.
    Internal,
}

/// An error a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ErrorView {
    /// What kind.
    pub code: ErrorCode,
    /// What happened, to which record, and what was not done.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// When trying again makes sense.
    pub retry_after_seconds: Option<u32>,
}
