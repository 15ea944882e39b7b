//! The Tooling API (facts/salesforce.md §7.1, §8): queries over what the schema holds, and custom
//! fields one at a time. What it lists lives in tables like records do, so that SOQL runs over it;
//! [`catalog`] writes them anew from the schema before a query reads them.

mod catalog;
mod composite;
mod custom_field;

use serde_json::{Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::{describe, page_size, records, soql};

/// Routes under `/tooling`.
pub(crate) fn route(
    org: &mut Org,
    request: &Request,
    version: &str,
    rest: &[&str],
) -> Result<Reply, CallError> {
    // Objects only this interface knows are visible while it answers.
    org.schema.tooling = true;
    let answer = dispatch(org, request, version, rest);
    org.schema.tooling = false;
    answer
}

fn dispatch(
    org: &mut Org,
    request: &Request,
    version: &str,
    rest: &[&str],
) -> Result<Reply, CallError> {
    // Addresses in answers name the interface they came through.
    let here = format!("{version}/tooling");
    match (request.method.as_str(), rest) {
        ("GET", []) => {
            let base = format!("/services/data/v{version}/tooling");
            Ok(Reply::json(
                200,
                &json!({
                    "sobjects": format!("{base}/sobjects"), "query": format!("{base}/query"),
                    "composite": format!("{base}/composite")
                }),
            ))
        }
        ("GET", ["query"]) => {
            let soql = request
                .param("q")
                .ok_or_else(|| CallError::bad("MALFORMED_QUERY", "unexpected token: <EOF>"))?;
            refresh_for(org, request)?;
            soql::query(org, &here, soql, false, page_size(request))
        }
        ("GET", ["query", locator]) => soql::more(org, &here, locator),
        ("GET", ["sobjects"]) => {
            let list: Vec<Value> = org
                .schema
                .objects
                .iter()
                .filter(|object| catalog::is_tooling(object))
                .map(|object| describe::entry(object, &here))
                .collect();
            Ok(Reply::json(
                200,
                &json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": list}),
            ))
        }
        (_, ["composite"]) => composite::route(org, request, version),
        (_, ["sobjects", sobject, rest @ ..]) if sobject.eq_ignore_ascii_case("CustomField") => {
            custom_field::route(org, request, version, rest)
        }
        ("GET" | "HEAD", ["sobjects", rest @ ..]) => {
            catalog::refresh(org)?;
            records::route(org, &here, request, rest)
        }
        (_, ["sobjects", sobject, ..]) => Err(match org.schema.object(sobject) {
            None => CallError::not_found(),
            Some(object) => CallError::bad(
                "INVALID_TYPE_FOR_OPERATION",
                format!(
                    "entity type {} does not support this operation",
                    object.name
                ),
            ),
        }),
        _ => Err(CallError::not_found()),
    }
}

/// Brings the tables a query names up to date.
pub(crate) fn refresh_for(org: &mut Org, request: &Request) -> Result<(), CallError> {
    let named = request.param("q").is_some_and(|soql| {
        let soql = soql.to_ascii_lowercase();
        catalog::TABLES.iter().any(|name| soql.contains(name))
    });
    if named { catalog::refresh(org) } else { Ok(()) }
}
