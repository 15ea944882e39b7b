//! Integration tests of the simulated servers, over HTTP as any client would use them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod billing;
mod client;
mod data;
mod faults;
mod metadata;
mod metadata_deploys;
mod metadata_fields;
mod metadata_objects;
mod metadata_rules;
mod oauth;
mod packages;
mod soap;
mod soql;
mod tooling;
mod writes;
