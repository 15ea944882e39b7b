//! Syncs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{EnvironmentView, PlanView, RunView, YardstickView};

/// Which fields a sync fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PackView {
    /// Alguna's customer and subscription on Account.
    Alguna,
    /// ProfitWell's customer on Contact.
    Profitwell,
    /// ProfitWell's customers on Account, those that share one added up.
    ProfitwellAccount,
}

/// A configured pair of source and org.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SyncView {
    /// Its number.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Number of the source connection.
    pub source: u32,
    /// Name of the source connection.
    pub source_name: String,
    /// Number of the org connection.
    pub org: u32,
    /// Name of the org connection.
    pub org_name: String,
    /// Whether the org is a sandbox.
    pub environment: EnvironmentView,
    /// Which fields it fills.
    pub pack: PackView,
    /// The sObject it fills.
    pub sobject: String,
    /// Plural label of that sObject.
    pub sobject_plural: String,
    /// Whether it may create records.
    pub create_records: bool,
    /// Whether e-mail addresses are masked in the sandbox.
    pub mask_emails: bool,
    /// Which subscription speaks for a customer that has several, the strongest yardstick first.
    pub speaker: Vec<YardstickView>,
    /// Version of its mapping.
    pub mapping_version: u32,
    /// Its latest plan.
    pub latest_plan: Option<PlanView>,
    /// Its latest run.
    pub latest_run: Option<RunView>,
}

/// Names one sync.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SyncRequest {
    /// Its number.
    pub sync: u32,
}

/// Makes a sync.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SyncCreateRequest {
    /// Its name.
    pub name: String,
    /// Number of the source connection.
    pub source: u32,
    /// Number of the org connection.
    pub org: u32,
    /// Which fields it fills; when absent, those its source fills by default.
    #[serde(default)]
    #[ts(optional)]
    pub pack: Option<PackView>,
    /// Whether it may create records; off by default. Never for customers that are rolled up.
    pub create_records: bool,
    /// Whether the billing system is told which Account each customer is. When absent: on for
    /// Alguna and a production org, else off.
    #[serde(default)]
    #[ts(optional)]
    pub record_links: Option<bool>,
}

/// Changes a sync's settings; those that are absent stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SyncSaveRequest {
    /// Its number.
    pub sync: u32,
    /// Its name.
    pub name: Option<String>,
    /// Whether it may create records.
    pub create_records: Option<bool>,
    /// Whether e-mail addresses are masked in the sandbox.
    pub mask_emails: Option<bool>,
    /// Which subscription speaks, the strongest yardstick first.
    pub speaker: Option<Vec<YardstickView>>,
}
