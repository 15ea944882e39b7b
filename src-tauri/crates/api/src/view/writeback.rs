//! Links written back to the billing system.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether a sync tells its billing system which Account each customer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WritebackView {
    /// Number of the sync.
    pub sync: u32,
    /// Whether the billing system has a place for it.
    pub offered: bool,
    /// Whether it is switched on.
    pub on: bool,
    /// Why it is offered or not, on or off, in a sentence or two.
    pub reason: String,
    /// The billing system's integrations with Salesforce.
    pub integrations: Vec<IntegrationView>,
    /// The one that was chosen, where there are several.
    pub integration: Option<String>,
    /// Where links go: a connected account or an alias, in words.
    pub place: Option<String>,
    /// Why that is not known.
    pub problem: Option<String>,
}

/// An integration of the billing system with Salesforce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntegrationView {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: String,
}

/// Switches writing back on or off.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WritebackSetRequest {
    /// Number of the sync.
    pub sync: u32,
    /// On or off.
    pub on: bool,
    /// Id of the integration, needed where there are several.
    pub integration: Option<String>,
}

/// Asks for the links of a plan.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlanLinksRequest {
    /// Which plan.
    pub plan: u32,
    /// How many rows to leave out.
    pub offset: u32,
    /// How many rows to give, at most 500.
    pub limit: u32,
}

/// The links a run of the plan would see to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanLinksView {
    /// Whether the sync writes back, or the plan takes back what a run wrote.
    pub on: bool,
    /// What would happen, in a sentence.
    pub sentence: String,
    /// Links a run would see to.
    pub to_link: u32,
    /// Of these, customers for whom another Account is named already: they are left.
    pub conflicts: u32,
    /// Customers whose Account is named already.
    pub already: u32,
    /// Calls to the billing system.
    pub calls: u32,
    /// Why there are none though they are switched on.
    pub problem: Option<String>,
    /// The rows.
    pub rows: Vec<PlanLinkView>,
}

/// One link of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanLinkView {
    /// The customer's id.
    pub customer: String,
    /// Its name.
    pub name: String,
    /// The Account; `null` while it is still to be created.
    pub record: Option<String>,
    /// The other Account that is named already.
    pub other: Option<String>,
}

/// What became of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkOutcomeView {
    /// Recorded; of an undo: taken back.
    Recorded,
    /// It was so already.
    Already,
    /// Another record is named; it was left.
    Conflict,
    /// Not done.
    Failed,
    /// The answer was lost.
    Unknown,
}

/// Links by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkCountsView {
    /// Links the run has to see to.
    pub to_link: u32,
    /// Recorded, or taken back.
    pub recorded: u32,
    /// There already.
    pub already: u32,
    /// Left, because another record is named.
    pub conflicts: u32,
    /// Not done.
    pub failed: u32,
    /// Answer lost.
    pub unknown: u32,
}

/// Asks for the links of a run.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RunLinksRequest {
    /// Which run.
    pub run: u32,
    /// Only this outcome.
    pub outcome: Option<LinkOutcomeView>,
    /// How many rows to leave out.
    pub offset: u32,
    /// How many rows to give, at most 500.
    pub limit: u32,
}

/// The links of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunLinksView {
    /// How they stand, in a sentence.
    pub sentence: String,
    /// By outcome.
    pub counts: LinkCountsView,
    /// Links without an outcome yet.
    pub open: u32,
    /// Whether every link is accounted for.
    pub adds_up: bool,
    /// Whether links are taken back.
    pub undo: bool,
    /// The rows.
    pub rows: Vec<RunLinkView>,
    /// How many the filter leaves.
    pub total: u32,
}

/// One link of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunLinkView {
    /// The customer's id.
    pub customer: String,
    /// Its name.
    pub name: String,
    /// The Account.
    pub record: Option<String>,
    /// Link to the Account.
    pub record_url: Option<String>,
    /// What became of it; `null` while it is open.
    pub outcome: Option<LinkOutcomeView>,
    /// A word for what was wrong.
    pub code: Option<String>,
    /// What was wrong and what to do.
    pub problem: Option<String>,
}
