//! A run: the execution of an approved plan, and what became of each record.

use serde::{Deserialize, Serialize};

use crate::{CustomerId, RecordId};

/// How a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// sObject Collections: 200 rows a call, answered at once.
    Collections,
    /// Bulk API 2.0: thousands of rows a job, which Salesforce works off by itself.
    Bulk,
}

impl Way {
    /// Its name, as people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Collections => "sObject Collections",
            Self::Bulk => "Bulk jobs",
        }
    }
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// It is being written, or was when the app last looked.
    Running,
    /// Every row has its outcome.
    Finished,
    /// It was cut off and can be resumed.
    Interrupted,
    /// A person stopped it; it can be resumed.
    Stopped,
    /// A guard stopped it (too many rejections, a field gone, another org); it can be resumed.
    Halted,
}

impl RunStatus {
    /// Whether resuming makes sense.
    pub fn is_resumable(self) -> bool {
        matches!(self, Self::Interrupted | Self::Stopped | Self::Halted)
    }
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A record was created.
    Created,
    /// A record was changed.
    Updated,
    /// Both sides agreed.
    Unchanged,
    /// A rule left it out.
    Skipped,
    /// It needs a fix first.
    Blocked,
    /// Salesforce said no.
    Rejected,
    /// A person, or a change in Salesforce after the preview, kept it back.
    Held,
    /// The answer was lost, and reading back did not settle it.
    Unknown,
    /// A record was deleted, by an undo.
    Deleted,
}

/// The outcome of one row, keyed by the customer's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOutcome {
    /// Whose row.
    pub customer: CustomerId,
    /// What became of it.
    pub outcome: Outcome,
    /// The record, when there is one.
    pub record: Option<RecordId>,
    /// What was wrong, when something was.
    pub problem: Option<Problem>,
}

impl RowOutcome {
    /// Whose row was written, and to which record, if it was.
    pub fn wrote(&self) -> Option<(&CustomerId, &RecordId)> {
        match self.outcome {
            Outcome::Created | Outcome::Updated | Outcome::Deleted => {
                Some((&self.customer, self.record.as_ref()?))
            }
            _ => None,
        }
    }
}

/// What was wrong with one row; data, never an error of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Salesforce's status code (`STRING_TOO_LONG`) or a word of ours in lower case.
    pub code: String,
    /// Salesforce's own text, or our sentence.
    pub message: String,
    /// Fields it names.
    pub fields: Vec<String>,
    /// What a duplicate rule found, where Salesforce tells.
    #[serde(default)]
    pub twin: Option<Twin>,
}

impl Problem {
    /// A problem in words, without more to tell.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            fields: Vec::new(),
            twin: None,
        }
    }
}

/// A record that a duplicate rule takes for the same as the one that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twin {
    /// The record; the first where there are several.
    pub record: RecordId,
    /// Whether the rule lets the other be saved all the same, where a person says so.
    pub allowable: bool,
}

/// How many rows of a run have which outcome. A run adds up when these equal what was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records created.
    pub created: u32,
    /// Records changed.
    pub updated: u32,
    /// Records that agreed.
    pub unchanged: u32,
    /// Customers left out by a rule.
    pub skipped: u32,
    /// Customers that need a fix first.
    pub blocked: u32,
    /// Records Salesforce refused.
    pub rejected: u32,
    /// Records kept back.
    pub held: u32,
    /// Records whose answer was lost.
    pub unknown: u32,
    /// Records an undo deleted.
    #[serde(default)]
    pub deleted: u32,
}

impl Counts {
    /// Counts one more row.
    pub fn add(&mut self, outcome: Outcome) {
        *self.of(outcome) += 1;
    }

    /// The count of one outcome.
    pub fn of(&mut self, outcome: Outcome) -> &mut u32 {
        match outcome {
            Outcome::Created => &mut self.created,
            Outcome::Updated => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Blocked => &mut self.blocked,
            Outcome::Rejected => &mut self.rejected,
            Outcome::Held => &mut self.held,
            Outcome::Unknown => &mut self.unknown,
            Outcome::Deleted => &mut self.deleted,
        }
    }

    /// All rows that have an outcome.
    pub fn total(&self) -> u32 {
        self.created
            + self.updated
            + self.unchanged
            + self.skipped
            + self.blocked
            + self.rejected
            + self.held
            + self.unknown
            + self.deleted
    }

    /// Rows that were sent and answered.
    pub fn sent(&self) -> u32 {
        self.created + self.updated + self.rejected + self.unknown + self.deleted
    }

    /// Whether every row read is accounted for.
    pub fn adds_up_to(&self, read: u32) -> bool {
        self.total() == read
    }
}
