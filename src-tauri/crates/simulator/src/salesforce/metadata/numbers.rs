//! Values Salesforce gives a new record itself: auto-numbers, and default values of custom fields.

use rusqlite::types::Value as Cell;
use serde_json::Value;

use super::display_format::numbered;
use super::rules::{Constant, constant};
use crate::salesforce::org::Org;
use crate::salesforce::schema::Field;
use crate::salesforce::values::to_cell;

impl Org {
    /// Fills in what a new record does not state. Numbers are never given twice, also when the
    /// record is not created in the end.
    pub(crate) fn fill_in(&mut self, sobject: &str, cells: &mut Vec<(String, Cell)>) {
        let today = jiff::tz::Offset::UTC
            .to_datetime(self.clock.moment())
            .date();
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
                    Cell::Text(numbered(&format, definition.next_number, today)),
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
                    let number = numbered(&format, definition.next_number, today);
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
    if let Some(set) = &metadata.value_set
        && let Some(definition) = &set.value_set_definition
        && let Some(entry) = definition.value.iter().find(|entry| entry.default)
    {
        return Some(Cell::Text(entry.full_name.clone()));
    }
    let value = match constant(metadata.default_value.as_deref()?)? {
        Constant::Text(text) => Value::from(text),
        Constant::Number(number) => Value::from(number),
        Constant::Flag(flag) => Value::from(flag),
    };
    to_cell(field, &value).ok()
}
