//! Deleting custom fields: the data stays under another name, as in "Deleted Fields" of Setup.

use rusqlite::params;

use super::fields::{Refused, drop_indexes};
use super::reading::Problem;
use super::rules;
use crate::error::Error;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};

/// Deletes a custom field. Its data is kept under another name, unless it is purged.
pub(crate) fn delete(
    org: &mut Org,
    sobject: &str,
    name: &str,
    purge: bool,
) -> Result<Option<String>, Refused> {
    let found = org
        .schema
        .any_object(sobject)
        .and_then(|object| Some((object, object.any_field(name)?)))
        .filter(|(_, field)| field.custom && field.compound.is_none());
    let Some((object, field)) = found else {
        return Err(Problem::new(format!("No CustomField named: {sobject}.{name} found")).into());
    };
    if let Some(user) = used_by(&org.schema.objects, object, field) {
        return Err(Problem::new(format!(
            "This custom field is referenced elsewhere in salesforce.com. : {user}."
        ))
        .into());
    }
    let (object, field) = (object.name.clone(), field.clone());
    let id = field
        .definition
        .as_ref()
        .map(|definition| definition.id.clone());
    org.db.execute(
        "DELETE FROM FieldPermissions WHERE Field = ?1 COLLATE NOCASE",
        params![format!("{object}.{}", field.name)],
    )?;
    let mut columns = vec![field.name.clone()];
    if field.kind == FieldType::Location {
        org.db.execute_batch(&format!(
            "ALTER TABLE \"{object}\" DROP COLUMN \"{}\"",
            field.name
        ))?;
        let stem = field.name.trim_end_matches("__c");
        columns = vec![
            format!("{stem}__Latitude__s"),
            format!("{stem}__Longitude__s"),
        ];
    }
    let mut kept = String::new();
    for column in &columns {
        drop_indexes(org, &object, column)?;
        if purge {
            org.db.execute_batch(&format!(
                "ALTER TABLE \"{object}\" DROP COLUMN \"{column}\""
            ))?;
        } else {
            kept = free_name(org, &object, column)?;
            org.db.execute_batch(&format!(
                "ALTER TABLE \"{object}\" RENAME COLUMN \"{column}\" TO \"{kept}\""
            ))?;
        }
    }
    if let Some(object) = org.schema.object_mut(&object) {
        for column in &columns {
            object.remove(column);
        }
        object.remove(&field.name);
        if !purge {
            object.deleted.push(Field {
                name: kept,
                ..field
            });
        }
    }
    Ok(id)
}

impl Org {
    /// Somebody deletes a custom field in Setup.
    pub(crate) fn delete_custom_field(&mut self, sobject: &str, name: &str) -> Result<(), Error> {
        let refused = |code: String, message: String| Error::Refused {
            sobject: sobject.to_owned(),
            id: name.to_owned(),
            code,
            message,
        };
        delete(self, sobject, name, false)
            .map(|_| ())
            .map_err(|error| match error {
                Refused::Call(error) => refused(error.code, error.message),
                Refused::Problem(problem) => {
                    refused("DEPENDENCY_EXISTS".to_owned(), problem.message)
                }
            })
    }
}

/// The name a deleted field's column gets: `MRR__c` becomes `MRR_del__c`, then `MRR_del1__c`.
fn free_name(org: &Org, sobject: &str, column: &str) -> rusqlite::Result<String> {
    let (stem, suffix) = column
        .strip_suffix("__c")
        .map_or((column, "__s"), |stem| (stem, "__c"));
    let mut statement = org.db.prepare_cached(
        "SELECT count(*) > 0 FROM pragma_table_xinfo(?1) WHERE name = ?2 COLLATE NOCASE",
    )?;
    let mut number = 0_u32;
    loop {
        let mark = if number == 0 {
            String::new()
        } else {
            number.to_string()
        };
        let name = format!("{stem}_del{mark}{suffix}");
        if !statement.query_row([sobject, &name], |row| row.get::<_, bool>(0))? {
            return Ok(name);
        }
        number += 1;
    }
}

/// What keeps a field from being deleted: a formula or summary that names it.
fn used_by(objects: &[SObject], object: &SObject, field: &Field) -> Option<String> {
    let formula = object.fields.iter().find(|other| {
        other
            .metadata()
            .and_then(|metadata| metadata.formula.as_deref())
            .is_some_and(|text| {
                rules::own_fields(text).any(|name| name.eq_ignore_ascii_case(&field.name))
            })
    });
    if let Some(other) = formula {
        return Some(format!("Custom Field Definition - {}", other.name));
    }
    let path = format!("{}.{}", object.name, field.name);
    objects
        .iter()
        .flat_map(|object| &object.fields)
        .find(|other| {
            other.metadata().is_some_and(|metadata| {
                [&metadata.summary_foreign_key, &metadata.summarized_field]
                    .into_iter()
                    .flatten()
                    .any(|used| used.eq_ignore_ascii_case(&path))
            })
        })
        .map(|other| format!("Custom Field Definition - {}", other.name))
}
