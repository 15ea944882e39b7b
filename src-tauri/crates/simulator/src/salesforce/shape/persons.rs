//! Person accounts: an Account that is a person, with a paired Contact kept in step
//! (facts/salesforce.md §11).

use rusqlite::OptionalExtension;
use rusqlite::types::Value as Cell;

use super::fields::read_only;
use crate::salesforce::cells::{Cells, given, has_value, put, text, text_of};
use crate::salesforce::errors::RowError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType};

/// Fields an Account and its paired Contact have under the same name.
const SHARED: [&str; 5] = ["FirstName", "LastName", "Salutation", "Phone", "Fax"];
/// Fields of Contact that an Account has as `Person…`, besides the two addresses.
const PREFIXED: [&str; 15] = [
    "MobilePhone",
    "HomePhone",
    "OtherPhone",
    "AssistantPhone",
    "Email",
    "Title",
    "Department",
    "AssistantName",
    "LeadSource",
    "Birthdate",
    "LastCURequestDate",
    "LastCUUpdateDate",
    "EmailBouncedReason",
    "EmailBouncedDate",
    "IndividualId",
];

/// The name a field of Contact has on a person account.
fn twin_name(field: &Field) -> Option<String> {
    let name = field.name.as_str();
    if let Some(stem) = name.strip_suffix("__c") {
        return field.custom.then(|| format!("{stem}__pc"));
    }
    let of_address = name == "MailingAddress"
        || name == "OtherAddress"
        || matches!(
            field.compound.as_deref(),
            Some("MailingAddress" | "OtherAddress")
        );
    if of_address || PREFIXED.contains(&name) {
        return Some(format!("Person{name}"));
    }
    SHARED.contains(&name).then(|| name.to_owned())
}

/// Whether a field of Account is there for persons only.
fn is_personal(field: &Field) -> bool {
    let name = field.name.as_str();
    name.ends_with("__pc")
        || (name.starts_with("Person") && !field.custom)
        || ["FirstName", "LastName", "Salutation"].contains(&name)
}

/// Brings the fields in step with the switch.
pub(super) fn switch(org: &mut Org, on: bool) -> rusqlite::Result<()> {
    if let Some(name) = org
        .schema
        .object_mut("Account")
        .and_then(|account| account.any_field_mut("Name"))
    {
        name.nillable = on;
    }
    if !on {
        let gone: Vec<String> = org
            .schema
            .object("Account")
            .into_iter()
            .flat_map(|account| &account.fields)
            .filter(|field| is_personal(field))
            .map(|field| field.name.clone())
            .collect();
        for name in gone {
            org.take_field("Account", &name);
        }
        for (sobject, name) in [
            ("Account", "IsPersonAccount"),
            ("Account", "PersonContactId"),
            ("Contact", "IsPersonAccount"),
            ("RecordType", "IsPersonType"),
        ] {
            org.take_field(sobject, name);
        }
        return Ok(());
    }
    let flag = |name: &str, label: &str| read_only(name, label, FieldType::Boolean);
    org.give_field("Account", flag("IsPersonAccount", "Is Person Account"))?;
    org.give_field("Contact", flag("IsPersonAccount", "Is Person Account"))?;
    org.give_field("RecordType", flag("IsPersonType", "Is Person Type"))?;
    let mut contact = read_only("PersonContactId", "Contact ID", FieldType::Reference);
    contact.length = 18;
    contact.reference_to = vec!["Contact".to_owned()];
    contact.relationship = Some("PersonContact".to_owned());
    org.give_field("Account", contact)?;
    follow_fields(org)?;
    // While they were off, a person's name was a text like any other.
    org.db.execute(&compose_names("Account"), [])?;
    Ok(())
}

/// SQL that makes the names of persons of their parts.
fn compose_names(table: &str) -> String {
    format!(
        "UPDATE \"{table}\" SET Name = trim(coalesce(FirstName, '') || ' ' || coalesce(LastName, '')) WHERE IsPersonAccount = 1"
    )
}

