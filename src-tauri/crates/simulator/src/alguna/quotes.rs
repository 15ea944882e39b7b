//! Quotes (facts/alguna.md §2.4): one for each subscription not yet agreed, and for each proposed
//! change of one that is.

use jiff::ToSpan;
use serde_json::{Value, json};

use super::answer::{invalid, problem};
use super::paging;
use super::records::Records;
use super::subscriptions::shape::contract;
use super::terms::ticket;
use crate::book::{Subscription, today};
use crate::reply::{Reply, Request};

const STATUSES: [&str; 7] = [
    "draft",
    "pending_approval",
    "sent",
    "signed",
    "rejected",
    "withdrawn",
    "expired",
];
const KINDS: [&str; 3] = ["new", "renewal", "amendment"];

/// Kind and status of a subscription's quote, if it has one.
fn standing(subscription: &Subscription) -> Option<(&'static str, &'static str)> {
    match subscription.status.as_str() {
        "sent" => Some(("new", "sent")),
        "draft" => Some((
            "new",
            match ticket(&subscription.id) % 4 {
                0 => "pending_approval",
                1 => "sent",
                _ => "draft",
            },
        )),
        _ if subscription.pending_change => Some(("amendment", "draft")),
        _ => None,
    }
}

fn id(subscription: &Subscription) -> String {
    format!("quo_{}", subscription.id)
}

/// A quote as JSON; only a single one tells where to sign it.
fn shape(subscription: &Subscription, kind: &str, status: &str, single: bool) -> Value {
    let mut value = json!({
        "id": id(subscription), "name": format!("Quote: {}", subscription.name), "kind": kind,
        "status": status, "customer_id": subscription.customer_id,
        "subscription_id": subscription.id, "currency": subscription.currency,
        "contract": contract(subscription), "auto_activate": kind == "new",
        "created_at": subscription.created_at, "updated_at": subscription.updated_at
    });
    if status == "sent" {
        let expires = today().saturating_add(30.days());
        value["expires_at"] = Value::from(format!("{expires}T00:00:00Z"));
        if single {
            let url = format!("https://sign.alguna.example/{}", id(subscription));
            value["signing_url"] = Value::from(url);
        }
    }
    value
}

/// One word of a parameter that must be among some.
fn word<'a>(request: &'a Request, name: &str, known: &[&str]) -> Result<Option<&'a str>, Reply> {
    match request.param(name).filter(|text| !text.is_empty()) {
        Some(word) if !known.contains(&word) => {
            Err(invalid(&format!("{name} {word} is not known")))
        }
        word => Ok(word),
    }
}

/// `GET /quotes`.
pub(crate) fn list(records: &Records, request: &Request) -> Result<Reply, Reply> {
    let wanted_status = word(request, "status", &STATUSES)?;
    let wanted_kind = word(request, "kind", &KINDS)?;
    let of = request.param("subscription_id").filter(|id| !id.is_empty());
    let rows: Vec<(&Subscription, &str, &str)> = records
        .subscriptions
        .iter()
        .filter(|own| of.is_none_or(|id| own.id == id))
        .filter_map(|own| standing(own).map(|(kind, status)| (own, kind, status)))
        .filter(|(_, kind, status)| {
            wanted_status.is_none_or(|wanted| wanted == *status)
                && wanted_kind.is_none_or(|wanted| wanted == *kind)
        })
        .collect();
    let (limit, offset) = paging::window(request)?;
    let total = rows.len();
    let page: Vec<Value> = rows
        .into_iter()
        .skip(offset)
        .take(limit)
        .map(|(own, kind, status)| shape(own, kind, status, false))
        .collect();
    Ok(paging::envelope(&page, limit, total))
}

/// `GET /quotes/{id}`.
pub(crate) fn get(records: &Records, id: &str) -> Result<Reply, Reply> {
    let place = id
        .strip_prefix("quo_")
        .and_then(|id| records.subscription(id));
    let found = place.map(|at| &records.subscriptions[at]);
    let found = found.and_then(|own| standing(own).map(|(kind, status)| (own, kind, status)));
    let (own, kind, status) = found.ok_or_else(|| problem(404, "quote not found"))?;
    Ok(Reply::json(200, &shape(own, kind, status, true)))
}
