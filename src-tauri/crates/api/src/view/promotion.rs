//! Promoting a sync to another org.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::EnvironmentView;

/// Names a sync and the org it is to be promoted to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PromotionRequest {
    /// The sync.
    pub sync: u32,
    /// Number of the other org's connection.
    pub org: u32,
}

/// Makes the sync for the other org.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PromotionFinishRequest {
    /// The sync.
    pub sync: u32,
    /// Number of the other org's connection.
    pub org: u32,
    /// Name of the new sync; not used where one is there already.
    pub name: String,
}

/// How the mapping would do in the other org. Reading it writes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PromotionView {
    /// Name of the other org's connection.
    pub org_name: String,
    /// Whether it is a sandbox.
    pub environment: EnvironmentView,
    /// Version of the mapping that is promoted.
    pub mapping_version: u32,
    /// The fields, in the order of the mapping.
    pub lines: Vec<PromotionLine>,
    /// How many fields Drawbridge can create.
    pub creatable: u32,
    /// How many lines keep the sync from being made.
    pub blocking: u32,
    /// A name for the new sync.
    pub suggested_name: String,
    /// The sync from the same source to that org, where there is one: its mapping is replaced.
    pub existing: Option<PromotionExisting>,
}

/// A sync that is there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PromotionExisting {
    /// Its number.
    pub sync: u32,
    /// Its name.
    pub name: String,
    /// Version of its mapping.
    pub mapping_version: u32,
    /// Whether its mapping is the same already.
    pub same: bool,
}

/// One field of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PromotionLine {
    /// API name.
    pub field: String,
    /// Its label.
    pub label: String,
    /// How it stands.
    pub state: PromotionState,
    /// Whether the sync cannot be made before it is set right.
    pub blocking: bool,
    /// What was looked at.
    pub checks: Vec<PromotionCheck>,
}

/// How a field of the checklist stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PromotionState {
    /// Nothing is in the way.
    Ok,
    /// Drawbridge can set it right.
    ToDo,
    /// Somebody else has to: an admin of the org, or a person in the mapping.
    Cannot,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PromotionCheck {
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was found, as a sentence.
    pub sentence: String,
    /// What to do about it, as a sentence.
    pub remedy: Option<String>,
}
