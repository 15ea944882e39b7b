//! Which methods the REST resources take, so that a wrong one is told apart from a wrong path.

use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;

const READ: &str = "HEAD,GET";
const READ_CREATE: &str = "HEAD,GET,POST";
const CREATE: &str = "POST";

/// Resources under `/services/data/vXX.0` (`*` is any part) and what they take; the first that
/// fits counts.
const RESOURCES: [(&str, &str); 35] = [
    ("", READ),
    ("limits", READ),
    ("limits/recordCount", READ),
    ("query", READ),
    ("query/*", READ),
    ("queryAll", READ),
    ("queryAll/*", READ),
    ("tooling", READ),
    ("tooling/query", READ),
    ("tooling/query/*", READ),
    ("sobjects", READ),
    ("sobjects/*", READ_CREATE),
    ("sobjects/*/describe", READ),
    ("sobjects/*/updated", READ),
    ("sobjects/*/deleted", READ),
    ("sobjects/*/*", "HEAD,GET,PATCH,DELETE"),
    ("sobjects/*/*/*", "HEAD,GET,PATCH,DELETE,POST"),
    ("composite", READ_CREATE),
    ("composite/sobjects", "DELETE,PATCH,POST"),
    ("composite/sobjects/*", READ_CREATE),
    ("composite/sobjects/*/*", "PATCH"),
    ("composite/graph", CREATE),
    ("composite/batch", CREATE),
    ("composite/tree/*", CREATE),
    ("jobs/ingest", READ_CREATE),
    ("jobs/ingest/*", "HEAD,GET,PATCH,DELETE"),
    ("jobs/ingest/*/batches", "PUT"),
    ("jobs/ingest/*/*", READ),
    ("jobs/query", READ_CREATE),
    ("jobs/query/*", "HEAD,GET,PATCH,DELETE"),
    ("jobs/query/*/*", READ),
    ("metadata/deployRequest", CREATE),
    ("metadata/deployRequest/*", "HEAD,GET,PATCH"),
    ("actions/standard/emailSimple", CREATE),
    ("tooling/composite", CREATE),
];

/// The methods of the resource at this path; `None` where the list knows none.
fn allowed(rest: &[&str]) -> Option<&'static str> {
    RESOURCES
        .iter()
        .find(|(pattern, _)| {
            let mut parts = pattern.split('/').filter(|part| !part.is_empty());
            let fits =
                |(part, given): (&str, &&str)| part == "*" || part.eq_ignore_ascii_case(given);
            let mut given = rest.iter();
            loop {
                match (parts.next(), given.next()) {
                    (None, None) => return true,
                    (Some(part), Some(given)) if fits((part, given)) => {}
                    _ => return false,
                }
            }
        })
        .map(|(_, methods)| *methods)
}

/// Refuses a method the resource does not take.
pub(crate) fn check(method: &str, rest: &[&str]) -> Result<(), CallError> {
    match allowed(rest) {
        Some(allowed) if !allowed.split(',').any(|one| one == method) => Err(CallError::new(
            405,
            "METHOD_NOT_ALLOWED",
            format!("HTTP Method '{method}' not allowed. Allowed are {allowed}"),
        )),
        _ => Ok(()),
    }
}

/// Refuses a body of a kind the resource does not read, and text that is not UTF-8.
pub(crate) fn check_body(request: &Request, rest: &[&str]) -> Result<(), CallError> {
    if request.body.is_empty() || request.method == "GET" {
        return Ok(());
    }
    let content_type = request.header("content-type").unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    let is_known = match rest.first().copied().unwrap_or_default() {
        "jobs" => ["application/json", "text/csv", "multipart/form-data"].contains(&kind.as_str()),
        "metadata" | "sobjects" => {
            ["application/json", "multipart/form-data"].contains(&kind.as_str())
        }
        _ => kind == "application/json",
    };
    if !is_known && !kind.is_empty() {
        return Err(CallError::new(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            format!(
                "Content-Type header specified in HTTP request is not supported: {content_type}"
            ),
        ));
    }
    if kind == "application/json"
        && let Err(error) = std::str::from_utf8(&request.body)
    {
        return Err(not_utf8(&request.body, error.valid_up_to()));
    }
    Ok(())
}

/// The JSON reader's complaint about the byte at this place.
fn not_utf8(body: &[u8], place: usize) -> CallError {
    let mut lines = body[..place].split(|byte| *byte == b'\n');
    let column = lines.next_back().map_or(0, <[u8]>::len) + 1;
    let line = lines.count() + 1;
    let byte = body.get(place).copied().unwrap_or_default();
    CallError::bad(
        "JSON_PARSER_ERROR",
        format!("Invalid UTF-8 start byte 0x{byte:02x} at [line:{line}, column:{column}]"),
    )
}

/// The answer to `OPTIONS`, which needs no session: what is allowed. No other site may call the org
/// (its list of allowed origins is empty), so nothing is said to browsers.
pub(crate) fn options(segments: &[&str]) -> Reply {
    let allowed = match segments {
        ["services", "data"] | ["id", ..] => Some(READ),
        ["services", "data", _, rest @ ..] => allowed(rest),
        ["services", "oauth2", "token" | "introspect"] => Some(CREATE),
        ["services", "oauth2", ..] => Some(READ_CREATE),
        _ => None,
    };
    match allowed {
        Some(methods) => Reply::empty(200).with("allow", format!("{methods},OPTIONS")),
        None => CallError::not_found().reply(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_method_names_the_right_ones() {
        let error = check("PUT", &["sobjects", "Account", "001"]).err();
        assert_eq!(
            error.map(|error| error.message).as_deref(),
            Some("HTTP Method 'PUT' not allowed. Allowed are HEAD,GET,PATCH,DELETE")
        );
        assert!(check("PUT", &["nowhere"]).is_ok(), "left to the dispatch");
        assert!(check("PUT", &["jobs", "Ingest", "750", "batches"]).is_ok());
    }

    #[test]
    fn the_bad_byte_is_named() {
        let error = not_utf8(b"{\n\"a\":\"\xe9\"}", 7);
        assert!(error.message.ends_with("0xe9 at [line:2, column:6]"));
    }
}
