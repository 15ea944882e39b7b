//! Adding, changing and deleting custom fields of the org. The caller has a transaction open and
//! keeps a copy of the schema, so an error may leave things half done.

use super::conversion::conversion;
use super::custom_field::{CustomField, FieldDefinition};
use super::reading::Problem;
use super::rules;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};
use crate::salesforce::text;

/// Most external ids of one object (facts/salesforce.md §7.2).
const MAX_EXTERNAL_IDS: usize = 25;
/// Most custom fields of one object in an Enterprise org.
const MAX_FIELDS: usize = 500;

/// What a deployed component did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Created,
    Changed,
    Same,
}

/// Why a component could not be applied: it is wrong, or the database failed.
#[derive(Debug)]
pub(crate) enum Refused {
    Problem(Problem),
    Call(CallError),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self::Call(error.into())
    }
}

fn refuse<T>(message: impl Into<String>) -> Result<T, Refused> {
    Err(Problem::new(message).into())
}

/// Creates a field, or changes the one of that name. Gives its id (`None` for a standard field).
pub(crate) fn put(
    org: &mut Org,
    sobject: &str,
    metadata: &CustomField,
) -> Result<(Option<String>, Effect), Refused> {
    let Some(object) = org
        .schema
        .any_object(sobject)
        .filter(|object| !object.tooling_only)
    else {
        return refuse(format!(
            "Entity of type 'CustomObject' named '{sobject}' cannot be found"
        ));
    };
    let known = object.any_field(&metadata.full_name);
    if known.is_some_and(|field| !field.custom) {
        // Settings of a standard field (tracking, help) have no effect on records.
        return Ok((None, Effect::Same));
    }
    let field = rules::field(metadata, object, &org.schema)?;
    check_limits(object, &field)?;
    let object = object.name.clone();
    match known.cloned() {
        None => add(org, &object, field, metadata).map(|id| (Some(id), Effect::Created)),
        Some(old) => change(org, &object, &old, field, metadata),
    }
}

fn check_limits(object: &SObject, field: &Field) -> Result<(), Problem> {
    let others = || {
        let own = |other: &&Field| !other.name.eq_ignore_ascii_case(&field.name);
        object.fields.iter().chain(&object.deleted).filter(own)
    };
    if field.external_id && others().filter(|other| other.external_id).count() >= MAX_EXTERNAL_IDS {
        return Err(Problem::new(format!(
            "You have reached the maximum number of {MAX_EXTERNAL_IDS} External ID fields on {}.",
            object.name
        )));
    }
    if others()
        .filter(|other| other.custom && other.compound.is_none())
        .count()
        >= MAX_FIELDS
    {
        return Err(Problem::new(format!(
            "You have reached the maximum number of {MAX_FIELDS} custom fields on {}.",
            object.name
        )));
    }
    Ok(())
}

fn add(
    org: &mut Org,
    sobject: &str,
    mut field: Field,
    metadata: &CustomField,
) -> Result<String, Refused> {
    // The name a deleted field had is free again; the one its data lies under is not.
    let is_kept = |old: &Field| old.name.eq_ignore_ascii_case(&field.name);
    if org
        .schema
        .any_object(sobject)
        .is_some_and(|object| object.deleted.iter().any(is_kept))
    {
        return refuse(format!(
            "There is already a field named {} on {sobject}.",
            field.label
        ));
    }
    let records = org
        .db
        .query_row(&format!("SELECT count(*) FROM \"{sobject}\""), [], |row| {
            row.get::<_, i64>(0)
        })?;
    if metadata.kind == "MasterDetail" && records > 0 {
        return refuse(
            "Cannot create a MasterDetail field on an object that has records. Create a Lookup field, fill it, and change its type.",
        );
    }
    let id = org.ids.next("00N");
    let now = org.clock.now();
    field.definition = Some(Box::new(FieldDefinition {
        id: id.clone(),
        metadata: metadata.clone(),
        next_number: u64::from(metadata.starting_number.unwrap_or(1)),
        created: now.clone(),
        modified: now,
    }));
    if field.kind == FieldType::Location {
        for part in location_parts(&field, metadata) {
            org.add_column(sobject, &part)?;
            if let Some(object) = org.schema.object_mut(sobject) {
                object.add(part);
            }
        }
    }
    org.add_column(sobject, &field)?;
    if field.kind == FieldType::Reference {
        index(org, sobject, &field.name)?;
    }
    if let Some(object) = org.schema.object_mut(sobject) {
        if field.master_detail() {
            // A detail belongs to whom its master belongs to.
            object.remove("OwnerId");
        }
        object.add(field);
    }
    Ok(id)
}

