//! Creating, changing and deleting custom objects of the org.

use super::custom_object::{CustomObject, NameField, ObjectDefinition};
use super::display_format::is_display_format;
use super::fields::{Effect, Refused};
use super::reading::Problem;
use crate::salesforce::ids::base62;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};

fn refuse<T>(message: impl Into<String>) -> Result<T, Refused> {
    Err(Problem::new(message).into())
}

/// Creates an object, or changes the settings of the one of that name. Gives its id (`None` for a
/// standard object). `has_master` tells whether the same file brings a master-detail field.
pub(crate) fn put(
    org: &mut Org,
    name: &str,
    metadata: &CustomObject,
    has_master: bool,
) -> Result<(Option<String>, Effect), Refused> {
    match org.schema.any_object(name) {
        Some(object) if object.definition.is_none() => return Ok((None, Effect::Same)),
        Some(object) => {
            let name = object.name.clone();
            return change(org, &name, metadata);
        }
        None => {}
    }
    check(name, metadata)?;
    if metadata.sharing_model.as_deref() == Some("ControlledByParent") && !has_master {
        return refuse(
            "Sharing model ControlledByParent is only valid for an object on the detail side of a MasterDetail relationship",
        );
    }
    if has_master && metadata.sharing_model.as_deref() != Some("ControlledByParent") {
        return refuse(
            "The sharing model of an object on the detail side of a MasterDetail relationship must be ControlledByParent",
        );
    }
    let now = org.clock.now();
    let id = org.ids.next("01I");
    let prefix = free_prefix(org);
    let mut object = SObject::new(
        name,
        metadata.label.as_deref().unwrap_or(name),
        metadata.plural_label.as_deref().unwrap_or(name),
        &prefix,
        true,
    );
    object.definition = Some(Box::new(ObjectDefinition {
        id: id.clone(),
        metadata: metadata.clone(),
        next_number: 1,
        created: now.clone(),
        modified: now,
    }));
    for field in standard_fields(org, &object, metadata, has_master) {
        object.add(field);
    }
    org.db.execute_batch(&object.table())?;
    org.schema.objects.push(object);
    Ok((Some(id), Effect::Created))
}

fn check(name: &str, metadata: &CustomObject) -> Result<(), Refused> {
    let Some(stem) = name.strip_suffix("__c") else {
        return refuse(format!(
            "Entity of type 'CustomObject' named '{name}' cannot be found"
        ));
    };
    let legal = stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && !stem.ends_with('_')
        && !stem.contains("__")
        && stem.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !legal {
        return refuse(format!(
            "The object name you provided \"{stem}\" can only contain alphanumeric characters, must begin with a letter, cannot end with an underscore or contain two consecutive underscore characters, and must be unique across all objects"
        ));
    }
    let sized = [
        ("DeveloperName", Some(stem), 40),
        ("MasterLabel", metadata.label.as_deref(), 40),
        ("PluralLabel", metadata.plural_label.as_deref(), 40),
        ("Description", metadata.description.as_deref(), 1000),
    ];
    for (name, text, most) in sized {
        if text.is_some_and(|text| text.chars().count() > most) {
            return refuse(format!(
                "Value too long for field: {name} maximum length is:{most}"
            ));
        }
    }
    if metadata.label.is_none() {
        return refuse("Must specify a non-empty label for the CustomObject");
    }
    if metadata.plural_label.is_none() {
        return refuse("Must specify a non-empty pluralLabel for the CustomObject");
    }
    check_name_field(metadata.name_field.as_ref())?;
    if metadata.deployment_status.is_none() {
        return refuse("Must specify 'deploymentStatus' for a CustomObject");
    }
    match metadata.sharing_model.as_deref() {
        None => refuse("Must specify 'sharingModel' for a CustomObject"),
        Some("Private" | "Read" | "ReadWrite" | "ControlledByParent") => Ok(()),
        Some(other) => refuse(format!(
            "Sharing model {other} is not valid for a custom object"
        )),
    }
}

