//! Subscriptions: the list, and what hangs below one of them (facts/alguna.md §2.3).

pub(crate) mod cancel;
mod dates;
pub(crate) mod shape;
mod versions;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use self::shape::shape;
use super::answer::problem;
use super::paging;
use super::records::{Records, instant};
use super::terms::Terms;
use crate::book::Subscription;
use crate::reply::{Reply, Request};

const SORTS: [&str; 8] = [
    "name",
    "status",
    "created_at",
    "activated_at",
    "ended_at",
    "updated_at",
    "contract_start_date",
    "contract_end_date",
];

pub(crate) fn route(
    records: &mut Records,
    request: &Request,
    rest: &[&str],
    now: Timestamp,
) -> Result<Reply, Reply> {
    let [id, more @ ..] = rest else {
        return match request.method.as_str() {
            "GET" => list(records, request),
            _ => Err(problem(405, "method not allowed")),
        };
    };
    let place = records
        .subscription(id)
        .ok_or_else(|| problem(404, "subscription not found"))?;
    match (request.method.as_str(), more) {
        ("POST", ["cancel"]) => cancel::cancel(records, place, request, now),
        ("GET", more) => read(&records.subscriptions[place], more),
        (_, []) => Err(problem(405, "method not allowed")),
        _ => Err(problem(404, "not found")),
    }
}

fn read(subscription: &Subscription, more: &[&str]) -> Result<Reply, Reply> {
    match more {
        [] => Ok(Reply::json(200, &whole(subscription))),
        ["billing-dates"] => Ok(Reply::json(200, &dates::billing_dates(subscription))),
        ["revenue"] => match subscription.current() {
            Some(version) => Ok(Reply::json(200, &versions::revenue(subscription, version))),
            None => Err(problem(404, "subscription has no active version")),
        },
        ["entitlements"] => Ok(Reply::json(200, &json!({"data": []}))),
        ["versions", rest @ ..] => versions::route(subscription, rest),
        _ => Err(problem(404, "not found")),
    }
}

/// A subscription with its terms.
fn whole(subscription: &Subscription) -> Value {
    shape(subscription, &Terms::of(subscription))
}

/// `GET /insights/revenue/subscription/{id}`.
pub(crate) fn insight(records: &Records, id: &str) -> Result<Reply, Reply> {
    let subscription = records
        .subscription(id)
        .map(|at| &records.subscriptions[at]);
    let current = subscription.and_then(|own| Some((own, own.current()?)));
    let (subscription, version) = current.ok_or_else(|| problem(404, "subscription not found"))?;
    let revenue = versions::revenue(subscription, version);
    Ok(Reply::json(
        200,
        &json!({
            "monthly_recurring_revenue": revenue["mrr"], "annual_recurring_revenue": revenue["arr"],
            "annual_contract_value": revenue["acv"], "currency": subscription.currency
        }),
    ))
}

fn list(records: &mut Records, request: &Request) -> Result<Reply, Reply> {
    let (limit, offset) = paging::window(request)?;
    let (key, descending) = paging::sort(request, &SORTS)?.unwrap_or(("", false));
    let statuses = paging::values(request, "status");
    // Nothing is tagged in the simulated company.
    let nothing = paging::values(request, "tag_ids").is_some();
    let fits = |subscription: &Subscription| {
        let status = subscription.status.as_str();
        !nothing
            && statuses
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&status))
    };
    if let Some(id) = request.param("customer_id").filter(|id| !id.is_empty()) {
        // One customer has few: no kept order needed.
        let own = records.subscriptions_of(id).iter();
        let mut own: Vec<&Subscription> = own
            .map(|at| &records.subscriptions[*at])
            .filter(|row| fits(row))
            .collect();
        if !key.is_empty() {
            own.sort_by_cached_key(|row| sort_key(row, key));
        }
        if descending {
            own.reverse();
        }
        let total = own.len();
        let page: Vec<Value> = own
            .into_iter()
            .skip(offset)
            .take(limit)
            .map(whole)
            .collect();
        return Ok(paging::envelope(&page, limit, total));
    }
    if !records.subscription_orders.contains_key(key) {
        let mut order: Vec<usize> = (0..records.subscriptions.len()).collect();
        if !key.is_empty() {
            order.sort_by_cached_key(|at| sort_key(&records.subscriptions[*at], key));
        }
        records.subscription_orders.insert(key.to_owned(), order);
    }
    let order = &records.subscription_orders[key];
    let filtered = statuses.is_some() || nothing;
    let (rows, total) = paging::page(order, descending, (limit, offset), filtered, |at| {
        fits(&records.subscriptions[at])
    });
    let page: Vec<Value> = rows
        .into_iter()
        .map(|at| whole(&records.subscriptions[at]))
        .collect();
    Ok(paging::envelope(&page, limit, total))
}

/// What a list is sorted by; equal values keep the order of ids.
fn sort_key(subscription: &Subscription, field: &str) -> (Timestamp, String, String) {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let at = |text: &str| (instant(text), String::new());
    let text = |text: String| (Timestamp::MIN, text);
    let (at, text) = match field {
        "name" => text(subscription.name.to_lowercase()),
        "status" => text(subscription.status.clone()),
        "ended_at" => text(day(subscription.ended_on)),
        "contract_start_date" => text(day(subscription.start)),
        "contract_end_date" => text(day(subscription.end)),
        "activated_at" => match &subscription.activated_at {
            Some(moment) => at(moment),
            None => text(String::new()),
        },
        "updated_at" => at(&subscription.updated_at),
        _ => at(&subscription.created_at),
    };
    (at, text, subscription.id.clone())
}
