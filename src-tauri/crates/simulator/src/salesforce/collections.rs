//! sObject Collections: up to 200 records a call, one outcome per row (facts/salesforce.md §5).

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::reply::{Reply, Request};
use crate::salesforce::SharedOrg;
use crate::salesforce::contention::{self, Contention};
use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::ids;
use crate::salesforce::json_body;
use crate::salesforce::org::Org;
use crate::salesforce::read::read;
use crate::salesforce::row_faults;
use crate::salesforce::values::{self, Refusal};
use crate::salesforce::write::{Values, Writer, Written};

/// Most records one call may carry.
const MAX_ROWS: usize = 200;

#[derive(Serialize)]
struct RowResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    success: bool,
    errors: Vec<RowError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<bool>,
}

enum Action<'a> {
    Create,
    Update,
    Upsert { sobject: &'a str, key: &'a str },
    Delete,
}

/// The write a request of this method and path is.
fn action<'a>(method: &str, rest: &[&'a str]) -> Option<Action<'a>> {
    match (method, rest) {
        ("POST", []) => Some(Action::Create),
        ("PATCH", []) => Some(Action::Update),
        ("PATCH", [sobject, key]) => Some(Action::Upsert { sobject, key }),
        ("DELETE", []) => Some(Action::Delete),
        _ => None,
    }
}

/// Routes under `/composite/sobjects` of an org nobody has locked yet: the body of a write is read
/// before the lock is taken, and the answer rendered after.
pub(crate) fn route_shared(
    shared: &SharedOrg,
    version: &str,
    request: &Request,
    rest: &[&str],
) -> Result<Reply, CallError> {
    let Some(action) = action(&request.method, rest) else {
        return route(&mut shared.lock(), version, request, rest);
    };
    let (rows, all_or_none) = rows_of(request, &action)?;
    let contention = contention::enter(shared, request, &rows);
    let mut org = shared.lock();
    let results = write(&mut org, request, &action, rows, all_or_none, &contention)?;
    drop(org);
    Ok(Reply::json(200, &results))
}

/// Routes under `/composite/sobjects`.
pub(crate) fn route(
    org: &mut Org,
    version: &str,
    request: &Request,
    rest: &[&str],
) -> Result<Reply, CallError> {
    if let Some(action) = action(&request.method, rest) {
        let (rows, all_or_none) = rows_of(request, &action)?;
        let none = Contention::default();
        let results = write(org, request, &action, rows, all_or_none, &none)?;
        return Ok(Reply::json(200, &results));
    }
    match (request.method.as_str(), rest) {
        ("POST", [sobject]) => retrieve(org, version, sobject, &body(request)?),
        ("GET", [sobject]) => {
            let list = |name: &str| {
                let value = request.param(name).unwrap_or_default();
                Value::from(
                    value
                        .split(',')
                        .filter(|part| !part.is_empty())
                        .collect::<Vec<_>>(),
                )
            };
            let mut wanted = Map::new();
            wanted.insert("ids".to_owned(), list("ids"));
            wanted.insert("fields".to_owned(), list("fields"));
            retrieve(org, version, sobject, &wanted)
        }
        _ => Err(CallError::not_found()),
    }
}

/// The body as a JSON object.
pub(crate) fn body(request: &Request) -> Result<Values, CallError> {
    json_body::read(&request.body)
}

