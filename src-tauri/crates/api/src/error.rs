//! Every error of every crate, turned into what a person can act on. The matches name every
//! variant, so that a new one does not compile until it has its code and hint.

use drawbridge_model::{
    ApiCallError, ApiCallRefusal, LedgerError, SecretError, SourceError, TargetError,
};
use drawbridge_salesforce as salesforce;
use drawbridge_store::StoreError;
use drawbridge_sync as sync;

use crate::read_only;
use crate::view::{ErrorCode, ErrorView};

/// What every use case gives.
pub type Result<T> = std::result::Result<T, ErrorView>;

impl ErrorView {
    /// An error with its message.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            retry_after_seconds: None,
        }
    }

    /// The same with what to do next.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after_seconds: Some(seconds),
            ..self
        }
    }

    /// Something that does not exist.
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no {what}."))
    }

    /// A request that makes no sense as it is.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message)
    }
}

impl std::fmt::Display for ErrorView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ErrorView {}

/// A message as a sentence: with a full stop, without one too many.
pub(crate) fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    if text.ends_with(['.', '?', '…']) {
        text
    } else {
        format!("{text}.")
    }
}

impl From<SourceError> for ErrorView {
    fn from(error: SourceError) -> Self {
        let message = sentence(&error);
        match error {
            SourceError::KeyRefused { source_name, .. } => {
                Self::new(ErrorCode::NeedsSignIn, message).hint(format!(
                    "Make a new key in {source_name} and replace the key of the connection on the \
                     Connections screen. Nothing was changed; data read before stays readable."
                ))
            }
            SourceError::Unreachable { .. } => Self::new(ErrorCode::Unreachable, message).hint(
                "Check the address and this computer's network, then try again. Nothing was \
                 changed; data read before stays readable.",
            ),
            SourceError::LostAnswer { .. } => Self::new(ErrorCode::LostAnswer, message)
                .hint("It is read back before anything is sent again."),
            SourceError::NotTheApi { source_name, .. } => Self::new(ErrorCode::NotTheApi, message)
                .hint(format!(
                    "Check the base URL of the {source_name} connection. A proxy or sign-in page \
                     may stand in between. Nothing was changed."
                )),
            SourceError::Throttled { seconds, .. } => {
                Self::new(ErrorCode::Busy, message).retry_after(seconds)
            }
            SourceError::Refused { .. } => Self::new(ErrorCode::Refused, message).hint(
                "Check the base URL of the connection and what its key may read. Nothing was \
                 changed.",
            ),
            SourceError::Trouble { .. } => Self::new(ErrorCode::Busy, message)
                .hint("Try again in a few minutes. Nothing was changed."),
        }
    }
}

impl From<TargetError> for ErrorView {
    fn from(error: TargetError) -> Self {
        let message = sentence(&error);
        match error {
            TargetError::SignInNeeded { .. } => Self::new(ErrorCode::NeedsSignIn, message)
                .hint("Sign in again on the Connections screen. What was written stays recorded."),
            TargetError::BlockedByPolicy { .. } => Self::new(ErrorCode::BlockedByPolicy, message)
                .hint(
                    "An admin of the org must let the app and the user in: Setup, External \
                     Client App Manager, and the permission API Enabled.",
                ),
            TargetError::Unreachable { .. } => Self::new(ErrorCode::Unreachable, message)
                .hint("Check this computer's network, then try again."),
            TargetError::NotTheApi { .. } => Self::new(ErrorCode::NotTheApi, message).hint(
                "Check the login URL of the connection. A proxy or sign-in page may stand in \
                 between.",
            ),
            TargetError::LostAnswer { .. } => Self::new(ErrorCode::LostAnswer, message).hint(
                "Nothing is sent again blindly. A run reads back what arrived when it is resumed; what \
                 became of new fields is in Setup, Deployment Status.",
            ),
            TargetError::Incomplete { .. } => Self::new(ErrorCode::Busy, message).hint(
                "Records were deleted or hidden while they were read. None was taken for deleted, and \
                 nothing was changed: preview again.",
            ),
            TargetError::QuotaUsedUp { .. } => Self::new(ErrorCode::QuotaUsedUp, message).hint(
                "The count is over the last 24 hours. Resume when calls are back, or ask an \
                 admin for more.",
            ),
            TargetError::Busy { .. } => {
                Self::new(ErrorCode::Busy, message).hint("Try again in a few minutes.")
            }
            TargetError::FieldMissing { .. } => Self::new(ErrorCode::FieldMissing, message).hint(
                "Create it on the Fields tab, which also says who must give access; then preview again.",
            ),
            TargetError::Refused { .. } => Self::new(ErrorCode::Refused, message).hint(
                "Mend what Salesforce names, or ask an admin of the org; then try again. What was \
                 written before stays recorded.",
            ),
            TargetError::Secret(error) => error.into(),
        }
    }
}

