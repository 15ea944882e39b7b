//! Alguna's error shapes (facts/alguna.md §1).

use serde_json::{Map, Value, json};

use crate::reply::{Reply, Request};

/// The usual error.
pub(crate) fn problem(status: u16, detail: &str) -> Reply {
    Reply::json(status, &json!({"status": status, "detail": detail}))
}

/// 400 with the reason.
pub(crate) fn invalid(reason: &str) -> Reply {
    problem(400, &format!("Validation failed: {reason}"))
}

/// The gateway's refusal of a key.
pub(crate) fn unauthenticated() -> Reply {
    Reply::json(
        401,
        &json!({"code": "unauthenticated", "message": "missing or invalid API key"}),
    )
}

/// The JSON object of a body.
pub(crate) fn body(request: &Request) -> Result<Map<String, Value>, Reply> {
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(invalid("the body must be a JSON object")),
    }
}

/// A text that must be there and not empty; `at` names what it belongs to.
pub(crate) fn text(body: &Map<String, Value>, at: &str, name: &str) -> Result<String, Reply> {
    match body.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.clone()),
        None | Some(Value::Null) => Err(invalid(&format!("{at}{name} is required"))),
        Some(_) => Err(invalid(&format!("{at}{name} must be a non-empty string"))),
    }
}

/// A text that may be missing or null.
pub(crate) fn optional_text(
    body: &Map<String, Value>,
    at: &str,
    name: &str,
) -> Result<Option<String>, Reply> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid(&format!("{at}{name} must be a string"))),
    }
}

/// A list of texts.
pub(crate) fn texts(value: &Value, name: &str) -> Result<Vec<String>, Reply> {
    let wrong = || invalid(&format!("{name} must be a list of non-empty strings"));
    let list = value.as_array().ok_or_else(wrong)?;
    list.iter()
        .map(|text| match text {
            Value::String(text) if !text.is_empty() => Ok(text.clone()),
            _ => Err(wrong()),
        })
        .collect()
}
