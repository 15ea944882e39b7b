//! Looking records up by key, and the rules that need other records: uniqueness and references.

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, params};

use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::ids;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};
use crate::salesforce::values::{self, Refusal};
use crate::salesforce::write::Values;

impl Org {
    /// Ids of live records whose field equals the value (at most ten).
    pub(crate) fn find(
        &self,
        object: &SObject,
        field: &str,
        value: &Cell,
    ) -> rusqlite::Result<Vec<String>> {
        let live = if object.has_recycle_bin() {
            " AND IsDeleted = 0"
        } else {
            ""
        };
        let sql = format!(
            "SELECT Id FROM \"{}\" WHERE \"{field}\" = ?1{live} LIMIT 10",
            object.name
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map(params![value], |row| row.get(0))?;
        rows.collect()
    }

    /// The id of a parent given by one of its keys, as in `"Account": {"Billing_Id__c": "A-1"}`.
    pub(crate) fn resolve_parent(
        &self,
        field: &Field,
        key: &Values,
    ) -> Result<Result<String, RowError>, CallError> {
        let target = field
            .reference_to
            .first()
            .and_then(|name| self.schema.object(name));
        let Some(target) = target else {
            return Err(CallError::not_found());
        };
        let mut keys = key.iter().filter(|(name, _)| *name != "attributes");
        let (Some((name, value)), None) = (keys.next(), keys.next()) else {
            return Err(CallError::bad(
                "INVALID_FIELD",
                format!("{} needs exactly one external ID field", field.name),
            ));
        };
        let Some(key_field) = target
            .field(name)
            .filter(|field| field.external_id || field.id_lookup)
        else {
            return Err(CallError::bad(
                "INVALID_FIELD",
                format!("No such column '{name}' on sobject of type {}", target.name),
            ));
        };
        let cell = match values::to_cell(key_field, value) {
            Ok(cell) => cell,
            Err(Refusal::Row(error)) => return Ok(Err(error)),
            Err(Refusal::Call(error)) => return Err(error),
        };
        let found = self.find(target, &key_field.name, &cell)?;
        if found.len() > 1 {
            return Ok(Err(RowError::new(
                "DUPLICATE_EXTERNAL_ID",
                format!(
                    "{}: more than one record found for external id field: [{}]",
                    key_field.name,
                    found.join(", ")
                ),
                &[&field.name],
            )));
        }
        Ok(found.into_iter().next().ok_or_else(|| {
            let shown = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            RowError::new(
                "INVALID_FIELD",
                format!(
                    "Foreign key external ID: {} not found for field {} in entity {}",
                    shown.to_lowercase(),
                    key_field.name,
                    target.name
                ),
                &[],
            )
        }))
    }

    /// The canonical id of a record that exists and is not deleted.
    pub(crate) fn living(&self, sobject: &str, id: &str) -> Result<String, RowError> {
        let wrong = || {
            RowError::new(
                "INVALID_CROSS_REFERENCE_KEY",
                "invalid cross reference id",
                &[],
            )
        };
        let Some(canonical) = ids::canonical(id) else {
            return Err(RowError::new(
                "MALFORMED_ID",
                format!("{sobject} ID: id value of incorrect type: {id}"),
                &["Id"],
            ));
        };
        let object = self.schema.object(sobject).ok_or_else(wrong)?;
        let deleted = if object.has_recycle_bin() {
            "IsDeleted"
        } else {
            "0"
        };
        let sql = format!("SELECT {deleted} FROM \"{}\" WHERE Id = ?1", object.name);
        let found: Option<bool> = self
            .db
            .prepare_cached(&sql)?
            .query_row([&canonical], |row| row.get(0))
            .optional()?;
        match found {
            None => Err(wrong()),
            Some(true) => Err(RowError::new("ENTITY_IS_DELETED", "entity is deleted", &[])),
            Some(false) => Ok(canonical),
        }
    }

    /// Refuses a value of a unique field that another living record has.
    pub(crate) fn check_unique(
        &self,
        object: &SObject,
        cells: &[(String, Cell)],
        own: Option<&str>,
    ) -> Result<(), RowError> {
        for (name, cell) in cells {
            if *cell == Cell::Null || !object.any_field(name).is_some_and(|field| field.unique) {
                continue;
            }
            let others = self.find(object, name, cell)?;
            if let Some(other) = others.iter().find(|id| own != Some(id.as_str())) {
                return Err(RowError::new(
                    "DUPLICATE_VALUE",
                    format!(
                        "duplicate value found: {name} duplicates value on record with id: {}",
                        &other[..15]
                    ),
                    &[name],
                ));
            }
        }
        Ok(())
    }

    /// Refuses what only one record may have: values of unique fields, and a user's assignment of a
    /// permission set.
    pub(crate) fn check_keys(
        &self,
        sobject: &str,
        cells: &[(String, Cell)],
        own: Option<&str>,
    ) -> Result<(), RowError> {
        let Some(object) = self.schema.object(sobject) else {
            return Ok(());
        };
        self.check_unique(object, cells, own)?;
        if sobject == "PermissionSetAssignment" && own.is_none() {
            let given = |wanted: &str| {
                cells
                    .iter()
                    .find(|(name, _)| name == wanted)
                    .map(|(_, cell)| cell)
            };
            let repeated: bool = self.db.query_row(
                "SELECT count(*) > 0 FROM PermissionSetAssignment WHERE AssigneeId = ?1 AND PermissionSetId = ?2",
                params![given("AssigneeId"), given("PermissionSetId")],
                |row| row.get(0),
            )?;
            if repeated {
                return Err(RowError::new(
                    "DUPLICATE_VALUE",
                    "duplicate value found: PermissionSetAssignment duplicates value on record",
                    &[],
                ));
            }
        }
        Ok(())
    }

    /// Refuses a reference to a record that does not exist.
    pub(crate) fn check_references(
        &self,
        sobject: &str,
        cells: &[(String, Cell)],
    ) -> Result<(), RowError> {
        let Some(object) = self.schema.object(sobject) else {
            return Ok(());
        };
        for (name, cell) in cells {
            let (Some(field), Cell::Text(id)) = (object.any_field(name), cell) else {
                continue;
            };
            if field.kind != FieldType::Reference {
                continue;
            }
            // Of several possible targets the id's own prefix tells which is meant.
            let mut targets = field
                .reference_to
                .iter()
                .filter_map(|name| self.schema.object(name));
            let of_prefix = |target: &&SObject| id.get(..3) == Some(target.prefix.as_str());
            let Some(target) = targets.clone().find(of_prefix).or_else(|| targets.next()) else {
                continue;
            };
            if id.get(..3) != Some(target.prefix.as_str()) {
                return Err(RowError::new(
                    "FIELD_INTEGRITY_EXCEPTION",
                    format!("{}: id value of incorrect type: {id}", field.label),
                    &[name],
                ));
            }
            if let Err(error) = self.living(&target.name, id) {
                return Err(RowError::new(&error.status_code, error.message, &[name]));
            }
            if target.name == "User" && name == "OwnerId" && !self.is_active_user(id)? {
                return Err(RowError::new(
                    "INACTIVE_OWNER_OR_USER",
                    format!("operation performed with inactive user [{}]", &id[..15]),
                    &[name],
                ));
            }
        }
        Ok(())
    }

    fn is_active_user(&self, id: &str) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached("SELECT IsActive FROM User WHERE Id = ?1")?
            .query_row([id], |row| row.get::<_, Option<bool>>(0))
            .map(Option::unwrap_or_default)
    }
}