fn retrieve(
    org: &mut Org,
    version: &str,
    sobject: &str,
    wanted: &Values,
) -> Result<Reply, CallError> {
    let strings = |name: &str| -> Vec<String> {
        let list = wanted.get(name).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let (wanted_ids, fields) = (strings("ids"), strings("fields"));
    if wanted_ids.len() > 2000 {
        return Err(CallError::bad(
            "LIMIT_EXCEEDED",
            "The ids list may hold at most 2000 ids.",
        ));
    }
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    let name = object.name.clone();
    let mut found = Vec::with_capacity(wanted_ids.len());
    for id in &wanted_ids {
        let record = match ids::canonical(id).filter(|id| org.living(&name, id).is_ok()) {
            Some(id) => Some(read(org, version, &name, &id, Some(&fields))?),
            None => None,
        };
        found.push(record);
    }
    Ok(Reply::json(200, &found))
}

fn flag(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(word)) => word.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// The rows of a write, and whether one that fails undoes all.
fn rows_of(request: &Request, action: &Action<'_>) -> Result<(Vec<Values>, bool), CallError> {
    let (rows, all_or_none): (Vec<Values>, bool) = if let Action::Delete = action {
        let list = request.param("ids").unwrap_or_default();
        let rows = list
            .split(',')
            .filter(|id| !id.is_empty())
            .map(|id| Map::from_iter([("Id".to_owned(), Value::from(id))]))
            .collect();
        (
            rows,
            request
                .param("allOrNone")
                .is_some_and(|word| word.eq_ignore_ascii_case("true")),
        )
    } else {
        let mut body = body(request)?;
        let all_or_none = flag(body.get("allOrNone"));
        let Some(Value::Array(rows)) = body.remove("records") else {
            return Err(CallError::bad(
                "JSON_PARSER_ERROR",
                "Unrecognized or missing field \"records\" at [line:1, column:1]",
            ));
        };
        let rows: Option<Vec<Values>> = rows
            .into_iter()
            .map(|row| {
                if let Value::Object(row) = row {
                    Some(row)
                } else {
                    None
                }
            })
            .collect();
        let rows = rows.ok_or_else(|| {
            CallError::bad("JSON_PARSER_ERROR", "Every record must be a JSON object.")
        })?;
        (rows, all_or_none)
    };
    if rows.len() > MAX_ROWS {
        return Err(CallError::bad(
            "EXCEEDED_ID_LIMIT",
            format!(
                "record limit reached. cannot submit more than {MAX_ROWS} records in this call"
            ),
        ));
    }
    if rows.is_empty() {
        return Err(CallError::bad(
            "INVALID_INPUT",
            "The request must contain at least one record.",
        ));
    }
    Ok((rows, all_or_none))
}

fn write(
    org: &mut Org,
    request: &Request,
    action: &Action<'_>,
    rows: Vec<Values>,
    all_or_none: bool,
    contention: &Contention,
) -> Result<Vec<RowResult>, CallError> {
    let writer = org.signed_in().asked_by(request);
    let call = Call {
        request,
        action,
        all_or_none,
        writer,
        contention,
    };
    org.hold_stamp();
    let written = org.atomically(|org| all_rows(org, rows, &call));
    org.release_stamp();
    let results = match written {
        Ok(results) | Err(Stop::RolledBack(results)) => results,
        Err(Stop::Call(error)) => return Err(error),
    };
    org.settle_access()?;
    Ok(results)
}

/// One call about many rows.
struct Call<'a> {
    request: &'a Request,
    action: &'a Action<'a>,
    all_or_none: bool,
    writer: Writer,
    contention: &'a Contention,
}

/// Why a call stores nothing.
enum Stop {
    /// It is wrong as a whole.
    Call(CallError),
    /// A row failed and the call wanted all or none: the rows' outcomes.
    RolledBack(Vec<RowResult>),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Call(error.into())
    }
}

fn all_rows(org: &mut Org, rows: Vec<Values>, call: &Call<'_>) -> Result<Vec<RowResult>, Stop> {
    let mut keys_seen: HashSet<String> = HashSet::with_capacity(rows.len());
    let mut results = Vec::with_capacity(rows.len());
    for (position, row) in rows.into_iter().enumerate() {
        let key = match call.action {
            Action::Upsert { key, .. } => Some(*key),
            _ => None,
        };
        let struck = call
            .contention
            .refusal(position, &row)
            .or_else(|| row_faults::of_call(call.request, key, &row));
        let outcome = match struck {
            Some(error) => Err(error),
            None => one_row(org, row, call, &mut keys_seen)?,
        };
        let upsert = matches!(call.action, Action::Upsert { .. });
        results.push(match outcome {
            Ok(written) => RowResult {
                id: Some(written.id),
                success: true,
                errors: Vec::new(),
                created: upsert.then_some(written.created),
            },
            Err(error) => RowResult {
                id: None,
                success: false,
                errors: vec![error],
                created: upsert.then_some(false),
            },
        });
    }
    if !call.all_or_none || results.iter().all(|row| row.success) {
        return Ok(results);
    }
    for row in results.iter_mut().filter(|row| row.success) {
        *row = RowResult {
            id: None,
            success: false,
            created: row.created.map(|_| false),
            errors: vec![RowError::new(
                "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                "Record rolled back because not all records were valid and the request was using AllOrNone header",
                &[],
            )],
        };
    }
    Err(Stop::RolledBack(results))
}

fn sobject_of(org: &Org, row: &Values) -> Result<String, CallError> {
    let kind = row
        .get("attributes")
        .and_then(|attributes| attributes.get("type"))
        .and_then(Value::as_str);
    let Some(kind) = kind else {
        return Err(CallError::bad(
            "INVALID_TYPE",
            "Every record needs attributes with a type.",
        ));
    };
    match org.schema.object(kind) {
        Some(object) if object.writable => Ok(object.name.clone()),
        Some(object) => Err(CallError::bad(
            "INVALID_TYPE_FOR_OPERATION",
            format!("entity type {} does not support create", object.name),
        )),
        None => Err(CallError::bad(
            "INVALID_TYPE",
            format!("sObject type '{kind}' is not supported."),
        )),
    }
}

