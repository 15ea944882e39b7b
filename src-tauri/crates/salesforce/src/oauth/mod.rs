//! Signing in: authorization code with PKCE in the system browser, on a loopback callback.

mod authorize;
pub(crate) mod exchange;
mod listener;
mod page;
mod request;
mod sfdx;

pub use authorize::{LoginRequest, PendingLogin, begin, begin_with};
pub use sfdx::from_sfdx_url;

/// Path of the callback; Salesforce's own tools use the same.
pub const CALLBACK_PATH: &str = "/OauthRedirect";

/// Port of the callback unless a setting says otherwise.
pub const DEFAULT_PORT: u16 = 17_171;

/// How long a login waits for the browser unless told otherwise.
pub const DEFAULT_TIMEOUT: std::time::Duration = std::time::Duration::from_mins(5);

/// The callback address as it must stand in the External Client App, to the letter.
pub fn redirect_uri(port: u16) -> String {
    format!("http://localhost:{port}{CALLBACK_PATH}")
}