/// Latitude and longitude of a location field, which records hold in fields of their own.
fn location_parts(field: &Field, metadata: &CustomField) -> [Field; 2] {
    let stem = field.name.trim_end_matches("__c");
    ["Latitude", "Longitude"].map(|part| {
        let name = format!("{stem}__{part}__s");
        let mut half = Field::new(
            &name,
            &format!("{} ({part})", field.label),
            FieldType::Double,
        );
        half.custom = true;
        half.scale = metadata.scale.unwrap_or_default();
        half.precision = half.scale + 3;
        half.nillable = field.nillable;
        half.permissionable = false;
        half.readable = false;
        half.editable = false;
        half.groupable = false;
        half.compound = Some(field.name.clone());
        half
    })
}

fn index(org: &Org, sobject: &str, name: &str) -> rusqlite::Result<()> {
    org.db.execute_batch(&format!(
        "CREATE INDEX IF NOT EXISTS \"{sobject}_{name}\" ON \"{sobject}\" (\"{name}\")"
    ))
}

fn change(
    org: &mut Org,
    sobject: &str,
    old: &Field,
    mut field: Field,
    metadata: &CustomField,
) -> Result<(Option<String>, Effect), Refused> {
    let definition = definition(org, sobject, old);
    if definition.metadata.states_the_same(metadata) {
        return Ok((Some(definition.id), Effect::Same));
    }
    if old.reference_to != field.reference_to && old.kind == field.kind {
        return refuse("Cannot change the referenceTo of an existing relationship field");
    }
    let convert = conversion(&definition.metadata, metadata, old)?;
    check_data(org, sobject, old, &field, metadata)?;
    field.name.clone_from(&old.name);
    (field.readable, field.editable, field.hidden) = (old.readable, old.editable, old.hidden);
    let mut updated = *definition;
    updated.metadata = metadata.clone();
    updated.modified = org.clock.now();
    let id = updated.id.clone();
    field.definition = Some(Box::new(updated));
    if convert.is_some() || old.column() != field.column() {
        let value = convert.unwrap_or_else(|| format!("\"{}\"", old.name));
        rebuild(org, sobject, &field, &value)?;
    } else {
        drop_indexes(org, sobject, &old.name)?;
        org.add_column(sobject, &field)?;
    }
    if field.kind == FieldType::Reference {
        index(org, sobject, &field.name)?;
    }
    if field.kind == FieldType::Location {
        let parts = location_parts(&field, metadata);
        if let Some(object) = org.schema.object_mut(sobject) {
            for part in parts {
                if let Some(known) = object.any_field_mut(&part.name) {
                    (known.scale, known.precision) = (part.scale, part.precision);
                    known.label = part.label;
                }
            }
        }
    }
    if !field.permissionable {
        // A required field is open to all; what permission sets say about it goes.
        org.db.execute(
            "DELETE FROM FieldPermissions WHERE Field = ?1 COLLATE NOCASE",
            [format!("{sobject}.{}", field.name)],
        )?;
    }
    let (was, is) = (old.master_detail(), field.master_detail());
    if let Some(object) = org.schema.object_mut(sobject) {
        if let Some(known) = object.any_field_mut(&field.name) {
            *known = field;
        }
        if is {
            object.remove("OwnerId");
        }
    }
    if was && !is {
        own_again(org, sobject)?;
    }
    Ok((Some(id), Effect::Changed))
}

/// Records that are no details any more have an owner of their own: whoever changed the field.
fn own_again(org: &mut Org, sobject: &str) -> Result<(), Refused> {
    let still_detail = org
        .schema
        .any_object(sobject)
        .is_none_or(|object| object.fields.iter().any(Field::master_detail));
    if still_detail {
        return Ok(());
    }
    let owner = super::objects::owner();
    org.add_column(sobject, &owner)?;
    org.db.execute(
        &format!("UPDATE \"{sobject}\" SET OwnerId = ?1 WHERE OwnerId IS NULL"),
        [&org.identity.user_id],
    )?;
    if let Some(object) = org.schema.object_mut(sobject) {
        object.add(owner);
    }
    Ok(())
}

