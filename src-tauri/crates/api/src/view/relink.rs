//! Re-linking a refreshed sandbox.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ConnectionView;

/// Re-links a sandbox that was refreshed, or tells what that would come to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RelinkRequest {
    /// Which connection.
    pub connection: u32,
    /// Whether to do it. Otherwise nothing is changed.
    pub apply: bool,
}

/// What re-linking comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RelinkView {
    /// The connection, as it is now.
    pub connection: ConnectionView,
    /// Whether it was done.
    pub applied: bool,
    /// Id of the org before the refresh.
    pub from_org: String,
    /// Id of the org now.
    pub to_org: String,
    /// When the sandbox was last seen as it was before.
    pub last_seen_at: Option<String>,
    /// Its syncs.
    pub syncs: Vec<SyncRelinkView>,
}

/// What re-linking comes to for one sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncRelinkView {
    /// Its number.
    pub sync: u32,
    /// Its name.
    pub name: String,
    /// Customers whose record was found again by its external ID.
    pub found_again: u32,
    /// Customers whose record is not in the copy.
    pub not_there: u32,
    /// Customers whose record is there by its id alone, or whose id several carry: the next preview
    /// finds those to which an address or the billing system leads, and the others wait.
    pub need_review: u32,
    /// Fields of the mapping the copy lacks; they are created on the Fields tab.
    pub missing_fields: Vec<String>,
}