impl From<ApiCallRefusal> for ErrorView {
    fn from(error: ApiCallRefusal) -> Self {
        let message = format!("{} Nothing was sent.", sentence(&error));
        let code = match error {
            ApiCallRefusal::NoPath { .. }
            | ApiCallRefusal::NoSlash { .. }
            | ApiCallRefusal::BodyOfRead { .. }
            | ApiCallRefusal::LongBody { .. }
            | ApiCallRefusal::NotJson { .. } => ErrorCode::BadRequest,
            ApiCallRefusal::OtherHost { .. }
            | ApiCallRefusal::PathCharacter { .. }
            | ApiCallRefusal::DotSegment { .. }
            | ApiCallRefusal::Header { .. }
            | ApiCallRefusal::BrokenHeader { .. }
            | ApiCallRefusal::KeyInside { .. } => ErrorCode::Guard,
        };
        Self::new(code, message)
    }
}

impl From<ApiCallError> for ErrorView {
    fn from(error: ApiCallError) -> Self {
        let message = sentence(&error);
        match error {
            ApiCallError::Refused(refusal) => refusal.into(),
            ApiCallError::Unreachable { .. } => Self::new(
                ErrorCode::Unreachable,
                format!("{message} Nothing was sent."),
            )
            .hint("Check the address and this computer's network, then send it again."),
            ApiCallError::Lost { changes: true, .. } => Self::new(
                ErrorCode::LostAnswer,
                format!("{message} It may have been done. It was sent once."),
            )
            .hint("Read the record to see whether it was done, before you send it again."),
            ApiCallError::Lost { .. } => Self::new(
                ErrorCode::LostAnswer,
                format!("{message} It only reads: nothing was changed."),
            )
            .hint("Send it again."),
            ApiCallError::Cut { changes: true, .. } => Self::new(
                ErrorCode::AnswerCut,
                format!("{message} The call itself arrived, and was sent once."),
            )
            .hint("Read the record to see what was done, before you send it again."),
            ApiCallError::Cut { .. } => Self::new(
                ErrorCode::AnswerCut,
                format!("{message} It only reads: nothing was changed."),
            )
            .hint("Ask for less at a time, with a page or a limit in the query."),
        }
    }
}

impl From<SecretError> for ErrorView {
    fn from(error: SecretError) -> Self {
        let message = sentence(&error);
        match error {
            SecretError::NoKeychain { .. } => Self::new(ErrorCode::NoKeychain, message).hint(
                "Unlock the keychain of your desktop, or give secrets by environment variables \
                 named DRAWBRIDGE_SECRET_<CONNECTION>. Nothing was written to disk.",
            ),
            SecretError::ReadOnly { .. } => Self::new(ErrorCode::NoKeychain, message),
            SecretError::NotInEnvironment { .. } | SecretError::Damaged { .. } => {
                Self::new(ErrorCode::NeedsSignIn, message)
            }
        }
    }
}

impl From<LedgerError> for ErrorView {
    fn from(error: LedgerError) -> Self {
        let message = sentence(&error);
        match &error {
            LedgerError::DiskFull { .. } => Self::new(ErrorCode::DiskFull, message)
                .hint("Free some space, then resume the run, or preview again where none was under way. What was \
                 written down before is safe."),
            LedgerError::Locked { .. } => Self::new(ErrorCode::Database, message)
                .hint("Close the other Drawbridge, then try again."),
            LedgerError::ReadOnly { .. } => read_only::refusal(message),
            LedgerError::Database { .. } | LedgerError::Unreadable { .. } => {
                Self::new(ErrorCode::Database, message)
            }
        }
    }
}

impl From<StoreError> for ErrorView {
    fn from(error: StoreError) -> Self {
        let message = sentence(&error);
        match &error {
            StoreError::DiskFull { .. } => Self::new(ErrorCode::DiskFull, message),
            StoreError::NameTaken { .. } => Self::new(ErrorCode::NameTaken, message),
            StoreError::NotFound { .. } => Self::new(ErrorCode::NotFound, message),
            StoreError::PlanNotReady { .. } => Self::new(ErrorCode::PlanStale, message)
                .hint("Preview again: the plan is made anew from both sides."),
            StoreError::RunIsExecuting { .. }
            | StoreError::SyncIsBusy { .. }
            | StoreError::OperationsUnderWay => {
                Self::new(ErrorCode::AlreadyRunning, message)
            }
            StoreError::InUse { .. } => Self::new(ErrorCode::BadRequest, message),
            StoreError::ReadOnly { .. } => read_only::refusal(message),
            StoreError::NotToDelete { .. } => Self::new(ErrorCode::Guard, message),
            StoreError::NeedsKey { .. } => Self::new(ErrorCode::NoKeychain, message).hint(
                "Unlock the keychain of your desktop: the key is in it. The file was left as it is.",
            ),
            StoreError::File { .. }
            | StoreError::NotEncrypted { .. }
            | StoreError::WrongKey { .. }
            | StoreError::StoreTooNew { .. }
            | StoreError::Migration { .. }
            | StoreError::Locked { .. }
            | StoreError::Database { .. }
            | StoreError::Unreadable { .. } => Self::new(ErrorCode::Database, message),
        }
    }
}

