//! What an answer means: fine, session over, or which failure. Pure, so that a table can test it.

use std::error::Error as _;

use bytes::Bytes;
use drawbridge_model::TargetError;
use serde::Deserialize;

/// Whether a call can change something in the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    Writes,
}

/// What an answer means.
#[derive(Debug)]
pub(crate) enum Verdict {
    Fine(Bytes),
    /// The access token is no longer accepted; nothing was done.
    SessionOver(String),
    Failed(TargetError),
}

/// Texts of `INVALID_SESSION_ID` that a renewed session does not cure (jsforce knows the same).
const NOT_CURED: [&str; 2] = [
    "This session is not valid for use with the REST API",
    "Connected app is not attached to Agent",
];

#[derive(Deserialize)]
struct ApiError {
    #[serde(rename = "errorCode", alias = "error", alias = "statusCode", default)]
    code: String,
    #[serde(alias = "error_description", default)]
    message: String,
}

/// Judges a whole answer.
pub(crate) fn judge(call: &str, host: &str, effect: Effect, status: u16, body: Bytes) -> Verdict {
    if matches!(status, 401 | 403) && is_plain_token_error(&body) {
        return Verdict::SessionOver("the access token is not accepted".to_owned());
    }
    let json = looks_like_json(&body);
    match status {
        200..=299 if json || body.is_empty() => Verdict::Fine(body),
        200..=399 => Verdict::Failed(odd(host, effect, status, &body)),
        _ if json => refused(call, host, effect, status, &body),
        401 => Verdict::SessionOver("the session is not accepted (HTTP 401)".to_owned()),
        _ => Verdict::Failed(unreadable(host, effect, status, &body)),
    }
}

/// An error in Salesforce's own form.
fn refused(call: &str, host: &str, effect: Effect, status: u16, body: &[u8]) -> Verdict {
    let errors: Vec<ApiError> = serde_json::from_slice(body)
        .or_else(|_| serde_json::from_slice(body).map(|one| vec![one]))
        .unwrap_or_default();
    let Some(ApiError { code, message }) = errors.into_iter().next() else {
        return Verdict::Failed(unreadable(host, effect, status, body));
    };
    let message = message.trim().to_owned();
    let failed = match (status, code.as_str()) {
        (401, "INVALID_SESSION_ID") if NOT_CURED.iter().any(|text| message.contains(text)) => {
            TargetError::BlockedByPolicy { message }
        }
        (401, "INVALID_SESSION_ID") => return Verdict::SessionOver(message),
        (401, _) => TargetError::SignInNeeded { message },
        (_, "API_DISABLED_FOR_ORG" | "API_CURRENTLY_DISABLED") => {
            TargetError::BlockedByPolicy { message }
        }
        (_, "REQUEST_LIMIT_EXCEEDED") if message.contains("Concurrent") => {
            TargetError::Busy { status }
        }
        (_, "REQUEST_LIMIT_EXCEEDED") => TargetError::QuotaUsedUp { message },
        (_, "INVALID_FIELD") => TargetError::FieldMissing { message },
        (_, _) if names_missing_field(&message) => TargetError::FieldMissing { message },
        (503, "SERVER_UNAVAILABLE") | (429, _) => TargetError::Busy { status },
        (420 | 500..=599, _) => match effect {
            Effect::Reads => TargetError::Busy { status },
            Effect::Writes => TargetError::LostAnswer {
                host: host.to_owned(),
                reason: format!("HTTP {status} {code}: {message}"),
            },
        },
        _ => TargetError::Refused {
            call: call.to_owned(),
            code,
            message,
        },
    };
    Verdict::Failed(failed)
}

fn names_missing_field(message: &str) -> bool {
    message.contains("No such column")
        || message.contains("Provided external ID field does not exist")
}

/// An answer below 400 that is no JSON, or a redirect, which is never followed.
fn odd(host: &str, effect: Effect, status: u16, body: &[u8]) -> TargetError {
    let what = format!("{} (HTTP {status})", sort(body));
    match effect {
        Effect::Reads => TargetError::NotTheApi {
            host: host.to_owned(),
            what,
        },
        Effect::Writes => lost(host, what),
    }
}

/// An error that is not in Salesforce's form. For a write that means: no answer. A page in the
/// way may stand in front of work that was done.
fn unreadable(host: &str, effect: Effect, status: u16, body: &[u8]) -> TargetError {
    match (effect, status) {
        (Effect::Writes, _) => lost(host, format!("{} (HTTP {status})", sort(body))),
        (Effect::Reads, 420 | 429 | 500 | 502 | 503 | 504) => TargetError::Busy { status },
        (Effect::Reads, _) => odd(host, effect, status, body),
    }
}

fn lost(host: &str, reason: String) -> TargetError {
    TargetError::LostAnswer {
        host: host.to_owned(),
        reason,
    }
}

fn sort(body: &[u8]) -> &'static str {
    let start = body.trim_ascii_start();
    if start.is_empty() {
        "an empty answer"
    } else if start.starts_with(b"<") {
        "a web page instead of data"
    } else if looks_like_json(start) {
        "data of another kind"
    } else {
        "plain text instead of data"
    }
}

fn looks_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// `/id` and `userinfo` say so in plain text.
fn is_plain_token_error(body: &[u8]) -> bool {
    let text = body.trim_ascii();
    text == b"Bad_OAuth_Token" || text == b"Missing_OAuth_Token"
}

