//! Permission sets in the org: checking what one grants, replacing its content, deleting it
//! (facts/salesforce.md §7.2).

use std::collections::HashSet;

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, params};

use super::fields::{Effect, Refused};
use super::permission_set::{FieldGrant, ObjectGrant, PermissionSet};
use super::reading::Problem;
use crate::salesforce::org::Org;
use crate::salesforce::schema::Schema;

/// First API version at which a deployed permission set replaces its content.
const REPLACES_SINCE: f64 = 40.0;

/// Creates a permission set, or replaces its content.
pub(crate) fn put(
    org: &mut Org,
    name: &str,
    set: &PermissionSet,
    version: f64,
) -> Result<(Option<String>, Effect), Refused> {
    check(&org.schema, name, set)?;
    let now = org.clock.now();
    let known = id_of(org, name)?;
    let effect = if known.is_some() {
        Effect::Changed
    } else {
        Effect::Created
    };
    let id = if let Some(id) = known {
        org.db.execute(
            "UPDATE PermissionSet SET Label = ?2, Description = ?3, LastModifiedDate = ?4, SystemModstamp = ?4 WHERE Id = ?1",
            params![id, set.label, set.description, now],
        )?;
        id
    } else {
        create(org, name, set, &now)?
    };
    if version >= REPLACES_SINCE {
        org.db
            .execute("DELETE FROM FieldPermissions WHERE ParentId = ?1", [&id])?;
        org.db
            .execute("DELETE FROM ObjectPermissions WHERE ParentId = ?1", [&id])?;
    }
    for grant in &set.fields {
        put_field(org, &id, grant, &now)?;
    }
    for grant in &set.objects {
        put_object(org, &id, grant, &now)?;
    }
    Ok((Some(id), effect))
}

pub(crate) fn id_of(org: &Org, name: &str) -> rusqlite::Result<Option<String>> {
    org.db
        .query_row(
            "SELECT Id FROM PermissionSet WHERE Name = ?1 AND IsOwnedByProfile = 0",
            [name],
            |row| row.get(0),
        )
        .optional()
}

fn check(schema: &Schema, name: &str, set: &PermissionSet) -> Result<(), Problem> {
    let legal = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('_')
        && !name.contains("__")
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !legal {
        return Err(Problem::new(format!(
            "The Permission Set API Name can only contain underscores and alphanumeric characters. It must be unique, begin with a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores: {name}"
        )));
    }
    let Some(label) = &set.label else {
        return Err(Problem::new("Required field is missing: label"));
    };
    let sized = [
        ("Label", label.as_str(), 80),
        ("Name", name, 80),
        (
            "Description",
            set.description.as_deref().unwrap_or_default(),
            255,
        ),
    ];
    for (field, text, most) in sized {
        if text.chars().count() > most {
            return Err(Problem::new(format!(
                "Value too long for field: {field} maximum length is:{most}"
            )));
        }
    }
    if let Some((kind, name)) = set.foreign.first() {
        let field = match *kind {
            "ApexClass" => "apexClass",
            "ApexPage" => "apexPage",
            "CustomTab" => "tab",
            "CustomApplication" => "application",
            _ => "name",
        };
        return Err(Problem::new(format!(
            "In field: {field} - no {kind} named {name} found"
        )));
    }
    let mut seen: HashSet<String> = HashSet::new();
    let mut repeated = |element: &str, name: &str| {
        if seen.insert(format!("{element} {}", name.to_ascii_lowercase())) {
            Ok(())
        } else {
            Err(Problem::new(format!(
                "Duplicate {element} specified: {name}"
            )))
        }
    };
    for grant in &set.fields {
        let (line, column) = grant.place;
        repeated("fieldPermissions", &grant.field)
            .and_then(|()| check_field(schema, grant))
            .map_err(|problem| problem.at(line, column))?;
    }
    for grant in &set.objects {
        let (line, column) = grant.place;
        repeated("objectPermissions", &grant.object)
            .and_then(|()| check_object(schema, set, grant))
            .map_err(|problem| problem.at(line, column))?;
    }
    Ok(())
}

fn check_field(schema: &Schema, grant: &FieldGrant) -> Result<(), Problem> {
    let (sobject, name) = grant.field.split_once('.').unwrap_or(("", &grant.field));
    let Some(field) = schema
        .any_object(sobject)
        .filter(|object| !object.tooling_only)
        .and_then(|object| object.any_field(name))
    else {
        return Err(Problem::new(format!(
            "In field: field - no CustomField named {} found",
            grant.field
        )));
    };
    if !field.permissionable {
        return Err(Problem::new(format!(
            "You cannot deploy to a required field: {}",
            grant.field
        )));
    }
    if grant.editable && !grant.readable {
        return Err(Problem::new(
            "Permission Edit depends on permission(s): Read",
        ));
    }
    let written_by_salesforce =
        field.custom && (field.calculated() || field.number_format().is_some());
    if grant.editable && written_by_salesforce {
        return Err(Problem::new(format!(
            "You cannot grant edit access to a read-only field: {}",
            grant.field
        )));
    }
    Ok(())
}