impl From<sync::Error> for ErrorView {
    fn from(error: sync::Error) -> Self {
        let message = sentence(&error);
        match error {
            sync::Error::Source(error) => error.into(),
            sync::Error::Target(error) => error.into(),
            sync::Error::Ledger(error) => error.into(),
            sync::Error::FieldsMissing { .. } => Self::new(ErrorCode::FieldMissing, message).hint(
                "Create them on the Fields tab, which also says who can give access. Or set each field's rule to Never. If another user is signed in than \
                 before, that user may lack the permission set that shows them.",
            ),
            sync::Error::AnotherUser { .. } => Self::new(ErrorCode::AnotherUser, message).hint(
                "Preview again as this user, or check the connection and resume it as this user on purpose.",
            ),
            sync::Error::WrongOrg { .. } => Self::new(ErrorCode::WrongOrg, message)
                .hint("Connect the other org under a name of its own."),
            sync::Error::SandboxRefreshed { .. } => Self::new(ErrorCode::OrgRefreshed, message)
                .hint(
                    "Re-link the connection on the Connections screen: links are found again by external ID.",
                ),
            sync::Error::WrongEnvironment { .. } => Self::new(ErrorCode::WrongOrg, message)
                .hint("Leave the connection and connect the org with the right label."),
            sync::Error::MappingUnfit { .. } => Self::new(ErrorCode::FieldMissing, message)
                .hint("Correct the rules with problems on the Mapping tab."),
            sync::Error::NothingKept(_) => Self::new(ErrorCode::NotFound, message)
                .hint("Preview once while the source and the org can be reached."),
            sync::Error::NotSettled { cause, .. }
                if matches!(*cause, sync::Error::Target(TargetError::SignInNeeded { .. })) =>
            {
                Self::new(ErrorCode::NeedsSignIn, message).hint(
                    "Sign in again on the Connections screen, then resume: it is read back first, \
                     and nothing is sent twice.",
                )
            }
            sync::Error::NotSettled { .. } => Self::new(ErrorCode::LostAnswer, message).hint(
                "Check the network, then resume: it is read back first, and nothing is sent twice.",
            ),
            sync::Error::RowsLeft { .. } => Self::new(ErrorCode::Internal, message)
                .hint("Resume the run: it sends them."),
            sync::Error::NoAnswers { .. } => Self::new(ErrorCode::LostAnswer, message)
                .hint("Check the network, then resume: the rest is sent then."),
            sync::Error::JobAborted { .. } => Self::new(ErrorCode::Guard, message).hint(
                "Ask in the org who aborted it and why. Resuming sends the rest.",
            ),
            sync::Error::StopLoss { .. } | sync::Error::FailingAlike { .. } => Self::new(ErrorCode::Guard, message)
                .hint("Look at the problems by cause and fix them, then resume or preview again."),
        }
    }
}

impl From<salesforce::Error> for ErrorView {
    fn from(error: salesforce::Error) -> Self {
        use salesforce::Error;
        let message = sentence(&error);
        let view = Self::new(crate::logins::login_code(&error), message);
        match error {
            Error::NotAnAddress { .. } | Error::NotSecure { .. } | Error::NotSalesforce { .. } => {
                view.hint(
                    "Correct the login URL and sign in again: https://, then your org's My Domain.",
                )
            }
            Error::NoClientId => view
                .hint("Copy the consumer key of the org's External Client App and sign in again."),
            Error::NotAnSfdxUrl => view.hint(
                "Copy the sfdxAuthUrl of `sf org display --verbose --json` whole, then try again.",
            ),
            Error::PortTaken { .. } => view.hint("End that program, then sign in again."),
            Error::NoListener { .. } => {
                view.hint("Let Drawbridge listen on that port, then sign in again.")
            }
            Error::Denied | Error::Refused { .. } | Error::TimedOut { .. } | Error::Cancelled => {
                view.hint("Sign in again when you are ready. Nothing was kept.")
            }
            Error::Unreachable { .. } | Error::Tls { .. } | Error::NotTheApi { .. } => {
                view.hint("Check the login URL and this computer's network, then sign in again.")
            }
        }
    }
}
