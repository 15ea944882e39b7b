//! Customers and their connected accounts.

use serde_json::{Value, json};

use super::{Link, Records, paging, problem};
use crate::book::{Contact, Customer};
use crate::reply::{Reply, Request};

pub(crate) fn route(records: &mut Records, request: &Request, rest: &[&str]) -> Reply {
    match (request.method.as_str(), rest) {
        ("GET", []) => list(records, request),
        ("GET", ["lookup"]) => match request
            .param("alias")
            .and_then(|alias| records.resolve(alias))
        {
            Some(place) => Reply::json(200, &json!({"customer_id": records.customers[place].id})),
            None => problem(404, "customer not found"),
        },
        (method, [id, more @ ..]) => {
            let Some(place) = records.resolve(id) else {
                return problem(404, "customer not found");
            };
            match (method, more) {
                ("GET", []) => Reply::json(200, &shape(&records.customers[place], true)),
                ("PATCH", []) => patch(records, place, request),
                ("GET", ["connected-accounts"]) => {
                    let links = records.links_of.get(&records.customers[place].id);
                    let list: Vec<Value> = links
                        .into_iter()
                        .flatten()
                        .map(|at| link_shape(&records.links[*at]))
                        .collect();
                    Reply::json(200, &json!({"data": list}))
                }
                ("POST", ["connected-accounts"]) => connect(records, place, request),
                _ => problem(404, "not found"),
            }
        }
        _ => problem(405, "method not allowed"),
    }
}

fn list(records: &mut Records, request: &Request) -> Reply {
    let (limit, offset) = match paging::window(request) {
        Ok(window) => window,
        Err(reply) => return reply,
    };
    let sort = match paging::sort(request, &["name", "created_at"]) {
        Ok(sort) => sort,
        Err(reply) => return reply,
    };
    let integrations: Option<Vec<&str>> = request
        .param("integration_ids")
        .map(|ids| ids.split(',').collect());
    let with_active = request
        .param("has_active_subscriptions")
        .map(|flag| flag == "true");
    let active: std::collections::HashSet<String> = if with_active.is_some() {
        records
            .subscriptions
            .iter()
            .filter(|s| s.status == "active")
            .map(|s| s.customer_id.clone())
            .collect()
    } else {
        std::collections::HashSet::new()
    };
    let (key, descending) = sort.unwrap_or(("", false));
    if !records.customer_orders.contains_key(key) {
        let mut order: Vec<usize> = (0..records.customers.len()).collect();
        let customers = &records.customers;
        match key {
            "name" => order
                .sort_by_cached_key(|at| (customers[*at].name.to_lowercase(), &customers[*at].id)),
            "created_at" => {
                order.sort_by_key(|at| (&customers[*at].created_at, &customers[*at].id));
            }
            _ => {}
        }
        records.customer_orders.insert(key.to_owned(), order);
    }
    let fits = |customer: &Customer| {
        request
            .param("alias")
            .is_none_or(|alias| customer.aliases.iter().any(|known| known == alias))
            && request.param("email").is_none_or(|email| {
                customer
                    .contacts
                    .iter()
                    .any(|contact| contact.email.eq_ignore_ascii_case(email))
            })
            && with_active.is_none_or(|wanted| active.contains(customer.id.as_str()) == wanted)
            && integrations.as_ref().is_none_or(|wanted| {
                let links = records.links_of.get(&customer.id);
                links
                    .into_iter()
                    .flatten()
                    .any(|at| wanted.contains(&records.links[*at].integration_id.as_str()))
            })
    };
    let filtered = request.query.iter().any(|(name, _)| {
        matches!(
            name.as_str(),
            "alias" | "email" | "has_active_subscriptions" | "integration_ids"
        )
    });
    let order = &records.customer_orders[key];
    let (rows, total) = paging::page(order, descending, (limit, offset), filtered, |at| {
        fits(&records.customers[at])
    });
    let page: Vec<Value> = rows
        .into_iter()
        .map(|at| shape(&records.customers[at], false))
        .collect();
    paging::envelope(&page, limit, total)
}

/// A customer as JSON. Tax is given only when a single customer is read.
fn shape(customer: &Customer, single: bool) -> Value {
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
            let preferences = if contact["is_primary"] == true {
                json!(["billing", "updates"])
            } else {
                json!(["updates"])
            };
            contact["email_preferences"] = preferences;
        }
    }
    value
}