fn check_name_field(name_field: Option<&NameField>) -> Result<(), Refused> {
    let Some(name) = name_field.filter(|name| name.kind.is_some()) else {
        return refuse("Must specify a nameField of type Text or AutoNumber");
    };
    match (name.kind.as_deref(), name.display_format.as_deref()) {
        (Some("AutoNumber"), None) => {
            refuse("Must specify 'displayFormat' for a nameField of type AutoNumber")
        }
        (Some("AutoNumber"), Some(format)) if !is_display_format(format) => {
            refuse(format!("Invalid display format: {format}"))
        }
        (Some("Text"), Some(_)) => {
            refuse("Can not specify 'displayFormat' for a nameField of type Text")
        }
        _ => Ok(()),
    }
}

/// Custom objects have key prefixes from `a00` on.
fn free_prefix(org: &Org) -> String {
    let mut number = 0_u64;
    loop {
        let prefix = format!("a{}", base62(number, 2));
        if !org
            .schema
            .objects
            .iter()
            .any(|object| object.prefix == prefix)
        {
            return prefix;
        }
        number += 1;
    }
}

/// A field Salesforce fills in.
fn system(name: &str, label: &str, kind: FieldType) -> Field {
    let mut field = Field::new(name, label, kind);
    field.createable = false;
    field.updateable = false;
    field.nillable = false;
    field.defaulted_on_create = true;
    field
}

/// A reference to a user that Salesforce fills in.
fn user(name: &str, label: &str) -> Field {
    let mut field = system(name, label, FieldType::Reference);
    field.length = 18;
    field.reference_to = vec!["User".to_owned()];
    field.relationship = Some(name.trim_end_matches("Id").to_owned());
    field
}

/// Whom a record belongs to.
pub(crate) fn owner() -> Field {
    let mut owner = user("OwnerId", "Owner ID");
    owner.createable = true;
    owner.updateable = true;
    owner
}

/// The fields every custom object has.
fn standard_fields(
    org: &Org,
    object: &SObject,
    metadata: &CustomObject,
    has_master: bool,
) -> Vec<Field> {
    let mut id = system("Id", "Record ID", FieldType::Id);
    id.length = 18;
    id.id_lookup = true;
    let mut fields = vec![id];
    if !has_master {
        fields.push(owner());
    }
    fields.push(system("IsDeleted", "Deleted", FieldType::Boolean));
    let counted = metadata
        .name_field
        .as_ref()
        .is_some_and(|name| name.kind.as_deref() == Some("AutoNumber"));
    let mut name = Field::new(
        "Name",
        metadata
            .name_field
            .as_ref()
            .and_then(|name| name.label.as_deref())
            .unwrap_or(&object.label),
        FieldType::Text,
    );
    name.length = if counted { 30 } else { 80 };
    name.createable = !counted;
    name.updateable = !counted;
    name.defaulted_on_create = counted;
    name.nillable = !counted;
    name.id_lookup = true;
    fields.push(name);
    // A multi-currency org gives every object a currency, like the one of Account.
    if let Some(currency) = org
        .schema
        .any_object("Account")
        .and_then(|account| account.any_field("CurrencyIsoCode"))
    {
        fields.push(currency.clone());
    }
    fields.push(system("CreatedDate", "Created Date", FieldType::DateTime));
    fields.push(user("CreatedById", "Created By ID"));
    fields.push(system(
        "LastModifiedDate",
        "Last Modified Date",
        FieldType::DateTime,
    ));
    fields.push(user("LastModifiedById", "Last Modified By ID"));
    fields.push(system(
        "SystemModstamp",
        "System Modstamp",
        FieldType::DateTime,
    ));
    fields
}

