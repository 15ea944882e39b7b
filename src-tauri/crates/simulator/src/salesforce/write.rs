//! Creating, updating, upserting and deleting one record, under describe's rules
//! (facts/salesforce.md §5, §9).

use rusqlite::params_from_iter;
use rusqlite::types::Value as Cell;
use serde_json::{Map, Value};

use crate::reply::Request;
use crate::salesforce::cells::{Cells, has_value, put};
use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::org::Org;
use crate::salesforce::relations::Deletion;
use crate::salesforce::rules::check_duplicates;
use crate::salesforce::schema::{Field, FieldType, SObject};
use crate::salesforce::values::{self, Refusal};

/// A record's values as sent; `attributes` and the key are left out.
pub(crate) type Values = Map<String, Value>;

/// Who writes, and whether field-level security counts.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    pub(crate) user_id: String,
    /// Somebody in Salesforce with every right, when false.
    pub(crate) restricted: bool,
    /// Whether duplicate rules that only warn let the record through.
    pub(crate) allow_duplicates: bool,
}

impl Writer {
    /// Somebody with every right, who says yes to a warning.
    pub(crate) fn unrestricted(user_id: String) -> Self {
        Self {
            user_id,
            restricted: false,
            allow_duplicates: true,
        }
    }

    /// With what the call's `Sforce-Duplicate-Rule-Header` allows.
    pub(crate) fn asked_by(mut self, request: &Request) -> Self {
        let header = request.header("sforce-duplicate-rule-header");
        self.allow_duplicates = header.unwrap_or_default().split(';').any(|option| {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            name.trim().eq_ignore_ascii_case("allowSave")
                && value.trim().eq_ignore_ascii_case("true")
        });
        self
    }
}

/// Values checked against the fields, ready to store.
#[derive(Debug)]
pub(crate) struct Checked(Cells);

/// What a write did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) id: String,
    pub(crate) created: bool,
}

fn visible<'a>(object: &'a SObject, name: &str, writer: &Writer) -> Option<&'a Field> {
    if writer.restricted {
        object.field(name)
    } else {
        object.any_field(name)
    }
}

impl Org {
    /// The signed-in user's rights.
    pub(crate) fn signed_in(&self) -> Writer {
        Writer {
            user_id: self.identity.user_id.clone(),
            restricted: true,
            allow_duplicates: false,
        }
    }

    /// Checks names and types. An unknown field or an unreadable value fails the call, a broken
    /// rule fails the row.
    pub(crate) fn check(
        &self,
        object: &SObject,
        values: &Values,
        creating: bool,
        writer: &Writer,
    ) -> Result<Result<Checked, RowError>, CallError> {
        let mut cells: Cells = Vec::with_capacity(values.len());
        let permitted = if creating {
            object.rights.create
        } else {
            object.rights.edit
        };
        let mut row_error = (writer.restricted && !permitted).then(not_permitted);
        for (name, value) in values {
            if name == "attributes" {
                continue;
            }
            let Some(field) = visible(object, name, writer) else {
                if let (Value::Object(key), Some(field)) = (value, object.relationship(name)) {
                    match self.resolve_parent(field, key)? {
                        Ok(id) => put(&mut cells, &field.name, Cell::Text(id)),
                        Err(error) => row_error = row_error.or(Some(error)),
                    }
                    continue;
                }
                return Err(CallError::bad(
                    "INVALID_FIELD",
                    format!("No such column '{name}' on sobject of type {}", object.name),
                ));
            };
            let allowed = if creating {
                field.createable
            } else {
                field.updateable
            };
            if !allowed || (writer.restricted && field.custom && !field.editable) {
                row_error = row_error.or_else(|| Some(not_writable(&field.name)));
                continue;
            }
            match values::to_cell(field, value) {
                Ok(cell) => put(&mut cells, &field.name, cell),
                Err(Refusal::Row(error)) => row_error = row_error.or(Some(error)),
                Err(Refusal::Call(error)) => return Err(error),
            }
        }
        Ok(row_error.map_or_else(|| Ok(Checked(cells)), Err))
    }

