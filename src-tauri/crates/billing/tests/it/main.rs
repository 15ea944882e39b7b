//! Reads billing systems over real HTTP on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "tests"
)]

mod alguna;
mod changes;
mod console;
mod links;
mod metrics;
mod profitwell;
mod server;
mod trouble;
