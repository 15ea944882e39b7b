//! Duplicate rules: equality of a few fields with another live record.

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, params_from_iter};

use super::{DuplicateAction, DuplicateRule};
use crate::salesforce::cells::given;
use crate::salesforce::errors::RowError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::SObject;
use crate::salesforce::searched;

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
        if has_twin(org, object, rule, id, cells)? {
            return Err(RowError::new(
                "DUPLICATES_DETECTED",
                rule.message.clone(),
                &[],
            ));
        }
    }
    Ok(())
}

fn has_twin(
    org: &Org,
    object: &SObject,
    rule: &DuplicateRule,
    id: Option<&str>,
    cells: &[(String, Cell)],
) -> rusqlite::Result<bool> {
    let fields: Vec<&str> = rule
        .fields
        .iter()
        .filter_map(|name| object.any_field(name))
        .map(|field| field.name.as_str())
        .collect();
    if fields.len() < rule.fields.len() || !fields.iter().any(|name| given(cells, name).is_some()) {
        return Ok(false);
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
            return Ok(false);
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
        "SELECT 1 FROM \"{}\" WHERE {} AND Id <> ?{live} LIMIT 1",
        object.name,
        same.join(" AND ")
    );
    searched::index(&org.db, &sql)?;
    let found = org
        .db
        .prepare_cached(&sql)?
        .query_row(params_from_iter(&values), |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}
