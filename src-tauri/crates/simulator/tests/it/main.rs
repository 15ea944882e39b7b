//! Integration tests of the simulated servers, over HTTP as any client would use them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod alguna;
mod alguna_papers;
mod answers;
mod billing;
mod billing_hostile;
mod bulk;
mod bulk_faults;
mod bulk_query;
mod bulk_rows;
mod client;
mod composite;
mod data;
mod describe;
mod faults;
mod faults_control;
mod metadata;
mod metadata_deploys;
mod metadata_fields;
mod metadata_objects;
mod metadata_rules;
mod oauth;
mod oauth_tokens;
mod packages;
mod profitwell;
mod profitwell_metrics;
mod rules;
mod shape;
mod soap;
mod soql;
mod soql_filters;
mod soql_shapes;
mod tooling;
mod transport;
mod values;
mod writes;
