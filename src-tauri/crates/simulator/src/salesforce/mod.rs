//! The simulated Salesforce org.

mod access;
mod bin;
mod bulk;
mod cells;
mod clock;
mod collections;
mod composite;
mod contention;
mod control;
mod deeds;
mod describe;
mod errors;
mod fill;
mod freshness;
mod ids;
mod inspect;
mod json_body;
mod lookup;
mod metadata;
mod methods;
mod oauth;
mod org;
mod pages;
mod pretty;
mod read;
mod records;
mod relations;
mod replication;
mod resources;
mod row_faults;
mod rules;
mod schema;
mod searched;
mod shape;
mod soap;
mod soql;
mod stamps;
mod tables;
mod text;
mod tooling;
mod transaction;
mod values;
mod write;
mod xml;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use serde_json::{Value, json};

pub(crate) use bulk::{Dialect as BulkDialect, Upload as BulkUpload};
pub(crate) use errors::RowError;
pub(crate) use fill::{Fill, Filled};
pub(crate) use ids::{base62, canonical, to18};
pub use oauth::OAuthPolicy;
pub(crate) use oauth::{OAuth, RestAccess, TokenError};
pub(crate) use org::{Identity, Org, Setting};
pub use rules::{DuplicateAction, DuplicateRule, FieldUpdate, ValidationRule};
pub use shape::{ALGUNA_USER, Edition, OrgCurrency, OrgRecordType, OrgShape};
pub(crate) use soql::Checker;

use crate::faults::Server;
use crate::refusal::{Limits, Refusal};
use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::server::Endpoint;

/// An org behind its lock, as the server, the test handle and the work of Bulk jobs share it.
#[derive(Clone)]
pub(crate) struct SharedOrg {
    server: Server,
    org: Arc<Mutex<Org>>,
    /// Where a sandbox was copied from.
    production: OnceLock<Arc<SharedOrg>>,
    stopping: Arc<AtomicBool>,
    /// Held shared by every call, alone by a refresh; see [`SharedOrg::call`].
    calls: Arc<RwLock<()>>,
}

impl SharedOrg {
    pub(crate) fn new(server: Server, org: Org) -> Self {
        Self {
            server,
            org: Arc::new(Mutex::new(org)),
            production: OnceLock::new(),
            stopping: Arc::default(),
            calls: Arc::default(),
        }
    }

