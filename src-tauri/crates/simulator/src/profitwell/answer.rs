//! The three error shapes of Django REST framework (facts/profitwell.md §1).

use serde_json::{Map, Value, json};

use crate::reply::Reply;

/// `{"detail": text}`.
pub(crate) fn detail(status: u16, text: &str) -> Reply {
    Reply::json(status, &json!({"detail": text}))
}

/// 404.
pub(crate) fn not_found() -> Reply {
    detail(404, "Not found.")
}

/// 405.
pub(crate) fn not_allowed(method: &str) -> Reply {
    detail(405, &format!("Method \"{method}\" not allowed."))
}

/// 429 with the seconds to wait.
pub(crate) fn throttled(seconds: i64) -> Reply {
    detail(
        429,
        &format!("Request was throttled. Expected available in {seconds} seconds."),
    )
    .with("retry-after", seconds.to_string())
}

/// A rule of the business: `{"non_field_errors": [text]}`.
pub(crate) fn rule(text: &str) -> Reply {
    Reply::json(400, &json!({"non_field_errors": [text]}))
}

/// One field that is not valid: `{"<field>": [text]}`.
pub(crate) fn invalid(field: &str, text: &str) -> Reply {
    let mut errors = Map::new();
    errors.insert(field.to_owned(), json!([text]));
    Reply::json(400, &Value::Object(errors))
}

/// A value that is not among the words allowed.
pub(crate) fn not_a_choice(given: &str) -> String {
    format!("\"{given}\" is not a valid choice.")
}
