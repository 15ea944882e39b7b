//! Routes under `/sim` that only an org has.

use serde_json::{Map, Value, json};

use crate::control::wrong;
use crate::reply::{Reply, Request};
use crate::salesforce::oauth;
use crate::salesforce::org::Org;

/// What the index says of them.
pub(crate) const ROUTES: &[(&str, &str)] = &[
    (
        "GET /sim/records/{SObject}?limit=N",
        "live records with every stored field, also unseen ones",
    ),
    oauth::ROUTES[0],
    oauth::ROUTES[1],
];

/// Records given when no limit is asked for.
const SOME: usize = 100;

/// Answers them; `None` for any other.
pub(crate) fn answer(org: &mut Org, request: &Request) -> Option<Reply> {
    let rest: Vec<&str> = request
        .segments
        .iter()
        .skip(1)
        .map(String::as_str)
        .collect();
    match (request.method.as_str(), &rest[..]) {
        ("GET", ["records"]) => Some(Reply::json(200, &counts(org))),
        ("GET", ["records", sobject]) => Some(records(org, request, sobject)),
        (_, ["oauth"]) => oauth::control(org, request),
        _ => None,
    }
}

/// Live records of every sObject that has any.
pub(crate) fn counts(org: &Org) -> Map<String, Value> {
    org.schema
        .objects
        .iter()
        .filter_map(|object| Some((object.name.clone(), org.count(&object.name).ok()?)))
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| (name, Value::from(count)))
        .collect()
}

fn records(org: &Org, request: &Request, sobject: &str) -> Reply {
    let limit = match request.param("limit").map(str::parse::<usize>) {
        None => SOME,
        Some(Ok(limit)) => limit,
        Some(Err(_)) => return wrong(400, "limit must be a whole number."),
    };
    match org.some_records(sobject, limit) {
        Ok(records) => Reply::json(
            200,
            &json!({"count": org.count(sobject).unwrap_or_default(), "records": records}),
        ),
        Err(error) => wrong(404, &error.to_string()),
    }
}
