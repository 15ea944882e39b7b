//! Validation rules, evaluated against the stored row before its savepoint is released.

use serde_json::Value;

use super::{ValidationRule, flows};
use crate::error::Error;
use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::org::Org;
use crate::salesforce::schema::Field;
use crate::salesforce::shape::OrgShape;
use crate::salesforce::soql;

/// Whether records match the rule's condition, optionally one record only.
fn matches(org: &mut Org, rule: &ValidationRule, id: Option<&str>) -> Result<bool, CallError> {
    let only = id.map_or_else(String::new, |id| format!("Id = '{id}' AND "));
    let query = format!(
        "SELECT count() FROM {} WHERE {only}({})",
        rule.sobject, rule.condition
    );
    let reply = soql::query(org, "67.0", &query, false, soql::PAGE)?;
    let answer: Value = serde_json::from_slice(&reply.body)?;
    Ok(answer["totalSize"].as_u64().unwrap_or_default() > 0)
}

/// Refuses a written record that an active rule matches. A condition over a field that is gone or
/// not seen does not match.
pub(crate) fn check(org: &mut Org, sobject: &str, id: &str) -> Result<(), RowError> {
    let rules: Vec<ValidationRule> = org
        .setup
        .shape
        .validation_rules
        .iter()
        .filter(|rule| rule.active && rule.sobject.eq_ignore_ascii_case(sobject))
        .cloned()
        .collect();
    for rule in rules {
        if matches(org, &rule, Some(id)).unwrap_or(false) {
            let fields: Vec<&str> = rule.display_field.as_deref().into_iter().collect();
            return Err(RowError::new(
                "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                rule.message.clone(),
                &fields,
            ));
        }
    }
    Ok(())
}

/// Tries every new rule once, so that one that cannot work is refused when it is defined.
pub(crate) fn try_new_rules(
    org: &mut Org,
    shape: &OrgShape,
    before: &OrgShape,
) -> Result<(), Error> {
    for rule in &shape.validation_rules {
        if before.validation_rules.contains(rule) {
            continue;
        }
        matches(org, rule, None).map_err(|error| Error::Setup {
            problem: format!("rule {}: {}", rule.name, error.message.trim()),
        })?;
    }
    for rule in &shape.field_updates {
        if !before.field_updates.contains(rule)
            && let Some(problem) = flows::problem(org, rule)
        {
            return Err(Error::Setup { problem });
        }
    }
    for rule in &shape.duplicate_rules {
        let object = org.schema.object(&rule.sobject);
        let known = |name: &String| {
            object
                .and_then(|object| object.any_field(name))
                .is_some_and(Field::stored)
        };
        let works = !rule.fields.is_empty() && rule.fields.iter().all(known);
        if !works && !before.duplicate_rules.contains(rule) {
            return Err(Error::Setup {
                problem: format!("rule {}: a duplicate rule needs known fields", rule.name),
            });
        }
    }
    Ok(())
}
