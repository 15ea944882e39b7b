//! Tests through the public face of the crate.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod facts;
mod golden;
mod laws;
mod matching;
