//! `/tooling/sobjects/CustomField`: one field at a time, by the same rules as a deploy
//! (facts/salesforce.md §7.1).

use serde_json::{Map, Value, json};

use super::catalog;
use crate::reply::{Reply, Request};
use crate::salesforce::collections::body;
use crate::salesforce::errors::CallError;
use crate::salesforce::metadata::{self, CustomField, Refused};
use crate::salesforce::org::Org;
use crate::salesforce::{describe, records};

pub(super) fn route(
    org: &mut Org,
    request: &Request,
    version: &str,
    rest: &[&str],
) -> Result<Reply, CallError> {
    let here = format!("{version}/tooling");
    match (request.method.as_str(), rest) {
        ("GET", [] | ["describe"]) => {
            let object = org
                .schema
                .object("CustomField")
                .ok_or_else(CallError::not_found)?;
            Ok(Reply::json(
                200,
                &match rest {
                    [] => {
                        json!({"objectDescribe": describe::entry(object, &here), "recentItems": []})
                    }
                    _ => describe::full(org, object, &here)?,
                },
            ))
        }
        ("GET", _) => {
            catalog::refresh(org, |table| {
                matches!(table, "customfield" | "entitydefinition")
            })?;
            let mut path = vec!["CustomField"];
            path.extend(rest);
            records::route(org, &here, request, &path)
        }
        ("POST", []) => create(org, request, version),
        ("PATCH", [id]) => change(org, request, id),
        ("DELETE", [id]) => {
            check_permission(org)?;
            let (sobject, name) = find(org, id)?;
            all_or_nothing(org, |org| {
                metadata::delete_field(org, &sobject, &name, false)
            })?;
            Ok(Reply::empty(204))
        }
        _ => Err(CallError::new(
            405,
            "METHOD_NOT_ALLOWED",
            format!(
                "HTTP Method '{}' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE",
                request.method
            ),
        )),
    }
}

fn check_permission(org: &Org) -> Result<(), CallError> {
    if org.permits("PermissionsCustomizeApplication")? {
        return Ok(());
    }
    Err(CallError::new(
        403,
        "INSUFFICIENT_ACCESS",
        "insufficient access rights on object id",
    ))
}

/// Object and name of the field with this id.
fn find(org: &mut Org, id: &str) -> Result<(String, String), CallError> {
    metadata::complete(org);
    let short = id.get(..15).unwrap_or(id);
    org.schema
        .objects
        .iter()
        .flat_map(|object| object.fields.iter().map(move |field| (object, field)))
        .find(|(_, field)| {
            field
                .definition
                .as_deref()
                .is_some_and(|definition| definition.id.get(..15) == Some(short))
        })
        .map(|(object, field)| (object.name.clone(), field.name.clone()))
        .ok_or_else(CallError::not_found)
}

/// The field a body states: object, and metadata with the field's name.
fn stated(row: &Map<String, Value>) -> Result<(String, CustomField), CallError> {
    let full_name = row
        .get("FullName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let Some((sobject, name)) = full_name.split_once('.') else {
        return Err(refused(
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [FullName]",
            &["FullName"],
        ));
    };
    let Some(stated) = row.get("Metadata").filter(|value| value.is_object()) else {
        return Err(refused(
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [Metadata]",
            &["Metadata"],
        ));
    };
    let node = metadata::from_json("Metadata", stated);
    let mut field = CustomField::read(&node)
        .map_err(|problem| CallError::bad("JSON_PARSER_ERROR", problem.message))?;
    name.clone_into(&mut field.full_name);
    Ok((sobject.to_owned(), field))
}

fn refused(code: &str, message: &str, fields: &[&str]) -> CallError {
    CallError {
        fields: Some(fields.iter().map(|&field| field.to_owned()).collect()),
        ..CallError::bad(code, message)
    }
}

fn create(org: &mut Org, request: &Request, version: &str) -> Result<Reply, CallError> {
    check_permission(org)?;
    let row = body(request)?;
    let (sobject, field) = stated(&row)?;
    let known = org
        .schema
        .any_object(&sobject)
        .filter(|object| object.any_field(&field.full_name).is_some());
    if let Some(object) = known {
        return Err(refused(
            "DUPLICATE_DEVELOPER_NAME",
            &format!(
                "There is already a field named {} on {}.",
                field.label.as_deref().unwrap_or(&field.full_name),
                object.label
            ),
            &["FullName"],
        ));
    }
    let (id, _) = all_or_nothing(org, |org| metadata::put_field(org, &sobject, &field))?;
    let id = id.unwrap_or_default();
    Ok(Reply::json(
        201,
        &json!({"id": id, "success": true, "errors": [], "warnings": [], "infos": []}),
    )
    .with(
        "location",
        format!("/services/data/v{version}/tooling/sobjects/CustomField/{id}"),
    ))
}

fn change(org: &mut Org, request: &Request, id: &str) -> Result<Reply, CallError> {
    check_permission(org)?;
    let (sobject, name) = find(org, id)?;
    let mut row = body(request)?;
    row.entry("FullName")
        .or_insert_with(|| Value::from(format!("{sobject}.{name}")));
    let (named, mut field) = stated(&row)?;
    if !named.eq_ignore_ascii_case(&sobject) || !field.full_name.eq_ignore_ascii_case(&name) {
        return Err(refused(
            "FIELD_INTEGRITY_EXCEPTION",
            "The FullName of an existing field can't be changed here",
            &["FullName"],
        ));
    }
    field.full_name = name;
    all_or_nothing(org, |org| metadata::put_field(org, &sobject, &field))?;
    Ok(Reply::empty(204))
}

/// Does all of it or nothing, the schema included.
fn all_or_nothing<T>(
    org: &mut Org,
    work: impl FnOnce(&mut Org) -> Result<T, Refused>,
) -> Result<T, CallError> {
    let (schema, ids) = (org.schema.clone(), org.ids.clone());
    let done = org.atomically(work);
    if done.is_err() {
        org.schema = schema;
        org.ids = ids;
    }
    org.refresh_field_access()?;
    done.map_err(|error| match error {
        Refused::Call(error) => error,
        Refused::Problem(problem) => refused("FIELD_INTEGRITY_EXCEPTION", &problem.message, &[]),
    })
}
