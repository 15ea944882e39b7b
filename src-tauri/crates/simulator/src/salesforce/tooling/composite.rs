//! `POST /tooling/composite`: up to 25 requests of the Tooling API in one call.

use serde_json::{Value, json};

use super::dispatch;
use crate::reply::{Reply, Request};
use crate::salesforce::collections::body;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;

/// Most subrequests of one call (facts/salesforce.md §7.1).
const MAX: usize = 25;

pub(super) fn route(org: &mut Org, request: &Request, version: &str) -> Result<Reply, CallError> {
    if request.method != "POST" {
        return Err(CallError::new(
            405,
            "METHOD_NOT_ALLOWED",
            format!(
                "HTTP Method '{}' not allowed. Allowed are POST",
                request.method
            ),
        ));
    }
    let asked = body(request)?;
    let all_or_none = asked.get("allOrNone").and_then(Value::as_bool) == Some(true);
    let Some(parts) = asked.get("compositeRequest").and_then(Value::as_array) else {
        return Err(CallError::bad(
            "JSON_PARSER_ERROR",
            "Unrecognized or missing field \"compositeRequest\" at [line:1, column:1]",
        ));
    };
    if parts.len() > MAX {
        return Err(CallError::bad(
            "LIMIT_EXCEEDED",
            format!("Number of subrequests exceeds the limit of {MAX}"),
        ));
    }
    let (schema, ids) = (org.schema.clone(), org.ids.clone());
    org.db.execute_batch("SAVEPOINT composite")?;
    let mut answers: Vec<(String, Reply)> = Vec::with_capacity(parts.len());
    for part in parts {
        let reference = part
            .get("referenceId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let reply = one(org, request, version, part).unwrap_or_else(|error| error.reply());
        answers.push((reference.to_owned(), reply));
    }
    let failed = answers.iter().any(|(_, reply)| reply.status >= 400);
    if failed && all_or_none {
        org.db
            .execute_batch("ROLLBACK TO composite; RELEASE composite")?;
        org.schema = schema;
        org.ids = ids;
        org.refresh_field_access()?;
        for (_, reply) in answers.iter_mut().filter(|(_, reply)| reply.status < 400) {
            *reply = CallError::bad(
                "PROCESSING_HALTED",
                "The transaction was rolled back since another operation in the same transaction failed.",
            )
            .reply();
        }
    } else {
        org.db.execute_batch("RELEASE composite")?;
    }
    let list: Vec<Value> = answers
        .into_iter()
        .map(|(reference, reply)| {
            let headers: serde_json::Map<String, Value> = reply
                .headers
                .iter()
                .filter(|(name, _)| *name == "location")
                .map(|(_, value)| ("Location".to_owned(), Value::from(value.as_str())))
                .collect();
            json!({
                "body": serde_json::from_slice::<Value>(&reply.body).unwrap_or_default(),
                "httpHeaders": headers, "httpStatusCode": reply.status, "referenceId": reference
            })
        })
        .collect();
    Ok(Reply::json(200, &json!({"compositeResponse": list})))
}

fn one(org: &mut Org, outer: &Request, version: &str, part: &Value) -> Result<Reply, CallError> {
    let text = |name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default();
    let (path, query) = text("url").split_once('?').unwrap_or((text("url"), ""));
    let body = part
        .get("body")
        .filter(|body| !body.is_null())
        .map(Value::to_string)
        .unwrap_or_default();
    let inner = Request::new(
        text("method"),
        path,
        query,
        outer.headers.clone(),
        body.into(),
    );
    let segments: Vec<&str> = inner.segments.iter().map(String::as_str).collect();
    match segments[..] {
        ["services", "data", _, "tooling", "composite", ..] => Err(CallError::bad(
            "INVALID_BATCH_REQUEST",
            "A composite request may not contain another.",
        )),
        ["services", "data", _, "tooling", ref rest @ ..] => dispatch(org, &inner, version, rest),
        _ => Err(CallError::not_found()),
    }
}
