//! Integration tests of the simulated servers, over HTTP as any client would use them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod billing;
mod client;
mod composite;
mod data;
mod describe;
mod faults;
mod metadata;
mod oauth;
mod rules;
mod shape;
mod soql;
mod values;
mod writes;
