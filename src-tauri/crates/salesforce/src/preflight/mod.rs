//! Preflight: read-only questions to an org before anything is set up, each answered with who can
//! fix it, where, and what to tell them.

mod facts;
mod features;
mod judge;

use drawbridge_model::{Environment, FieldName, SObjectName};

pub use facts::{DuplicateRule, Facts, Permission, Saver, ValidationRule};
pub use judge::judge;

/// What the preflight is about.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The connection's label, which the org must bear out.
    pub environment: Environment,
    /// The sObjects that will be written.
    pub sobjects: Vec<SObjectName>,
    /// Whether records will be created, not only changed.
    pub creates: bool,
    /// Whether fields will be created in the org.
    pub makes_fields: bool,
    /// The fields that carry a customer's id.
    pub keys: Vec<(SObjectName, FieldName)>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// Nothing to do.
    Ok,
    /// Worth knowing; the sync works, though some rows may be refused.
    Warning,
    /// The sync cannot work like this.
    Failed,
}

/// One named check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name, as shown.
    pub name: String,
    /// How it came out.
    pub state: CheckState,
    /// What was found, in one or two sentences.
    pub detail: String,
    /// Who can fix it; `None` when there is nothing to fix.
    pub who_fixes: Option<String>,
    /// Where in the org's Setup, as a path on its address.
    pub setup_path: Option<String>,
    /// What to copy to the admin.
    pub message_for_admin: Option<String>,
}
