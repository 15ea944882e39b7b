//! Whether a mapping fits an org, and whether a value fits its field.

mod fit;
mod validate;

pub use fit::{fit, same};
pub use validate::{RuleProblem, validate};
