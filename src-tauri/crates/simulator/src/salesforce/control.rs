//! The org's own routes under `/sim`: what somebody else does in the org, by hand. They are no part
//! of the simulated interface.

use std::sync::PoisonError;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::reply::{Reply, Request};
use crate::salesforce::SharedOrg;
use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::inspect;
use crate::salesforce::org::Org;
use crate::salesforce::rules::{DuplicateRule, FieldUpdate, ValidationRule};
use crate::salesforce::shape::OrgShape;
use crate::salesforce::write::Writer;

/// What the index says of the routes only an org has.
pub(crate) const ROUTES: &[(&str, &str)] = &[
    ("GET|PATCH /sim/org", "how the org is set up"),
    (
        "POST /sim/org/refresh",
        "the sandbox becomes a copy of production",
    ),
    (
        "GET|POST|DELETE /sim/rules",
        "validation and duplicate rules, field updates",
    ),
    ("DELETE /sim/rules/{name}", "one rule goes"),
    (
        "POST /sim/records/{create|update|delete|undelete|merge}",
        "a colleague's deed",
    ),
    (
        "POST /sim/fields",
        "a field goes: {\"sobject\": …, \"field\": …, \"action\": \"hide|show|delete\"}",
    ),
    (
        "POST /sim/permissions",
        "the user's rights: {\"name\": \"PermissionsModifyAllData\", \"granted\": false}",
    ),
    (
        "POST /sim/user",
        "a colleague signs in in the user's place: {\"name\": \"Tom Okafor\"}",
    ),
    inspect::ROUTES[0],
    inspect::ROUTES[1],
    inspect::ROUTES[2],
];

/// Answers the routes above that are not of [`inspect`]; `None` for anything else.
pub(crate) fn route(shared: &SharedOrg, request: &Request) -> Option<Reply> {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let answer = match (request.method.as_str(), &segments[..]) {
        ("GET", ["sim", "org"]) => Ok(described(&shared.lock())),
        ("PATCH", ["sim", "org"]) => patch(&mut shared.lock(), &request.body),
        ("POST", ["sim", "org", "refresh"]) => refresh(shared),
        ("GET", ["sim", "rules"]) => Ok(rules(&shared.lock())),
        ("POST", ["sim", "rules"]) => add_rule(&mut shared.lock(), &request.body),
        ("DELETE", ["sim", "rules"]) => remove_rules(&mut shared.lock(), None),
        ("DELETE", ["sim", "rules", name]) => remove_rules(&mut shared.lock(), Some(name)),
        ("POST", ["sim", "records", action]) => act(&mut shared.lock(), action, &request.body),
        ("POST", ["sim", "fields"]) => field(&mut shared.lock(), &request.body),
        ("POST", ["sim", "user"]) => user(&mut shared.lock(), &request.body),
        ("POST", ["sim", "permissions"]) => permission(&mut shared.lock(), &request.body),
        _ => return inspect::answer(&mut shared.lock(), request),
    };
    Some(answer.unwrap_or_else(|problem| Reply::json(400, &json!({"error": problem}))))
}

fn user(org: &mut Org, body: &[u8]) -> Result<Reply, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        name: String,
    }
    let wish: Wish = serde_json::from_slice(body).map_err(text)?;
    org.sign_in_as(&wish.name).map_err(text)?;
    Ok(Reply::empty(204))
}

fn described(org: &Org) -> Reply {
    let mut answer = serde_json::to_value(&org.setup.shape).unwrap_or_default();
    if let Some(map) = answer.as_object_mut() {
        map.insert("daily_calls".to_owned(), Value::from(org.daily_calls));
        map.insert("calls_today".to_owned(), Value::from(org.calls_today));
        map.insert(
            "org_id".to_owned(),
            Value::from(org.identity.org_id.clone()),
        );
    }
    Reply::json(200, &answer)
}

fn patch(org: &mut Org, body: &[u8]) -> Result<Reply, String> {
    let mut wanted: Map<String, Value> = serde_json::from_slice(body).map_err(text)?;
    let mut number = |name: &str| match wanted.remove(name) {
        None => Ok(None),
        Some(value) => value
            .as_u64()
            .map(Some)
            .ok_or_else(|| format!("{name} must be a whole number")),
    };
    let (limit, used) = (number("daily_calls")?, number("calls_today")?);
    let mut shape = serde_json::to_value(&org.setup.shape).map_err(text)?;
    if let Some(map) = shape.as_object_mut() {
        map.extend(wanted);
    }
    let shape: OrgShape = serde_json::from_value(shape).map_err(text)?;
    org.reshape(shape).map_err(text)?;
    org.daily_calls = limit.unwrap_or(org.daily_calls);
    if let Some(used) = used {
        org.set_calls(used);
    }
    Ok(described(org))
}

