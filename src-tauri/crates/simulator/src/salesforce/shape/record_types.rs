//! Record types: `RecordTypeId` exists where there are any, and each allows its own picklist values
//! (facts/salesforce.md §11).

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::fields::standard;
use super::{OrgRecordType, OrgShape};
use crate::error::Error;
use crate::salesforce::cells::{Cells, has_value, put, text, text_of};
use crate::salesforce::errors::RowError;
use crate::salesforce::ids::is_api_name;
use crate::salesforce::ids::{base62, to18};
use crate::salesforce::org::Org;
use crate::salesforce::schema::FieldType;

const FIELD: &str = "RecordTypeId";

/// A record type with its id in this org.
#[derive(Debug, Clone)]
pub(crate) struct RecordType {
    pub(crate) id: String,
    pub(crate) is: OrgRecordType,
}

/// What is wrong with the record types, if anything.
pub(super) fn problem(org: &Org, shape: &OrgShape) -> Option<String> {
    shape.record_types.iter().find_map(|kind| {
        let Some(object) = org.schema.object(&kind.sobject) else {
            return Some(format!("there is no sObject {}", kind.sobject));
        };
        if !is_api_name(&kind.developer_name) {
            return Some(format!("{:?} is no API name", kind.developer_name));
        }
        let unknown = kind
            .picklists
            .keys()
            .find(|name| object.any_field(name).is_none());
        unknown.map(|name| format!("{} has no field {name}", kind.sobject))
    })
}

/// The record types of a shape: those it lists, and with person accounts the two every such org has.
fn listed(shape: &OrgShape) -> Vec<OrgRecordType> {
    let mut kinds = shape.record_types.clone();
    let account = |developer_name: &str, name: &str| OrgRecordType {
        developer_name: developer_name.to_owned(),
        name: name.to_owned(),
        ..OrgRecordType::default()
    };
    if shape.person_accounts {
        let of_account =
            |kind: &OrgRecordType| kind.sobject == "Account" && kind.is_active && !kind.is_person;
        if !kinds.iter().any(of_account) {
            kinds.push(OrgRecordType {
                is_default: true,
                ..account("Business_Account", "Business Account")
            });
        }
        if !kinds.iter().any(|kind| kind.is_person) {
            kinds.push(OrgRecordType {
                is_person: true,
                ..account("PersonAccount", "Person Account")
            });
        }
    } else {
        kinds.retain(|kind| !kind.is_person);
    }
    kinds
}

/// Brings rows and `RecordTypeId` fields in step with the shape. A record type keeps its id, also
/// in a sandbox copied from production.
pub(super) fn switch(org: &mut Org, shape: &OrgShape) -> Result<(), Error> {
    let kinds = listed(shape);
    let now = org.clock.now();
    let mut known = Vec::with_capacity(kinds.len());
    for mut kind in kinds {
        if let Some(object) = org.schema.object(&kind.sobject) {
            kind.sobject.clone_from(&object.name);
        }
        if kind.name.is_empty() {
            kind.name.clone_from(&kind.developer_name);
        }
        let id: Option<String> = org
            .db
            .query_row(
                "SELECT Id FROM RecordType WHERE SobjectType = ?1 AND DeveloperName = ?2",
                [&kind.sobject, &kind.developer_name],
                |row| row.get(0),
            )
            .optional()?;
        let id = id.unwrap_or_else(|| new_id(&org.identity.org_id, &kind));
        known.push(RecordType { id, is: kind });
    }
    org.db.execute("DELETE FROM RecordType", [])?;
    for kind in &known {
        org.db.execute(
            "INSERT INTO RecordType (Id, Name, DeveloperName, SobjectType, IsActive, SystemModstamp) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![kind.id, kind.is.name, kind.is.developer_name, kind.is.sobject, kind.is.is_active, now],
        )?;
        if shape.person_accounts {
            let sql = "UPDATE RecordType SET IsPersonType = ?2 WHERE Id = ?1";
            org.db.execute(sql, params![kind.id, kind.is.is_person])?;
        }
    }
    org.setup.record_types = known;
    let sobjects: Vec<String> = org.schema.objects.iter().map(|o| o.name.clone()).collect();
    for sobject in sobjects {
        let Some(default) = default_of(org, &sobject).map(|kind| kind.id.clone()) else {
            if org
                .schema
                .object(&sobject)
                .is_some_and(|o| o.any_field(FIELD).is_some())
            {
                org.take_field(&sobject, FIELD);
            }
            continue;
        };
        let mut field = standard(FIELD, "Record Type ID", FieldType::Reference, 18);
        field.reference_to = vec!["RecordType".to_owned()];
        field.relationship = Some("RecordType".to_owned());
        org.give_field(&sobject, field)?;
        let sql = format!(
            "UPDATE \"{sobject}\" SET {FIELD} = ?1 WHERE {FIELD} IS NULL OR {FIELD} NOT IN (SELECT Id FROM RecordType)"
        );
        org.db.execute(&sql, [default])?;
    }
    Ok(())
}

