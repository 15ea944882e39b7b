//! Tests through the public face of the crate.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod agreed;
mod currencies;
mod days;
mod facts;
mod golden;
mod gone;
mod laws;
mod looked_at_again;
mod mapping_check;
mod mapping_expression;
mod mapping_file;
mod matching;
mod operations;
mod pulls;
mod rollup;
mod speaks;
mod undo;
