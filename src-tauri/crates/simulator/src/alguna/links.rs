//! Connected accounts: which record of another system a customer is (facts/alguna.md §2.2).

use serde_json::{Value, json};

use super::answer::{body, problem, text};
use super::catalogue::integrations;
use super::records::{Link, Records};
use crate::reply::{Reply, Request};

fn shape(link: &Link) -> Value {
    json!({
        "id": link.id, "customer_id": link.customer_id, "integration_id": link.integration_id,
        "external_id": link.external_id
    })
}

/// `GET /customers/{id}/connected-accounts`.
pub(crate) fn list(records: &Records, place: usize) -> Reply {
    let own = records.links_of(&records.customers[place].id);
    let rows: Vec<Value> = own.map(shape).collect();
    Reply::json(200, &json!({"data": rows}))
}

/// `POST /customers/{id}/connected-accounts`.
pub(crate) fn create(
    records: &mut Records,
    place: usize,
    request: &Request,
) -> Result<Reply, Reply> {
    let body = body(request)?;
    let external = text(&body, "", "external_id")?;
    let integration = text(&body, "", "integration_id")?;
    if !integrations()
        .iter()
        .any(|row| row["id"] == integration.as_str())
    {
        return Err(problem(404, "integration not found"));
    }
    let owner = records.customers[place].id.clone();
    let has = records
        .links_of(&owner)
        .any(|link| link.integration_id == integration);
    if has || records.is_linked(&integration, &external) {
        let detail = "a connected account already exists for this integration";
        return Err(problem(409, detail));
    }
    let link = records.add_link(owner, integration, external);
    Ok(Reply::json(201, &shape(link)))
}

/// `DELETE /customers/{id}/connected-accounts/{connected account}`: the mapping only.
pub(crate) fn delete(records: &mut Records, place: usize, id: &str) -> Result<Reply, Reply> {
    let owner = records.customers[place].id.clone();
    if records.remove_link(&owner, id) {
        Ok(Reply::empty(204))
    } else {
        Err(problem(404, "connected account not found"))
    }
}
