//! Several currencies in one org (facts/salesforce.md §11).

use rusqlite::{OptionalExtension, params};

use super::OrgShape;
use super::fields::standard;
use crate::error::Error;
use crate::salesforce::cells::{Cells, has_value, put, text};
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType};
use crate::salesforce::tables;

const FIELD: &str = "CurrencyIsoCode";
const USER_FIELD: &str = "DefaultCurrencyIsoCode";
const TABLE: &str = "CurrencyType|Currency Type|Currency Types|01L|no|IsoCode:picklist:3 ConversionRate:double DecimalPlaces:int IsActive:boolean IsCorporate:boolean CreatedDate:datetime LastModifiedDate:datetime SystemModstamp:datetime";

/// What is wrong with the currencies, if anything.
pub(super) fn problem(shape: &OrgShape) -> Option<String> {
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|c| c.is_ascii_uppercase());
    if !is_code(&shape.currency) {
        return Some(format!("{:?} is no currency code", shape.currency));
    }
    if !shape.multi_currency {
        return None;
    }
    let corporate: Vec<_> = shape.currencies.iter().filter(|c| c.is_corporate).collect();
    if corporate.len() != 1 || !corporate[0].is_active {
        return Some("exactly one active currency must be the corporate one".to_owned());
    }
    let odd = shape
        .currencies
        .iter()
        .find(|currency| !is_code(&currency.iso_code));
    odd.map(|currency| format!("{:?} is no currency code", currency.iso_code))
}

/// Brings fields and rows in step with the switch.
pub(super) fn switch(org: &mut Org, shape: &OrgShape) -> Result<(), Error> {
    let holders: Vec<String> = org
        .schema
        .objects
        .iter()
        .filter(|object| {
            ["Account", "Contact", "User"].contains(&object.name.as_str())
                || object.name.ends_with("__c")
        })
        .map(|object| object.name.clone())
        .collect();
    for holder in &holders {
        org.take_field(holder, FIELD);
        org.take_field(holder, USER_FIELD);
    }
    if !shape.multi_currency {
        org.take_object("CurrencyType");
        return Ok(());
    }
    org.give_object(tables::setup_object(1, TABLE)?)?;
    let corporate = corporate(shape);
    for holder in &holders {
        give(org, holder, shape, corporate)?;
    }
    let mut field = picklist(USER_FIELD, "Default Currency ISO Code", shape);
    (field.createable, field.updateable) = (false, false);
    org.give_field("User", field)?;
    org.db.execute(
        "UPDATE User SET DefaultCurrencyIsoCode = ?1 WHERE DefaultCurrencyIsoCode IS NULL",
        [corporate],
    )?;
    org.db.execute("DELETE FROM CurrencyType", [])?;
    let now = org.clock.now();
    for currency in &shape.currencies {
        let id = org.ids.next("01L");
        org.db.execute(
            "INSERT INTO CurrencyType (Id, IsoCode, ConversionRate, DecimalPlaces, IsActive, IsCorporate, CreatedDate, LastModifiedDate, SystemModstamp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?7)",
            params![id, currency.iso_code, currency.conversion_rate, currency.decimal_places, currency.is_active, currency.is_corporate, now],
        )?;
    }
    Ok(())
}

fn corporate(shape: &OrgShape) -> &str {
    shape
        .currencies
        .iter()
        .find(|currency| currency.is_corporate)
        .map_or("EUR", |currency| currency.iso_code.as_str())
}

fn picklist(name: &str, label: &str, shape: &OrgShape) -> Field {
    let mut field = standard(name, label, FieldType::Picklist, 3);
    field.restricted_picklist = true;
    field.defaulted_on_create = true;
    field.picklist = shape
        .currencies
        .iter()
        .filter(|currency| currency.is_active)
        .map(|currency| currency.iso_code.clone())
        .collect();
    field
}

fn give(org: &mut Org, sobject: &str, shape: &OrgShape, corporate: &str) -> rusqlite::Result<()> {
    let label = org
        .schema
        .object(sobject)
        .map_or_else(String::new, |object| format!("{} Currency", object.label));
    org.give_field(sobject, picklist(FIELD, &label, shape))?;
    let sql = format!("UPDATE \"{sobject}\" SET {FIELD} = ?1 WHERE {FIELD} IS NULL");
    org.db.execute(&sql, [corporate])?;
    Ok(())
}

/// Gives the field to custom objects that came after the switch.
pub(super) fn follow_new_objects(org: &mut Org) -> rusqlite::Result<()> {
    let shape = org.setup.shape.clone();
    if !shape.multi_currency {
        return Ok(());
    }
    let without: Vec<String> = org
        .schema
        .objects
        .iter()
        .filter(|object| object.name.ends_with("__c") && object.any_field(FIELD).is_none())
        .map(|object| object.name.clone())
        .collect();
    for sobject in without {
        give(org, &sobject, &shape, corporate(&shape))?;
    }
    Ok(())
}

/// A record made without a currency gets its maker's default one.
pub(super) fn fill_in(
    org: &Org,
    sobject: &str,
    cells: &mut Cells,
    user_id: &str,
) -> rusqlite::Result<()> {
    let wanted = org.setup.shape.multi_currency
        && !has_value(cells, FIELD)
        && org
            .schema
            .object(sobject)
            .is_some_and(|object| object.any_field(FIELD).is_some());
    if wanted {
        let code: Option<String> = org
            .db
            .prepare_cached("SELECT DefaultCurrencyIsoCode FROM User WHERE Id = ?1")?
            .query_row([user_id], |row| row.get(0))
            .optional()?
            .flatten();
        if let Some(code) = code {
            put(cells, FIELD, text(code));
        }
    }
    Ok(())
}
