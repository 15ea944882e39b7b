//! The review queue of matching.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How matching ended for a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MatchStateView {
    /// Records may be its own; a person must choose.
    Proposed,
    /// Something contradicts itself.
    Conflict,
    /// It has its record.
    Found,
    /// No record was found.
    NotFound,
    /// A person decided that it has none.
    Apart,
}

/// Which customers of a sync's last matching.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchListRequest {
    /// Number of the sync.
    pub sync: u32,
    /// How matching ended.
    pub state: MatchStateView,
    /// Only customers whose name or id contains this text; empty means all.
    pub search: String,
    /// How many to leave out at the beginning.
    pub offset: u32,
    /// How many at most; 500 is the most a page gives.
    pub limit: u32,
}

/// A page of them, the likeliest proposals first, then by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchListView {
    /// Its rows.
    pub rows: Vec<MatchView>,
    /// How many there are on all pages.
    pub total: u32,
    /// How all customers stand.
    pub counts: MatchCountsView,
}

/// How the customers of a sync stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchCountsView {
    /// With a record.
    pub found: u32,
    /// Without one.
    pub not_found: u32,
    /// With proposals.
    pub proposed: u32,
    /// With a conflict.
    pub conflicts: u32,
    /// Decided to have none.
    pub apart: u32,
    /// Of those with proposals or a conflict, how many were decided since.
    pub decided: u32,
}

/// What matching found for one customer, and what was decided since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchView {
    /// The customer's id.
    pub customer: String,
    /// The words a person knows it by.
    pub name: String,
    /// How matching ended.
    pub state: MatchStateView,
    /// The record, when it was found.
    pub record: Option<RecordView>,
    /// How it was found, in words.
    pub matched_by: Option<String>,
    /// Records that may be its own, best first.
    pub proposals: Vec<ProposalView>,
    /// What contradicts itself, with the next step.
    pub problem: Option<String>,
    /// What was decided; the next preview follows it.
    pub decision: Option<MatchDecisionView>,
    /// Whose link it takes over, or took over, as a person decided.
    pub takeover: Option<TakeoverView>,
}

/// A customer that the billing system no longer has, and whose link another one may take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeoverView {
    /// Its id, which the record carries.
    pub customer: String,
    /// The words a person knew it by, where they are known.
    pub name: Option<String>,
    /// When the billing system was found not to have it any more, where that is known.
    pub gone_at: Option<String>,
    /// What there is to say about it, as a sentence.
    pub message: String,
}

/// A record, to be named and opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordView {
    /// Its id.
    pub id: String,
    /// Its name, as it was last read.
    pub name: Option<String>,
    /// Its page in Salesforce.
    pub url: Option<String>,
}

/// A record that may be the customer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProposalView {
    /// The record.
    pub record: RecordView,
    /// How likely, in percent.
    pub score: u32,
    /// What speaks for it, strongest first.
    pub evidence: Vec<String>,
    /// Id of the customer that the record already carries; it cannot be accepted then.
    pub taken_by: Option<String>,
    /// The customer whose id the record carries, where the billing system no longer has it:
    /// accepting takes over the link.
    pub takeover: Option<TakeoverView>,
}

/// What a person decides about a customer's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MatchDecisionView {
    /// It is this record.
    Accept {
        /// Its id, 15 or 18 characters.
        record: String,
    },
    /// It gets a new record.
    CreateNew,
    /// It is left out of the sync.
    Ignore,
}

/// Decides, or takes a decision back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchDecideRequest {
    /// Number of the sync.
    pub sync: u32,
    /// The customer's id.
    pub customer: String,
    /// What is decided; `null` takes the decision back.
    pub decision: Option<MatchDecisionView>,
}

/// Looks for records to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchSearchRequest {
    /// Number of the sync.
    pub sync: u32,
    /// Part of the record's name, or its id.
    pub search: String,
}

/// Takes over every link that one sure clue leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeoverAllRequest {
    /// Number of the sync.
    pub sync: u32,
    /// Whether it is decided; else it is only shown.
    pub apply: bool,
}

/// What taking over every sure link comes to, or came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeoverAllView {
    /// Whether it was decided.
    pub applied: bool,
    /// How many links one sure clue leads to: the same e-mail address, or the billing system's own
    /// word.
    pub sure: u32,
    /// How many more records carry the id of a customer that is gone; a person looks at each.
    pub unsure: u32,
    /// The first of the sure ones.
    pub rows: Vec<TakeoverRowView>,
}

/// One link that goes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeoverRowView {
    /// Id of the customer that takes it over.
    pub customer: String,
    /// The words a person knows it by.
    pub name: String,
    /// The record.
    pub record: RecordView,
    /// Id of the customer it was linked to.
    pub former: String,
    /// What speaks for it, strongest first.
    pub evidence: Vec<String>,
}
