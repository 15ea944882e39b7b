//! Integrations, plans and tags.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::problem;
use super::paging;
use super::records::{Records, instant};
use crate::book::{SALESFORCE_INTEGRATION, STRIPE_INTEGRATION, Subscription};
use crate::reply::{Reply, Request};

/// The integrations of the simulated company.
pub(crate) fn integrations() -> [Value; 2] {
    [
        json!({"id": SALESFORCE_INTEGRATION, "provider": "salesforce", "description": "Fernhill", "created_at": "2024-05-14T08:30:00Z"}),
        json!({"id": STRIPE_INTEGRATION, "provider": "stripe", "description": "Card payments", "created_at": "2023-04-02T10:11:12Z"}),
    ]
}

/// `GET /integrations?provider=`.
pub(crate) fn integration_list(request: &Request) -> Reply {
    let provider = request.param("provider").filter(|text| !text.is_empty());
    let rows: Vec<Value> = integrations()
        .into_iter()
        .filter(|row| provider.is_none_or(|provider| row["provider"] == provider))
        .collect();
    Reply::json(200, &json!({"data": rows}))
}

/// `GET /integrations/{id}`.
pub(crate) fn integration(id: &str) -> Result<Reply, Reply> {
    let found = integrations().into_iter().find(|row| row["id"] == id);
    let row = found.ok_or_else(|| problem(404, "integration not found"))?;
    Ok(Reply::json(200, &row))
}

/// The plans subscriptions are on, by id; a plan is as old as its first subscription.
fn plans(records: &Records) -> Vec<Value> {
    let mut by_id: BTreeMap<&str, (&Subscription, jiff::Timestamp)> = BTreeMap::new();
    for subscription in records
        .subscriptions
        .iter()
        .filter(|s| !s.plan_id.is_empty())
    {
        let created = instant(&subscription.created_at);
        let oldest = by_id
            .entry(&subscription.plan_id)
            .or_insert((subscription, created));
        if created < oldest.1 {
            *oldest = (subscription, created);
        }
    }
    let shape = |(id, (first, _)): (&str, (&Subscription, jiff::Timestamp))| {
        json!({
            "id": id, "name": first.plan_name, "currency": first.currency,
            "created_at": first.created_at, "updated_at": first.created_at
        })
    };
    by_id.into_iter().map(shape).collect()
}

/// `GET /plans`.
pub(crate) fn plan_list(records: &Records, request: &Request) -> Result<Reply, Reply> {
    paging::list(request, plans(records))
}

/// `GET /plans/{id}`.
pub(crate) fn plan(records: &Records, id: &str) -> Result<Reply, Reply> {
    let found = plans(records).into_iter().find(|row| row["id"] == id);
    let row = found.ok_or_else(|| problem(404, "plan not found"))?;
    Ok(Reply::json(200, &row))
}

/// `GET /tags`: the simulated company uses none.
pub(crate) fn tags(request: &Request) -> Result<Reply, Reply> {
    paging::list(request, Vec::<Value>::new())
}
