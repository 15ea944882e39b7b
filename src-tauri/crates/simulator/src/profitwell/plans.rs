//! Plans made through the API (facts/profitwell.md §2.7).

use serde_json::{Value, json};

use super::answer::{invalid, not_found};
use super::fields::Fields;
use super::ledger::Ledger;
use super::subscriptions::MAX_PLAN;
use crate::reply::{Reply, Request};

/// Longest name, in characters.
const MAX_NAME: usize = 75;

fn shape(id: &str, name: &str) -> Value {
    json!({"id": id, "name": name})
}

/// `GET /v2/plans/`.
pub(crate) fn list(ledger: &Ledger) -> Reply {
    let plans: Vec<Value> = ledger
        .plans
        .iter()
        .map(|(id, name)| shape(id, name))
        .collect();
    Reply::json(200, &plans)
}

/// `GET /v2/plans/{id}/`.
pub(crate) fn get(ledger: &Ledger, id: &str) -> Result<Reply, Reply> {
    let name = ledger.plans.get(id).ok_or_else(not_found)?;
    Ok(Reply::json(200, &shape(id, name)))
}

/// `POST /v2/plans/`.
pub(crate) fn create(ledger: &mut Ledger, request: &Request) -> Result<Reply, Reply> {
    let mut fields = Fields::of_body(request)?;
    let id = fields.text("id", MAX_PLAN);
    let name = fields.text("name", MAX_NAME);
    fields.check()?;
    let (id, name) = id.zip(name).ok_or_else(not_found)?;
    if ledger.plans.contains_key(&id) {
        return Err(invalid("id", "plan with this id already exists."));
    }
    let reply = Reply::json(201, &shape(&id, &name));
    ledger.plans.insert(id, name);
    Ok(reply)
}

/// `PUT /v2/plans/{id}/` with `{"name"}`.
pub(crate) fn update(ledger: &mut Ledger, id: &str, request: &Request) -> Result<Reply, Reply> {
    if !ledger.plans.contains_key(id) {
        return Err(not_found());
    }
    let mut fields = Fields::of_body(request)?;
    let name = fields.text("name", MAX_NAME);
    fields.check()?;
    let name = name.ok_or_else(not_found)?;
    let reply = Reply::json(200, &shape(id, &name));
    ledger.plans.insert(id.to_owned(), name);
    Ok(reply)
}
