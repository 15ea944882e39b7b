//! What an admin can set about an app's sign-ins, and the errors of the token call.

use serde::Serialize;

/// Policies of the External Client App and its org (facts/salesforce.md §0 points 1 and 2, §1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OAuthPolicy {
    /// Minutes a session lives after its last use.
    pub session_minutes: u64,
    /// Days a refresh token lives after its last use.
    pub refresh_idle_days: u64,
    /// Days after the sign-in when refreshing ends, however often it was used.
    pub refresh_lifetime_days: Option<u64>,
    /// Whether each refresh gives a new refresh token and ends the old one.
    pub rotation: bool,
    /// Whether using a refresh token that was rotated away ends the whole grant.
    pub reuse_ends_grant: bool,
    /// Whether the app may introspect tokens.
    pub introspection: bool,
}

impl Default for OAuthPolicy {
    fn default() -> Self {
        Self {
            session_minutes: 120,
            refresh_idle_days: 30,
            refresh_lifetime_days: None,
            rotation: true,
            reuse_ends_grant: true,
            introspection: false,
        }
    }
}

/// An OAuth error: code and description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TokenError {
    pub(crate) error: String,
    pub(crate) error_description: String,
}

impl TokenError {
    pub(crate) fn new(error: &str, description: &str) -> Self {
        Self {
            error: error.to_owned(),
            error_description: description.to_owned(),
        }
    }

    pub(crate) fn grant(description: &str) -> Self {
        Self::new("invalid_grant", description)
    }

    /// The error with this description, if it is one of facts/salesforce.md §1.3.
    pub(crate) fn known(description: &str) -> Option<Self> {
        KNOWN
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(description))
            .map(|(error, known)| Self::new(error, known))
    }
}

/// Errors that come from how the org is set up, not from the call.
pub(crate) const KNOWN: [(&str, &str); 16] = [
    ("invalid_grant", "expired access/refresh token"),
    ("invalid_grant", "token validity expired"),
    ("invalid_grant", "expired authorization code"),
    ("invalid_grant", "authentication failure"),
    ("invalid_grant", "user hasn't approved this consumer"),
    (
        "invalid_grant",
        "user is not admin approved to access this app",
    ),
    ("invalid_grant", "ip restricted"),
    ("invalid_grant", "inactive user"),
    ("invalid_grant", "inactive organization"),
    ("invalid_grant", "invalid login hours"),
    ("invalid_client_id", "client identifier invalid"),
    ("invalid_client", "invalid client credentials"),
    ("invalid_client", "app must be installed into org"),
    (
        "OAUTH_EC_APP_NOT_FOUND",
        "External client app is not installed in this org",
    ),
    ("server_error", "unexpected error"),
    ("temporarily_unavailable", "try again later"),
];