fn link_shape(link: &Link) -> Value {
    json!({
        "id": link.id, "customer_id": link.customer_id, "integration_id": link.integration_id,
        "external_id": link.external_id
    })
}

fn body(request: &Request) -> Result<serde_json::Map<String, Value>, Reply> {
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(problem(
            400,
            "Validation failed: the body must be a JSON object",
        )),
    }
}

fn patch(records: &mut Records, place: usize, request: &Request) -> Reply {
    let body = match body(request) {
        Ok(body) => body,
        Err(reply) => return reply,
    };
    let mut changed = records.customers[place].clone();
    for (key, value) in &body {
        let fits = match (key.as_str(), value) {
            ("name", Value::String(name)) if !name.is_empty() => {
                changed.name.clone_from(name);
                true
            }
            ("currency", Value::String(currency)) if currency.len() == 3 => {
                changed.currency.clone_from(currency);
                true
            }
            ("aliases", Value::Array(list)) if list.iter().all(Value::is_string) => {
                changed.aliases = list
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect();
                true
            }
            ("contacts", Value::Array(list)) => match contacts(list, &changed) {
                Some(contacts) => {
                    changed.contacts = contacts;
                    true
                }
                None => false,
            },
            ("billing_address", Value::Null) => {
                changed.address = None;
                true
            }
            ("billing_address", Value::Object(given)) => {
                let text = |name: &str| given.get(name).and_then(Value::as_str).map(str::to_owned);
                changed.address = Some(crate::book::Address {
                    line1: text("line1").unwrap_or_default(),
                    line2: text("line2"),
                    city: text("city").unwrap_or_default(),
                    state: text("state").unwrap_or_default(),
                    postal_code: text("postal_code").unwrap_or_default(),
                    country: text("country").unwrap_or_default(),
                });
                true
            }
            // Unknown keys are ignored.
            (name, _) => !matches!(
                name,
                "name" | "currency" | "aliases" | "contacts" | "billing_address"
            ),
        };
        if !fits {
            return problem(400, &format!("Validation failed: {key} is not valid"));
        }
    }
    let taken = changed.aliases.iter().find(|alias| {
        records
            .by_alias
            .get(*alias)
            .is_some_and(|owner| *owner != place)
    });
    if let Some(alias) = taken {
        return problem(
            409,
            &format!("alias {alias} is already used by another customer"),
        );
    }
    changed.updated_at = crate::now::now().to_string();
    let answer = shape(&changed, true);
    records.customers[place] = changed;
    records.index_aliases();
    records.customer_orders.clear();
    Reply::json(200, &answer)
}

/// The new contact list; known ids are kept, new contacts get one.
fn contacts(list: &[Value], customer: &Customer) -> Option<Vec<Contact>> {
    let mut contacts = Vec::with_capacity(list.len());
    for (index, given) in list.iter().enumerate() {
        let text = |name: &str| given.get(name).and_then(Value::as_str).map(str::to_owned);
        contacts.push(Contact {
            id: text("id").unwrap_or_else(|| format!("cont_{}{}", customer.id, index + 1)),
            email: text("email")?,
            first_name: text("first_name"),
            last_name: text("last_name"),
            is_primary: given
                .get("is_primary")
                .and_then(Value::as_bool)
                .unwrap_or(index == 0),
        });
    }
    Some(contacts)
}

fn connect(records: &mut Records, place: usize, request: &Request) -> Reply {
    let body = match body(request) {
        Ok(body) => body,
        Err(reply) => return reply,
    };
    let text = |name: &str| {
        body.get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let (Some(external), Some(integration)) = (text("external_id"), text("integration_id")) else {
        return problem(
            400,
            "Validation failed: external_id and integration_id are required",
        );
    };
    if !super::integrations()
        .iter()
        .any(|row| row["id"] == integration.as_str())
    {
        return problem(404, "integration not found");
    }
    let owner = records.customers[place].id.clone();
    let used = records
        .links
        .iter()
        .any(|link| link.integration_id == integration && link.external_id == external);
    let has = records
        .links_of
        .get(&owner)
        .into_iter()
        .flatten()
        .any(|at| records.links[*at].integration_id == integration);
    if used || has {
        return problem(
            409,
            "a connected account already exists for this integration",
        );
    }
    let at = records.add_link(owner, integration, external);
    Reply::json(201, &link_shape(&records.links[at]))
}