/// Gives Account the twins of Contact's fields, and takes those away whose original is gone.
pub(super) fn follow_fields(org: &mut Org) -> rusqlite::Result<()> {
    let Some(contact) = org.schema.object("Contact") else {
        return Ok(());
    };
    if contact.any_field("IsPersonAccount").is_none() {
        return Ok(());
    }
    let mut wanted = Vec::new();
    for field in &contact.fields {
        let Some(name) = twin_name(field) else {
            continue;
        };
        let mut twin = field.clone();
        twin.name = name;
        twin.compound = field.compound.as_ref().map(|compound| {
            if compound == "Name" {
                compound.clone()
            } else {
                format!("Person{compound}")
            }
        });
        twin.relationship = field.relationship.as_ref().map(|relationship| {
            relationship.strip_suffix("__r").map_or_else(
                || format!("Person{relationship}"),
                |stem| format!("{stem}__pr"),
            )
        });
        if twin.name == "LastName" {
            twin.nillable = true;
        }
        wanted.push(twin);
    }
    let stale: Vec<String> = org
        .schema
        .object("Account")
        .into_iter()
        .flat_map(|account| &account.fields)
        .filter(|field| {
            is_personal(field)
                && field.name != "PersonContactId"
                && !wanted.iter().any(|twin| twin.name == field.name)
        })
        .map(|field| field.name.clone())
        .collect();
    for name in stale {
        org.take_field("Account", &name);
    }
    for twin in wanted {
        // A twin is as visible as its original.
        if let Some(known) = org
            .schema
            .object_mut("Account")
            .and_then(|account| account.any_field_mut(&twin.name))
            .filter(|known| known.custom)
        {
            (known.readable, known.editable) = (twin.readable, twin.editable);
        }
        org.give_field("Account", twin)?;
    }
    Ok(())
}

/// Pairs of stored fields that are kept the same: on Contact, on Account.
fn twins(org: &Org) -> Vec<(String, String)> {
    let (Some(contact), Some(account)) =
        (org.schema.object("Contact"), org.schema.object("Account"))
    else {
        return Vec::new();
    };
    contact
        .fields
        .iter()
        .filter(|field| field.stored())
        .filter_map(|field| Some((field.name.clone(), twin_name(field)?)))
        .filter(|(_, twin)| account.any_field(twin).is_some())
        .collect()
}

/// Names of fields only a person has that the row gives a value.
fn personal<'a>(org: &Org, cells: &'a Cells) -> Vec<&'a str> {
    let only_persons: Vec<String> = twins(org).into_iter().map(|(_, twin)| twin).collect();
    cells
        .iter()
        .filter(|(name, cell)| {
            *cell != Cell::Null
                && !["Phone", "Fax"].contains(&name.as_str())
                && only_persons.iter().any(|twin| twin == name)
        })
        .map(|(name, _)| name.as_str())
        .collect()
}

fn bad_names(sobject: &str, names: &[&str]) -> RowError {
    RowError::new(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        format!(
            "{sobject}: bad field names on insert/update call: {}",
            names.join(", ")
        ),
        names,
    )
}

fn missing(name: &str) -> RowError {
    RowError::new(
        "REQUIRED_FIELD_MISSING",
        format!("Required fields are missing: [{name}]"),
        &[name],
    )
}

/// Checks a new Account; gives whether it is a person. `LastName` without a record type makes one.
pub(super) fn before_create(org: &Org, cells: &mut Cells) -> Result<bool, RowError> {
    let kind = super::record_types::makes_person(org, cells);
    let is_person = kind.unwrap_or_else(|| has_value(cells, "LastName"));
    if !is_person {
        let names = personal(org, cells);
        if !names.is_empty() {
            return Err(bad_names("Account", &names));
        }
        return if has_value(cells, "Name") {
            Ok(false)
        } else {
            Err(missing("Name"))
        };
    }
    if has_value(cells, "Name") {
        return Err(bad_names("Account", &["Name"]));
    }
    if !has_value(cells, "LastName") {
        return Err(missing("LastName"));
    }
    let name: Vec<&str> = ["FirstName", "LastName"]
        .into_iter()
        .filter_map(|part| text_of(cells, part))
        .collect();
    let name = name.join(" ");
    put(cells, "Name", text(name));
    put(cells, "IsPersonAccount", Cell::Integer(1));
    Ok(true)
}

fn is_person(org: &Org, sobject: &str, id: &str) -> rusqlite::Result<bool> {
    let sql = format!("SELECT IsPersonAccount FROM \"{sobject}\" WHERE Id = ?1");
    let flag: Option<Option<bool>> = org
        .db
        .prepare_cached(&sql)?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(flag.flatten().unwrap_or_default())
}

