//! Reading customers (facts/alguna.md §2.1).

use serde_json::{Value, json};

use super::answer::problem;
use super::records::Records;
use super::{links, paging, writes};
use crate::book::Customer;
use crate::reply::{Reply, Request};

/// Parameters that narrow the list.
const FILTERS: [&str; 7] = [
    "alias",
    "email",
    "has_active_subscriptions",
    "integration_ids",
    "sales_owner_id",
    "csm_id",
    "tag_ids",
];

pub(crate) fn route(
    records: &mut Records,
    request: &Request,
    rest: &[&str],
    now: jiff::Timestamp,
) -> Result<Reply, Reply> {
    let not_found = || problem(404, "customer not found");
    match (request.method.as_str(), rest) {
        ("GET", []) => list(records, request),
        ("POST", []) => writes::create(records, request, now),
        ("GET", ["lookup"]) => {
            let alias = request.param("alias").unwrap_or_default();
            let place = records.resolve(alias).ok_or_else(not_found)?;
            let id = &records.customers[place].id;
            Ok(Reply::json(200, &json!({"customer_id": id})))
        }
        (_, [] | [_]) if !matches!(request.method.as_str(), "GET" | "PATCH") => {
            Err(problem(405, "method not allowed"))
        }
        (method, [id, more @ ..]) => {
            let place = records.resolve(id).ok_or_else(not_found)?;
            match (method, more) {
                ("GET", []) => {
                    let customer = &records.customers[place];
                    Ok(Reply::json(200, &shape(records, customer, true)))
                }
                ("PATCH", []) => writes::patch(records, place, request, now),
                ("GET", ["connected-accounts"]) => Ok(links::list(records, place)),
                ("POST", ["connected-accounts"]) => links::create(records, place, request),
                ("DELETE", ["connected-accounts", link]) => links::delete(records, place, link),
                // The simulated company sells no entitlements and keeps no cards here.
                ("GET", ["entitlements" | "payment-methods"]) => {
                    Ok(Reply::json(200, &json!({"data": []})))
                }
                _ => Err(problem(404, "not found")),
            }
        }
        _ => Err(problem(405, "method not allowed")),
    }
}

fn list(records: &mut Records, request: &Request) -> Result<Reply, Reply> {
    let (limit, offset) = paging::window(request)?;
    let (key, descending) = paging::sort(request, &["name", "created_at"])?.unwrap_or(("", false));
    let alias = request.param("alias").filter(|text| !text.is_empty());
    let email = request.param("email").filter(|text| !text.is_empty());
    let integrations = paging::values(request, "integration_ids");
    let with_active = paging::flag(request, "has_active_subscriptions")?;
    // Nobody owns, cares for or tags customers in the simulated company.
    let nobody = ["sales_owner_id", "csm_id", "tag_ids"]
        .into_iter()
        .any(|name| paging::values(request, name).is_some());
    let filtered = FILTERS
        .into_iter()
        .any(|name| request.param(name).is_some_and(|text| !text.is_empty()));
    let fits = |records: &Records, customer: &Customer| {
        !nobody
            && alias.is_none_or(|alias| customer.aliases.iter().any(|known| known == alias))
            && email.is_none_or(|email| {
                let mut contacts = customer.contacts.iter();
                contacts.any(|contact| contact.email.eq_ignore_ascii_case(email))
            })
            && with_active.is_none_or(|wanted| {
                let mut own = records.subscriptions_of(&customer.id).iter();
                own.any(|at| records.subscriptions[*at].status == "active") == wanted
            })
            && integrations.as_ref().is_none_or(|wanted| {
                let mut own = records.links_of(&customer.id);
                own.any(|link| wanted.contains(&link.integration_id.as_str()))
            })
    };
    records.customer_order(key);
    let records = &*records;
    let order = records.known_customer_order(key);
    let (rows, total) = paging::page(order, descending, (limit, offset), filtered, |at| {
        fits(records, &records.customers[at])
    });
    let page: Vec<Value> = rows
        .into_iter()
        .map(|at| shape(records, &records.customers[at], false))
        .collect();
    Ok(paging::envelope(&page, limit, total))
}

/// A customer as JSON. Tax is given only when a single customer is read.
pub(crate) fn shape(records: &Records, customer: &Customer, single: bool) -> Value {
    let mut value = json!({
        "id": customer.id, "name": customer.name, "currency": customer.currency,
        "created_at": customer.created_at, "updated_at": customer.updated_at,
        "aliases": customer.aliases, "billing_address": customer.address,
        "contacts": customer.contacts
    });
    if let (true, Some(tax), Some(value)) = (single, &customer.tax, value.as_object_mut())
        && let Ok(Value::Object(tax)) = serde_json::to_value(tax)
    {
        value.extend(tax);
    }
    if let Some(contacts) = value["contacts"].as_array_mut() {
        for contact in contacts {
            let given = contact["id"]
                .as_str()
                .and_then(|id| records.preferences.get(id));
            let preferences = match given {
                Some(given) => json!(given),
                None if contact["is_primary"] == true => json!(["billing", "updates"]),
                None => json!(["updates"]),
            };
            contact["email_preferences"] = preferences;
        }
    }
    value
}
