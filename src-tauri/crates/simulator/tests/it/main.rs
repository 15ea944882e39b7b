//! Integration tests of the simulated servers, over HTTP as any client would use them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod billing;
mod bulk;
mod bulk_faults;
mod bulk_query;
mod bulk_rows;
mod client;
mod data;
mod faults;
mod metadata;
mod oauth;
mod soql;
mod writes;
