//! Works out what a deploy changes and, unless it only checks or must roll back, changes it.

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, params};

use super::Options;
use super::check;
use super::package::{Package, PermissionSetFile};
use super::status::Component;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, Schema};

/// What a deploy did, component by component.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) components: Vec<Component>,
}

impl Outcome {
    pub(crate) fn failures(&self) -> usize {
        self.components
            .iter()
            .filter(|component| component.problem.is_some())
            .count()
    }
}

pub(crate) fn deploy(
    org: &mut Org,
    package: &Package,
    options: &Options,
) -> Result<Outcome, CallError> {
    let mut components = vec![Component::new("", "package.xml", "package.xml")];
    let mut planned = org.schema.clone();
    let mut fields: Vec<(String, Field)> = Vec::new();
    let listed = |kind: &str, name: &str| {
        package.members.iter().any(|types| {
            types.name == kind
                && types
                    .members
                    .iter()
                    .any(|member| member == name || member == "*")
        })
    };
    for file in &package.objects {
        for metadata in &file.fields {
            let full_name = format!("{}.{}", file.sobject, metadata.full_name);
            if !listed("CustomField", &full_name) && !listed("CustomObject", &file.sobject) {
                continue;
            }
            let mut component = Component::new("CustomField", &file.file, &full_name);
            let built = check::field(metadata).and_then(|field| {
                planned.object(&file.sobject).map(|_| field).ok_or_else(|| {
                    format!(
                        "Entity of type 'CustomObject' named '{}' cannot be found",
                        file.sobject
                    )
                })
            });
            match built {
                Ok(field) => match existing(&planned, &file.sobject, &field) {
                    Existing::None => {
                        component.created = true;
                        component.changed = true;
                        if let Some(object) = planned.object_mut(&file.sobject) {
                            object.add(field.clone());
                        }
                        fields.push((file.sobject.clone(), field));
                    }
                    Existing::Same => {}
                    Existing::Altered => {
                        component.changed = true;
                        fields.push((file.sobject.clone(), field));
                    }
                    Existing::OtherType(kind) => component.fail(
                        format!("Cannot change the type of an existing field from {kind}."),
                        &file.text,
                        &metadata.full_name,
                    ),
                },
                Err(problem) => component.fail(problem, &file.text, &metadata.full_name),
            }
            components.push(component);
        }
    }
    for file in &package.permission_sets {
        components.push(permission_set(org, &planned, file)?);
    }
    missing_files(package, &mut components);
    let mut deletions = Vec::new();
    for full_name in package
        .deletions
        .iter()
        .filter(|types| types.name == "CustomField")
        .flat_map(|types| &types.members)
    {
        let mut component = Component::new("CustomField", "destructiveChanges.xml", full_name);
        component.deleted = true;
        match full_name.split_once('.') {
            Some((sobject, name))
                if planned.object(sobject).is_some_and(|object| {
                    object.any_field(name).is_some_and(|field| field.custom)
                }) =>
            {
                deletions.push((sobject.to_owned(), name.to_owned()));
            }
            _ => component.problem = Some(format!("No CustomField named: {full_name} found")),
        }
        components.push(component);
    }
    let outcome = Outcome { components };
    let failed = outcome.failures() > 0;
    if options.check_only || (failed && options.rollback_on_error) {
        return Ok(outcome);
    }
    write(org, package, &outcome, fields, &deletions)?;
    Ok(outcome)
}

