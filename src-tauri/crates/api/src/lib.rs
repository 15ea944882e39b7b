//! The use cases of Drawbridge, for any host: the window, the terminal and the browser tests.
//!
//! A host opens a [`Context`] and calls its methods; each takes one request and gives one view or
//! an [`view::ErrorView`]. Long work goes on in the background and is followed by
//! [`Context::watch`]. [`for_each_command!`] lists the methods that screens may call.

#![expect(
    clippy::unused_async,
    reason = "every command is called the same way, whether it waits or not"
)]

mod billing;
pub mod bindings;
mod breakdown;
mod browser;
mod clock;
pub mod commands;
mod connection_views;
mod connections;
mod console;
mod context;
mod convert;
mod demo;
mod describes;
mod effort;
mod error;
mod explain;
mod export;
mod fields;
mod held;
mod history;
mod imports;
mod link_choices;
mod links;
mod logins;
mod mapping_editor;
mod mapping_file;
mod mapping_views;
mod mappings;
mod matches;
mod metrics;
mod operation_check;
mod operation_csv;
mod operation_views;
mod operations;
mod overlap;
mod plan_explain;
mod plan_rows;
mod plans;
pub mod problems;
pub mod progress;
mod promote;
mod read_only;
mod relink;
mod report;
mod run_choices;
mod running;
mod runs;
mod sources;
mod speakers;
mod subscriptions;
mod syncs;
mod takeovers;
mod together;
mod undo;
mod users;
pub mod view;
mod workspace;
mod writebacks;

pub use clock::SystemClock;
pub use context::{Context, Options};
pub use drawbridge_model::{Sensitive, grouped};
pub use drawbridge_salesforce::{Tokens, oauth};
pub use error::Result;
pub use export::{SubscriptionsWanted, TableFormat};