fn take_id(row: &mut Values) -> Option<String> {
    let name = row
        .keys()
        .find(|name| name.eq_ignore_ascii_case("id"))
        .cloned()?;
    row.remove(&name)?.as_str().map(str::to_owned)
}

/// The error of a record that is named twice in one call.
fn repeated(id: &str, seen: &mut HashSet<String>) -> Option<RowError> {
    let canonical = ids::canonical(id).unwrap_or_else(|| id.to_owned());
    (!seen.insert(canonical)).then(|| {
        RowError::new(
            "DUPLICATE_VALUE",
            format!("duplicate id in list: {id}"),
            &[],
        )
    })
}

fn one_row(
    org: &mut Org,
    mut row: Values,
    call: &Call<'_>,
    keys_seen: &mut HashSet<String>,
) -> Result<Result<Written, RowError>, CallError> {
    let writer = &call.writer;
    match call.action {
        Action::Create => {
            let sobject = sobject_of(org, &row)?;
            let Some(object) = org.schema.object(&sobject) else {
                return Err(CallError::not_found());
            };
            Ok(match org.check(object, &row, true, writer)? {
                Ok(checked) => org.create(&sobject, checked, writer),
                Err(error) => Err(error),
            })
        }
        Action::Update => {
            let sobject = sobject_of(org, &row)?;
            let Some(id) = take_id(&mut row) else {
                return Ok(Err(RowError::new(
                    "MISSING_ARGUMENT",
                    "Id not specified in an update call",
                    &[],
                )));
            };
            if let Some(error) = repeated(&id, keys_seen) {
                return Ok(Err(error));
            }
            org.update_as(&sobject, &id, &row, writer)
        }
        Action::Upsert { sobject, key } => upsert_row(org, row, (sobject, key), writer, keys_seen),
        Action::Delete => {
            let id = take_id(&mut row).unwrap_or_default();
            if let Some(error) = repeated(&id, keys_seen) {
                return Ok(Err(error));
            }
            let sobject = org.schema.by_prefix(&id).filter(|object| object.writable);
            let Some(sobject) = sobject.map(|object| object.name.clone()) else {
                return Ok(Err(RowError::new(
                    "INVALID_CROSS_REFERENCE_KEY",
                    "invalid cross reference id",
                    &[],
                )));
            };
            Ok(org
                .delete_signed_in(&sobject, &id)
                .map(|id| Written { id, created: false }))
        }
    }
}

/// Creates or updates by an external id; `keys_seen` holds those of the transaction so far.
pub(crate) fn upsert_row(
    org: &mut Org,
    mut row: Values,
    (sobject, key): (&str, &str),
    writer: &Writer,
    keys_seen: &mut HashSet<String>,
) -> Result<Result<Written, RowError>, CallError> {
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    if !object.writable {
        return Err(CallError::bad(
            "INVALID_TYPE_FOR_OPERATION",
            format!("entity type {} does not support upsert", object.name),
        ));
    }
    let field = object
        .field(key)
        .filter(|field| field.external_id || field.id_lookup);
    let Some(field) = field else {
        return Err(CallError::new(
            404,
            "NOT_FOUND",
            format!("Provided external ID field does not exist or is not accessible: {key}"),
        ));
    };
    let (name, key_name) = (object.name.clone(), field.name.clone());
    let given = row
        .keys()
        .find(|name| name.eq_ignore_ascii_case(&key_name))
        .cloned();
    let value = given
        .and_then(|given| row.remove(&given))
        .unwrap_or(Value::Null);
    let cell = match values::to_cell(field, &value) {
        Ok(rusqlite::types::Value::Null) => {
            return Ok(Err(RowError::new(
                "MISSING_ARGUMENT",
                format!("{key_name} not specified"),
                &[&key_name],
            )));
        }
        Ok(cell) => cell,
        Err(Refusal::Row(error)) => return Ok(Err(error)),
        Err(Refusal::Call(error)) => return Err(error),
    };
    let mut shown = match &cell {
        rusqlite::types::Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    if !field.case_sensitive && !field.kind.is_id() {
        shown = shown.to_lowercase();
    }
    if keys_seen.contains(&shown) {
        return Ok(Err(RowError::new(
            "DUPLICATE_VALUE",
            format!("Duplicate external id specified: {shown}"),
            &[&key_name],
        )));
    }
    keys_seen.insert(shown);
    org.upsert(&name, &key_name, &cell, &row, writer)
}
