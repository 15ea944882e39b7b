//! Imports of Accounts into a billing system.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RunStatusView;

/// Asks for the preview of an import.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImportStartRequest {
    /// Number of the sync whose two sides are meant.
    pub sync: u32,
    /// Only Accounts of these types; empty means all.
    pub types: Vec<String>,
    /// The currency of Accounts that do not say theirs, as `EUR`.
    pub currency: Option<String>,
}

/// Names one import.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    /// Its number.
    pub import: u32,
}

/// Starts, or resumes, the run of an import.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImportRunRequest {
    /// Its number.
    pub import: u32,
    /// The name of the billing connection, typed by the person: needed where the Accounts are a
    /// sandbox's.
    pub confirm: Option<String>,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportView {
    /// Its number.
    pub id: u32,
    /// Number of its sync.
    pub sync: u32,
    /// Name of its sync.
    pub sync_name: String,
    /// Name of the org's connection.
    pub org_name: String,
    /// Name of the billing connection.
    pub source_name: String,
    /// How its run stands; `null` before there is one.
    pub status: Option<RunStatusView>,
    /// Why, when there is a why.
    pub reason: Option<String>,
    /// What a person should know before it is run.
    pub warning: Option<String>,
    /// Accounts read.
    pub read: u32,
    /// Accounts that would become customers.
    pub create: u32,
    /// Accounts left out by a rule.
    pub skip: u32,
    /// Accounts to be settled first.
    pub blocked: u32,
    /// Why those are, most first.
    pub blocked_by: Vec<ImportCauseView>,
    /// What became of them so far.
    pub counts: ImportCountsView,
    /// Accounts without an outcome.
    pub open: u32,
    /// Whether every Account read is accounted for.
    pub adds_up: bool,
    /// Who ran it, as the computer calls them.
    pub who: Option<String>,
    /// When its run first began.
    pub began_at: Option<String>,
    /// When it was previewed.
    pub started_at: String,
    /// When its run last came to stand still.
    pub finished_at: Option<String>,
}

/// Why some Accounts of an import must be settled first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportCauseView {
    /// The stable word of the reason.
    pub code: String,
    /// How many Accounts.
    pub accounts: u32,
    /// What they do, in words that go after their number: `say no currency`.
    pub words: String,
}

/// Accounts by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportCountsView {
    /// Customers made.
    pub created: u32,
    /// Customers by then.
    pub already: u32,
    /// Left out by a rule.
    pub skipped: u32,
    /// To be settled first.
    pub blocked: u32,
    /// Refused.
    pub rejected: u32,
    /// Answer lost.
    pub unknown: u32,
}

/// What an import would do with an Account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportActionView {
    /// Make a customer of it.
    Create,
    /// Leave it out.
    Skip,
    /// Something must be settled first.
    Blocked,
}

/// What became of an Account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcomeView {
    /// A customer was made.
    Created,
    /// A customer with its id was there by then.
    Already,
    /// A rule left it out.
    Skipped,
    /// Something must be settled first.
    Blocked,
    /// The billing system said no.
    Rejected,
    /// The answer was lost.
    Unknown,
}

/// Asks for Accounts of an import.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImportRowsRequest {
    /// Which import.
    pub import: u32,
    /// Only those planned so.
    pub action: Option<ImportActionView>,
    /// Only names or ids that contain this.
    pub search: String,
    /// How many rows to leave out.
    pub offset: u32,
    /// How many rows to give, at most 500.
    pub limit: u32,
}

/// A page of Accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRowsView {
    /// The rows, by name.
    pub rows: Vec<ImportRowView>,
    /// How many the filter leaves.
    pub total: u32,
}

/// One Account of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRowView {
    /// Its id.
    pub record: String,
    /// Link to it.
    pub record_url: Option<String>,
    /// Its name.
    pub name: String,
    /// What would happen.
    pub action: ImportActionView,
    /// Why not, and what to do.
    pub reason: Option<String>,
    /// A word for that.
    pub code: Option<String>,
    /// Whether a person may let it become a customer, or leave it out.
    pub can_decide: bool,
    /// The currency it would have.
    pub currency: Option<String>,
    /// The billing address it would have, in one line.
    pub address: Option<String>,
    /// E-mail addresses of its contacts.
    pub contacts: Vec<String>,
    /// What of the Account is left out.
    pub notes: Vec<String>,
    /// What became of it.
    pub outcome: Option<ImportOutcomeView>,
    /// The customer's id, once there is one.
    pub customer: Option<String>,
    /// What was wrong.
    pub problem: Option<String>,
}

/// Decides about one Account before the run.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImportDecideRequest {
    /// Which import.
    pub import: u32,
    /// Which Account.
    pub record: String,
    /// Whether it becomes a customer, or is left out.
    pub create: bool,
}
