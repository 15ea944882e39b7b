//! Simulated Alguna, API version 2026-04-01 (facts/alguna.md §1, §2).

mod answer;
mod catalogue;
mod customers;
mod idempotency;
mod invoices;
mod links;
mod paging;
mod quotes;
mod records;
mod subscriptions;
mod terms;
mod writes;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::book::Book;
use crate::control::{read, wrong};
use crate::faults::Server;
use crate::reply::{Reply, Request};
use crate::server::Endpoint;
use answer::{problem, unauthenticated};
use idempotency::Keys;
use records::Records;

/// The only version served.
const VERSION: &str = "2026-04-01";

/// The server.
pub(crate) struct Alguna {
    key: String,
    records: Mutex<Records>,
    keys: Mutex<Keys>,
}

impl Alguna {
    pub(crate) fn new(key: String, book: Book) -> Self {
        Self {
            key,
            records: Mutex::new(Records::new(book)),
            keys: Mutex::new(Keys::default()),
        }
    }

    /// A customer is deleted and made anew; see [`Records::reissue`].
    pub(crate) fn reissue(&self, id: &str, new: &str, at: Timestamp) -> bool {
        self.records().reissue(id, new, &at.to_string())
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does the work of an admitted request.
    fn work(&self, request: &Request, now: Timestamp) -> Reply {
        let mut records = self.records();
        subscriptions::cancel::settle(&mut records, now);
        route(&mut records, request, now).unwrap_or_else(|error| error)
    }
}

/// What is wrong with the version header, if anything.
fn version_error(request: &Request) -> Option<Reply> {
    let title = match request.header("alguna-version") {
        Some(VERSION) => return None,
        Some(_) => "Unsupported API version",
        None => "Missing API version",
    };
    Some(Reply::json(
        400,
        &json!({
            "status": 400, "type": "about:blank", "title": title,
            "detail": format!("Set the header Alguna-Version to {VERSION}.")
        }),
    ))
}

impl Endpoint for Alguna {
    fn server(&self) -> Server {
        Server::Alguna
    }

    fn answer(&self, request: &Request) -> Reply {
        self.answer_late(request, Duration::ZERO)
    }

    /// The key of the request is taken at once.
    fn answer_late(&self, request: &Request, late: Duration) -> Reply {
        if request.bearer() != Some(self.key.as_str()) {
            return unauthenticated();
        }
        if let Some(reply) = version_error(request) {
            return reply;
        }
        // Stamps have microseconds.
        let now = Timestamp::from_microsecond(request.at.as_microsecond()).unwrap_or(request.at);
        let key = match idempotency::key(request) {
            Ok(key) => key,
            Err(reply) => return reply,
        };
        let Some(key) = key else {
            return self.work(request, now);
        };
        let begun = self.keys().begin(key, request, now);
        match begun {
            Ok(fresh) => {
                std::thread::sleep(late);
                let reply = self.work(request, now);
                self.keys().finish(fresh, reply)
            }
            Err(reply) => reply,
        }
    }

    fn is_write(&self, request: &Request) -> bool {
        !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    fn api_calls(&self, _request: &Request) -> usize {
        1
    }

    fn expired(&self) -> Reply {
        unauthenticated()
    }

    fn quota_exceeded(&self) -> Reply {
        problem(429, "Too many requests")
            .with("retry-after", "1")
            .with("transient-error", "true")
    }

    fn state(&self) -> Value {
        let records = self.records();
        json!({
            "server": Server::Alguna, "customers": records.customers.len(),
            "subscriptions": records.subscriptions.len(), "connected_accounts": records.link_count()
        })
    }

    fn control_routes(&self) -> &'static [(&'static str, &'static str)] {
        &[(
            "POST /sim/customers/reissue",
            "a customer is deleted and made anew: {\"id\": …, \"new\": …}",
        )]
    }

    fn control(&self, request: &Request) -> Option<Reply> {
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        match (request.method.as_str(), &segments[..]) {
            ("POST", ["sim", "customers", "reissue"]) => Some(match read::<Reissue>(request) {
                Ok(wish) if self.reissue(&wish.id, &wish.new, request.at) => Reply::empty(204),
                Ok(_) => wrong(404, "There is no such customer, or the new id is taken."),
                Err(reply) => reply,
            }),
            _ => None,
        }
    }
}

/// What a person wants of `POST /sim/customers/reissue`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reissue {
    id: String,
    new: String,
}

fn route(records: &mut Records, request: &Request, now: Timestamp) -> Result<Reply, Reply> {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), &segments[..]) {
        (_, ["customers", rest @ ..]) => customers::route(records, request, rest, now),
        (_, ["subscriptions", rest @ ..]) => subscriptions::route(records, request, rest, now),
        ("GET", ["integrations"]) => Ok(catalogue::integration_list(request)),
        ("GET", ["integrations", id]) => catalogue::integration(id),
        ("GET", ["insights", "revenue", "subscription", id]) => subscriptions::insight(records, id),
        ("GET", ["plans"]) => catalogue::plan_list(records, request),
        ("GET", ["plans", id]) => catalogue::plan(records, id),
        ("GET", ["tags"]) => catalogue::tags(request),
        ("GET", ["quotes"]) => quotes::list(records, request),
        ("GET", ["quotes", id]) => quotes::get(records, id),
        ("GET", ["invoices"]) => invoices::list::list(records, request),
        ("GET", ["invoices", id]) => invoices::get(records, id),
        (
            _,
            [
                "integrations" | "plans" | "tags" | "quotes" | "invoices",
                ..,
            ],
        ) => Err(problem(405, "method not allowed")),
        _ => Err(problem(404, "not found")),
    }
}
