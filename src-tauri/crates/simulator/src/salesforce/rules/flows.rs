//! Field updates: what a Flow that runs before the save stores in place of what was sent.

use rusqlite::types::Value as Cell;

use super::FieldUpdate;
use crate::salesforce::cells::{Cells, given, put};
use crate::salesforce::org::Org;
use crate::salesforce::values;

/// Changes a row about to be stored as the active rules say.
pub(crate) fn run(org: &Org, sobject: &str, cells: &mut Cells) {
    let Some(object) = org.schema.object(sobject) else {
        return;
    };
    for rule in &org.setup.shape.field_updates {
        if !rule.active || !rule.sobject.eq_ignore_ascii_case(sobject) {
            continue;
        }
        let Some(field) = object.any_field(&rule.field) else {
            continue;
        };
        let as_stored = |value| values::to_cell(field, value).ok();
        let Some(sent) = given(cells, &field.name).filter(|cell| **cell != Cell::Null) else {
            continue;
        };
        if rule
            .from
            .as_ref()
            .is_some_and(|from| as_stored(from).as_ref() != Some(sent))
        {
            continue;
        }
        if let Some(cell) = as_stored(&rule.value) {
            put(cells, &field.name, cell);
        }
    }
}

/// What is wrong with a new field update, if anything.
pub(super) fn problem(org: &Org, rule: &FieldUpdate) -> Option<String> {
    let object = org.schema.object(&rule.sobject);
    let field = object.and_then(|object| object.any_field(&rule.field));
    let works = field.is_some_and(|field| {
        field.stored()
            && [Some(&rule.value), rule.from.as_ref()]
                .into_iter()
                .flatten()
                .all(|value| values::to_cell(field, value).is_ok())
    });
    (!works).then(|| {
        format!(
            "rule {}: a field update needs a known field and what it can hold",
            rule.name
        )
    })
}
