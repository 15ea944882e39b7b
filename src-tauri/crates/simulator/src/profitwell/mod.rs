//! Simulated `ProfitWell`, API v2: the reading part (facts/profitwell.md §1, §2.7-§2.9).

mod customers;
mod throttle;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

use crate::book::ProfitwellCustomer;
use crate::faults::Server;
use crate::reply::{Reply, Request};
use crate::server::Endpoint;
use throttle::Throttle;

/// The server.
pub(crate) struct Profitwell {
    token: String,
    /// Sorted by `updated_on`, then id.
    customers: Vec<ProfitwellCustomer>,
    by_id: HashMap<String, usize>,
    throttle: Option<Mutex<Throttle>>,
}

impl Profitwell {
    pub(crate) fn new(
        token: String,
        mut customers: Vec<ProfitwellCustomer>,
        rate_limits: bool,
    ) -> Self {
        customers.sort_by_cached_key(|customer| {
            (
                customers::instant(&customer.updated_on),
                customer.customer_id.clone(),
            )
        });
        let by_id = customers
            .iter()
            .enumerate()
            .map(|(place, c)| (c.customer_id.clone(), place))
            .collect();
        Self {
            token,
            customers,
            by_id,
            throttle: rate_limits.then(|| Mutex::new(Throttle::default())),
        }
    }
}

/// Django REST framework's error shape.
fn detail(status: u16, text: &str) -> Reply {
    Reply::json(status, &json!({"detail": text}))
}

fn throttled(seconds: u64) -> Reply {
    detail(
        429,
        &format!("Request was throttled. Expected available in {seconds} seconds."),
    )
    .with("retry-after", seconds.to_string())
}

impl Endpoint for Profitwell {
    fn server(&self) -> Server {
        Server::Profitwell
    }

    fn answer(&self, request: &Request) -> Reply {
        if let Some(throttle) = &self.throttle {
            let wait = throttle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .admit(Instant::now());
            if let Some(seconds) = wait {
                return throttled(seconds);
            }
        }
        // Django's APPEND_SLASH: every path ends in a slash.
        if !request.had_trailing_slash {
            let query = if request.query_string.is_empty() {
                String::new()
            } else {
                format!("?{}", request.query_string)
            };
            let location = format!("{}{}/{query}", request.origin(), request.path);
            return Reply::empty(301).with("location", location);
        }
        if request.header("authorization") != Some(self.token.as_str()) {
            return detail(401, "Invalid token.");
        }
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        match (request.method.as_str(), &segments[..]) {
            ("GET", ["v2", "api-status"]) => Reply::json(200, &json!({})),
            ("GET", ["v2", "company", "settings"]) => Reply::json(
                200,
                &json!({"id": "pwc_Fernhill01", "name": "Fernhill", "timezone": "Europe/Madrid", "currency": "usd"}),
            ),
            ("GET", ["v2", "customers"]) => customers::list(&self.customers, request),
            ("GET", ["v2", "customers", id]) => match self.by_id.get(*id) {
                Some(place) => Reply::json(200, &self.customers[*place]),
                None => detail(404, "Not found."),
            },
            ("GET", ["v2", "plans"]) => Reply::json(200, &self.plans()),
            ("GET", ["v2", "plans", id]) => {
                match self.plans().into_iter().find(|plan| plan["id"] == *id) {
                    Some(plan) => Reply::json(200, &plan),
                    None => detail(404, "Not found."),
                }
            }
            (method, ["v2", "api-status" | "customers" | "plans" | "company", ..]) => {
                detail(405, &format!("Method \"{method}\" not allowed."))
            }
            _ => detail(404, "Not found."),
        }
    }

    fn is_write(&self, request: &Request) -> bool {
        !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    fn api_calls(&self, _request: &Request) -> usize {
        1
    }

    fn expired(&self) -> Reply {
        detail(401, "Invalid token.")
    }

    fn quota_exceeded(&self) -> Reply {
        throttled(1)
    }

    fn state(&self) -> Value {
        json!({"server": Server::Profitwell, "customers": self.customers.len(), "rate_limits": self.throttle.is_some()})
    }
}

impl Profitwell {
    /// Every plan name any customer has, as a plan.
    fn plans(&self) -> Vec<Value> {
        let mut names: Vec<&str> = self
            .customers
            .iter()
            .flat_map(|c| c.plans.iter().map(String::as_str))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .map(|name| json!({"id": name.to_lowercase().replace([' ', '/'], "-"), "name": name}))
            .collect()
    }
}
