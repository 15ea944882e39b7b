//! The routes under `/sim`, by which a person or a test looks at the servers and switches faults on.
//! They are no part of what is simulated.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::reply::{Reply, Request};
use crate::server::{Endpoint, Shared};

/// The routes every server has.
const ROUTES: [(&str, &str); 10] = [
    ("GET /sim", "this list"),
    ("GET /sim/state", "what the server holds, in numbers"),
    (
        "GET /sim/log?since=INDEX&limit=N",
        "the requests it received, oldest first",
    ),
    ("GET /sim/clock", "the time of the simulation"),
    (
        "POST /sim/clock",
        "moves it forward: {\"advance_seconds\": 7200}",
    ),
    (
        "GET /sim/certificate",
        "the authority of the https side, PEM",
    ),
    ("GET /sim/faults", "the faults armed, of all servers"),
    ("POST /sim/faults", "arms one"),
    ("DELETE /sim/faults", "disarms all"),
    ("DELETE /sim/faults/ID", "disarms one"),
];

/// Answers a request whose path begins with `/sim`.
pub(crate) fn answer(endpoint: &dyn Endpoint, shared: &Shared, request: &Request) -> Reply {
    let rest: Vec<&str> = request
        .segments
        .iter()
        .skip(1)
        .map(String::as_str)
        .collect();
    match (request.method.as_str(), &rest[..]) {
        ("GET", []) => index(endpoint, request),
        ("GET", ["state"]) => Reply::json(200, &state(endpoint, shared)),
        ("GET", ["log"]) => log(endpoint, shared, request),
        ("GET", ["clock"]) => Reply::json(200, &clock(shared)),
        ("POST", ["clock"]) => match read::<Advance>(request) {
            Ok(advance) => {
                let by = Duration::from_secs(advance.advance_seconds);
                shared.clock.advance(by);
                Reply::json(200, &clock(shared))
            }
            Err(reply) => reply,
        },
        ("GET", ["certificate"]) => Reply::bytes(
            200,
            "application/x-pem-file",
            shared.certificate_pem.clone().into_bytes(),
        ),
        ("GET", ["faults"]) => Reply::json(200, &shared.faults.list()),
        ("POST", ["faults"]) => match read::<Fault>(request) {
            Ok(fault) => match fault.problem() {
                None => Reply::json(201, &json!({"id": shared.faults.arm(fault), "armed": true})),
                Some(problem) => wrong(400, &problem),
            },
            Err(reply) => reply,
        },
        ("DELETE", ["faults"]) => {
            shared.faults.clear();
            Reply::empty(204)
        }
        ("DELETE", ["faults", id]) => {
            if id.parse().is_ok_and(|id| shared.faults.disarm(id)) {
                Reply::empty(204)
            } else {
                wrong(404, "No such fault is armed.")
            }
        }
        _ => endpoint
            .control(request)
            .unwrap_or_else(|| wrong(404, "No such route; GET /sim lists them.")),
    }
}

/// The body of a control request as JSON.
pub(crate) fn read<'a, T: Deserialize<'a>>(request: &'a Request) -> Result<T, Reply> {
    serde_json::from_slice(&request.body).map_err(|error| wrong(400, &error.to_string()))
}

/// An error answer of a control route.
pub(crate) fn wrong(status: u16, text: &str) -> Reply {
    Reply::json(status, &json!({"error": text}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

fn clock(shared: &Shared) -> Value {
    json!({"now": shared.clock.now().to_string(), "moved_seconds": shared.clock.moved().as_secs()})
}

/// What the server says of itself, with the clock and the totals of the log.
fn state(endpoint: &dyn Endpoint, shared: &Shared) -> Value {
    let mut state = endpoint.state();
    if let Some(state) = state.as_object_mut() {
        state.insert("clock".to_owned(), clock(shared));
        state.insert(
            "log".to_owned(),
            json!(shared.log.totals(endpoint.server())),
        );
    }
    state
}

fn log(endpoint: &dyn Endpoint, shared: &Shared, request: &Request) -> Reply {
    let number = |name: &str| match request.param(name).map(str::parse::<u64>) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => Err(wrong(400, &format!("{name} must be a whole number."))),
    };
    let (since, limit) = match (number("since"), number("limit")) {
        (Ok(since), Ok(limit)) => (since.unwrap_or_default(), limit),
        (Err(reply), _) | (_, Err(reply)) => return reply,
    };
    let mut requests = shared.log.since(since, Some(endpoint.server()));
    if let Some(limit) = limit {
        requests.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Reply::json(200, &requests)
}

/// The list of routes: JSON, or a page for a browser.
fn index(endpoint: &dyn Endpoint, request: &Request) -> Reply {
    let routes: Vec<(&str, &str)> = ROUTES
        .into_iter()
        .chain(endpoint.control_routes().iter().copied())
        .collect();
    let is_browser = request
        .header("accept")
        .is_some_and(|accept| accept.contains("text/html"));
    if !is_browser {
        let routes: serde_json::Map<String, Value> = routes
            .into_iter()
            .map(|(route, meaning)| (route.to_owned(), Value::from(meaning)))
            .collect();
        return Reply::json(200, &json!({"server": endpoint.server(), "routes": routes}));
    }
    let mut rows = String::new();
    for (route, meaning) in routes {
        let shown = match route.strip_prefix("GET ") {
            Some(path) => {
                let target = path.split(['?', '{']).next().unwrap_or(path);
                format!("GET <a href=\"{target}\">{path}</a>")
            }
            None => route.to_owned(),
        };
        rows.push_str("<tr><td><code>");
        rows.push_str(&shown);
        rows.push_str("</code></td><td>");
        rows.push_str(meaning);
        rows.push_str("</td></tr>");
    }
    Reply::html(
        200,
        &format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Simulated server</title>\
             <style>body{{font:15px/1.6 system-ui,sans-serif;margin:3rem auto;max-width:52rem}}td{{padding:.2rem 1rem .2rem 0}}</style></head>\
             <body><h1>Simulated server</h1><p>{}</p><table>{rows}</table></body></html>",
            json!(endpoint.server()).as_str().unwrap_or_default()
        ),
    )
}
