//! Connections.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which product is on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProviderView {
    /// Alguna.
    Alguna,
    /// ProfitWell.
    Profitwell,
    /// A Salesforce org.
    Salesforce,
}

/// Sandbox or production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentView {
    /// A sandbox.
    Sandbox,
    /// The org people work in.
    Production,
}

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatusView {
    /// The last call went through.
    Connected,
    /// The secret is missing, revoked or expired.
    NeedsSignIn,
    /// Nobody answers.
    Unreachable,
    /// The org's policy keeps the app out.
    BlockedByPolicy,
    /// The sandbox was refreshed since: it must be re-linked first.
    Refreshed,
}

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectionView {
    /// Its number.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// What is on the other side.
    pub provider: ProviderView,
    /// Sandbox or production; orgs only.
    pub environment: Option<EnvironmentView>,
    /// How it stands.
    pub status: ConnectionStatusView,
    /// Why, when it does not stand well.
    pub status_reason: Option<String>,
    /// Host, for people to recognise.
    pub host: String,
    /// Login URL of an org, or base URL of a billing source.
    pub base_url: String,
    /// Consumer key of the org's External Client App; not a secret. Orgs only.
    pub client_id: Option<String>,
    /// The org behind it.
    pub org: Option<OrgView>,
    /// The company behind it; billing sources only.
    pub company: Option<String>,
    /// Account id of the company; billing sources only.
    pub account: Option<String>,
    /// Currency of the company's figures; billing sources only.
    pub currency: Option<String>,
    /// Customers in the cache; billing sources only.
    pub customers: u32,
    /// Subscriptions in the cache; billing sources only.
    pub subscriptions: u32,
    /// When the cache was last filled; billing sources only.
    pub pulled_at: Option<String>,
    /// What the last check found, best first.
    pub checks: Vec<CheckView>,
    /// When it was last checked.
    pub checked_at: Option<String>,
    /// Whether a person said that nothing may be changed there; billing sources only.
    pub read_only: bool,
}

/// The org behind a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrgView {
    /// The org's id; pinned.
    pub org_id: String,
    /// The org's name.
    pub name: String,
    /// `Organization.IsSandbox`.
    pub is_sandbox: bool,
    /// Edition.
    pub edition: String,
    /// Instance.
    pub instance: String,
    /// My Domain host.
    pub domain: String,
    /// Address of the org.
    pub instance_url: String,
    /// API version in use.
    pub api_version: String,
    /// Name the user signs in with.
    pub username: String,
    /// The user's display name.
    pub user_name: String,
    /// API calls used in the last 24 hours.
    pub api_used: Option<u32>,
    /// API calls allowed in 24 hours.
    pub api_limit: Option<u32>,
}

/// How one check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Fine.
    Ok,
    /// Works, with something to know.
    Warning,
    /// Does not work.
    Failed,
}

/// One check of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckView {
    /// What was checked, as a short statement.
    pub name: String,
    /// How it came out.
    pub state: CheckState,
    /// A few words more.
    pub detail: Option<String>,
    /// Who can mend it.
    pub who: Option<String>,
    /// Where in Setup.
    pub setup_url: Option<String>,
    /// What to send to the admin.
    pub message_for_admin: Option<String>,
}

/// Names one connection.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ConnectionRequest {
    /// Its number.
    pub connection: u32,
}

/// Connects a billing source with its key.
#[derive(Clone, Deserialize, TS)]
pub struct SourceConnectRequest {
    /// Alguna or ProfitWell.
    pub provider: ProviderView,
    /// Name for the connection.
    pub name: String,
    /// Base URL; the product's own when absent.
    pub base_url: Option<String>,
    /// API key or private token. Goes to the keychain and nowhere else.
    pub key: String,
}

/// Replaces the key of a billing source.
#[derive(Clone, Deserialize, TS)]
pub struct KeyReplaceRequest {
    /// Which connection.
    pub connection: u32,
    /// The new key.
    pub key: String,
}

/// Begins the browser sign-in to an org.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OrgLoginRequest {
    /// Name for the connection; an existing org's name signs in to it again.
    pub name: String,
    /// What the user says the org is; checked against the org itself.
    pub environment: EnvironmentView,
    /// Login URL or My Domain; the environment's login host when absent.
    pub login_url: Option<String>,
    /// Consumer key of the org's External Client App.
    pub client_id: String,
}

/// A sign-in that waits for the person in the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LoginView {
    /// Its number, for waiting and cancelling.
    pub login: u32,
    /// The page that was opened in the browser.
    pub authorize_url: String,
    /// Whether the browser could be opened.
    pub opened: bool,
    /// Where the browser comes back to: must be registered as a callback URL.
    pub callback_url: String,
}

/// Names one sign-in.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LoginRequest {
    /// Its number.
    pub login: u32,
}
