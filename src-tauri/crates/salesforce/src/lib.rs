//! The Salesforce client: signing in, reading, writing, creating fields.
//!
//! [`Org`] implements the port [`drawbridge_model::Target`]. It knows no billing term. Three rules
//! hold throughout:
//!
//! * A write is sent once. Whether it may be sent again is for the engine to decide.
//! * The access token goes to the origin of the org's `instance_url` and nowhere else.
//! * A rotated refresh token is kept before the access token that came with it is used.

mod bulk;
mod client;
mod error;
pub mod limits;
pub mod metadata;
pub mod oauth;
mod permission_set;
pub mod preflight;
mod rest;
pub mod retry;
mod session;
mod soap;
mod tokens;
mod transport;
mod urls;

pub use client::Org;
pub use error::Error;
pub use metadata::{Component, DeployReport, DeployState, DeployStatus, MARKER};
pub use preflight::{Check, CheckState, Scope};
pub use retry::Retry;
pub use tokens::{TokenKeeper, Tokens};
pub use transport::Options;
pub use urls::{is_loopback, parse_login_url};
