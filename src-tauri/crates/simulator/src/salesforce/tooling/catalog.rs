//! The tables of the Tooling API that mirror the schema: objects, fields and what users may do.

use std::collections::HashMap;

use rusqlite::types::Value as Cell;
use serde_json::json;

use crate::salesforce::access::ObjectGrant;
use crate::salesforce::errors::CallError;
use crate::salesforce::metadata;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};

/// The tables written here, in lower case.
pub(super) const TABLES: [&str; 8] = [
    "customfield",
    "customobject",
    "deployrequest",
    "entitydefinition",
    "entityparticle",
    "fielddefinition",
    "userentityaccess",
    "userfieldaccess",
];

/// What the Tooling API lists under `/tooling/sobjects`.
pub(super) fn is_tooling(object: &SObject) -> bool {
    TABLES.contains(&object.name.to_ascii_lowercase().as_str())
        || matches!(
            object.name.as_str(),
            "ValidationRule"
                | "ApexTrigger"
                | "FlowDefinitionView"
                | "PermissionSet"
                | "PermissionSetAssignment"
                | "Profile"
                | "RecordType"
                | "User"
                | "Organization"
        )
}

type Row = Vec<(&'static str, Cell)>;

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn maybe(words: Option<&str>) -> Cell {
    words.map_or(Cell::Null, text)
}

fn flag(on: bool) -> Cell {
    Cell::Integer(i64::from(on))
}

fn count(number: impl TryInto<i64>) -> Cell {
    Cell::Integer(number.try_into().unwrap_or_default())
}

/// An object's id in relations: its name, or the id of a custom object.
fn durable(object: &SObject) -> &str {
    object
        .definition
        .as_deref()
        .map_or(object.name.as_str(), |definition| {
            definition.id.get(..15).unwrap_or(&definition.id)
        })
}

/// A field's: the object's and, after a dot, its name or the id of a custom field.
fn durable_field(object: &SObject, field: &Field) -> String {
    let name = field
        .definition
        .as_deref()
        .map_or(field.name.as_str(), |definition| {
            definition.id.get(..15).unwrap_or(&definition.id)
        });
    format!("{}.{name}", durable(object))
}

/// Writes the wanted tables anew; names are asked for in lower case.
pub(super) fn refresh(org: &mut Org, wanted: impl Fn(&str) -> bool) -> Result<(), CallError> {
    metadata::complete(org);
    let mut rows: Vec<(&'static str, Row)> = Vec::new();
    for object in org
        .schema
        .objects
        .iter()
        .filter(|object| !object.tooling_only)
    {
        rows.push(("EntityDefinition", entity_definition(object)));
        if let Some(row) = custom_object(org, object) {
            rows.push(("CustomObject", row));
        }
        for field in &object.fields {
            rows.push(("FieldDefinition", field_definition(object, field)));
            rows.push(("EntityParticle", particle(object, field)));
            if let Some(row) = custom_field(org, object, field) {
                rows.push(("CustomField", row));
            }
        }
    }
    if wanted("deployrequest") {
        let listed = org.deploys.listed();
        rows.extend(listed.map(|deploy| ("DeployRequest", deploy_request(org, &deploy))));
    }
    if wanted("userentityaccess") || wanted("userfieldaccess") {
        access(org, &mut rows)?;
    }
    rows.retain(|(table, _)| wanted(&table.to_ascii_lowercase()));
    let tooling = org.schema.tooling;
    org.schema.tooling = true;
    let written = org.atomically(|org| write(org, &rows, wanted));
    org.schema.tooling = tooling;
    Ok(written?)
}

fn write(
    org: &Org,
    rows: &[(&'static str, Row)],
    wanted: impl Fn(&str) -> bool,
) -> rusqlite::Result<()> {
    for table in TABLES.into_iter().filter(|table| wanted(table)) {
        org.db.execute_batch(&format!("DELETE FROM {table}"))?;
    }
    for (table, row) in rows {
        let cells: Vec<(String, Cell)> = row
            .iter()
            .map(|(name, cell)| ((*name).to_owned(), cell.clone()))
            .collect();
        org.insert(table, &cells)?;
    }
    Ok(())
}

fn entity_definition(object: &SObject) -> Row {
    let developer = object.name.trim_end_matches("__c");
    vec![
        ("Id", text(durable(object))),
        ("DurableId", text(durable(object))),
        ("QualifiedApiName", text(&object.name)),
        ("DeveloperName", text(developer)),
        ("MasterLabel", text(&object.label)),
        ("Label", text(&object.label)),
        ("PluralLabel", text(&object.plural)),
        ("KeyPrefix", text(&object.prefix)),
        ("IsQueryable", flag(true)),
        ("IsCustomizable", flag(object.has_recycle_bin())),
        ("IsTriggerable", flag(object.has_recycle_bin())),
        ("IsWorkflowEnabled", flag(object.has_recycle_bin())),
        ("IsEverCreatable", flag(object.writable)),
        ("IsEverUpdatable", flag(object.writable)),
        ("IsEverDeletable", flag(object.writable)),
        ("IsCustomSetting", flag(false)),
        (
            "PublisherId",
            text(if object.custom() { "<local>" } else { "System" }),
        ),
        (
            "InternalSharingModel",
            object
                .definition
                .as_deref()
                .and_then(|definition| definition.metadata.sharing_model.as_deref())
                .map_or(Cell::Null, text),
        ),
    ]
}

fn deploy_request(org: &Org, deploy: &metadata::ListedDeploy<'_>) -> Row {
    vec![
        ("Id", text(deploy.id)),
        ("Status", text(deploy.status)),
        ("CheckOnly", flag(deploy.check_only)),
        ("StartDate", maybe(deploy.started)),
        ("CompletedDate", maybe(deploy.completed)),
        ("NumberComponentsDeployed", count(deploy.done)),
        ("NumberComponentErrors", count(deploy.failed)),
        ("ErrorMessage", maybe(deploy.error)),
        ("CreatedById", text(&org.identity.user_id)),
        ("CreatedDate", text(deploy.created)),
    ]
}

fn custom_object(org: &Org, object: &SObject) -> Option<Row> {
    let definition = object.definition.as_deref()?;
    let user = &org.identity.user_id;
    Some(vec![
        ("Id", text(&definition.id)),
        ("DeveloperName", text(object.name.trim_end_matches("__c"))),
        (
            "Description",
            maybe(definition.metadata.description.as_deref()),
        ),
        (
            "SharingModel",
            maybe(definition.metadata.sharing_model.as_deref()),
        ),
        ("ManageableState", text("unmanaged")),
        ("CreatedById", text(user)),
        ("CreatedDate", text(&definition.created)),
        ("LastModifiedById", text(user)),
        ("LastModifiedDate", text(&definition.modified)),
    ])
}

fn custom_field(org: &Org, object: &SObject, field: &Field) -> Option<Row> {
    let definition = field.definition.as_deref()?;
    let user = &org.identity.user_id;
    let metadata = json!(definition.metadata).to_string();
    Some(vec![
        ("Id", text(&definition.id)),
        ("DeveloperName", text(field.name.trim_end_matches("__c"))),
        ("TableEnumOrId", text(durable(object))),
        ("EntityDefinitionId", text(durable(object))),
        ("FullName", text(&format!("{}.{}", object.name, field.name))),
        ("Metadata", Cell::Text(metadata)),
        ("Description", maybe(field.description.as_deref())),
        ("InlineHelpText", maybe(field.help.as_deref())),
        (
            "Length",
            if field.length > 0 {
                count(field.length)
            } else {
                Cell::Null
            },
        ),
        (
            "Precision",
            if field.precision > 0 {
                count(field.precision)
            } else {
                Cell::Null
            },
        ),
        (
            "Scale",
            if field.precision > 0 {
                count(field.scale)
            } else {
                Cell::Null
            },
        ),
        (
            "RelationshipLabel",
            maybe(definition.metadata.relationship_label.as_deref()),
        ),
        ("ManageableState", text("unmanaged")),
        ("CreatedById", text(user)),
        ("CreatedDate", text(&definition.created)),
        ("LastModifiedById", text(user)),
        ("LastModifiedDate", text(&definition.modified)),
    ])
}

/// A field's type as Setup shows it: `Text(64)`, `Currency(10, 2)`, `Lookup(Account)`.
fn shown_type(field: &Field) -> String {
    let whole = field.precision.saturating_sub(field.scale);
    let to = field.reference_to.join(",");
    if field.number_format().is_some() {
        return "Auto Number".to_owned();
    }
    match field.kind {
        FieldType::Id => "Id".to_owned(),
        FieldType::Text => format!("Text({})", field.length),
        FieldType::Textarea if field.length > 255 => format!("Long Text Area({})", field.length),
        FieldType::Textarea => format!("Text Area({})", field.length),
        FieldType::Phone => "Phone".to_owned(),
        FieldType::Url => format!("URL({})", field.length),
        FieldType::Email => "Email".to_owned(),
        FieldType::Picklist => "Picklist".to_owned(),
        FieldType::Multipicklist => "Picklist (Multi-Select)".to_owned(),
        FieldType::Reference if field.master_detail() => format!("Master-Detail({to})"),
        FieldType::Reference => format!("Lookup({to})"),
        FieldType::Boolean => "Checkbox".to_owned(),
        FieldType::Int => format!("Number({}, 0)", field.digits),
        FieldType::Double => format!("Number({whole}, {})", field.scale),
        FieldType::Currency => format!("Currency({whole}, {})", field.scale),
        FieldType::Percent => format!("Percent({whole}, {})", field.scale),
        FieldType::Date => "Date".to_owned(),
        FieldType::DateTime => "Date/Time".to_owned(),
        FieldType::Time => "Time".to_owned(),
        FieldType::Encrypted => format!("Text (Encrypted)({})", field.length),
        FieldType::Address => "Address".to_owned(),
        FieldType::Location => "Geolocation".to_owned(),
        FieldType::Complex => "Complex".to_owned(),
    }
}

fn field_definition(object: &SObject, field: &Field) -> Row {
    let id = durable_field(object, field);
    vec![
        ("Id", text(&id)),
        ("DurableId", text(&id)),
        ("EntityDefinitionId", text(durable(object))),
        ("QualifiedApiName", text(&field.name)),
        ("DeveloperName", text(field.name.trim_end_matches("__c"))),
        ("MasterLabel", text(&field.label)),
        ("Label", text(&field.label)),
        ("DataType", text(&shown_type(field))),
        ("ValueTypeId", text(field.kind.name())),
        ("Length", count(field.length)),
        ("Precision", count(field.precision)),
        ("Scale", count(field.scale)),
        ("IsCalculated", flag(field.calculated())),
        (
            "IsCompound",
            flag(matches!(
                field.kind,
                FieldType::Address | FieldType::Location
            )),
        ),
        (
            "IsIndexed",
            flag(field.external_id || field.unique || field.kind.is_id()),
        ),
        ("IsNameField", flag(field.name == "Name")),
        ("IsNillable", flag(field.nillable)),
        ("Description", maybe(field.description.as_deref())),
        ("RelationshipName", maybe(field.relationship.as_deref())),
        ("ExtraTypeInfo", maybe(field.extra_type_info.as_deref())),
    ]
}

fn particle(object: &SObject, field: &Field) -> Row {
    let id = durable_field(object, field);
    vec![
        ("Id", text(&id)),
        ("DurableId", text(&id)),
        ("EntityDefinitionId", text(durable(object))),
        ("FieldDefinitionId", text(&id)),
        ("QualifiedApiName", text(&field.name)),
        ("DeveloperName", text(field.name.trim_end_matches("__c"))),
        ("MasterLabel", text(&field.label)),
        ("Label", text(&field.label)),
        ("DataType", text(field.kind.name())),
        ("ValueTypeId", text(field.kind.name())),
        ("Length", count(field.length)),
        ("ByteLength", count(field.length * 3)),
        ("Digits", count(field.digits)),
        ("Precision", count(field.precision)),
        ("Scale", count(field.scale)),
        ("DefaultValueFormula", maybe(field.default_value.as_deref())),
        ("InlineHelpText", maybe(field.help.as_deref())),
        ("RelationshipName", maybe(field.relationship.as_deref())),
        ("ExtraTypeInfo", maybe(field.extra_type_info.as_deref())),
        ("IsCalculated", flag(field.calculated())),
        ("IsAutonumber", flag(field.number_format().is_some())),
        ("IsCaseSensitive", flag(field.case_sensitive)),
        ("IsUnique", flag(field.unique)),
        ("IsIdLookup", flag(field.id_lookup)),
        ("IsExternalId", flag(field.external_id)),
        ("IsCreatable", flag(field.createable)),
        ("IsUpdatable", flag(field.updateable)),
        ("IsNillable", flag(field.nillable)),
        ("IsPermissionable", flag(field.permissionable)),
        ("IsDefaultedOnCreate", flag(field.defaulted_on_create)),
        ("IsNameField", flag(field.name == "Name")),
        ("IsComponent", flag(field.compound.is_some())),
        (
            "IsCompound",
            flag(matches!(
                field.kind,
                FieldType::Address | FieldType::Location
            )),
        ),
        ("IsEncrypted", flag(field.kind == FieldType::Encrypted)),
        (
            "IsHtmlFormatted",
            flag(field.extra_type_info.as_deref() == Some("richtextarea")),
        ),
        ("IsApiFilterable", flag(field.filterable)),
        ("IsApiSortable", flag(field.sortable)),
        ("IsApiGroupable", flag(field.groupable)),
    ]
}

/// What each user may do with each object and field.
fn access(org: &Org, rows: &mut Vec<(&'static str, Row)>) -> Result<(), CallError> {
    let users: Vec<String> = org
        .db
        .prepare("SELECT Id FROM User ORDER BY rowid")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for user in users {
        let everything = user == org.identity.user_id && org.permits("PermissionsModifyAllData")?;
        let objects = org.object_grants(&user)?;
        let fields = field_grants(org, &user)?;
        for object in org
            .schema
            .objects
            .iter()
            .filter(|object| !object.tooling_only)
        {
            let grant = if everything || !object.custom() {
                ObjectGrant::ALL
            } else {
                objects
                    .get(&object.name.to_ascii_lowercase())
                    .copied()
                    .unwrap_or_default()
            };
            let id = format!("{}.{user}", durable(object));
            rows.push((
                "UserEntityAccess",
                vec![
                    ("Id", text(&id)),
                    ("DurableId", text(&id)),
                    ("UserId", text(&user)),
                    ("EntityDefinitionId", text(durable(object))),
                    ("IsReadable", flag(grant.read)),
                    ("IsCreatable", flag(grant.create && object.writable)),
                    ("IsEditable", flag(grant.edit && object.writable)),
                    ("IsUpdatable", flag(grant.edit && object.writable)),
                    ("IsDeletable", flag(grant.delete && object.writable)),
                    (
                        "IsUndeletable",
                        flag(grant.delete && object.has_recycle_bin()),
                    ),
                    (
                        "IsMergeable",
                        flag(grant.delete && !object.custom() && object.has_recycle_bin()),
                    ),
                    ("IsFlsUpdatable", flag(grant.edit && object.writable)),
                    ("IsActivateable", flag(false)),
                ],
            ));
            for field in &object.fields {
                let name = field
                    .compound
                    .as_ref()
                    .filter(|_| field.custom)
                    .unwrap_or(&field.name);
                let path = format!("{}.{name}", object.name).to_ascii_lowercase();
                let (read, edit) =
                    if field.custom && (field.permissionable || field.compound.is_some()) {
                        fields
                            .get(&path)
                            .map_or((false, false), |edit| (true, *edit))
                    } else {
                        (true, true)
                    };
                let id = format!("{}.{user}", durable_field(object, field));
                rows.push((
                    "UserFieldAccess",
                    vec![
                        ("Id", text(&id)),
                        ("DurableId", text(&id)),
                        ("UserId", text(&user)),
                        ("EntityDefinitionId", text(durable(object))),
                        ("FieldDefinitionId", text(&durable_field(object, field))),
                        ("IsAccessible", flag(read)),
                        ("IsCreatable", flag(edit && field.createable)),
                        ("IsUpdatable", flag(edit && field.updateable)),
                    ],
                ));
            }
        }
    }
    Ok(())
}

/// Fields a user's permission sets open, by lower-case path, each with whether it may be edited.
fn field_grants(org: &Org, user: &str) -> Result<HashMap<String, bool>, CallError> {
    let mut grants: HashMap<String, bool> = HashMap::new();
    let mut statement = org.db.prepare_cached(
        "SELECT f.Field, f.PermissionsEdit FROM FieldPermissions f
         JOIN PermissionSetAssignment a ON a.PermissionSetId = f.ParentId
         WHERE a.AssigneeId = ?1 AND f.PermissionsRead = 1",
    )?;
    let mut rows = statement.query([user])?;
    while let Some(row) = rows.next()? {
        let field: String = row.get(0)?;
        *grants.entry(field.to_ascii_lowercase()).or_default() |= row.get::<_, bool>(1)?;
    }
    Ok(grants)
}
