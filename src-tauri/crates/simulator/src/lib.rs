//! Simulated Salesforce orgs (a sandbox and a production org), `ProfitWell` and Alguna: real HTTP
//! servers on loopback over made-up or loaded data, with faults that can be switched on.
//!
//! ```no_run
//! # async fn example() -> Result<(), drawbridge_simulator::Error> {
//! let simulator = drawbridge_simulator::start(drawbridge_simulator::Config::default()).await?;
//! println!("{}", simulator.urls().salesforce_sandbox);
//! # Ok(()) }
//! ```
//!
//! Columns of loadable data are listed in `DATA.md` in the crate folder, every behaviour that is
//! assumed rather than known in `docs/simulator-assumptions.md`.

mod alguna;
mod book;
mod browser;
mod certificate;
mod config;
mod connection;
mod control;
mod encoding;
mod error;
mod faults;
mod locks;
mod log;
mod now;
mod prepare;
mod profitwell;
mod refusal;
mod reply;
mod respond;
mod salesforce;
mod server;
mod setup;
mod simulator;
mod state;
mod strike;
pub mod syntax;

pub use browser::{approve, deny};
pub use config::{Config, DEFAULT_REDIRECT_URI};
pub use error::Error;
pub use faults::{ArmedFault, BulkFailure, Fault, FaultKind, Server};
pub use locks::RowLocks;
pub use log::{LoggedRequest, Totals};
pub use salesforce::{
    ALGUNA_USER, DuplicateAction, DuplicateRule, Edition, FieldUpdate, OAuthPolicy, OrgCurrency,
    OrgRecordType, OrgShape, ValidationRule,
};
pub use simulator::{Credentials, OrgCredentials, Simulator, Urls, start};
pub use state::State;
