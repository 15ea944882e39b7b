//! Simulated `ProfitWell`, API v2 (facts/profitwell.md §1, §2).

mod answer;
mod customers;
mod fields;
mod ledger;
mod life;
mod manual;
mod metrics;
mod plans;
mod privacy;
mod subscriptions;
mod throttle;
mod traits;
mod users;

use std::sync::{Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::book::Book;
use crate::faults::Server;
use crate::reply::{Reply, Request};
use crate::server::Endpoint;
use answer::{detail, not_allowed, not_found, throttled};
use ledger::{Ledger, TIME_ZONE};
use throttle::{Scope, Throttle};

/// The server.
pub(crate) struct Profitwell {
    token: String,
    ledger: RwLock<Ledger>,
    throttle: Option<Mutex<Throttle>>,
}

impl Profitwell {
    /// Takes the book's `ProfitWell` customers, and what they paid from its subscriptions.
    pub(crate) fn new(token: String, book: &mut Book, rate_limits: bool) -> Self {
        Self {
            token,
            ledger: RwLock::new(Ledger::new(book)),
            throttle: rate_limits.then(|| Mutex::new(Throttle::default())),
        }
    }

    /// Reads under the shared lock.
    fn read(&self, read: impl FnOnce(&Ledger) -> Result<Reply, Reply>) -> Reply {
        let ledger = self.ledger.read().unwrap_or_else(PoisonError::into_inner);
        read(&ledger).unwrap_or_else(|error| error)
    }

    /// Writes under the exclusive lock.
    fn write(&self, write: impl FnOnce(&mut Ledger) -> Result<Reply, Reply>) -> Reply {
        let mut ledger = self.ledger.write().unwrap_or_else(PoisonError::into_inner);
        write(&mut ledger).unwrap_or_else(|error| error)
    }

    fn route(&self, request: &Request, segments: &[&str], now: Timestamp) -> Reply {
        let ["v2", path @ ..] = segments else {
            return not_found();
        };
        match (request.method.as_str(), path) {
            ("GET", ["api-status"]) => Reply::json(200, &json!({})),
            ("GET", ["company", "settings"]) => Reply::json(
                200,
                &json!({"id": "pwc_Fernhill01", "name": "Fernhill", "timezone": TIME_ZONE, "currency": "usd"}),
            ),
            ("GET", ["customers"]) => self.read(|l| Ok(customers::list(l, request, now))),
            ("GET", ["customers", id]) => self.read(|l| {
                let row = l.customer(id).and_then(|who| l.row(who, now));
                row.map(|row| Reply::json(200, &row)).ok_or_else(not_found)
            }),
            ("POST", ["subscriptions"]) => self.write(|l| subscriptions::create(l, request, now)),
            ("PUT", ["subscriptions", id]) => {
                self.write(|l| subscriptions::update(l, id, request, now))
            }
            ("DELETE", ["subscriptions", id]) => {
                self.write(|l| subscriptions::churn(l, id, request, now))
            }
            ("PUT", ["unchurn", id]) => self.write(|l| subscriptions::unchurn(l, id, now)),
            ("GET", ["users", id]) => self.read(|l| users::history(l, id)),
            ("PUT", ["users", id]) => self.write(|l| users::update(l, id, request, now)),
            ("DELETE", ["users", id]) => self.write(|l| users::delete(l, id)),
            ("GET", ["plans"]) => self.read(|l| Ok(plans::list(l))),
            ("POST", ["plans"]) => self.write(|l| plans::create(l, request)),
            ("GET", ["plans", id]) => self.read(|l| plans::get(l, id)),
            ("PUT", ["plans", id]) => self.write(|l| plans::update(l, id, request)),
            ("GET", ["metrics", "monthly"]) => {
                self.read(|l| Ok(metrics::monthly(l, request, l.day(now))))
            }
            ("GET", ["metrics", "daily"]) => {
                self.read(|l| Ok(metrics::daily(l, request, l.day(now))))
            }
            ("GET", ["metrics", "plans"]) => {
                self.read(|l| Ok(metrics::plans(l, request, l.day(now))))
            }
            ("POST", ["metrics", "exclude_customer", id]) => {
                self.write(|l| privacy::exclude(l, id))
            }
            ("GET", ["customer_traits", "customer", id]) => self.read(|l| traits::list(l, id)),
            ("PUT", ["customer_traits", "trait"]) => self.write(|l| traits::put(l, request)),
            ("DELETE", ["customer_traits", "trait"]) => self.write(|l| traits::delete(l, request)),
            ("DELETE", ["customer_traits", "category"]) => {
                self.write(|l| traits::delete_category(l, request))
            }
            ("POST", ["gdpr", "anonymize_by_email", email]) => {
                self.write(|l| privacy::anonymize_email(l, email, now))
            }
            ("POST", ["gdpr", "anonymize_by_customer_id", id]) => {
                self.write(|l| privacy::anonymize_id(l, id, now))
            }
            (method, path) if exists(path) => not_allowed(method),
            _ => not_found(),
        }
    }
}

/// Whether a path is known with some method.
fn exists(path: &[&str]) -> bool {
    matches!(
        path,
        ["api-status" | "customers" | "subscriptions" | "plans"]
            | [
                "customers" | "subscriptions" | "unchurn" | "users" | "plans",
                _
            ]
            | ["company", "settings"]
            | ["metrics", "monthly" | "daily" | "plans"]
            | ["metrics", "exclude_customer", _]
            | ["customer_traits", "trait" | "category"]
            | ["customer_traits", "customer", _]
            | ["gdpr", "anonymize_by_email" | "anonymize_by_customer_id", _]
    )
}

/// The rate limit a path falls under besides the one for all.
fn scope(segments: &[&str]) -> Scope {
    match segments {
        ["v2", "plans", ..] => Scope::Plans,
        ["v2", "metrics", "monthly" | "daily"] | ["v2", "company", "settings"] => Scope::Figures,
        ["v2", "metrics", "exclude_customer", _] => Scope::Exclude,
        ["v2", "gdpr", ..] => Scope::Anonymize,
        ["v2", "customer_traits", ..] => Scope::Traits,
        _ => Scope::Every,
    }
}

impl Endpoint for Profitwell {
    fn server(&self) -> Server {
        Server::Profitwell
    }

    fn answer(&self, request: &Request) -> Reply {
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
        // Stamps have microseconds.
        let now = Timestamp::from_microsecond(request.at.as_microsecond()).unwrap_or(request.at);
        if let Some(throttle) = &self.throttle {
            let mut throttle = throttle.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(seconds) = throttle.admit(scope(&segments), now) {
                return throttled(seconds);
            }
        }
        self.route(request, &segments, now)
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
        let ledger = self.ledger.read().unwrap_or_else(PoisonError::into_inner);
        json!({
            "server": Server::Profitwell, "customers": ledger.count(),
            "manual_users": ledger.manual_count(), "plans": ledger.plans.len(),
            "rate_limits": self.throttle.is_some()
        })
    }
}