/// Refuses a change that stored values do not fit.
fn check_data(
    org: &Org,
    sobject: &str,
    old: &Field,
    new: &Field,
    metadata: &CustomField,
) -> Result<(), Refused> {
    let any = |condition: &str| {
        org.db.query_row(
            &format!("SELECT EXISTS (SELECT 1 FROM \"{sobject}\" WHERE {condition})"),
            [],
            |row| row.get::<_, bool>(0),
        )
    };
    let column = format!("\"{}\"", old.name);
    if new.kind.is_text()
        && new.length > 0
        && (new.length < old.length || !old.kind.is_text())
        && any(&format!("length({column}) > {}", new.length))?
    {
        return refuse(format!(
            "Cannot decrease the length of {} to {}: there are records with longer values.",
            new.name, new.length
        ));
    }
    if new.kind.is_number() && old.kind.is_number() {
        let digits = |field: &Field| field.precision.saturating_sub(field.scale);
        if digits(new) < digits(old) && any(&format!("abs({column}) >= 1e{}", digits(new)))? {
            return refuse(format!(
                "Cannot decrease the precision of {}: there are records with larger values.",
                new.name
            ));
        }
    }
    if metadata.kind == "MasterDetail" && !old.master_detail() && any(&format!("{column} IS NULL"))?
    {
        return refuse(
            "Cannot change to a MasterDetail relationship: there are records without a value.",
        );
    }
    if new.unique && (!old.unique || (old.case_sensitive && !new.case_sensitive)) {
        let collation = if new.case_sensitive || !new.kind.is_text() {
            "BINARY"
        } else {
            text::CASELESS
        };
        let repeated = org.db.query_row(
            &format!(
                "SELECT EXISTS (SELECT 1 FROM \"{sobject}\" WHERE {column} IS NOT NULL GROUP BY {column} COLLATE {collation} HAVING count(*) > 1)"
            ),
            [],
            |row| row.get::<_, bool>(0),
        )?;
        if repeated {
            return refuse(format!(
                "Cannot make {} unique: there are records with duplicate values.",
                new.name
            ));
        }
    }
    Ok(())
}

/// Replaces a column by one with another definition, filled from an expression over the old one.
fn rebuild(org: &Org, sobject: &str, field: &Field, value: &str) -> Result<(), Refused> {
    let mut next = field.clone();
    next.name = format!("{}~", field.name);
    drop_indexes(org, sobject, &field.name)?;
    org.db.execute_batch(&format!(
        "ALTER TABLE \"{sobject}\" ADD COLUMN {};
         UPDATE \"{sobject}\" SET \"{1}\" = {value};
         ALTER TABLE \"{sobject}\" DROP COLUMN \"{2}\";
         ALTER TABLE \"{sobject}\" RENAME COLUMN \"{1}\" TO \"{2}\";",
        next.column(),
        next.name,
        field.name
    ))?;
    // The column is there now, so this only makes the indexes.
    org.add_column(sobject, field)?;
    Ok(())
}

/// Drops every index on a column.
pub(crate) fn drop_indexes(org: &Org, sobject: &str, column: &str) -> rusqlite::Result<()> {
    let names: Vec<String> = org
        .db
        .prepare(
            "SELECT DISTINCT l.name FROM pragma_index_list(?1) l JOIN pragma_index_info(l.name) i
             WHERE l.origin = 'c' AND i.name = ?2 COLLATE NOCASE",
        )?
        .query_map([sobject, column], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for name in names {
        org.db
            .execute_batch(&format!("DROP INDEX IF EXISTS \"{name}\""))?;
    }
    Ok(())
}

/// A field's definition; one is made up for a custom field that came with the org.
fn definition(org: &mut Org, sobject: &str, field: &Field) -> Box<FieldDefinition> {
    if field.definition.is_none() {
        super::definitions::complete(org);
    }
    org.schema
        .any_object(sobject)
        .and_then(|object| object.any_field(&field.name))
        .and_then(|field| field.definition.clone())
        .unwrap_or_else(|| {
            Box::new(FieldDefinition {
                id: String::new(),
                metadata: super::definitions::metadata_of(field),
                next_number: 1,
                created: String::new(),
                modified: String::new(),
            })
        })
}
