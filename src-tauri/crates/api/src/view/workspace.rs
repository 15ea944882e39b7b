//! The workspace: where data is kept and how it is protected.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The workspace the window shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WorkspaceView {
    /// Whether this is the demo workspace, on simulated servers.
    pub demo: bool,
    /// The data folder.
    pub data_dir: String,
    /// Whether the database is encrypted.
    pub encrypted: bool,
    /// A standing warning about how data or secrets are kept.
    pub warning: Option<String>,
    /// Callback URL the External Client App must know, to the letter.
    pub callback_url: String,
    /// Version of Drawbridge.
    pub version: String,
    /// How many connections there are.
    pub connections: u32,
    /// How many syncs there are.
    pub syncs: u32,
}
