use drawbridge_model::{FieldName, LedgerError, RecordId, SourceError, TargetError};

/// Why a plan or a run stopped. What was written down before stays.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The billing system could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The org could not be read or written.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Something could not be remembered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Fields of the mapping do not exist in the org, or the user cannot see or edit them.
    #[error(
        "{sobject} has no {}, or this user may not see and edit it: nothing was written",
        list(.fields)
    )]
    FieldsMissing {
        /// The sObject.
        sobject: String,
        /// The fields.
        fields: Vec<FieldName>,
    },
    /// Another user of the org is signed in than the one who previewed.
    #[error("{now} is signed in, and {before} was when this was previewed: nothing was written")]
    AnotherUser {
        /// Display name of the user before.
        before: String,
        /// Display name of the user now.
        now: String,
    },
    /// Another org answers than the one the connection was made with.
    #[error("Org {found} answers, but the connection is pinned to {pinned}: nothing was written")]
    WrongOrg {
        /// The org the connection was made with.
        pinned: RecordId,
        /// The org that answers.
        found: RecordId,
    },
    /// The sandbox of the connection was refreshed.
    #[error(
        "This sandbox was refreshed: its org id was {pinned} and is {found} now. Its records are \
         copies of production, and your links point at records that may not exist: nothing was \
         written"
    )]
    SandboxRefreshed {
        /// The org the connection was made with.
        pinned: RecordId,
        /// The org that answers.
        found: RecordId,
    },
    /// The org is not what the connection's label says.
    #[error(
        "The connection is labelled {label}, but the org says IsSandbox is {is_sandbox}: nothing \
         was written"
    )]
    WrongEnvironment {
        /// The label, in capitals.
        label: &'static str,
        /// What the org says.
        is_sandbox: bool,
    },
    /// Rules of the mapping cannot work with this org.
    #[error("The mapping does not fit this org: {problems} Nothing was written.")]
    MappingUnfit {
        /// The problems, as sentences.
        problems: String,
    },
    /// There is nothing to compare with offline.
    #[error("{0}, so nothing can be compared offline. Nothing was written")]
    NothingKept(&'static str),
    /// An answer was lost, and what became of the call could not be read back.
    #[error(
        "The answer for {rows} records was lost, and they could not be read back ({cause}): what \
         became of them is not known yet, and nothing more was sent"
    )]
    NotSettled {
        /// How many records.
        rows: usize,
        /// Why reading back failed.
        cause: Box<Error>,
    },
    /// A run came to its end, and rows of it were not sent.
    #[error("{rows} records were not sent though the run came to its end")]
    RowsLeft {
        /// How many.
        rows: u32,
    },
    /// Answers are lost again and again, and reading back shows that nothing arrives.
    #[error(
        "The answers to {rounds} calls in a row were lost, and reading back shows that nothing \
         arrived: the rest was not sent"
    )]
    NoAnswers {
        /// Calls in a row.
        rounds: u32,
    },
    /// Every record of several calls or Bulk jobs in a row was refused for the same cause.
    #[error(
        "Every record of {times} calls or Bulk jobs in a row was refused for the same cause \
         ({problem}), so the run stopped by itself"
    )]
    FailingAlike {
        /// Calls or jobs in a row.
        times: u32,
        /// The cause: Salesforce's code, or its text about the job.
        problem: String,
    },
    /// Somebody stopped a Bulk job of the run in Salesforce.
    #[error(
        "Bulk job {job} was aborted in Salesforce, so the run stopped too: what the job had written \
         is recorded, and the rest was not sent"
    )]
    JobAborted {
        /// Its id.
        job: String,
    },
    /// Too many records were rejected.
    #[error("{rejected} of {sent} records were rejected, so the run stopped by itself")]
    StopLoss {
        /// Records rejected.
        rejected: u32,
        /// Records sent.
        sent: u32,
    },
}

fn list(fields: &[FieldName]) -> String {
    fields
        .iter()
        .map(FieldName::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
