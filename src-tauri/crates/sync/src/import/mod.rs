//! Importing: Accounts that are no customers yet become customers of the billing system.
//!
//! [`plan`] reads both sides and says what would become of every Account; [`run`] makes the
//! customers of an import that a person approved. The Account's id, as the customer's alias, is
//! what makes sure that no Account is imported twice.

mod plan;
mod row;
mod run;

pub use plan::{Input, plan};
pub use row::{Known, RowInput, row};
pub use run::{Ended, run};
