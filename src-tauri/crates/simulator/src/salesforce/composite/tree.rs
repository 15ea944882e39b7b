//! `/composite/tree/{SObject}`: records with their children, all or none of them created.

use serde_json::{Value, json};

use super::refused;
use crate::reply::{Reply, Request};
use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::org::Org;
use crate::salesforce::row_faults;
use crate::salesforce::write::{Values, Writer};

/// Most records of a tree and most levels.
const MOST: usize = 200;
const DEEPEST: usize = 5;

/// A record waiting to be created.
struct Node {
    sobject: String,
    reference: String,
    values: Values,
    /// Place of the parent in the list, and the field that points at it.
    parent: Option<(usize, String)>,
}

/// `POST /composite/tree/{SObject}`.
pub(super) fn create(org: &mut Org, sobject: &str, request: &Request) -> Result<Reply, CallError> {
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    let name = object.name.clone();
    let mut body = crate::salesforce::collections::body(request)?;
    let Some(Value::Array(records)) = body.remove("records") else {
        return Err(refused("The request must contain a list of records."));
    };
    let mut nodes = Vec::new();
    for record in records {
        gather(org, &name, record, None, 1, &mut nodes)?;
    }
    if nodes.is_empty() || nodes.len() > MOST {
        return Err(refused(format!(
            "A tree must contain between 1 and {MOST} records."
        )));
    }
    let writer = org.signed_in().asked_by(request);
    let created = org.atomically(|org| create_all(org, request, &nodes, &writer));
    org.settle_access()?;
    match created {
        Ok(ids) => {
            let results: Vec<Value> = nodes
                .iter()
                .zip(ids)
                .map(|(node, id)| json!({"referenceId": node.reference, "id": id}))
                .collect();
            Ok(Reply::json(
                201,
                &json!({"hasErrors": false, "results": results}),
            ))
        }
        Err(Stop::Rows(errors)) => {
            let results: Result<Vec<Value>, serde_json::Error> = errors
                .iter()
                .map(|(place, error)| {
                    Ok(json!({"referenceId": nodes[*place].reference, "errors": [serde_json::to_value(error)?]}))
                })
                .collect();
            Ok(Reply::json(
                400,
                &json!({"hasErrors": true, "results": results?}),
            ))
        }
        Err(Stop::Call(error)) => Err(error),
    }
}

enum Stop {
    Call(CallError),
    Rows(Vec<(usize, RowError)>),
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Call(error.into())
    }
}

/// Creates parents before children. A failed record's children are not tried.
fn create_all(
    org: &mut Org,
    request: &Request,
    nodes: &[Node],
    writer: &Writer,
) -> Result<Vec<String>, Stop> {
    let mut ids: Vec<Option<String>> = Vec::with_capacity(nodes.len());
    let mut errors = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        let mut values = node.values.clone();
        if let Some((parent, field)) = &node.parent {
            let Some(id) = &ids[*parent] else {
                ids.push(None);
                continue;
            };
            values.insert(field.clone(), Value::from(id.as_str()));
        }
        let object = org
            .schema
            .object(&node.sobject)
            .ok_or_else(|| Stop::Call(CallError::not_found()))?;
        if !object.writable {
            return Err(Stop::Call(refused(format!(
                "entity type {} does not support create",
                node.sobject
            ))));
        }
        let created = match row_faults::refusal(request.row_errors.as_ref()) {
            Some(error) => Err(error),
            None => org
                .check(object, &values, true, writer)
                .map_err(Stop::Call)?
                .and_then(|checked| org.create(&node.sobject, checked, writer)),
        };
        match created {
            Ok(written) => ids.push(Some(written.id)),
            Err(error) => {
                ids.push(None);
                errors.push((place, error));
            }
        }
    }
    if errors.is_empty() {
        Ok(ids.into_iter().flatten().collect())
    } else {
        Err(Stop::Rows(errors))
    }
}

fn gather(
    org: &Org,
    sobject: &str,
    record: Value,
    parent: Option<(usize, String)>,
    level: usize,
    nodes: &mut Vec<Node>,
) -> Result<(), CallError> {
    if level > DEEPEST {
        return Err(refused(format!(
            "A tree can be at most {DEEPEST} levels deep."
        )));
    }
    let Value::Object(mut record) = record else {
        return Err(refused("Every record must be a JSON object."));
    };
    let attributes = record.remove("attributes").unwrap_or_default();
    let reference = attributes["referenceId"].as_str().unwrap_or_default();
    let kind = attributes["type"].as_str().unwrap_or_default();
    if reference.is_empty() || nodes.iter().any(|node| node.reference == reference) {
        return Err(refused(format!(
            "Every record needs a referenceId of its own, not '{reference}'."
        )));
    }
    if !kind.eq_ignore_ascii_case(sobject) {
        return Err(refused(format!(
            "Record {reference} is of type '{kind}' where {sobject} is expected."
        )));
    }
    let lists: Vec<String> = record
        .iter()
        .filter(|(_, value)| value.get("records").is_some_and(Value::is_array))
        .map(|(name, _)| name.clone())
        .collect();
    let mut below = Vec::new();
    for name in lists {
        let named =
            |known: Option<String>| known.is_some_and(|known| known.eq_ignore_ascii_case(&name));
        let child = org
            .schema
            .children(sobject)
            .find(|child| named(child.relationship.clone()))
            .ok_or_else(|| {
                CallError::bad(
                    "INVALID_FIELD",
                    format!("No such relationship '{name}' on sobject of type {sobject}"),
                )
            })?;
        let (kind, field) = (child.sobject, child.field);
        if let Some(Value::Array(list)) = record
            .remove(&name)
            .and_then(|mut value| value.get_mut("records").map(Value::take))
        {
            below.push((kind, field, list));
        }
    }
    let place = nodes.len();
    nodes.push(Node {
        sobject: sobject.to_owned(),
        reference: reference.to_owned(),
        values: record,
        parent,
    });
    for (kind, field, list) in below {
        for record in list {
            gather(
                org,
                &kind,
                record,
                Some((place, field.clone())),
                level + 1,
                nodes,
            )?;
        }
    }
    Ok(())
}