    /// Creates a record and what comes with it, or nothing.
    pub(crate) fn create(
        &mut self,
        sobject: &str,
        checked: Checked,
        writer: &Writer,
    ) -> Result<Written, RowError> {
        self.atomically(|org| org.create_row(sobject, checked.0, writer))
    }

    fn create_row(
        &mut self,
        sobject: &str,
        mut cells: Cells,
        writer: &Writer,
    ) -> Result<Written, RowError> {
        // A default takes the place of a null the caller sent for it.
        cells.retain(|(name, cell)| name != "OwnerId" || *cell != Cell::Null);
        self.before_create(sobject, &mut cells, &writer.user_id)?;
        let object = self.described(sobject)?;
        let missing: Vec<&str> = object
            .fields
            .iter()
            .filter(|field| field.required() && !has_value(&cells, &field.name))
            .map(|field| field.name.as_str())
            .collect();
        if !missing.is_empty() {
            return Err(missing_fields(&missing));
        }
        let (sobject, prefix) = (object.name.clone(), object.prefix.clone());
        self.check_references(&sobject, &cells)?;
        self.check_keys(&sobject, &cells, None)?;
        check_duplicates(self, &sobject, None, &cells, writer.allow_duplicates)?;
        let id = self.ids.next(&prefix);
        let now = self.stamp();
        cells.push(("Id".to_owned(), Cell::Text(id.clone())));
        for stamp in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
            cells.push((stamp.to_owned(), Cell::Text(now.clone())));
        }
        for by in ["CreatedById", "LastModifiedById"] {
            cells.push((by.to_owned(), Cell::Text(writer.user_id.clone())));
        }
        if !has_value(&cells, "OwnerId") {
            put(&mut cells, "OwnerId", Cell::Text(writer.user_id.clone()));
        }
        if let Some(name) = composed_name(&sobject, &cells, None) {
            cells.push(("Name".to_owned(), name));
        }
        self.fill_in(&sobject, &mut cells);
        self.insert(&sobject, &cells)?;
        self.note_change(&sobject);
        self.after_write(&sobject, &id)?;
        Ok(Written { id, created: true })
    }

    fn described(&self, sobject: &str) -> Result<&SObject, RowError> {
        self.schema.object(sobject).ok_or_else(|| {
            RowError::new(
                "INVALID_TYPE",
                format!("sObject type '{sobject}' is not supported."),
                &[],
            )
        })
    }

    /// Inserts a row as it is, leaving out fields the sObject lacks; false booleans are filled in.
    pub(crate) fn insert(&self, sobject: &str, cells: &[(String, Cell)]) -> rusqlite::Result<()> {
        let Some(object) = self.schema.object(sobject) else {
            return Ok(());
        };
        let mut taken = vec![false; object.fields.len()];
        let mut sql = String::with_capacity(1024);
        sql.push_str("INSERT INTO \"");
        sql.push_str(&object.name);
        sql.push_str("\" (");
        let mut row: Vec<&Cell> = Vec::with_capacity(cells.len() + 4);
        for (name, cell) in cells {
            let Some(position) = object.position(name) else {
                continue;
            };
            let field = &object.fields[position];
            if field.stored() && !std::mem::replace(&mut taken[position], true) {
                push_column(&mut sql, &field.name, row.is_empty());
                row.push(cell);
            }
        }
        for (field, taken) in object.fields.iter().zip(taken) {
            if field.kind == FieldType::Boolean && !taken {
                push_column(&mut sql, &field.name, row.is_empty());
                row.push(if field.default_value.as_deref() == Some("true") {
                    &TRUE
                } else {
                    &FALSE
                });
            }
        }
        sql.push_str(") VALUES (?");
        for _ in 1..row.len() {
            sql.push_str(",?");
        }
        sql.push(')');
        self.db
            .prepare_cached(&sql)?
            .execute(params_from_iter(row))?;
        Ok(())
    }

    /// Updates a record as somebody: checks the values, then writes them.
    pub(crate) fn update_as(
        &mut self,
        sobject: &str,
        id: &str,
        values: &Values,
        writer: &Writer,
    ) -> Result<Result<Written, RowError>, CallError> {
        let object = self
            .schema
            .object(sobject)
            .ok_or_else(CallError::not_found)?;
        let name = object.name.clone();
        Ok(match self.check(object, values, false, writer)? {
            Ok(checked) => self.update(&name, id, checked, writer),
            Err(error) => Err(error),
        })
    }

    /// Updates a record and what follows from it, or nothing.
    pub(crate) fn update(
        &mut self,
        sobject: &str,
        id: &str,
        checked: Checked,
        writer: &Writer,
    ) -> Result<Written, RowError> {
        self.atomically(|org| org.update_row(sobject, id, checked.0, writer))
    }

    fn update_row(
        &mut self,
        sobject: &str,
        id: &str,
        mut cells: Cells,
        writer: &Writer,
    ) -> Result<Written, RowError> {
        let id = self.living(sobject, id)?;
        self.before_update(sobject, &id, &mut cells)?;
        let object = self.described(sobject)?;
        for (name, cell) in &cells {
            let required = object.any_field(name).is_some_and(|field| !field.nillable);
            if required && *cell == Cell::Null {
                return Err(missing_fields(&[name]));
            }
        }
        self.check_references(sobject, &cells)?;
        self.check_keys(sobject, &cells, Some(&id))?;
        check_duplicates(self, sobject, Some(&id), &cells, writer.allow_duplicates)?;
        if sobject == "Contact"
            && cells
                .iter()
                .any(|(name, _)| name == "FirstName" || name == "LastName")
        {
            let before = self.db.query_row(
                "SELECT FirstName, LastName FROM Contact WHERE Id = ?1",
                [&id],
                |row| {
                    Ok((
                        row.get::<_, Option<String>>(0)?,
                        row.get::<_, Option<String>>(1)?,
                    ))
                },
            )?;
            if let Some(name) = composed_name(sobject, &cells, Some(before)) {
                cells.push(("Name".to_owned(), name));
            }
        }
        let now = self.stamp();
        let Some(object) = self.schema.object(sobject) else {
            return Ok(Written { id, created: false });
        };
        for (name, cell) in [
            ("LastModifiedDate", Cell::Text(now.clone())),
            ("SystemModstamp", Cell::Text(now)),
            ("LastModifiedById", Cell::Text(writer.user_id.clone())),
        ] {
            if object.any_field(name).is_some() {
                cells.push((name.to_owned(), cell));
            }
        }
        let mut sql = String::with_capacity(1024);
        sql.push_str("UPDATE \"");
        sql.push_str(&object.name);
        sql.push_str("\" SET ");
        for (index, (name, _)) in cells.iter().enumerate() {
            push_column(&mut sql, name, index == 0);
            sql.push_str(" = ?");
        }
        sql.push_str(" WHERE Id = ?");
        let key = Cell::Text(id.clone());
        let row = cells
            .iter()
            .map(|(_, cell)| cell)
            .chain(std::iter::once(&key));
        self.db
            .prepare_cached(&sql)?
            .execute(params_from_iter(row))?;
        self.note_change(sobject);
        self.after_write(sobject, &id)?;
        Ok(Written { id, created: false })
    }

    /// Creates or updates by the value of an external id, unique e-mail or record id.
    pub(crate) fn upsert(
        &mut self,
        sobject: &str,
        key_field: &str,
        key: &Cell,
        values: &Values,
        writer: &Writer,
    ) -> Result<Result<Written, RowError>, CallError> {
        let Some(object) = self.schema.object(sobject) else {
            return Err(CallError::not_found());
        };
        let found = self.find(object, key_field, key)?;
        if found.len() > 1 {
            return Ok(Err(RowError::new(
                "DUPLICATE_EXTERNAL_ID",
                format!(
                    "{key_field}: more than one record found for external id field: [{}]",
                    found.join(", ")
                ),
                &[key_field],
            )));
        }
        let creating = found.is_empty();
        let checked = match self.check(object, values, creating, writer)? {
            Ok(checked) => checked,
            Err(error) => return Ok(Err(error)),
        };
        match found.into_iter().next() {
            Some(id) => Ok(self.update(sobject, &id, checked, writer)),
            None if key_field == "Id" => Ok(Err(RowError::new(
                "INVALID_CROSS_REFERENCE_KEY",
                "invalid cross reference id",
                &[],
            ))),
            None => {
                let mut cells = checked.0;
                put(&mut cells, key_field, key.clone());
                Ok(self.create(sobject, Checked(cells), writer))
            }
        }
    }

    /// Moves a record to the recycle bin (or removes it where there is none); an Account takes its
    /// Contacts along. A deletion that is refused leaves everything as it was.
    pub(crate) fn delete(&mut self, sobject: &str, id: &str) -> Result<String, RowError> {
        self.atomically(|org| org.delete_row(sobject, id))
    }

    /// As [`Org::delete`], for the signed-in user, who may lack the right to.
    pub(crate) fn delete_signed_in(&mut self, sobject: &str, id: &str) -> Result<String, RowError> {
        let object = self.schema.object(sobject);
        if object.is_some_and(|object| !object.rights.delete) {
            return Err(not_permitted());
        }
        self.delete(sobject, id)
    }

    fn delete_row(&mut self, sobject: &str, id: &str) -> Result<String, RowError> {
        let id = self.living(sobject, id)?;
        let now = self.stamp();
        let Some(object) = self.schema.object(sobject) else {
            return Ok(id);
        };
        self.before_delete(&object.name, &id)?;
        if !object.has_recycle_bin() {
            self.db.execute(
                &format!("DELETE FROM \"{}\" WHERE Id = ?1", object.name),
                [&id],
            )?;
            let sobject = object.name.clone();
            self.note_change(&sobject);
            return Ok(id);
        }
        let name = object.name.clone();
        self.bin(
            &name,
            &id,
            &Deletion {
                root: &id,
                now: &now,
            },
            0,
        )?;
        Ok(id)
    }
}

