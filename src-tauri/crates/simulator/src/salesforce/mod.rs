//! The simulated Salesforce org.

mod access;
mod clock;
mod collections;
mod describe;
mod errors;
mod fill;
mod ids;
mod lookup;
mod metadata;
mod oauth;
mod org;
mod pages;
mod records;
mod relations;
mod resources;
mod schema;
mod soap;
mod soql;
mod tables;
mod tooling;
mod values;
mod write;
mod xml;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

pub(crate) use fill::Fill;
pub(crate) use ids::{base62, canonical, to18};
pub(crate) use oauth::OAuth;
pub(crate) use org::{Identity, Org};
pub(crate) use write::Writer;

use crate::faults::Server;
use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::server::Endpoint;

/// An org behind its lock, as the server and the test handle share it.
pub(crate) struct SharedOrg {
    server: Server,
    org: Mutex<Org>,
}

impl SharedOrg {
    pub(crate) fn new(server: Server, org: Org) -> Self {
        Self {
            server,
            org: Mutex::new(org),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Org> {
        let mut org = self.org.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever looks at the org sees the deploys that have ended by now.
        metadata::settle(&mut org);
        org
    }
}

/// First and last API version served (facts/salesforce.md §2, §13.2).
pub(crate) const VERSIONS: std::ops::RangeInclusive<u32> = 31..=68;

/// Whether a request is one that counts against the daily allocation.
fn is_counted(request: &Request) -> bool {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    matches!(segments[..], ["services", "data" | "Soap", _, ..])
}

impl Endpoint for SharedOrg {
    fn server(&self) -> Server {
        self.server
    }

    fn answer(&self, request: &Request) -> Reply {
        let mut org = self.lock();
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        match segments[..] {
            ["services", "oauth2", ..] => oauth::route(&mut org, request),
            ["id", _, _] => oauth::identity(&org, request),
            ["services", "data"] => Reply::json(200, &resources::versions()),
            ["services", "Soap", api, ref rest @ ..] => soap::route(&mut org, request, api, rest),
            ["services", "data", version, ref rest @ ..] => data(&mut org, request, version, rest),
            [] => Reply::html(
                200,
                "<!DOCTYPE html><title>Simulated Salesforce</title><p>A simulated Salesforce org.</p>",
            ),
            _ => CallError::not_found().reply(),
        }
    }

    fn is_write(&self, request: &Request) -> bool {
        if !is_counted(request) || matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            return false;
        }
        let rest: Vec<&str> = request
            .segments
            .iter()
            .skip(3)
            .map(String::as_str)
            .collect();
        // Retrieve by POST reads.
        !(request.method == "POST"
            && matches!(rest[..], ["composite", "sobjects", _] | ["jobs", "query"]))
    }

    fn api_calls(&self, request: &Request) -> usize {
        usize::from(is_counted(request))
    }

    fn expired(&self) -> Reply {
        session_expired()
    }

    fn quota_exceeded(&self) -> Reply {
        CallError::new(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        )
        .reply()
    }

    fn state(&self) -> Value {
        let org = self.lock();
        let count = |name: &str| org.count(name).unwrap_or_default();
        let custom: Vec<Value> = org
            .schema
            .objects
            .iter()
            .flat_map(|object| object.fields.iter().map(move |field| (object, field)))
            .filter(|(_, field)| field.custom)
            .map(|(object, field)| {
                json!({"field": format!("{}.{}", object.name, field.name), "visible": field.visible()})
            })
            .collect();
        json!({
            "server": self.server, "domain": org.identity.domain, "org_id": org.identity.org_id, "org_name": org.identity.org_name,
            "is_sandbox": org.identity.is_sandbox, "accounts": count("Account"),
            "contacts": count("Contact"), "api_calls_today": org.calls_today,
            "custom_fields": custom
        })
    }
}

fn session_expired() -> Reply {
    CallError::new(401, "INVALID_SESSION_ID", "Session expired or invalid")
        .reply()
        .with("www-authenticate", "Token")
}

/// Routes under `/services/data/vXX.0`.
fn data(org: &mut Org, request: &Request, version: &str, rest: &[&str]) -> Reply {
    let number = version
        .strip_prefix('v')
        .and_then(|v| v.strip_suffix(".0"))
        .and_then(|v| v.parse::<u32>().ok());
    let Some(number) = number else {
        return CallError::not_found().reply();
    };
    if number < *VERSIONS.start() {
        return CallError::new(410, "GONE", "The requested resource is no longer available")
            .reply();
    }
    if !VERSIONS.contains(&number) {
        return CallError::not_found().reply();
    }
    match request.bearer() {
        Some(token) if org.oauth.accepts(token) => {}
        _ => return session_expired(),
    }
    org.calls_today += 1;
    let limit_info = format!(
        "api-usage={}/{}",
        org.calls_today.min(org.daily_calls),
        org.daily_calls
    );
    let reply = if org.calls_today > org.daily_calls {
        CallError::new(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        )
        .reply()
    } else {
        let version = format!("{number}.0");
        dispatch(org, request, &version, rest).unwrap_or_else(|error| error.reply())
    };
    reply.with("sforce-limit-info", limit_info)
}

fn dispatch(
    org: &mut Org,
    request: &Request,
    version: &str,
    rest: &[&str],
) -> Result<Reply, CallError> {
    let method = request.method.as_str();
    match (method, rest) {
        ("GET", []) => Ok(Reply::json(200, &resources::root(org, request, version))),
        ("GET", ["limits"]) => Ok(Reply::json(200, &resources::limits(org))),
        ("GET", ["limits", "recordCount"]) => {
            Ok(Reply::json(200, &resources::record_count(org, request)))
        }
        (_, ["tooling", rest @ ..]) => tooling::route(org, request, version, rest),
        ("GET", ["query" | "queryAll"]) => {
            tooling::refresh_for(org, request)?;
            let soql = request
                .param("q")
                .ok_or_else(|| CallError::bad("MALFORMED_QUERY", "unexpected token: <EOF>"))?;
            if request.param("columns") == Some("true") {
                return soql::columns(org, soql);
            }
            soql::query(
                org,
                version,
                soql,
                rest[0] == "queryAll",
                page_size(request),
            )
        }
        ("GET", ["query" | "queryAll", locator]) => soql::more(org, version, locator),
        (_, ["sobjects", rest @ ..]) => records::route(org, version, request, rest),
        (_, ["composite", "sobjects", rest @ ..]) => {
            collections::route(org, version, request, rest)
        }
        (_, ["metadata", rest @ ..]) => metadata::route(org, request, rest),
        ("POST", ["actions", "standard", "emailSimple"]) => resources::email(request),
        _ => Err(CallError::not_found()),
    }
}

/// The page size a client asks for in `Sforce-Query-Options: batchSize=200..2000`.
pub(crate) fn page_size(request: &Request) -> usize {
    request
        .header("sforce-query-options")
        .and_then(|value| {
            value
                .split(',')
                .find_map(|option| option.trim().strip_prefix("batchSize="))
        })
        .and_then(|size| size.trim().parse::<usize>().ok())
        .map_or(soql::PAGE, |size| size.clamp(200, soql::PAGE))
}
