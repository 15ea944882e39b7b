//! Tests through the public face of the crate.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bad_input;
mod bindings;
mod export;
mod golden;
mod history;
mod metrics;
mod operation_faults;
mod operations;