/// Appends a column's name to a list of them.
fn push_column(sql: &mut String, name: &str, first: bool) {
    sql.push_str(if first { "\"" } else { ", \"" });
    sql.push_str(name);
    sql.push('"');
}

static TRUE: Cell = Cell::Integer(1);
static FALSE: Cell = Cell::Integer(0);

fn missing_fields(names: &[&str]) -> RowError {
    RowError::new(
        "REQUIRED_FIELD_MISSING",
        format!("Required fields are missing: [{}]", names.join(", ")),
        names,
    )
}

/// The refusal of a record whose object the user may not change that way.
pub(crate) fn not_permitted() -> RowError {
    RowError::new(
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "insufficient access rights on object id",
        &[],
    )
}

fn not_writable(field: &str) -> RowError {
    RowError::new(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        format!(
            "Unable to create/update fields: {field}. Please check the security settings of this field and verify that it is read/write for your profile or permission set."
        ),
        &[field],
    )
}

/// A Contact's `Name`, which Salesforce puts together from first and last name.
pub(crate) fn composed_name(
    sobject: &str,
    cells: &[(String, Cell)],
    before: Option<(Option<String>, Option<String>)>,
) -> Option<Cell> {
    if sobject != "Contact" {
        return None;
    }
    let (first_before, last_before) = before.unwrap_or_default();
    let part = |wanted: &str, before: Option<String>| match cells
        .iter()
        .find(|(name, _)| name == wanted)
    {
        Some((_, Cell::Text(text))) => Some(text.clone()),
        Some(_) => None,
        None => before,
    };
    let parts: Vec<String> = [
        part("FirstName", first_before),
        part("LastName", last_before),
    ]
    .into_iter()
    .flatten()
    .collect();
    Some(Cell::Text(parts.join(" ")))
}
