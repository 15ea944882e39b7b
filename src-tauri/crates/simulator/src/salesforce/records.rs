//! Single records: `/sobjects/{SObject}[/{id} | /{field}/{value}]`.

use rusqlite::OptionalExtension;
use serde_json::{Map, Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::collections::body;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::values::{self, Refusal, to_json};
use crate::salesforce::write::Written;
use crate::salesforce::{describe, ids};

/// Routes under `/sobjects`.
pub(crate) fn route(
    org: &mut Org,
    version: &str,
    request: &Request,
    rest: &[&str],
) -> Result<Reply, CallError> {
    let method = request.method.as_str();
    let Some((sobject, rest)) = rest.split_first() else {
        let list: Vec<Value> = org
            .schema
            .objects
            .iter()
            .filter(|object| object.readable && !object.tooling_only)
            .map(|object| describe::entry(object, version))
            .collect();
        return Ok(Reply::json(
            200,
            &json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": list}),
        ));
    };
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    let name = object.name.clone();
    match (method, rest) {
        ("GET", []) => Ok(Reply::json(
            200,
            &json!({"objectDescribe": describe::entry(object, version), "recentItems": []}),
        )),
        ("GET", ["describe"]) => Ok(Reply::json(
            200,
            &describe::full(&org.schema, object, version)?,
        )),
        ("POST", []) => create(org, version, &name, request),
        ("GET", [id]) => {
            let fields: Option<Vec<String>> = request.param("fields").map(|list| {
                list.split(',')
                    .map(|field| field.trim().to_owned())
                    .collect()
            });
            let id = known(org, &name, id)?;
            Ok(Reply::json(
                200,
                &read(org, version, &name, &id, fields.as_deref())?,
            ))
        }
        ("PATCH", [id]) => {
            let id = known(org, &name, id)?;
            let row = body(request)?;
            let writer = org.signed_in();
            let object = org.schema.object(&name).ok_or_else(CallError::not_found)?;
            if let Some(key) = row.keys().find(|key| key.eq_ignore_ascii_case("id")) {
                return Err(CallError::bad(
                    "INVALID_FIELD",
                    format!("The {key} field should not be specified in the sobject data."),
                ));
            }
            let checked = org.check(object, &row, false, &writer)?;
            let written = in_transaction(org, request, |org| {
                checked.and_then(|checked| org.update(&name, &id, checked, &writer))
            })?;
            drop(written);
            Ok(Reply::empty(204))
        }
        ("DELETE", [id]) => {
            let id = known(org, &name, id)?;
            in_transaction(org, request, |org| {
                org.delete(&name, &id)
                    .map(|id| Written { id, created: false })
            })?;
            Ok(Reply::empty(204))
        }
        ("GET", [field, value]) => {
            let id = by_key(org, &name, field, value)?.ok_or_else(CallError::not_found)?;
            Ok(Reply::json(200, &read(org, version, &name, &id, None)?))
        }
        ("PATCH", [field, value]) => upsert(org, version, &name, field, value, request),
        _ => Err(CallError::new(
            405,
            "METHOD_NOT_ALLOWED",
            format!("HTTP Method '{method}' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE"),
        )),
    }
}

fn in_transaction(
    org: &mut Org,
    request: &Request,
    write: impl FnOnce(&mut Org) -> Result<Written, crate::salesforce::errors::RowError>,
) -> Result<Written, CallError> {
    if let Some(fault) = &request.row_errors {
        return Err(CallError {
            status: 400,
            code: fault.status_code.clone(),
            message: fault.message.clone(),
            fields: Some(Vec::new()),
        });
    }
    org.db.execute_batch("BEGIN")?;
    let written = write(org);
    org.db.execute_batch(if written.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    })?;
    org.refresh_field_access()?;
    written.map_err(crate::salesforce::errors::RowError::into_call)
}

/// The canonical id of a living record, or Salesforce's 404.
fn known(org: &Org, sobject: &str, id: &str) -> Result<String, CallError> {
    let missing = || {
        CallError::new(
            404,
            "NOT_FOUND",
            format!("Provided external ID field does not exist or is not accessible: {id}"),
        )
    };
    let canonical = ids::canonical(id).ok_or_else(missing)?;
    match org.living(sobject, &canonical) {
        Ok(id) => Ok(id),
        Err(error) if error.status_code == "ENTITY_IS_DELETED" => Err(error.into_call()),
        Err(_) => Err(CallError::not_found()),
    }
}

