//! What a run would do, computed and reviewable, not yet applied.

mod explain;
mod make;
mod row;

pub use explain::{FieldExplanation, explain};
pub use make::{Input, Summary, make};
pub use row::{RowInput, row};
