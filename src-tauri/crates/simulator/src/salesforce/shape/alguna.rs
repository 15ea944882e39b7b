//! Alguna's own Salesforce integration, already at work in the org: its thirteen Account fields
//! (facts/alguna.md §3, §7), a permission set, a user, and values on some Accounts.

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, params};

use crate::error::Error;
use crate::salesforce::cells::text;
use crate::salesforce::ids::canonical;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType};

/// The user Alguna's integration works as.
pub const ALGUNA_USER: &str = "Alguna Integration";
const PERMISSION_SET: &str = "Alguna_Integration";

/// Stem of the field name, label, type.
const FIELDS: [(&str, &str, FieldType); 13] = [
    ("Customer_ID", "Customer ID", FieldType::Text),
    ("Customer_Link", "Customer Link", FieldType::Url),
    ("Legal_Entity", "Legal Entity", FieldType::Text),
    ("Subscription_ID", "Subscription ID", FieldType::Text),
    ("Subscription_Link", "Subscription Link", FieldType::Url),
    ("Subscription_Name", "Subscription Name", FieldType::Text),
    (
        "Subscription_Status",
        "Subscription Status",
        FieldType::Text,
    ),
    (
        "Subscription_Interval",
        "Subscription Interval",
        FieldType::Text,
    ),
    (
        "Subscription_Started_Date",
        "Subscription Started Date",
        FieldType::DateTime,
    ),
    (
        "Subscription_Renewal_Date",
        "Subscription Renewal Date",
        FieldType::DateTime,
    ),
    (
        "Subscription_Cancelation_Date",
        "Subscription Cancelation Date",
        FieldType::DateTime,
    ),
    (
        "Subscription_Value",
        "Subscription Value",
        FieldType::Currency,
    ),
    ("Tax_Rate", "Tax Rate", FieldType::Text),
];

/// Installs the integration. Turning it off leaves fields and values where they are, as
/// disconnecting Alguna does; only its user becomes inactive.
pub(super) fn switch(org: &mut Org, on: bool) -> Result<(), Error> {
    let user = canonical("0055f000001AlgU").unwrap_or_default();
    let installed: bool = org.db.query_row(
        "SELECT count(*) > 0 FROM User WHERE Id = ?1",
        [&user],
        |row| row.get(0),
    )?;
    if installed || on {
        if !installed {
            add_user(org, &user)?;
        }
        org.db.execute(
            "UPDATE User SET IsActive = ?2 WHERE Id = ?1",
            params![user, on],
        )?;
    }
    if !on {
        return Ok(());
    }
    for (stem, label, kind) in FIELDS {
        let mut field = Field::new(
            &format!("Alguna_{stem}__c"),
            &format!("Alguna {label}"),
            kind,
        );
        field.custom = true;
        field.permissionable = true;
        field.external_id = stem == "Customer_ID";
        field.id_lookup = field.external_id;
        field.groupable = kind != FieldType::Currency && kind != FieldType::DateTime;
        match kind {
            FieldType::Text | FieldType::Url => field.length = 255,
            FieldType::Currency => (field.precision, field.scale) = (10, 2),
            _ => {}
        }
        field.description = Some("Kept in step by Alguna.".to_owned());
        org.give_field("Account", field)?;
    }
    grant(org)?;
    org.refresh_field_access()?;
    if !installed {
        write_values(org, &user)?;
    }
    Ok(())
}

fn add_user(org: &mut Org, id: &str) -> Result<(), Error> {
    let now = org.clock.now();
    let username = org
        .identity
        .username
        .replace("ana.ruiz", "integration.alguna");
    let profile: Option<String> = org
        .db
        .query_row("SELECT Id FROM Profile LIMIT 1", [], |row| row.get(0))
        .optional()?;
    let mut cells = vec![
        ("Id".to_owned(), text(id)),
        ("Username".to_owned(), text(username)),
        ("Name".to_owned(), text(ALGUNA_USER)),
        ("FirstName".to_owned(), text("Alguna")),
        ("LastName".to_owned(), text("Integration")),
        ("Email".to_owned(), text("integration@alguna.example")),
        ("Alias".to_owned(), text("alguna")),
        ("IsActive".to_owned(), Cell::Integer(1)),
        ("UserType".to_owned(), text("Standard")),
        (
            "ProfileId".to_owned(),
            profile.map_or(Cell::Null, Cell::Text),
        ),
    ];
    for name in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
        cells.push((name.to_owned(), text(now.clone())));
    }
    org.insert("User", &cells)?;
    Ok(())
}

/// The permission set the integration brings, assigned to the signed-in user.
fn grant(org: &mut Org) -> Result<(), Error> {
    let known: bool = org.db.query_row(
        "SELECT count(*) > 0 FROM PermissionSet WHERE Name = ?1",
        [PERMISSION_SET],
        |row| row.get(0),
    )?;
    if known {
        return Ok(());
    }
    let now = org.clock.now();
    let set = org.ids.next("0PS");
    org.insert(
        "PermissionSet",
        &[
            ("Id".to_owned(), text(set.clone())),
            ("Name".to_owned(), text(PERMISSION_SET)),
            ("Label".to_owned(), text("Alguna Integration")),
            ("IsCustom".to_owned(), Cell::Integer(1)),
            ("Type".to_owned(), text("Regular")),
            ("CreatedDate".to_owned(), text(now.clone())),
            ("LastModifiedDate".to_owned(), text(now.clone())),
            ("SystemModstamp".to_owned(), text(now.clone())),
        ],
    )?;
    for (stem, ..) in FIELDS {
        let id = org.ids.next("01k");
        org.insert(
            "FieldPermissions",
            &[
                ("Id".to_owned(), text(id)),
                ("ParentId".to_owned(), text(set.clone())),
                ("SobjectType".to_owned(), text("Account")),
                (
                    "Field".to_owned(),
                    text(format!("Account.Alguna_{stem}__c")),
                ),
                ("PermissionsRead".to_owned(), Cell::Integer(1)),
                ("PermissionsEdit".to_owned(), Cell::Integer(1)),
                ("SystemModstamp".to_owned(), text(now.clone())),
            ],
        )?;
    }
    let id = org.ids.next("0Pa");
    org.insert(
        "PermissionSetAssignment",
        &[
            ("Id".to_owned(), text(id)),
            ("PermissionSetId".to_owned(), text(set)),
            ("AssigneeId".to_owned(), text(org.identity.user_id.clone())),
            ("IsActive".to_owned(), Cell::Integer(1)),
            ("SystemModstamp".to_owned(), text(now)),
        ],
    )?;
    Ok(())
}

/// Every third Account is a customer Alguna already knows.
fn write_values(org: &mut Org, user: &str) -> Result<(), Error> {
    let now = org.clock.now();
    org.db.execute(
        "UPDATE Account SET Alguna_Customer_ID__c = 'cus_' || lower(substr(Id, 8, 8)),
            Alguna_Subscription_Status__c = 'Active', Alguna_Subscription_Interval__c = 'Monthly',
            Alguna_Subscription_Value__c = 100.0 + rowid % 40 * 25.0,
            LastModifiedById = ?1, LastModifiedDate = ?2, SystemModstamp = ?2
         WHERE rowid % 3 = 0 AND IsDeleted = 0",
        params![user, now],
    )?;
    Ok(())
}