enum Existing {
    None,
    Same,
    Altered,
    OtherType(&'static str),
}

fn existing(schema: &Schema, sobject: &str, field: &Field) -> Existing {
    let Some(known) = schema
        .object(sobject)
        .and_then(|object| object.any_field(&field.name))
    else {
        return Existing::None;
    };
    if known.kind != field.kind {
        return Existing::OtherType(known.kind.name());
    }
    let same = known.label == field.label
        && known.length == field.length
        && (known.precision, known.scale) == (field.precision, field.scale)
        && (known.external_id, known.unique, known.case_sensitive)
            == (field.external_id, field.unique, field.case_sensitive)
        && known.description == field.description
        && known.help == field.help
        && known.picklist == field.picklist;
    if same {
        Existing::Same
    } else {
        Existing::Altered
    }
}

fn permission_set(
    org: &Org,
    planned: &Schema,
    file: &PermissionSetFile,
) -> Result<Component, CallError> {
    let mut component = Component::new("PermissionSet", &file.file, &file.name);
    component.changed = true;
    component.created = set_id(org, &file.name)?.is_none();
    if file.content.label.as_deref().unwrap_or_default().is_empty() {
        component.fail(
            "Required field is missing: label".to_owned(),
            &file.text,
            "PermissionSet",
        );
        return Ok(component);
    }
    for grant in &file.content.field_permissions {
        let (sobject, name) = grant.field.split_once('.').unwrap_or(("", &grant.field));
        let field = planned
            .object(sobject)
            .and_then(|object| object.any_field(name));
        let problem = match field {
            None => Some(format!(
                "In field: field - no CustomField named {} found",
                grant.field
            )),
            Some(field) if !field.permissionable => Some(format!(
                "You cannot deploy to a required field: {}",
                grant.field
            )),
            Some(_) if grant.editable && !grant.readable => {
                Some("Permission Edit depends on permission(s): Read".to_owned())
            }
            Some(_) => None,
        };
        if let Some(problem) = problem {
            component.fail(problem, &file.text, &grant.field);
            return Ok(component);
        }
    }
    for grant in &file.content.object_permissions {
        let problem = if planned.object(&grant.object).is_none() {
            Some(format!(
                "In field: object - no CustomObject named {} found",
                grant.object
            ))
        } else if (grant.allow_create || grant.allow_edit) && !grant.allow_read {
            Some("Permission Create depends on permission(s): Read".to_owned())
        } else if grant.allow_delete && !grant.allow_edit {
            Some("Permission Delete depends on permission(s): Edit".to_owned())
        } else {
            None
        };
        if let Some(problem) = problem {
            component.fail(problem, &file.text, &grant.object);
            return Ok(component);
        }
    }
    Ok(component)
}

/// What package.xml names and the zip does not hold.
fn missing_files(package: &Package, components: &mut Vec<Component>) {
    for types in &package.members {
        for member in types.members.iter().filter(|member| *member != "*") {
            let present = match types.name.as_str() {
                "CustomField" => package.objects.iter().any(|file| {
                    file.fields
                        .iter()
                        .any(|field| format!("{}.{}", file.sobject, field.full_name) == *member)
                }),
                "PermissionSet" => package
                    .permission_sets
                    .iter()
                    .any(|file| file.name == *member),
                _ => true,
            };
            if !present {
                let mut component = Component::new(&types.name, "package.xml", member);
                component.problem = Some(format!(
                    "An object '{member}' of type {} was named in package.xml, but was not found in zipped directory",
                    types.name
                ));
                components.push(component);
            }
        }
    }
}

fn set_id(org: &Org, name: &str) -> rusqlite::Result<Option<String>> {
    org.db
        .query_row(
            "SELECT Id FROM PermissionSet WHERE Name = ?1",
            [name],
            |row| row.get(0),
        )
        .optional()
}

fn write(
    org: &mut Org,
    package: &Package,
    outcome: &Outcome,
    fields: Vec<(String, Field)>,
    deletions: &[(String, String)],
) -> Result<(), CallError> {
    let refused = |kind: &str, name: &str| {
        outcome.components.iter().any(|component| {
            component.kind == kind && component.full_name == name && component.problem.is_some()
        })
    };
    for (sobject, name) in deletions {
        if let Some(object) = org.schema.object_mut(sobject) {
            object.remove(name);
        }
        org.db
            .execute_batch(&format!("UPDATE \"{sobject}\" SET \"{name}\" = NULL"))?;
    }
    for (sobject, field) in fields {
        let Some(name) = org
            .schema
            .object(&sobject)
            .map(|object| object.name.clone())
        else {
            continue;
        };
        org.add_column(&name, &field)?;
        if let Some(object) = org.schema.object_mut(&name) {
            match object.any_field_mut(&field.name) {
                Some(known) => *known = field,
                None => object.add(field),
            }
        }
    }
    for file in &package.permission_sets {
        if !refused("PermissionSet", &file.name) {
            write_permission_set(org, file)?;
        }
    }
    org.refresh_field_access()?;
    Ok(())
}

fn write_permission_set(org: &mut Org, file: &PermissionSetFile) -> Result<(), CallError> {
    let now = org.clock.now();
    let id = if let Some(id) = set_id(org, &file.name)? {
        org.db.execute(
                "UPDATE PermissionSet SET Label = ?2, Description = ?3, LastModifiedDate = ?4, SystemModstamp = ?4 WHERE Id = ?1",
                params![id, file.content.label, file.content.description, now],
            )?;
        id
    } else {
        let id = org.ids.next("0PS");
        let text = |text: &str| Cell::Text(text.to_owned());
        org.insert(
            "PermissionSet",
            &[
                ("Id".to_owned(), text(&id)),
                ("Name".to_owned(), text(&file.name)),
                (
                    "Label".to_owned(),
                    text(file.content.label.as_deref().unwrap_or_default()),
                ),
                (
                    "Description".to_owned(),
                    file.content.description.as_deref().map_or(Cell::Null, text),
                ),
                ("IsCustom".to_owned(), Cell::Integer(1)),
                ("Type".to_owned(), text("Regular")),
                ("CreatedDate".to_owned(), text(&now)),
                ("LastModifiedDate".to_owned(), text(&now)),
                ("SystemModstamp".to_owned(), text(&now)),
            ],
        )?;
        id
    };
    // A deployed permission set replaces its content.
    org.db
        .execute("DELETE FROM FieldPermissions WHERE ParentId = ?1", [&id])?;
    org.db
        .execute("DELETE FROM ObjectPermissions WHERE ParentId = ?1", [&id])?;
    for grant in &file.content.field_permissions {
        let row = org.ids.next("01k");
        let sobject = grant
            .field
            .split_once('.')
            .map_or("", |(sobject, _)| sobject);
        org.db.execute(
            "INSERT INTO FieldPermissions (Id, ParentId, SobjectType, Field, PermissionsRead, PermissionsEdit, SystemModstamp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![row, id, sobject, grant.field, grant.readable, grant.editable, now],
        )?;
    }
    for grant in &file.content.object_permissions {
        let row = org.ids.next("110");
        org.db.execute(
            "INSERT INTO ObjectPermissions (Id, ParentId, SobjectType, PermissionsCreate, PermissionsRead, PermissionsEdit, PermissionsDelete, PermissionsViewAllRecords, PermissionsModifyAllRecords, SystemModstamp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?8)",
            params![row, id, grant.object, grant.allow_create, grant.allow_read, grant.allow_edit, grant.allow_delete, now],
        )?;
    }
    Ok(())
}