    /// Makes this org a sandbox of that one.
    pub(crate) fn belongs_to(&self, production: &Arc<Self>) {
        let _ = self.production.set(Arc::clone(production));
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Org> {
        let mut org = self.org.lock().unwrap_or_else(|poisoned| {
            let mut org = poisoned.into_inner();
            org.recover();
            self.org.clear_poison();
            org
        });
        // Whoever looks at the org sees the deploys that have ended by now.
        metadata::settle(&mut org);
        org
    }

    /// Held from before a call's session is checked until it is answered. A call gives the org's lock
    /// back in between, to read a body; the org its session was checked in must not have become
    /// another when it takes the lock again.
    fn call(&self) -> RwLockReadGuard<'_, ()> {
        self.calls.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the work of Bulk jobs after the rows they are at.
    pub(crate) fn stop_work(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}

/// First and last API version served (facts/salesforce.md §2, §13.2).
pub(crate) const VERSIONS: std::ops::RangeInclusive<u32> = 31..=68;

/// Whether a request is one that counts against the daily allocation.
fn is_counted(request: &Request) -> bool {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    request.method != "OPTIONS" && matches!(segments[..], ["services", "data" | "Soap", _, ..])
}

impl Endpoint for SharedOrg {
    fn server(&self) -> Server {
        self.server
    }

    fn answer(&self, request: &Request) -> Reply {
        let _call = self.call();
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        if request.method == "OPTIONS" {
            return methods::options(&segments);
        }
        match segments[..] {
            ["services", "oauth2", ..] => oauth::route(&mut self.lock(), request),
            ["id", ref rest @ ..] if request.method == "GET" => {
                oauth::identity(&mut self.lock(), request, rest)
            }
            [".well-known", "openid-configuration"] => oauth::discovery(request),
            ["services", "data"] => Reply::json(200, &resources::versions()),
            ["services", "Soap", api, ref rest @ ..] => soap::route(self, request, api, rest),
            ["services", "data", version, ref rest @ ..] => data(self, request, version, rest),
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
        // Retrieve by POST and Bulk queries read.
        let retrieves =
            request.method == "POST" && matches!(rest[..], ["composite", "sobjects", _]);
        !retrieves && !matches!(rest[..], ["jobs", "query", ..])
    }

    fn api_calls(&self, request: &Request) -> usize {
        if is_counted(request) {
            usize::try_from(composite::calls(request)).unwrap_or(usize::MAX)
        } else {
            0
        }
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

    fn limits(&self, request: &Request) -> Limits {
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        let is_upload = matches!(
            segments[..],
            ["services", "data", _, "jobs", "ingest", ..]
                | ["services", "data", _, "metadata", ..]
                | ["services", "Soap", ..]
        );
        Limits {
            uri: 16_384,
            head: 16_384,
            body: if is_upload {
                LARGEST_UPLOAD
            } else {
                LARGEST_BODY
            },
        }
    }

    fn refuse(&self, refusal: &Refusal) -> Reply {
        let code = match refusal {
            // What stands before the application answers these two, with a page.
            Refusal::UriTooLong => return Reply::html(414, &bad_message(414, "URI Too Long")),
            Refusal::HeadTooLarge => {
                return Reply::html(431, &bad_message(431, "Request Header Fields Too Large"));
            }
            Refusal::BodyTooLarge => "REQUEST_TOO_LARGE",
            Refusal::UnknownEncoding(_) => "UNSUPPORTED_MEDIA_TYPE",
            Refusal::BrokenBody(_) => "JSON_PARSER_ERROR",
            Refusal::Unexpected(_) => "UNKNOWN_EXCEPTION",
        };
        CallError::new(refusal.status(), code, refusal.text()).reply()
    }

    fn too_many_requests(&self, retry_after: Option<u64>) -> Reply {
        let reply = CallError::new(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests.").reply();
        match retry_after {
            Some(seconds) => reply.with("retry-after", seconds.to_string()),
            None => reply,
        }
    }

    fn concurrent_limit(&self) -> Reply {
        CallError::new(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "ConcurrentPerOrgLongTxn Limit exceeded.",
        )
        .reply()
    }

    fn end_session(&self, request: &Request) {
        if let Some(token) = request.bearer() {
            self.lock().oauth.end_session(token);
        }
    }

    fn control_routes(&self) -> &'static [(&'static str, &'static str)] {
        control::ROUTES
    }

    fn control(&self, request: &Request) -> Option<Reply> {
        control::route(self, request)
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
            "daily_calls": org.daily_calls, "records": inspect::counts(&org),
            "custom_fields": custom
        })
    }
}

/// Largest body of a call, and of a Bulk or metadata upload (150 MB of data), in bytes.
const LARGEST_BODY: usize = 50 * 1024 * 1024;
const LARGEST_UPLOAD: usize = 160 * 1024 * 1024;

fn bad_message(status: u16, reason: &str) -> String {
    format!("<h1>Bad Message {status}</h1><pre>reason: {reason}</pre>")
}

fn session_expired() -> Reply {
    CallError::new(401, "INVALID_SESSION_ID", "Session expired or invalid")
        .reply()
        .with("www-authenticate", "Token")
}

/// Routes under `/services/data/vXX.0`.
fn data(shared: &SharedOrg, request: &Request, version: &str, rest: &[&str]) -> Reply {
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
    let mut org = shared.lock();
    match request.bearer().map(|token| org.oauth.rest_access(token)) {
        Some(RestAccess::Open) => {}
        Some(RestAccess::Blocked) => {
            return CallError::new(
                401,
                "INVALID_SESSION_ID",
                "This session is not valid for use with the REST API",
            )
            .reply()
            .with("www-authenticate", "Token");
        }
        Some(RestAccess::Expired) | None => return session_expired(),
    }
    if let Some(closed) = org.closed() {
        return closed;
    }
    let within_quota = org.count_calls(composite::calls(request));
    let limit_info = format!(
        "api-usage={}/{}",
        org.calls_today.min(org.daily_calls),
        org.daily_calls
    );
    let reply = if within_quota {
        let version = format!("{number}.0");
        let checked =
            methods::check(&request.method, rest).and_then(|()| methods::check_body(request, rest));
        let answer = checked.and_then(|()| match rest {
            // These take the lock where they need it: not to read a body or to render an answer.
            ["jobs", rest @ ..] => {
                drop(org);
                bulk::route(shared, request, number, rest)
            }
            ["metadata", rest @ ..] => {
                drop(org);
                metadata::route(shared, request, rest)
            }
            ["composite", "sobjects", rest @ ..] => {
                drop(org);
                collections::route_shared(shared, &version, request, rest)
                    .map_err(|error| error.located_in(&request.body))
            }
            _ => dispatch(&mut org, request, &version, rest),
        });
        answer.unwrap_or_else(|error| error.reply())
    } else {
        CallError::new(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        )
        .reply()
    };
    let reply = if request.header("x-prettyprint") == Some("1") {
        pretty::indented(reply)
    } else {
        reply
    };
    reply.with("sforce-limit-info", limit_info)
}

/// Answers one call whose method was checked; also each call a composite makes, so that nothing in
/// here may look at the session or the quota.
pub(crate) fn dispatch(
    org: &mut Org,
    request: &Request,
    version: &str,
    rest: &[&str],
) -> Result<Reply, CallError> {
    match (request.method.as_str(), rest) {
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
        (_, ["sobjects", rest @ ..]) => records::route(org, version, request, rest)
            .map_err(|error| error.located_in(&request.body)),
        (_, ["composite", "sobjects", rest @ ..]) => {
            collections::route(org, version, request, rest)
                .map_err(|error| error.located_in(&request.body))
        }
        (_, ["composite", rest @ ..]) => composite::route(org, version, request, rest),
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
