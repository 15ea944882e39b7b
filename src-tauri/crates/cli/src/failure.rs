//! How a command ends: its exit code, and what is said when it fails.

use std::process::ExitCode;

use drawbridge_api::view::{ErrorCode, ErrorView, RunStatusView, RunView};

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Failed.
    Failed,
    /// Wrong usage.
    Usage,
    /// Finished, with rejected rows.
    Rejected,
    /// Refused by a guard.
    Refused,
    /// Interrupted; can be resumed.
    Interrupted,
}

impl Exit {
    /// How a run ended.
    pub(crate) fn of_run(run: &RunView) -> Self {
        match run.status {
            RunStatusView::Finished if !run.adds_up => Self::Failed,
            RunStatusView::Finished if run.counts.rejected > 0 || run.counts.unknown > 0 => {
                Self::Rejected
            }
            RunStatusView::Finished => Self::Done,
            RunStatusView::Halted => Self::Refused,
            RunStatusView::Running | RunStatusView::Interrupted | RunStatusView::Stopped => {
                Self::Interrupted
            }
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Rejected => 3,
            Exit::Refused => 4,
            Exit::Interrupted => 5,
        })
    }
}

/// Why a command failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure(pub(crate) ErrorView);

impl Failure {
    /// The command was used wrongly.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self(ErrorView::bad_request(message))
    }

    pub(crate) fn exit(&self) -> Exit {
        match self.0.code {
            ErrorCode::BadRequest => Exit::Usage,
            ErrorCode::Guard
            | ErrorCode::WrongOrg
            | ErrorCode::AnotherUser
            | ErrorCode::OrgRefreshed
            | ErrorCode::PlanStale
            | ErrorCode::AlreadyRunning => Exit::Refused,
            _ => Exit::Failed,
        }
    }
}

impl From<ErrorView> for Failure {
    fn from(error: ErrorView) -> Self {
        Self(error)
    }
}
