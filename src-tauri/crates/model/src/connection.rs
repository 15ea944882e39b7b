//! Connections: a configured, authorised link to an org or a billing source.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Currency, RecordId};

/// Which product is on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Alguna, a billing source.
    Alguna,
    /// ProfitWell, a billing source.
    Profitwell,
    /// A Salesforce org.
    Salesforce,
}

impl Provider {
    /// Its name as its makers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alguna => "Alguna",
            Self::Profitwell => "ProfitWell",
            Self::Salesforce => "Salesforce",
        }
    }
}

/// What kind of org a Salesforce connection leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// A sandbox: a copy to test in.
    Sandbox,
    /// The org people work in.
    Production,
}

impl Environment {
    /// The word as it stands on badges and buttons.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sandbox => "SANDBOX",
            Self::Production => "PRODUCTION",
        }
    }
}

/// How a connection stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// The last call went through.
    Connected,
    /// The secret is missing, revoked or expired.
    NeedsSignIn,
    /// Nobody answers.
    Unreachable,
    /// The org's policy does not let the app in.
    BlockedByPolicy,
    /// The sandbox was refreshed since: it must be re-linked first.
    Refreshed,
}

/// A connection. Its secret lives in the keychain under [`Connection::secret_name`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its number.
    pub id: ConnectionId,
    /// The name its user gave it; unique.
    pub name: String,
    /// What is on the other side.
    pub provider: Provider,
    /// Sandbox or production, as its user labelled it. Salesforce only.
    pub environment: Option<Environment>,
    /// Where it is reached: the API's base URL, or the login URL of an org.
    pub base_url: String,
    /// Consumer key of the org's External Client App. Salesforce only; not a secret.
    pub client_id: Option<String>,
    /// The org behind it, pinned at sign-in. Salesforce only.
    pub org: Option<OrgIdentity>,
    /// The company behind it. Billing sources only.
    pub source: Option<SourceIdentity>,
    /// How it stands.
    pub status: ConnectionStatus,
    /// What the last check said, when it did not go through.
    pub status_reason: Option<String>,
    /// When it was last checked.
    pub checked_at: Option<Timestamp>,
    /// Whether a person said that nothing may be changed there. Billing sources only.
    #[serde(default)]
    pub read_only: bool,
    /// When another user of the org signed in than before, oldest first. Salesforce only.
    #[serde(default)]
    pub user_changes: Vec<UserChange>,
}

/// Another user signed in to an org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserChange {
    /// Id of the user who was signed in before.
    pub user_id: RecordId,
    /// Name that user signs in with.
    pub username: String,
    /// That user's display name.
    pub user_name: String,
    /// When the other one was first seen.
    pub at: Timestamp,
    /// Whether a preview was made as the new user since, so that what it sees is known.
    pub previewed: bool,
}

impl Connection {
    /// The name of the connection's entry in the keychain.
    pub fn secret_name(&self) -> String {
        self.name.clone()
    }
}

/// Who and where an org is, as the org itself says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgIdentity {
    /// The org's id; pinned, and read again before each run.
    pub org_id: RecordId,
    /// The org's name.
    pub name: String,
    /// `Organization.IsSandbox`.
    pub is_sandbox: bool,
    /// `Organization.OrganizationType`, such as `Enterprise Edition`.
    pub edition: String,
    /// `Organization.InstanceName`, such as `USA794S`.
    pub instance: String,
    /// Where the org's API answers.
    pub instance_url: String,
    /// API version in use, such as `67.0`.
    pub api_version: String,
    /// Id of the signed-in user.
    pub user_id: RecordId,
    /// Name the user signs in with.
    pub username: String,
    /// The user's display name.
    pub user_name: String,
}

impl OrgIdentity {
    /// Whether an org is this sandbox after a refresh: a sandbox still, at the same address (its My
    /// Domain stays), with a new org id (facts/salesforce.md §2). A production org keeps its id for
    /// ever.
    pub fn was_refreshed_into(&self, found: &Self) -> bool {
        self.is_sandbox
            && found.is_sandbox
            && self.org_id != found.org_id
            && self
                .instance_url
                .trim_end_matches('/')
                .eq_ignore_ascii_case(found.instance_url.trim_end_matches('/'))
    }
}

/// Who is behind a billing source's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceIdentity {
    /// Company name, where the source tells it.
    pub company: Option<String>,
    /// The company's account id, where the source tells it.
    pub account: Option<String>,
    /// Currency of the company's figures, where the source tells it.
    pub currency: Option<Currency>,
}
