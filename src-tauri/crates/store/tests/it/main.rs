//! The store against real files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "tests"
)]

mod api_calls;
mod cache;
mod charts;
mod configuration;
mod data;
mod deletions;
mod full_disk;
mod history;
mod matched;
mod matches;
mod opening;
mod operations;
mod plans;
mod problems;
mod runs;
mod size;
mod subscriptions;
mod takeovers;
