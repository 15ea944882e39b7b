//! A plan: what a run would do, computed and reviewable, not yet applied.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CustomerId, FieldName, Reason, RecordId, Value};

/// What a run would do with one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A new record.
    Create,
    /// Some fields of an existing record.
    Update,
    /// Nothing: both sides agree.
    Unchanged,
    /// Nothing: a rule leaves the customer out.
    Skipped,
    /// Nothing: something must be fixed first.
    Blocked,
    /// The record is deleted: only by an undo, and only where the run it takes back created it.
    Delete,
}

/// The plan for one customer. A plan keeps a hundred thousand of them as JSON, which leaves out what
/// most rows have alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// The customer, by whose id everything about the row is found.
    pub customer: CustomerId,
    /// The words a person knows it by.
    pub name: String,
    /// What would happen.
    pub action: Action,
    /// The record it belongs to, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// The Account of a Contact. Rows of one parent are written one after the other, so that calls
    /// at the same time do not wait for each other's lock on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<RecordId>,
    /// How the record was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched_by: Option<MatchedBy>,
    /// The fields that differ, with both values. Empty unless something would be written or held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Why it is skipped or blocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// `SystemModstamp` the values before were read at: a later one holds the row back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Timestamp>,
    /// Whether a person holds the whole row back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
}

impl PlanRow {
    /// The changes that a run would send.
    pub fn writes(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| !self.held && change.decision == Decision::Write)
    }

    /// As [`PlanRow::writes`], of a row that is not needed any more.
    pub fn into_writes(self) -> impl Iterator<Item = Change> {
        self.changes
            .into_iter()
            .filter(move |change| !self.held && change.decision == Decision::Write)
    }

    /// Whether a run would send anything for this row.
    pub fn is_written(&self) -> bool {
        match self.action {
            Action::Create | Action::Update => self.writes().next().is_some(),
            Action::Delete => !self.held,
            Action::Unchanged | Action::Skipped | Action::Blocked => false,
        }
    }
}

/// How a customer found its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The external ID field holds the customer's id.
    ExternalId,
    /// The billing system names the record.
    BillingLink,
    /// A run, or a person, linked them before.
    AcceptedLink,
    /// Exactly one record has the customer's e-mail address.
    Email,
    /// The record it was linked to was merged into this one.
    Merged,
    /// A person had it take over the link of a customer that the billing system no longer has.
    TakenOver,
}

/// One field that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which field.
    pub field: FieldName,
    /// What Salesforce holds.
    #[serde(default, skip_serializing_if = "Value::is_blank")]
    pub before: Value,
    /// What would be written.
    pub after: Value,
    /// What Drawbridge last wrote there, when it ever did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Value>,
    /// Whether it is written or held back.
    #[serde(default, skip_serializing_if = "Decision::is_write")]
    pub decision: Decision,
    /// Who changed it in Salesforce since Drawbridge last wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
}

/// Whether a change is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is sent.
    #[default]
    Write,
    /// It is kept back; the field stays as it is.
    Hold,
}

impl Decision {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands on references"
    )]
    fn is_write(&self) -> bool {
        *self == Self::Write
    }
}

/// A change made in Salesforce since Drawbridge last wrote the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// Who saved the record last.
    pub by: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// How many rows of a plan have which action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// New records.
    pub create: u32,
    /// Changed records.
    pub update: u32,
    /// Records that agree.
    pub unchanged: u32,
    /// Customers left out by a rule.
    pub skipped: u32,
    /// Customers that need a fix first.
    pub blocked: u32,
    /// Records an undo deletes.
    #[serde(default)]
    pub delete: u32,
}

impl PlanCounts {
    /// Counts one more row.
    pub fn add(&mut self, action: Action) {
        match action {
            Action::Create => self.create += 1,
            Action::Update => self.update += 1,
            Action::Unchanged => self.unchanged += 1,
            Action::Skipped => self.skipped += 1,
            Action::Blocked => self.blocked += 1,
            Action::Delete => self.delete += 1,
        }
    }

    /// All rows.
    pub fn total(&self) -> u32 {
        self.create + self.update + self.unchanged + self.skipped + self.blocked + self.delete
    }
}

/// What a run of the plan would cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// Calls that check whether records changed since the preview.
    pub check_calls: u32,
    /// Calls that write.
    pub write_calls: u32,
    /// Calls that read back what was written.
    pub verify_calls: u32,
    /// Calls the org has left in its rolling 24 hours, when it told us.
    pub calls_left: Option<u32>,
}

/// What runs that were over took, in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timed {
    /// How many runs.
    pub runs: u32,
    /// Calls they made.
    pub calls: u32,
    /// Records they sent.
    pub rows: u32,
    /// How long they wrote and read back; not the time they were paused or waited for calls.
    pub worked: Duration,
}

impl Forecast {
    /// All calls.
    pub fn calls(&self) -> u32 {
        self.check_calls + self.write_calls + self.verify_calls
    }
}
