//! The Tooling API (facts/salesforce.md §7.1, §8): queries over what the schema holds, and custom
//! fields one at a time. What it lists lives in tables like records do, so that SOQL runs over it;
//! [`catalog`] writes them anew from the schema before a query reads them.

mod catalog;
mod custom_field;

use serde_json::{Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::{composite, describe, page_size, records, soql};

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

/// Answers one call while the objects of this interface are visible.
pub(crate) fn dispatch(
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
            let reply = soql::query(org, &here, soql, false, page_size(request))?;
            one_row_of_metadata(soql, reply)
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
        ("POST", ["composite"]) => composite::of_tooling(org, request),
        (_, ["sobjects", sobject, rest @ ..]) if sobject.eq_ignore_ascii_case("CustomField") => {
            custom_field::route(org, request, version, rest)
        }
        ("GET" | "HEAD", ["sobjects", rest @ ..]) => {
            catalog::refresh(org, |_| true)?;
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
    let soql = request.param("q").unwrap_or_default().to_ascii_lowercase();
    let named = |table: &str| soql.contains(table);
    if catalog::TABLES.iter().any(|table| named(table)) {
        catalog::refresh(org, named)?;
    }
    Ok(())
}

/// Salesforce gives metadata of one row at a time.
fn one_row_of_metadata(soql: &str, reply: Reply) -> Result<Reply, CallError> {
    let soql = soql.to_ascii_lowercase();
    let selected = soql.split(" from ").next().unwrap_or_default();
    let asks = selected
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.')
        .any(|word| matches!(word, "metadata" | "fullname"));
    if !asks {
        return Ok(reply);
    }
    let answer: Value = serde_json::from_slice(&reply.body)?;
    match answer["totalSize"].as_u64() {
        Some(rows) if rows > 1 => Err(CallError::bad(
            "MALFORMED_QUERY",
            format!(
                "When retrieving results with Metadata or FullName fields, the query qualificatio must specify no more than one row for retrieval. Result size: {rows}"
            ),
        )),
        _ => Ok(reply),
    }
}
