//! What a run would do, computed and reviewable, not yet applied.

pub(crate) mod ahead;
mod compare;
mod drift;
mod explain;
mod make;
mod matching;
mod read;
mod row;
mod sharing;
mod tally;
mod time;
mod together;

pub(crate) use compare::Comparison;
pub(crate) use drift::{name_later_run, name_runs};
pub use explain::{FieldExplanation, explain};
pub use make::{Input, make, make_offline};
pub use row::{RowInput, row};
pub use tally::Summary;
pub(crate) use tally::Tally;
pub use time::{Estimate, estimate};
pub use together::another_speaks;