fn check_object(schema: &Schema, set: &PermissionSet, grant: &ObjectGrant) -> Result<(), Problem> {
    let Some(object) = schema
        .any_object(&grant.object)
        .filter(|object| !object.tooling_only)
    else {
        return Err(Problem::new(format!(
            "In field: object - no CustomObject named {} found",
            grant.object
        )));
    };
    let depends = |wanted: &str, on: &str| {
        Err(Problem::new(format!(
            "Permission {wanted} depends on permission(s): {on}"
        )))
    };
    let rules = [
        (grant.create, "Create", grant.read, "Read"),
        (grant.edit, "Edit", grant.read, "Read"),
        (grant.delete, "Delete", grant.read, "Read"),
        (grant.delete, "Delete", grant.edit, "Edit"),
        (grant.view_all, "ViewAllRecords", grant.read, "Read"),
        (
            grant.modify_all,
            "ModifyAllRecords",
            grant.view_all,
            "ViewAllRecords",
        ),
        (grant.modify_all, "ModifyAllRecords", grant.edit, "Edit"),
        (grant.modify_all, "ModifyAllRecords", grant.delete, "Delete"),
    ];
    for (given, wanted, met, on) in rules {
        if given && !met {
            return depends(wanted, on);
        }
    }
    // Who sees a detail must see its master.
    let masters = object
        .fields
        .iter()
        .filter(|field| field.master_detail())
        .flat_map(|field| &field.reference_to);
    for master in masters {
        let seen = set
            .objects
            .iter()
            .any(|other| other.read && other.object.eq_ignore_ascii_case(master));
        if grant.read && !seen {
            return depends(&format!("Read {}", object.name), &format!("Read {master}"));
        }
    }
    Ok(())
}

fn create(org: &mut Org, name: &str, set: &PermissionSet, now: &str) -> Result<String, Refused> {
    let id = org.ids.next("0PS");
    let user = org.identity.user_id.clone();
    let text = |text: &str| Cell::Text(text.to_owned());
    let cells: Vec<(String, Cell)> = [
        ("Id", text(&id)),
        ("Name", text(name)),
        ("Label", text(set.label.as_deref().unwrap_or_default())),
        (
            "Description",
            set.description.as_deref().map_or(Cell::Null, text),
        ),
        ("IsCustom", Cell::Integer(1)),
        ("Type", text("Regular")),
        ("CreatedDate", text(now)),
        ("CreatedById", text(&user)),
        ("LastModifiedDate", text(now)),
        ("SystemModstamp", text(now)),
    ]
    .into_iter()
    .map(|(name, cell)| (name.to_owned(), cell))
    .collect();
    org.insert("PermissionSet", &cells)?;
    Ok(id)
}

fn put_field(org: &mut Org, set: &str, grant: &FieldGrant, now: &str) -> Result<(), Refused> {
    let field = canonical(&org.schema, &grant.field);
    org.db.execute(
        "DELETE FROM FieldPermissions WHERE ParentId = ?1 AND Field = ?2 COLLATE NOCASE",
        params![set, field],
    )?;
    if !grant.readable {
        return Ok(());
    }
    let id = org.ids.next("01k");
    let sobject = field.split_once('.').map_or("", |(sobject, _)| sobject);
    org.db.execute(
        "INSERT INTO FieldPermissions (Id, ParentId, SobjectType, Field, PermissionsRead, PermissionsEdit, SystemModstamp) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)",
        params![id, set, sobject, field, grant.editable, now],
    )?;
    Ok(())
}

fn put_object(org: &mut Org, set: &str, grant: &ObjectGrant, now: &str) -> Result<(), Refused> {
    let object = org
        .schema
        .any_object(&grant.object)
        .map_or_else(|| grant.object.clone(), |object| object.name.clone());
    org.db.execute(
        "DELETE FROM ObjectPermissions WHERE ParentId = ?1 AND SobjectType = ?2 COLLATE NOCASE",
        params![set, object],
    )?;
    if !grant.read {
        return Ok(());
    }
    let id = org.ids.next("110");
    org.db.execute(
        "INSERT INTO ObjectPermissions (Id, ParentId, SobjectType, PermissionsCreate, PermissionsRead, PermissionsEdit, PermissionsDelete, PermissionsViewAllRecords, PermissionsModifyAllRecords, SystemModstamp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![id, set, object, grant.create, grant.read, grant.edit, grant.delete, grant.view_all, grant.modify_all, now],
    )?;
    Ok(())
}

/// `account.mrr__C` as `Account.MRR__c`.
fn canonical(schema: &Schema, path: &str) -> String {
    let found = path.split_once('.').and_then(|(sobject, name)| {
        let object = schema.any_object(sobject)?;
        Some(format!("{}.{}", object.name, object.any_field(name)?.name))
    });
    found.unwrap_or_else(|| path.to_owned())
}

/// Deletes a permission set nobody has.
pub(crate) fn delete(org: &mut Org, name: &str) -> Result<Option<String>, Refused> {
    let Some(id) = id_of(org, name)? else {
        return Err(Problem::new(format!("No PermissionSet named: {name} found")).into());
    };
    let assigned: bool = org.db.query_row(
        "SELECT EXISTS (SELECT 1 FROM PermissionSetAssignment WHERE PermissionSetId = ?1)",
        [&id],
        |row| row.get(0),
    )?;
    if assigned {
        return Err(Problem::new(
            "You can't delete this permission set because it's assigned to one or more users. Remove the assignments and try again.",
        )
        .into());
    }
    for (table, key) in [
        ("FieldPermissions", "ParentId"),
        ("ObjectPermissions", "ParentId"),
        ("PermissionSet", "Id"),
    ] {
        org.db
            .execute(&format!("DELETE FROM {table} WHERE {key} = ?1"), [&id])?;
    }
    Ok(Some(id))
}
