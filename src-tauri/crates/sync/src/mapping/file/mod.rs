//! A mapping as a TOML file that reads well in a diff: one `[[rule]]` table each, every key
//! written, always in the same order. Comments are not kept.

mod read;
mod write;

pub use read::{MappingFileProblem, from_toml};
pub use write::to_toml;

use drawbridge_model::{BlankPolicy, LengthPolicy, WritePolicy};

const HEAD: [&str; 3] = ["version", "sobject", "external_id"];
const RULE: [&str; 6] = ["field", "value", "expression", "write", "blank", "length"];

const WRITE: [(&str, WritePolicy); 4] = [
    ("always", WritePolicy::Always),
    ("if_empty", WritePolicy::IfEmpty),
    ("if_unchanged", WritePolicy::IfUnchanged),
    ("never", WritePolicy::Never),
];
const BLANK: [(&str, BlankPolicy); 2] =
    [("leave", BlankPolicy::Leave), ("clear", BlankPolicy::Clear)];
const LENGTH: [(&str, LengthPolicy); 2] = [
    ("block", LengthPolicy::Block),
    ("shorten", LengthPolicy::Shorten),
];
