//! Simulated Alguna, API version 2026-04-01 (facts/alguna.md §1, §2).

mod customers;
mod paging;
mod subscriptions;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::book::{Book, Customer, SALESFORCE_INTEGRATION, STRIPE_INTEGRATION, Subscription};
use crate::faults::Server;
use crate::reply::{Reply, Request};
use crate::server::Endpoint;

/// The only version served.
const VERSION: &str = "2026-04-01";

/// A link between a customer and a record of another system.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    id: String,
    customer_id: String,
    integration_id: String,
    external_id: String,
}

/// Alguna's whole state.
#[derive(Debug, Default)]
pub(crate) struct Records {
    customers: Vec<Customer>,
    by_id: HashMap<String, usize>,
    by_alias: HashMap<String, usize>,
    subscriptions: Vec<Subscription>,
    subscription_by_id: HashMap<String, usize>,
    subscriptions_of: HashMap<String, Vec<usize>>,
    /// Orders of lists by what they were sorted by; customers' are dropped when one changes.
    customer_orders: HashMap<String, Vec<usize>>,
    subscription_orders: HashMap<String, Vec<usize>>,
    links: Vec<Link>,
    links_of: HashMap<String, Vec<usize>>,
    link_by_external: HashMap<String, usize>,
    /// Answers kept by idempotency key: what was asked, status and body.
    answered: HashMap<String, (Vec<u8>, u16, Vec<u8>)>,
}

impl Records {
    fn add_link(
        &mut self,
        customer_id: String,
        integration_id: String,
        external_id: String,
    ) -> usize {
        let place = self.links.len();
        self.links_of
            .entry(customer_id.clone())
            .or_default()
            .push(place);
        self.link_by_external.insert(external_id.clone(), place);
        self.links.push(Link {
            id: format!("ca_{:06}", place + 1),
            customer_id,
            integration_id,
            external_id,
        });
        place
    }

    /// A customer by Alguna id, alias or external id of a link.
    fn resolve(&self, id: &str) -> Option<usize> {
        self.by_id
            .get(id)
            .or_else(|| self.by_alias.get(id))
            .copied()
            .or_else(|| {
                self.by_id
                    .get(&self.links[*self.link_by_external.get(id)?].customer_id)
                    .copied()
            })
    }

    fn index_aliases(&mut self) {
        self.by_alias.clear();
        for (place, customer) in self.customers.iter().enumerate() {
            for alias in &customer.aliases {
                self.by_alias.entry(alias.clone()).or_insert(place);
            }
        }
    }
}

/// The server.
pub(crate) struct Alguna {
    key: String,
    records: Mutex<Records>,
}

