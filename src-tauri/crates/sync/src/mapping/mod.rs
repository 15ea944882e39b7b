//! From a mapping to values: whether it fits an org, what it gives, and how it is written down.
//!
//! [`Ready`] gives the values of one rule; [`expression`] is the language of rules that calculate;
//! [`problems`] checks a mapping against a describe, [`checklist`] against another org before it
//! is promoted; [`propose`] finds rules a describe invites; [`preview`] shows samples;
//! [`differences`] sets two versions apart; [`to_toml`] and [`from_toml`] are the file.

mod auto;
mod differences;
pub mod expression;
mod file;
mod fit;
mod nearest;
mod preview;
mod promote;
mod source;
mod validate;
mod wanted;

pub use auto::{RuleProposal, propose};
pub use differences::{DifferenceKind, RuleDifference, differences};
pub use file::{MappingFileProblem, from_toml, to_toml};
pub use fit::{fit, same};
pub use preview::{RulePreview, never_fitting, preview};
pub use promote::{Check, CheckKind, ChecklistLine, Remedy, checklist};
pub use validate::{MappingProblem, ProblemKind, Severity, problems, validate, writes_id};
pub use wanted::{Ready, Wanted, look, ready};
