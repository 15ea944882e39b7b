//! Single records: `/sobjects/{SObject}[/{id} | /{field}/{value} | /updated | /deleted | /describe]`.

use serde_json::{Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::clock;
use crate::salesforce::collections::body;
use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::org::Org;
use crate::salesforce::read::read;
use crate::salesforce::values::{self, Refusal};
use crate::salesforce::write::Written;
use crate::salesforce::{describe, freshness, ids, replication, row_faults};

/// From this version on an upsert that updates answers 200 with a body.
const UPSERT_WITH_BODY: u32 = 46;

/// Routes under `/sobjects`.
pub(crate) fn route(
    org: &mut Org,
    version: &str,
    request: &Request,
    rest: &[&str],
) -> Result<Reply, CallError> {
    let method = request.method.as_str();
    let Some((sobject, rest)) = rest.split_first() else {
        return Ok(describe::global(org, version));
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
        ("GET", ["describe"]) => describe::answer(org, request, &name, version),
        ("GET", ["updated"]) => replication::updated(org, &name, request),
        ("GET", ["deleted"]) => replication::deleted(org, &name, request),
        ("POST", []) => create(org, version, &name, request),
        ("GET", [id]) => {
            let id = known(org, &name, id)?;
            answer(org, version, &name, &id, request)
        }
        ("PATCH", [id]) => {
            let id = known(org, &name, id)?;
            update(org, &name, &id, request)
        }
        ("DELETE", [id]) => {
            let id = known(org, &name, id)?;
            delete(org, &name, &id, request)
        }
        ("GET", [field, value]) => match by_key(org, version, &name, field, value)? {
            Found::One(id) => answer(org, version, &name, &id, request),
            Found::Several(reply) => Ok(reply),
        },
        ("DELETE", [field, value]) => match by_key(org, version, &name, field, value)? {
            Found::One(id) => delete(org, &name, &id, request),
            Found::Several(reply) => Ok(reply),
        },
        ("PATCH", [field, value]) => upsert(org, version, &name, field, value, request),
        _ => Err(CallError::not_found()),
    }
}

fn write(
    org: &mut Org,
    request: &Request,
    write: impl FnOnce(&mut Org) -> Result<Written, RowError>,
) -> Result<Written, CallError> {
    if let Some(error) = row_faults::refusal(request.row_errors.as_ref()) {
        return Err(error.into_call());
    }
    let written = org.atomically(write).map_err(RowError::into_call)?;
    org.settle_access()?;
    Ok(written)
}

/// The canonical id of a living record, or Salesforce's 404.
fn known(org: &Org, sobject: &str, id: &str) -> Result<String, CallError> {
    let canonical = ids::canonical(id).ok_or_else(|| unknown_key(id))?;
    match org.living(sobject, &canonical) {
        Ok(id) => Ok(id),
        Err(error) if error.status_code == "ENTITY_IS_DELETED" => Err(error.into_call()),
        Err(_) => Err(CallError::not_found()),
    }
}

fn unknown_key(text: &str) -> CallError {
    CallError::new(
        404,
        "NOT_FOUND",
        format!("Provided external ID field does not exist or is not accessible: {text}"),
    )
}

/// A record by id; 304 when the client has seen its newest state.
fn answer(
    org: &Org,
    version: &str,
    name: &str,
    id: &str,
    request: &Request,
) -> Result<Reply, CallError> {
    let fields: Option<Vec<String>> = request.param("fields").map(|list| {
        list.split(',')
            .map(|field| field.trim().to_owned())
            .collect()
    });
    let record = read(org, version, name, id, fields.as_deref())?;
    let reply = Reply::json(200, &record);
    let changed = record
        .text("LastModifiedDate")
        .and_then(|at| clock::parse(&at));
    Ok(match changed {
        Some(at) => {
            freshness::conditional(request, reply, &format!("\"{}\"", at.as_millisecond()), at)
        }
        None => reply,
    })
}

fn update(org: &mut Org, name: &str, id: &str, request: &Request) -> Result<Reply, CallError> {
    let row = body(request)?;
    let writer = org.signed_in().asked_by(request);
    let object = org.schema.object(name).ok_or_else(CallError::not_found)?;
    if !object.writable {
        return Err(unsupported(name, "update"));
    }
    if let Some(key) = row.keys().find(|key| key.eq_ignore_ascii_case("id")) {
        return Err(CallError::bad(
            "INVALID_FIELD",
            format!("The {key} field should not be specified in the sobject data."),
        ));
    }
    let checked = org.check(object, &row, false, &writer)?;
    write(org, request, |org| {
        checked.and_then(|checked| org.update(name, id, checked, &writer))
    })?;
    Ok(Reply::empty(204))
}

fn delete(org: &mut Org, name: &str, id: &str, request: &Request) -> Result<Reply, CallError> {
    if org
        .schema
        .object(name)
        .is_some_and(|object| !object.writable)
    {
        return Err(unsupported(name, "delete"));
    }
    write(org, request, |org| {
        org.delete_signed_in(name, id)
            .map(|id| Written { id, created: false })
    })?;
    Ok(Reply::empty(204))
}

fn unsupported(name: &str, what: &str) -> CallError {
    CallError::bad(
        "INVALID_TYPE_FOR_OPERATION",
        format!("entity type {name} does not support {what}"),
    )
}

fn create(org: &mut Org, version: &str, name: &str, request: &Request) -> Result<Reply, CallError> {
    let row = body(request)?;
    let writer = org.signed_in().asked_by(request);
    let object = org.schema.object(name).ok_or_else(CallError::not_found)?;
    if !object.writable {
        return Err(unsupported(name, "create"));
    }
    let checked = org.check(object, &row, true, &writer)?;
    let written = write(org, request, |org| {
        checked.and_then(|checked| org.create(name, checked, &writer))
    })?;
    Ok(created(version, name, &written, false))
}

fn created(version: &str, name: &str, written: &Written, upsert: bool) -> Reply {
    let mut body = json!({"id": written.id, "success": true, "errors": []});
    if upsert {
        body["created"] = Value::from(written.created);
    }
    let reply = Reply::json(if written.created { 201 } else { 200 }, &body);
    if written.created {
        let location = format!("/services/data/v{version}/sobjects/{name}/{}", written.id);
        reply.with("location", location)
    } else {
        reply
    }
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
        .ok_or_else(|| unknown_key(field))?;
    match values::to_cell(field, &Value::from(value)) {
        Ok(cell) => Ok((field.name.clone(), cell)),
        Err(Refusal::Row(error)) => Err(error.into_call()),
        Err(Refusal::Call(error)) => Err(error),
    }
}

enum Found {
    One(String),
    /// 300 with a link to each.
    Several(Reply),
}

fn by_key(
    org: &Org,
    version: &str,
    sobject: &str,
    field: &str,
    value: &str,
) -> Result<Found, CallError> {
    let (field, cell) = key_cell(org, sobject, field, value)?;
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    let mut matches = org.find(object, &field, &cell)?;
    match (matches.pop(), matches.is_empty()) {
        (None, _) => Err(CallError::not_found()),
        (Some(id), true) => Ok(Found::One(id)),
        (Some(last), false) => {
            matches.push(last);
            Ok(Found::Several(choices(version, sobject, &matches)))
        }
    }
}

fn choices(version: &str, name: &str, matches: &[String]) -> Reply {
    let links: Vec<String> = matches
        .iter()
        .map(|id| format!("/services/data/v{version}/sobjects/{name}/{id}"))
        .collect();
    Reply::json(300, &links)
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
    if !object.writable {
        return Err(unsupported(name, "upsert"));
    }
    let matches = org.find(object, &field, &cell)?;
    if matches.len() > 1 {
        return Ok(choices(version, name, &matches));
    }
    if matches.is_empty() && request.param("updateOnly") == Some("true") {
        return Err(CallError::not_found());
    }
    let writer = org.signed_in().asked_by(request);
    let mut call_error = None;
    let written = write(org, request, |org| {
        match org.upsert(name, &field, &cell, &row, &writer) {
            Ok(outcome) => outcome,
            Err(error) => {
                let row = RowError::new(&error.code, error.message.clone(), &[]);
                call_error = Some(error);
                Err(row)
            }
        }
    });
    if let Some(error) = call_error {
        return Err(error);
    }
    let written = written?;
    let number: u32 = version
        .split('.')
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(UPSERT_WITH_BODY);
    if !written.created && number < UPSERT_WITH_BODY {
        return Ok(Reply::empty(204));
    }
    Ok(created(version, name, &written, true))
}
