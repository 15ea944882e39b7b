//! Giving sObjects and fields to an org and taking them away; stored values outlive a field.

use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};

impl Org {
    /// Adds a field, unless the sObject has it or does not exist.
    pub(crate) fn give_field(&mut self, sobject: &str, field: Field) -> rusqlite::Result<()> {
        let Some(object) = self.schema.object(sobject) else {
            return Ok(());
        };
        let name = object.name.clone();
        if object.any_field(&field.name).is_some() {
            return Ok(());
        }
        if field.stored() {
            self.add_column(&name, &field)?;
        }
        if let Some(object) = self.schema.object_mut(&name) {
            object.add(field);
        }
        Ok(())
    }

    /// Takes a field away.
    pub(crate) fn take_field(&mut self, sobject: &str, name: &str) {
        if let Some(object) = self.schema.object_mut(sobject) {
            object.remove(name);
        }
    }

    /// Adds an sObject and its table, unless there is one.
    pub(crate) fn give_object(&mut self, object: SObject) -> rusqlite::Result<()> {
        if self.schema.object(&object.name).is_some() {
            return Ok(());
        }
        let columns: Vec<String> = object
            .fields
            .iter()
            .filter(|field| field.stored() && field.name != "Id")
            .map(Field::column)
            .collect();
        self.db.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS \"{}\" (\"Id\" PRIMARY KEY, {})",
            object.name,
            columns.join(", ")
        ))?;
        self.schema.objects.push(object);
        Ok(())
    }

    /// Takes an sObject away.
    pub(crate) fn take_object(&mut self, name: &str) {
        self.schema.objects.retain(|object| object.name != name);
    }
}

/// A standard field every user sees and edits.
pub(super) fn standard(name: &str, label: &str, kind: FieldType, length: usize) -> Field {
    let mut field = Field::new(name, label, kind);
    field.length = length;
    field
}

/// A standard field nobody writes.
pub(super) fn read_only(name: &str, label: &str, kind: FieldType) -> Field {
    let mut field = Field::new(name, label, kind);
    (field.createable, field.updateable) = (false, false);
    if kind == FieldType::Boolean {
        (field.nillable, field.defaulted_on_create) = (false, true);
    }
    field
}