fn refresh(shared: &SharedOrg) -> Result<Reply, String> {
    let org_id = shared.refresh().map_err(text)?;
    Ok(Reply::json(200, &json!({"org_id": org_id})))
}

fn rules(org: &Org) -> Reply {
    let shape = &org.setup.shape;
    Reply::json(
        200,
        &json!({
            "validation": shape.validation_rules, "duplicate": shape.duplicate_rules,
            "field_updates": shape.field_updates
        }),
    )
}

/// A rule with a condition is a validation rule, one with a value a field update, one with fields a
/// duplicate rule. A rule replaces
/// the one of its name.
fn add_rule(org: &mut Org, body: &[u8]) -> Result<Reply, String> {
    let rule: Value = serde_json::from_slice(body).map_err(text)?;
    let mut shape = org.setup.shape.clone();
    if rule.get("condition").is_some() {
        shape.put_validation_rule(serde_json::from_value::<ValidationRule>(rule).map_err(text)?);
    } else if rule.get("value").is_some() {
        shape.put_field_update(serde_json::from_value::<FieldUpdate>(rule).map_err(text)?);
    } else {
        shape.put_duplicate_rule(serde_json::from_value::<DuplicateRule>(rule).map_err(text)?);
    }
    org.reshape(shape).map_err(text)?;
    let mut reply = rules(org);
    reply.status = 201;
    Ok(reply)
}

fn remove_rules(org: &mut Org, name: Option<&str>) -> Result<Reply, String> {
    let mut shape = org.setup.shape.clone();
    shape.remove_rules(name);
    org.reshape(shape).map_err(text)?;
    Ok(rules(org))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deed {
    sobject: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    values: Map<String, Value>,
    #[serde(default)]
    losers: Vec<String>,
    /// The user who does it; Tom Okafor unless given.
    #[serde(default)]
    by: Option<String>,
}

/// `create`, `update`, `delete`, `undelete`, `merge` (`id` is the winner), as somebody else.
fn act(org: &mut Org, action: &str, body: &[u8]) -> Result<Reply, String> {
    let deed: Deed = serde_json::from_slice(body).map_err(text)?;
    let by = deed.by.as_deref().unwrap_or("Tom Okafor");
    let writer = org
        .somebody(by)
        .map_err(text)?
        .ok_or_else(|| format!("there is no user {by}"))?;
    let done = match action {
        "create" => org.create_as(&deed.sobject, &deed.values, &writer),
        "update" => update(org, &deed, &writer),
        "delete" => org.delete(&deed.sobject, &deed.id),
        "undelete" => org.undelete(&deed.sobject, &deed.id),
        "merge" => org
            .merge(&deed.sobject, &deed.id, &deed.losers, &writer)
            .map(|()| deed.id.clone()),
        _ => return Err("create, update, delete, undelete or merge".to_owned()),
    };
    let id = done.map_err(|error| format!("{}: {}", error.status_code, error.message))?;
    Ok(Reply::json(200, &json!({"id": id})))
}

fn update(org: &mut Org, deed: &Deed, writer: &Writer) -> Result<String, RowError> {
    org.update_as(&deed.sobject, &deed.id, &deed.values, writer)
        .map_err(|error: CallError| RowError::new(&error.code, error.message, &[]))?
        .map(|written| written.id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldDeed {
    sobject: String,
    field: String,
    action: String,
}

fn field(org: &mut Org, body: &[u8]) -> Result<Reply, String> {
    let FieldDeed {
        sobject,
        field,
        action,
    } = serde_json::from_slice(body).map_err(text)?;
    let done = match action.as_str() {
        "hide" | "show" => org.set_hidden(&sobject, &field, action == "hide"),
        "delete" => org.remove_field(&sobject, &field),
        _ => return Err("action is hide, show or delete".to_owned()),
    };
    done.map_err(text)?;
    Ok(Reply::empty(204))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Permission {
    name: String,
    granted: bool,
}

fn permission(org: &mut Org, body: &[u8]) -> Result<Reply, String> {
    let Permission { name, granted } = serde_json::from_slice(body).map_err(text)?;
    org.set_permission(&name, granted).map_err(text)?;
    Ok(Reply::empty(204))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl SharedOrg {
    /// Refreshes this sandbox from the production org it belongs to; gives the new org id.
    pub(crate) fn refresh(&self) -> Result<String, Error> {
        let Some(production) = self.production.get() else {
            return Err(Error::Setup {
                problem: "only a sandbox can be refreshed".to_owned(),
            });
        };
        // Calls under way are answered by the org they were made to.
        let _alone = self.calls.write().unwrap_or_else(PoisonError::into_inner);
        let production = production.lock();
        super::shape::refresh(&mut self.lock(), &production)
    }
}
