//! One call inside another.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::Interface;
use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::{VERSIONS, dispatch, methods, tooling};

/// What is asked for: a URL as a client outside would use it, without the host.
pub(super) struct Wanted<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) headers: Option<&'a Map<String, Value>>,
    pub(super) body: Option<&'a Value>,
}

impl Wanted<'_> {
    /// Path below `/services/data/vXX.0`, as far as it tells the kind of resource.
    pub(super) fn resource(&self) -> Vec<&str> {
        let path = self.url.split('?').next().unwrap_or_default();
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        for part in parts.by_ref() {
            if part.starts_with('v') && part.ends_with(".0") {
                break;
            }
        }
        parts.collect()
    }

    /// Whether it counts among the few queries and collections a composite may hold.
    pub(super) fn is_query_or_collection(&self) -> bool {
        matches!(
            self.resource()[..],
            ["query" | "queryAll", ..] | ["composite", "sobjects", ..]
        )
    }

    pub(super) fn is_write(&self) -> bool {
        !matches!(
            (self.method, &self.resource()[..]),
            ("GET" | "HEAD", _) | ("POST", ["composite", "sobjects", _])
        )
    }
}

/// Makes the call. Calls that cannot stand inside another are refused.
pub(super) fn perform(
    org: &mut Org,
    outer: &Request,
    wanted: &Wanted<'_>,
    interface: Interface,
) -> Reply {
    answer(org, outer, wanted, interface).unwrap_or_else(|error| error.reply())
}

fn answer(
    org: &mut Org,
    outer: &Request,
    wanted: &Wanted<'_>,
    interface: Interface,
) -> Result<Reply, CallError> {
    let (path, query) = wanted.url.split_once('?').unwrap_or((wanted.url, ""));
    // A batch names its URLs from the version on.
    let path = path.trim_start_matches('/');
    let path = path.strip_prefix("services/data/").unwrap_or(path);
    let body = match wanted.body {
        Some(Value::Null) | None => Bytes::new(),
        Some(body) => Bytes::from(serde_json::to_vec(body)?),
    };
    let mut request = Request::new(
        wanted.method,
        &format!("/services/data/{path}"),
        query,
        headers(outer, wanted.headers),
        body,
    );
    request.row_errors.clone_from(&outer.row_errors);
    let segments: Vec<String> = request.segments.clone();
    let mut parts = segments.iter().skip(2).map(String::as_str);
    let version = parts
        .next()
        .and_then(|version| version.strip_prefix('v')?.strip_suffix(".0"))
        .filter(|version| {
            version
                .parse()
                .is_ok_and(|number| VERSIONS.contains(&number))
        })
        .ok_or_else(CallError::not_found)?;
    let rest: Vec<&str> = parts.collect();
    let version = format!("{version}.0");
    methods::check(&request.method, &rest)?;
    match (interface, &rest[..]) {
        (
            Interface::Data,
            ["sobjects" | "query" | "queryAll" | "limits" | "actions", ..]
            | ["composite", "sobjects", ..],
        ) => dispatch(org, &request, &version, &rest),
        (Interface::Tooling, ["tooling", rest @ ..]) if rest.first() != Some(&"composite") => {
            tooling::dispatch(org, &request, &version, rest)
        }
        _ => Err(CallError::bad(
            "INVALID_INPUT",
            format!(
                "The resource {} cannot be used in a composite request.",
                wanted.url
            ),
        )),
    }
}

/// The outer call's headers with those the subrequest brings; its body is JSON without a length.
fn headers(outer: &Request, own: Option<&Map<String, Value>>) -> HeaderMap {
    let mut headers = outer.headers.clone();
    for name in [
        "content-length",
        "content-encoding",
        "if-modified-since",
        "if-none-match",
    ] {
        headers.remove(name);
    }
    for (name, value) in own.into_iter().flatten() {
        if let (Ok(name), Ok(value)) = (
            HeaderName::try_from(name.as_str()),
            HeaderValue::try_from(value.as_str().unwrap_or_default()),
        ) {
            headers.insert(name, value);
        }
    }
    headers
}

/// The body of an answer as JSON: null when there is none.
pub(super) fn body_of(reply: &Reply) -> Box<RawValue> {
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