/// A call whose answer did not arrive. Nothing was sent when there was no connection, and
/// everything may have been sent otherwise.
pub(crate) fn broken(error: &reqwest::Error, host: &str) -> TargetError {
    let host = host.to_owned();
    if error.is_connect() || error.is_builder() {
        TargetError::Unreachable {
            host,
            reason: reason(error),
        }
    } else if error.is_timeout() {
        TargetError::LostAnswer {
            host,
            reason: "it did not come in time".to_owned(),
        }
    } else {
        TargetError::LostAnswer {
            host,
            reason: reason(error),
        }
    }
}

/// A failure on the way to a write that was not sent: its lost answer was that of another call.
pub(crate) fn before_sending(error: TargetError) -> TargetError {
    match error {
        TargetError::LostAnswer { host, reason } => TargetError::Unreachable { host, reason },
        other => other,
    }
}

/// The innermost cause, which is the one that says something; never the address, which may carry
/// what was asked.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let mut innermost = error.source();
    while let Some(deeper) = innermost.and_then(std::error::Error::source) {
        innermost = Some(deeper);
    }
    innermost.map_or_else(|| "the connection broke".to_owned(), ToString::to_string)
}

/// JSON that cannot be read as what was asked for.
pub(crate) fn unexpected(
    host: &str,
    effect: Effect,
    what: &str,
    error: &serde_json::Error,
) -> TargetError {
    let text = format!(
        "{what} could not be read (line {}, column {}: {:?})",
        error.line(),
        error.column(),
        error.classify()
    );
    match effect {
        Effect::Reads if error.is_eof() => lost(host, text),
        Effect::Reads => TargetError::NotTheApi {
            host: host.to_owned(),
            what: text,
        },
        Effect::Writes => lost(host, text),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]

    use super::*;

    fn kind(effect: Effect, status: u16, body: &str) -> &'static str {
        let body = Bytes::copy_from_slice(body.as_bytes());
        match judge("PATCH /x", "acme", effect, status, body) {
            Verdict::Fine(_) => "fine",
            Verdict::SessionOver(_) => "session over",
            Verdict::Failed(error) => match error {
                TargetError::SignInNeeded { .. } => "sign in",
                TargetError::BlockedByPolicy { .. } => "policy",
                TargetError::Unreachable { .. } => "unreachable",
                TargetError::NotTheApi { .. } | TargetError::Incomplete { .. } => "not the api",
                TargetError::LostAnswer { .. } => "lost",
                TargetError::QuotaUsedUp { .. } => "quota",
                TargetError::Busy { .. } => "busy",
                TargetError::FieldMissing { .. } => "field",
                TargetError::Refused { .. } => "refused",
                TargetError::Secret(_) => "secret",
            },
        }
    }

    fn error(code: &str, message: &str) -> String {
        serde_json::json!([{"errorCode": code, "message": message}]).to_string()
    }

    #[test]
    fn every_kind_of_answer() {
        let over = error("INVALID_SESSION_ID", "Session expired or invalid");
        let policy = error(
            "INVALID_SESSION_ID",
            "This session is not valid for use with the REST API",
        );
        let html = "<!DOCTYPE html><html></html>";
        let column = error(
            "INVALID_FIELD",
            "No such column 'foo' on sobject of type Account",
        );
        let external = error(
            "NOT_FOUND",
            "Provided external ID field does not exist or is not accessible: X__c",
        );
        let total = error("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
        let concurrent = error(
            "REQUEST_LIMIT_EXCEEDED",
            "ConcurrentPerOrgLongTxn Limit exceeded.",
        );
        let off = error(
            "API_DISABLED_FOR_ORG",
            "The REST API is not enabled for this Organization.",
        );
        let down = error("SERVER_UNAVAILABLE", "down");
        let unknown = error("UNKNOWN_EXCEPTION", "An unexpected error occurred.");
        let malformed = error("MALFORMED_QUERY", "unexpected token: 'FORM'");
        let table: [(u16, &str, &str, &str); 20] = [
            (200, "[]", "fine", "fine"),
            (204, "", "fine", "fine"),
            (200, html, "not the api", "lost"),
            (200, "OK", "not the api", "lost"),
            (302, "", "not the api", "lost"),
            (401, &over, "session over", "session over"),
            (401, &policy, "policy", "policy"),
            (401, html, "session over", "session over"),
            (403, "Bad_OAuth_Token", "session over", "session over"),
            (400, &column, "field", "field"),
            (404, &external, "field", "field"),
            (403, &total, "quota", "quota"),
            (403, &concurrent, "busy", "busy"),
            (403, &off, "policy", "policy"),
            (503, &down, "busy", "busy"),
            (503, html, "busy", "lost"),
            (500, &unknown, "busy", "lost"),
            (502, html, "busy", "lost"),
            (400, &malformed, "refused", "refused"),
            (404, html, "not the api", "lost"),
        ];
        for (status, body, read, write) in table {
            assert_eq!(
                kind(Effect::Reads, status, body),
                read,
                "read {status} {body}"
            );
            assert_eq!(
                kind(Effect::Writes, status, body),
                write,
                "write {status} {body}"
            );
        }
    }

    #[test]
    fn oauth_objects_are_read_too() {
        let body =
            r#"{"error":"invalid_scope","error_description":"the requested scope is not allowed"}"#;
        assert_eq!(kind(Effect::Reads, 400, body), "refused");
    }
}