fn change(
    org: &mut Org,
    name: &str,
    metadata: &CustomObject,
) -> Result<(Option<String>, Effect), Refused> {
    let now = org.clock.now();
    let Some(object) = org.schema.object_mut(name) else {
        return Ok((None, Effect::Same));
    };
    let Some(definition) = object.definition.as_deref_mut() else {
        return Ok((None, Effect::Same));
    };
    let id = Some(definition.id.clone());
    if !metadata.describes_object() {
        return Ok((id, Effect::Same));
    }
    let mut next = metadata.clone();
    next.fields.clone_from(&definition.metadata.fields);
    next.nested.clone_from(&definition.metadata.nested);
    if next == definition.metadata {
        return Ok((id, Effect::Same));
    }
    check(name, metadata)?;
    let kind = |object: &CustomObject| {
        object
            .name_field
            .as_ref()
            .and_then(|name| name.kind.clone())
    };
    let counted = kind(metadata).as_deref() == Some("AutoNumber");
    let turned = kind(metadata) != kind(&definition.metadata);
    definition.metadata = metadata.clone();
    definition.modified = now;
    if let Some(label) = &metadata.label {
        object.label.clone_from(label);
    }
    if let Some(plural) = &metadata.plural_label {
        object.plural.clone_from(plural);
    }
    if let Some(field) = object.any_field_mut("Name") {
        if let Some(label) = metadata
            .name_field
            .as_ref()
            .and_then(|name| name.label.clone())
        {
            field.label = label;
        }
        if turned {
            field.createable = !counted;
            field.updateable = !counted;
            field.defaulted_on_create = counted;
            field.length = if counted { 30 } else { 80 };
        }
    }
    Ok((id, Effect::Changed))
}

/// Deletes a custom object; its records are kept under another name, unless it is purged.
pub(crate) fn delete(org: &mut Org, name: &str, purge: bool) -> Result<Option<String>, Refused> {
    let Some(position) = org
        .schema
        .objects
        .iter()
        .position(|object| object.custom() && object.name.eq_ignore_ascii_case(name))
    else {
        return refuse(format!("No CustomObject named: {name} found"));
    };
    let object = &org.schema.objects[position];
    let user = org.schema.objects.iter().find_map(|other| {
        let field = other.fields.iter().find(|field| {
            field.custom && other.name != object.name && field.reference_to.contains(&object.name)
        })?;
        Some(format!("{}.{}", other.name, field.name))
    });
    if let Some(user) = user {
        return refuse(format!(
            "This custom object is referenced elsewhere in salesforce.com. : Custom Field Definition - {user}."
        ));
    }
    let object = org.schema.objects.remove(position);
    for table in ["FieldPermissions", "ObjectPermissions"] {
        org.db.execute(
            &format!("DELETE FROM {table} WHERE SobjectType = ?1 COLLATE NOCASE"),
            [&object.name],
        )?;
    }
    let indexes: Vec<String> = object
        .fields
        .iter()
        .map(|field| field.name.clone())
        .collect();
    for column in indexes {
        super::fields::drop_indexes(org, &object.name, &column)?;
    }
    if purge {
        org.db
            .execute_batch(&format!("DROP TABLE \"{}\"", object.name))?;
    } else {
        let stem = object.name.trim_end_matches("__c");
        let mut number = 0_u32;
        let kept = loop {
            let kept = match number {
                0 => format!("{stem}_del__c"),
                n => format!("{stem}_del{n}__c"),
            };
            let taken: bool = org.db.query_row(
                "SELECT count(*) > 0 FROM sqlite_master WHERE name = ?1 COLLATE NOCASE",
                [&kept],
                |row| row.get(0),
            )?;
            if !taken {
                break kept;
            }
            number += 1;
        };
        org.db.execute_batch(&format!(
            "ALTER TABLE \"{}\" RENAME TO \"{kept}\"",
            object.name
        ))?;
    }
    Ok(object.definition.map(|definition| definition.id))
}
