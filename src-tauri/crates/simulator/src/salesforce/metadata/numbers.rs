//! Values Salesforce gives a new record itself: auto-numbers, and default values of custom fields.

use rusqlite::types::Value as Cell;
use serde_json::Value;

use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType};
use crate::salesforce::values::to_cell;

impl Org {
    /// Fills in what a new record does not state. Numbers are never given twice, also when the
    /// record is not created in the end.
    pub(crate) fn fill_in(&mut self, sobject: &str, cells: &mut Vec<(String, Cell)>) {
        let Some(object) = self.schema.object_mut(sobject) else {
            return;
        };
        let stated =
            |cells: &[(String, Cell)], name: &str| cells.iter().any(|(given, _)| given == name);
        if let Some(definition) = object.definition.as_deref_mut() {
            let format = definition
                .metadata
                .name_field
                .as_ref()
                .filter(|name| name.kind.as_deref() == Some("AutoNumber"))
                .and_then(|name| name.display_format.clone());
            if let Some(format) = format {
                cells.retain(|(name, _)| name != "Name");
                cells.push((
                    "Name".to_owned(),
                    Cell::Text(numbered(&format, definition.next_number)),
                ));
                definition.next_number += 1;
            }
        }
        for field in object
            .fields
            .iter_mut()
            .filter(|field| field.definition.is_some())
        {
            if let Some(format) = field.number_format().map(str::to_owned) {
                if let Some(definition) = field.definition.as_deref_mut() {
                    let number = numbered(&format, definition.next_number);
                    definition.next_number += 1;
                    cells.push((field.name.clone(), Cell::Text(number)));
                }
            } else if field.createable
                && !stated(cells, &field.name)
                && let Some(cell) = default(field)
            {
                cells.push((field.name.clone(), cell));
            }
        }
    }
}

/// A constant default value: a picklist's default entry, a quoted text, a number, true or false.
fn default(field: &Field) -> Option<Cell> {
    let metadata = field.metadata()?;
    if let Some(set) = &metadata.value_set {
        let entry = set
            .value_set_definition
            .as_ref()?
            .value
            .iter()
            .find(|entry| entry.default)?;
        return Some(Cell::Text(entry.full_name.clone()));
    }
    let text = metadata.default_value.as_deref()?.trim();
    let value = if field.kind == FieldType::Boolean {
        Value::Bool(text.eq_ignore_ascii_case("true"))
    } else if let Some(inner) = text
        .strip_prefix(['"', '\''])
        .and_then(|text| text.strip_suffix(['"', '\'']))
    {
        Value::from(inner)
    } else {
        Value::from(text.parse::<f64>().ok()?)
    };
    to_cell(field, &value).ok()
}

/// `A-{0000}` with 7 is `A-0007`.
fn numbered(format: &str, number: u64) -> String {
    let Some((before, rest)) = format.split_once('{') else {
        return format!("{format}{number}");
    };
    let (zeros, after) = rest.split_once('}').unwrap_or((rest, ""));
    format!("{before}{number:0width$}{after}", width = zeros.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_formats() {
        assert_eq!(numbered("A-{0000}", 7), "A-0007");
        assert_eq!(numbered("{0}", 123), "123");
        assert_eq!(numbered("INV {00}/x", 123), "INV 123/x");
    }
}
