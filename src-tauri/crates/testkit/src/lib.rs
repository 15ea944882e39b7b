//! What the tests of several crates share: a workspace beside simulated servers in the same
//! process, the terminal program beside them, and ways to look at what became of the org.
//!
//! Everything here panics when something that is not under test goes wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "for tests alone"
)]

mod alguna;
mod org;
mod profitwell;
mod secrets;
mod store;
mod telco;
mod terminal;
mod twelve;
mod workbench;

pub use alguna::SomebodyAtAlguna;
pub use drawbridge_model::Customer;
pub use drawbridge_simulator as simulator;
pub use org::{external_ids, field, find, values};
pub use profitwell::{MadeCustomer, SomebodyAtProfitwell};
pub use secrets::{SeenSecrets, kept};
pub use store::stored_customers;
pub use telco::Telco;
pub use terminal::{Ended, Terminal};
pub use twelve::write_twelve;
pub use workbench::{
    CURRENCIES_MIXED, Finished, Workbench, assert_adds_up, draft, run_request, total,
};
