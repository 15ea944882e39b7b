//! Creating fields: a package of fields and their permission set, deployed as one unit.

mod deploy;
mod package;
mod source;
mod status;
mod xml;

pub use package::{Entry, MARKER, entries, zip};
pub use source::source_files;
pub use status::{Component, DeployReport, DeployState, DeployStatus};
