//! The custom fields a sync needs in its org.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How one needed field stands in the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldState {
    /// It exists, fits, and the user may edit it.
    Ready,
    /// It does not exist, or the user cannot see it.
    Missing,
    /// It exists, but the user may not edit it.
    ReadOnly,
    /// It exists with another type or too small.
    Unfit,
}

/// One needed field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NeededField {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Type, as Setup words it: `Text(255)`, `Currency(8, 2)`.
    pub kind: String,
    /// What it is for.
    pub description: String,
    /// Whether it is the external ID.
    pub external_id: bool,
    /// How it stands.
    pub state: FieldState,
    /// What is wrong with it, when something is.
    pub problem: Option<String>,
}

/// What the latest describe proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldsView {
    /// The sObject.
    pub sobject: String,
    /// The fields.
    pub fields: Vec<NeededField>,
    /// How many are ready.
    pub ready: u32,
    /// Name of the permission set that makes them visible.
    pub permission_set: String,
    /// Whether that permission set is assigned to the signed-in user.
    pub assigned: bool,
    /// When the describe was read.
    pub read_at: String,
}

/// What a deployment, or its rehearsal, came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeployView {
    /// Salesforce's id of the deployment (`0Af…`).
    pub deploy_id: String,
    /// Whether it was a validation only, which writes nothing.
    pub check_only: bool,
    /// Whether everything was accepted.
    pub succeeded: bool,
    /// How many fields it created, or would; those that fit are left as they are.
    pub created: u32,
    /// What Salesforce did not accept.
    pub problems: Vec<DeployProblem>,
    /// The fields afterwards, read anew; absent for a validation.
    pub fields: Option<FieldsView>,
}

/// One component Salesforce did not accept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeployProblem {
    /// Which component.
    pub component: String,
    /// Salesforce's own words.
    pub problem: String,
}