/// Checks a change to an Account; gives whether it is a person.
pub(super) fn before_update(org: &Org, id: &str, cells: &mut Cells) -> Result<bool, RowError> {
    let person = is_person(org, "Account", id)?;
    if super::record_types::makes_person(org, cells).is_some_and(|wanted| wanted != person) {
        return Err(RowError::new(
            "FIELD_INTEGRITY_EXCEPTION",
            "An account cannot be changed between a business and a person account by its record type.",
            &["RecordTypeId"],
        ));
    }
    if !person {
        let names = personal(org, cells);
        if given(cells, "Name") == Some(&Cell::Null) {
            return Err(missing("Name"));
        }
        return if names.is_empty() {
            Ok(false)
        } else {
            Err(bad_names("Account", &names))
        };
    }
    if given(cells, "Name").is_some() {
        return Err(bad_names("Account", &["Name"]));
    }
    if given(cells, "LastName") == Some(&Cell::Null) {
        return Err(missing("LastName"));
    }
    Ok(true)
}

/// Checks a Contact: one of a person account is not made or moved by itself.
pub(super) fn check_contact(org: &Org, id: Option<&str>, cells: &Cells) -> Result<(), RowError> {
    if let Some(id) = id
        && is_person(org, "Contact", id)?
        && given(cells, "AccountId").is_some()
    {
        return Err(bad_names("Contact", &["AccountId"]));
    }
    if let Some(account) = text_of(cells, "AccountId")
        && is_person(org, "Account", account)?
    {
        return Err(RowError::new(
            "FIELD_INTEGRITY_EXCEPTION",
            "Account ID: a person account cannot have contacts of its own",
            &["AccountId"],
        ));
    }
    Ok(())
}

/// Refuses to delete the Contact of a person account.
pub(super) fn check_delete(org: &Org, sobject: &str, id: &str) -> Result<(), RowError> {
    if sobject == "Contact" && is_person(org, "Contact", id)? {
        return Err(RowError::new(
            "DELETE_FAILED",
            "The contact of a person account cannot be deleted; delete the account.",
            &[],
        ));
    }
    Ok(())
}

/// After an Account or Contact was written: makes the paired Contact, and copies the fields both have.
pub(super) fn after_write(org: &mut Org, sobject: &str, id: &str) -> Result<(), RowError> {
    if !is_person(org, sobject, id)? {
        return Ok(());
    }
    let pairs = twins(org);
    let compose = |table: &str| format!("{} AND Id = ?1", compose_names(table));
    let quoted = |names: Vec<&String>| {
        let names: Vec<String> = names
            .into_iter()
            .map(|name| format!("\"{name}\""))
            .collect();
        names.join(", ")
    };
    let on_contact = quoted(pairs.iter().map(|(name, _)| name).collect());
    let on_account = quoted(pairs.iter().map(|(_, name)| name).collect());
    let stamps = "OwnerId, LastModifiedDate, LastModifiedById, SystemModstamp";
    if sobject == "Contact" {
        org.db.execute(
            &format!("UPDATE Account SET ({on_account}, {stamps}) = (SELECT {on_contact}, {stamps} FROM Contact WHERE Id = ?1) WHERE PersonContactId = ?1"),
            [id],
        )?;
        let account: Option<String> =
            org.db
                .query_row("SELECT AccountId FROM Contact WHERE Id = ?1", [id], |row| {
                    row.get(0)
                })?;
        if let Some(account) = account {
            org.db.execute(&compose("Account"), [account])?;
        }
        return Ok(());
    }
    let contact: Option<String> = org.db.query_row(
        "SELECT PersonContactId FROM Account WHERE Id = ?1",
        [id],
        |row| row.get(0),
    )?;
    let contact = if let Some(contact) = contact {
        contact
    } else {
        let contact = org.ids.next("003");
        org.insert(
            "Contact",
            &[
                ("Id".to_owned(), text(contact.clone())),
                ("AccountId".to_owned(), text(id)),
                ("IsPersonAccount".to_owned(), Cell::Integer(1)),
            ],
        )?;
        org.db.execute(
            "UPDATE Contact SET (CreatedDate, CreatedById) = (SELECT CreatedDate, CreatedById FROM Account WHERE Id = ?2) WHERE Id = ?1",
            [contact.as_str(), id],
        )?;
        org.db.execute(
            "UPDATE Account SET PersonContactId = ?1 WHERE Id = ?2",
            [contact.as_str(), id],
        )?;
        contact
    };
    org.db.execute(
        &format!("UPDATE Contact SET ({on_contact}, {stamps}) = (SELECT {on_account}, {stamps} FROM Account WHERE Id = ?2) WHERE Id = ?1"),
        [contact.as_str(), id],
    )?;
    org.db.execute(&compose("Contact"), [contact])?;
    org.db.execute(&compose("Account"), [id])?;
    Ok(())
}
