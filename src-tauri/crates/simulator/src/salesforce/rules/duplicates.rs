//! Duplicate rules: equality of a few fields with another live record.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Cell;
use serde_json::{Value, json};

use super::{DuplicateAction, DuplicateRule};
use crate::salesforce::cells::given;
use crate::salesforce::errors::RowError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::SObject;
use crate::salesforce::searched;

/// So many records the answer names at most.
const MOST_TWINS: usize = 5;

/// Refuses a row about to be stored when an active rule finds another record like it. `id` is the
/// record written over, if any; a change that touches none of a rule's fields is not looked at.
pub(crate) fn check(
    org: &Org,
    sobject: &str,
    id: Option<&str>,
    cells: &[(String, Cell)],
    allow_save: bool,
) -> Result<(), RowError> {
    let Some(object) = org.schema.object(sobject) else {
        return Ok(());
    };
    let rules = org.setup.shape.duplicate_rules.iter().filter(|rule| {
        rule.active
            && rule.sobject.eq_ignore_ascii_case(sobject)
            && !(allow_save && rule.action == DuplicateAction::Allow)
    });
    for rule in rules {
        let twins = twins(org, object, rule, id, cells)?;
        if !twins.is_empty() {
            let mut error = RowError::new("DUPLICATES_DETECTED", rule.message.clone(), &[]);
            error.duplicates = Some(result(object, rule, &twins));
            return Err(error);
        }
    }
    Ok(())
}

/// What the answer tells of the records that were found: ids alone, as without
/// `includeRecordDetails`.
fn result(object: &SObject, rule: &DuplicateRule, twins: &[String]) -> Value {
    let records: Vec<Value> = twins
        .iter()
        .map(|id| {
            json!({
                "additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0,
                "record": {
                    "attributes": {
                        "type": object.name,
                        "url": format!("/services/data/v67.0/sobjects/{}/{id}", object.name)
                    },
                    "Id": id
                }
            })
        })
        .collect();
    json!({
        "allowSave": rule.action == DuplicateAction::Allow, "duplicateRule": rule.name,
        "duplicateRuleEntityType": object.name, "errorMessage": rule.message,
        "matchResults": [{
            "entityType": object.name, "errors": [], "matchEngine": "ExactMatchEngine",
            "matchRecords": records, "rule": rule.name, "size": twins.len(), "success": true
        }]
    })
}

/// The other records with the same values, a few of them.
fn twins(
    org: &Org,
    object: &SObject,
    rule: &DuplicateRule,
    id: Option<&str>,
    cells: &[(String, Cell)],
) -> rusqlite::Result<Vec<String>> {
    let fields: Vec<&str> = rule
        .fields
        .iter()
        .filter_map(|name| object.any_field(name))
        .map(|field| field.name.as_str())
        .collect();
    if fields.len() < rule.fields.len() || !fields.iter().any(|name| given(cells, name).is_some()) {
        return Ok(Vec::new());
    }
    let mut values = Vec::with_capacity(fields.len() + 1);
    for name in &fields {
        let value = match (given(cells, name), id) {
            (Some(cell), _) => cell.clone(),
            (None, Some(id)) => org.db.query_row(
                &format!("SELECT \"{name}\" FROM \"{}\" WHERE Id = ?1", object.name),
                [id],
                |row| row.get(0),
            )?,
            (None, None) => Cell::Null,
        };
        if value == Cell::Null {
            return Ok(Vec::new());
        }
        values.push(value);
    }
    values.push(Cell::Text(id.unwrap_or_default().to_owned()));
    let same: Vec<String> = fields
        .iter()
        .map(|name| format!("\"{name}\" = ?"))
        .collect();
    let live = if object.has_recycle_bin() {
        " AND IsDeleted = 0"
    } else {
        ""
    };
    let sql = format!(
        "SELECT Id FROM \"{}\" WHERE {} AND Id <> ?{live} ORDER BY Id LIMIT {MOST_TWINS}",
        object.name,
        same.join(" AND ")
    );
    searched::index(&org.db, &sql)?;
    org.db
        .prepare_cached(&sql)?
        .query_map(params_from_iter(&values), |row| row.get(0))?
        .collect()
}