fn new_id(org_id: &str, kind: &OrgRecordType) -> String {
    let name = format!("{org_id}{}{}", kind.sobject, kind.developer_name);
    let digest = Sha256::digest(name);
    let number = digest[..8]
        .iter()
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let short = format!("0125f0{}", base62(number % 62_u64.pow(9), 9));
    to18(&short).unwrap_or(short)
}

/// The record types of an sObject.
pub(crate) fn of<'a>(org: &'a Org, sobject: &str) -> impl Iterator<Item = &'a RecordType> {
    org.setup
        .record_types
        .iter()
        .filter(move |kind| kind.is.sobject.eq_ignore_ascii_case(sobject))
}

/// The one records get that name none.
pub(crate) fn default_of<'a>(org: &'a Org, sobject: &str) -> Option<&'a RecordType> {
    let usable = || of(org, sobject).filter(|kind| kind.is.is_active && !kind.is.is_person);
    usable()
        .find(|kind| kind.is.is_default)
        .or_else(|| usable().next())
}

/// Checks or chooses the record type of a written row and the picklist values it allows.
pub(super) fn settle(
    org: &Org,
    sobject: &str,
    id: Option<&str>,
    cells: &mut Cells,
    is_person: bool,
) -> Result<(), RowError> {
    if of(org, sobject).next().is_none() {
        return Ok(());
    }
    let kind = if let Some(wanted) = text_of(cells, FIELD) {
        let kind = of(org, sobject).find(|kind| kind.id == wanted && kind.is.is_active);
        Some(kind.ok_or_else(|| {
            RowError::new(
                "INVALID_CROSS_REFERENCE_KEY",
                format!("Record Type ID: this ID value isn't valid for the user: {wanted}"),
                &[FIELD],
            )
        })?)
    } else if let Some(id) = id {
        let sql = format!("SELECT {FIELD} FROM \"{sobject}\" WHERE Id = ?1");
        let stored: Option<String> = org.db.query_row(&sql, [id], |row| row.get(0))?;
        of(org, sobject).find(|kind| Some(&kind.id) == stored.as_ref())
    } else if is_person {
        of(org, sobject).find(|kind| kind.is.is_person && kind.is.is_active)
    } else {
        default_of(org, sobject)
    };
    let Some(kind) = kind else { return Ok(()) };
    if id.is_none() && !has_value(cells, FIELD) {
        put(cells, FIELD, text(kind.id.clone()));
    }
    let Some(object) = org.schema.object(sobject) else {
        return Ok(());
    };
    for (name, values) in &kind.is.picklists {
        let Some(field) = object
            .any_field(name)
            .filter(|field| field.restricted_picklist)
        else {
            continue;
        };
        if let Some(Cell::Text(value)) = crate::salesforce::cells::given(cells, &field.name)
            && !value
                .split(';')
                .all(|part| values.iter().any(|known| known == part))
        {
            return Err(RowError::new(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                format!(
                    "{}: bad value for restricted picklist field: {value}",
                    field.label
                ),
                &[&field.name],
            ));
        }
    }
    Ok(())
}

/// Whether the row's record type makes a person of it; `None` when it names none.
pub(super) fn makes_person(org: &Org, cells: &Cells) -> Option<bool> {
    let wanted = text_of(cells, FIELD)?;
    of(org, "Account")
        .find(|kind| kind.id == wanted)
        .map(|kind| kind.is.is_person)
}