fn create(org: &mut Org, version: &str, name: &str, request: &Request) -> Result<Reply, CallError> {
    let row = body(request)?;
    let writer = org.signed_in();
    let object = org.schema.object(name).ok_or_else(CallError::not_found)?;
    if !object.writable {
        return Err(CallError::bad(
            "INVALID_TYPE_FOR_OPERATION",
            format!("entity type {name} does not support create"),
        ));
    }
    let checked = org.check(object, &row, true, &writer)?;
    let written = in_transaction(org, request, |org| {
        checked.and_then(|checked| org.create(name, checked, &writer))
    })?;
    let location = format!("/services/data/v{version}/sobjects/{name}/{}", written.id);
    Ok(Reply::json(
        201,
        &json!({"id": written.id, "success": true, "errors": []}),
    )
    .with("location", location))
}

fn key_cell(
    org: &Org,
    sobject: &str,
    field: &str,
    value: &str,
) -> Result<(String, rusqlite::types::Value), CallError> {
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    let field = object
        .field(field)
        .filter(|field| field.external_id || field.id_lookup)
        .ok_or_else(|| {
            CallError::new(
                404,
                "NOT_FOUND",
                format!("Provided external ID field does not exist or is not accessible: {field}"),
            )
        })?;
    match values::to_cell(field, &Value::from(value)) {
        Ok(cell) => Ok((field.name.clone(), cell)),
        Err(Refusal::Row(error)) => Err(error.into_call()),
        Err(Refusal::Call(error)) => Err(error),
    }
}

fn by_key(org: &Org, sobject: &str, field: &str, value: &str) -> Result<Option<String>, CallError> {
    let (field, cell) = key_cell(org, sobject, field, value)?;
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    Ok(org.find(object, &field, &cell)?.into_iter().next())
}

fn upsert(
    org: &mut Org,
    version: &str,
    name: &str,
    field: &str,
    value: &str,
    request: &Request,
) -> Result<Reply, CallError> {
    let row = body(request)?;
    let (field, cell) = key_cell(org, name, field, value)?;
    if row.keys().any(|key| key.eq_ignore_ascii_case(&field)) {
        return Err(CallError::bad(
            "INVALID_FIELD",
            format!("The {field} field should not be specified in the sobject data."),
        ));
    }
    let object = org.schema.object(name).ok_or_else(CallError::not_found)?;
    let matches = org.find(object, &field, &cell)?;
    if matches.len() > 1 {
        let links: Vec<String> = matches
            .iter()
            .map(|id| format!("/services/data/v{version}/sobjects/{name}/{id}"))
            .collect();
        return Ok(Reply::json(300, &links));
    }
    if matches.is_empty() && request.param("updateOnly") == Some("true") {
        return Err(CallError::not_found());
    }
    let writer = org.signed_in();
    let mut call_error = None;
    let written = in_transaction(org, request, |org| {
        match org.upsert(name, &field, &cell, &row, &writer) {
            Ok(outcome) => outcome,
            Err(error) => {
                let row = crate::salesforce::errors::RowError::new(
                    &error.code,
                    error.message.clone(),
                    &[],
                );
                call_error = Some(error);
                Err(row)
            }
        }
    });
    if let Some(error) = call_error {
        return Err(error);
    }
    let written = written?;
    let status = if written.created { 201 } else { 200 };
    Ok(Reply::json(
        status,
        &json!({"id": written.id, "success": true, "errors": [], "created": written.created}),
    ))
}

/// A record as JSON: the given fields, or all the user sees.
pub(crate) fn read(
    org: &Org,
    version: &str,
    sobject: &str,
    id: &str,
    wanted: Option<&[String]>,
) -> Result<Value, CallError> {
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    let mut fields = Vec::new();
    match wanted {
        Some(names) => {
            for name in names {
                let field = object.field(name).ok_or_else(|| {
                    CallError::bad(
                        "INVALID_FIELD",
                        format!("No such column '{name}' on sobject of type {sobject}"),
                    )
                })?;
                fields.push(field);
            }
            if let Some(id) = object
                .field("Id")
                .filter(|_| !fields.iter().any(|field| field.name == "Id"))
            {
                fields.push(id);
            }
        }
        None => fields.extend(object.fields.iter().filter(|field| field.visible())),
    }
    fields.retain(|field| field.stored());
    let columns: Vec<String> = fields
        .iter()
        .map(|field| format!("\"{}\"", field.name))
        .collect();
    let sql = format!(
        "SELECT {} FROM \"{}\" WHERE Id = ?1",
        columns.join(", "),
        object.name
    );
    let record = org
        .db
        .prepare_cached(&sql)?
        .query_row([id], |row| {
            let mut record = Map::new();
            for (index, field) in fields.iter().enumerate() {
                record.insert(field.name.clone(), to_json(field.kind, row.get(index)?));
            }
            Ok(record)
        })
        .optional()?;
    let Some(mut record) = record else {
        return Err(CallError::not_found());
    };
    record.insert(
        "attributes".to_owned(),
        json!({"type": object.name, "url": format!("/services/data/v{version}/sobjects/{}/{id}", object.name)}),
    );
    Ok(Value::Object(record))
}
