//! Who is signed in, and to which org.

use drawbridge_model::RecordId;
use serde::Deserialize;

/// What `/services/oauth2/userinfo` says, as far as it is needed.
#[derive(Deserialize)]
pub(crate) struct UserInfo {
    pub(crate) user_id: String,
    pub(crate) organization_id: String,
    pub(crate) preferred_username: String,
    #[serde(default)]
    pub(crate) name: String,
}

/// A row of `User`, for logins that may not ask `userinfo`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserRow {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) name: String,
}

/// A row of `Organization`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) instance_name: Option<String>,
    pub(crate) is_sandbox: bool,
    #[serde(rename = "OrganizationType")]
    pub(crate) edition: Option<String>,
}

/// What is asked of `Organization`.
pub(crate) const ORGANIZATION: &str =
    "SELECT Id, Name, InstanceName, IsSandbox, OrganizationType FROM Organization";

/// The rows of a small query.
#[derive(Deserialize)]
pub(crate) struct Rows<T> {
    pub(crate) records: Vec<T>,
}

/// A record id, or the text that is none.
pub(crate) fn id(text: &str) -> Result<RecordId, String> {
    RecordId::parse(text).map_err(|error| error.to_string())
}