impl Alguna {
    pub(crate) fn new(key: String, book: Book) -> Self {
        let places = |ids: &mut dyn Iterator<Item = String>| -> HashMap<String, usize> {
            ids.enumerate().map(|(place, id)| (id, place)).collect()
        };
        let mut records = Records {
            by_id: places(&mut book.customers.iter().map(|customer| customer.id.clone())),
            subscription_by_id: places(&mut book.subscriptions.iter().map(|s| s.id.clone())),
            customers: book.customers,
            subscriptions: book.subscriptions,
            ..Records::default()
        };
        for (place, subscription) in records.subscriptions.iter().enumerate() {
            let own = records
                .subscriptions_of
                .entry(subscription.customer_id.clone());
            own.or_default().push(place);
        }
        records.index_aliases();
        for (customer, integration, external) in book.links {
            records.add_link(customer, integration, external);
        }
        Self {
            key,
            records: Mutex::new(records),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Alguna's error shape.
fn problem(status: u16, detail: &str) -> Reply {
    Reply::json(status, &json!({"status": status, "detail": detail}))
}

fn unauthenticated() -> Reply {
    Reply::json(
        401,
        &json!({"code": "unauthenticated", "message": "missing or invalid API key"}),
    )
}

impl Endpoint for Alguna {
    fn server(&self) -> Server {
        Server::Alguna
    }

    fn answer(&self, request: &Request) -> Reply {
        if request.bearer() != Some(self.key.as_str()) {
            return unauthenticated();
        }
        match request.header("alguna-version") {
            Some(VERSION) => {}
            given => {
                return Reply::json(
                    400,
                    &json!({
                        "status": 400, "type": "about:blank",
                        "title": if given.is_some() { "Unsupported API version" } else { "Missing API version" },
                        "detail": format!("Set the header Alguna-Version to {VERSION}.")
                    }),
                );
            }
        }
        let mut records = self.lock();
        let key = request
            .header("idempotency-key")
            .filter(|_| request.method != "GET")
            .map(str::to_owned);
        let Some(key) = key else {
            return route(&mut records, request);
        };
        if key.len() > 255 {
            return problem(
                400,
                "Validation failed: Idempotency-Key is longer than 255 characters",
            );
        }
        let asked = [
            request.method.as_bytes(),
            request.path.as_bytes(),
            &request.body,
        ]
        .concat();
        if let Some((before, status, body)) = records.answered.get(&key) {
            if *before != asked {
                return Reply::json(
                    422,
                    &json!({
                        "status": 422, "type": "about:blank", "title": "Idempotency key reused",
                        "detail": "The Idempotency-Key was used before with other parameters."
                    }),
                );
            }
            return Reply::bytes(*status, "application/json", body.clone())
                .with("idempotency-key", key)
                .with("idempotent-replayed", "true");
        }
        let reply = route(&mut records, request);
        if reply.status < 500 {
            records
                .answered
                .insert(key.clone(), (asked, reply.status, reply.body.clone()));
        }
        reply
            .with("idempotency-key", key)
            .with("idempotent-replayed", "false")
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
        let records = self.lock();
        json!({
            "server": Server::Alguna, "customers": records.customers.len(),
            "subscriptions": records.subscriptions.len(), "connected_accounts": records.links.len()
        })
    }
}

/// The plans subscriptions are on, by name.
fn plans(records: &Records) -> Vec<Value> {
    let by_id: BTreeMap<&str, &str> = records
        .subscriptions
        .iter()
        .map(|subscription| {
            (
                subscription.plan_id.as_str(),
                subscription.plan_name.as_str(),
            )
        })
        .collect();
    by_id
        .into_iter()
        .map(|(id, name)| json!({"id": id, "name": name}))
        .collect()
}

fn route(records: &mut Records, request: &Request) -> Reply {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let method = request.method.as_str();
    match (method, &segments[..]) {
        (_, ["customers", rest @ ..]) => customers::route(records, request, rest),
        ("GET", ["subscriptions", rest @ ..]) => subscriptions::route(records, request, rest),
        ("GET", ["integrations"]) => {
            let provider = request.param("provider");
            let list: Vec<Value> = integrations()
                .into_iter()
                .filter(|row| provider.is_none_or(|provider| row["provider"] == provider))
                .collect();
            Reply::json(200, &json!({"data": list}))
        }
        ("GET", ["integrations", id]) => {
            match integrations().into_iter().find(|row| row["id"] == *id) {
                Some(row) => Reply::json(200, &row),
                None => problem(404, "integration not found"),
            }
        }
        ("GET", ["insights", "revenue", "subscription", id]) => subscriptions::insight(records, id),
        ("GET", ["plans"]) => paging::list(request, &[], plans(records)),
        // The simulated company uses none of these.
        ("GET", ["quotes"]) => paging::list(request, &[], std::iter::empty::<Value>().collect()),
        _ => problem(404, "not found"),
    }
}

fn integrations() -> Vec<Value> {
    vec![
        json!({"id": SALESFORCE_INTEGRATION, "provider": "salesforce", "description": "Fernhill", "created_at": "2024-05-14T08:30:00Z"}),
        json!({"id": STRIPE_INTEGRATION, "provider": "stripe", "description": "Card payments", "created_at": "2023-04-02T10:11:12Z"}),
    ]
}
