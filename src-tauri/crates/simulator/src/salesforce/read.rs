//! One record as JSON, with its compound addresses.

use rusqlite::types::ValueRef;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};
use crate::salesforce::values::{Shown, text_of};

/// A record's parts in the order they are shown, `attributes` first, as a query writes them.
#[derive(Debug)]
pub(crate) struct Record(Vec<(String, Box<RawValue>)>);

impl Record {
    /// The text in a field that was read.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        serde_json::from_str(value.get()).ok()
    }
}

/// A stored value as JSON.
fn shown(kind: FieldType, value: ValueRef<'_>) -> serde_json::Result<Box<RawValue>> {
    match text_of(kind, value) {
        None => Ok(RawValue::NULL.to_owned()),
        Some(Shown::Plain(text)) => RawValue::from_string(text.into_owned()),
        Some(Shown::Quoted(text)) => to_raw_value(&text),
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The parts of a compound address this org has, as column suffixes (`City`, …, with codes where
/// state and country picklists are on).
pub(crate) fn address_parts(object: &SObject, address: &str) -> Vec<&'static str> {
    const PARTS: [&str; 10] = [
        "City",
        "Country",
        "CountryCode",
        "GeocodeAccuracy",
        "Latitude",
        "Longitude",
        "PostalCode",
        "State",
        "StateCode",
        "Street",
    ];
    let stem = address.trim_end_matches("Address");
    PARTS
        .into_iter()
        .filter(|part| object.any_field(&format!("{stem}{part}")).is_some())
        .collect()
}

/// Reads a record: the given fields, or all the user sees.
pub(crate) fn read(
    org: &Org,
    version: &str,
    sobject: &str,
    id: &str,
    wanted: Option<&[String]>,
) -> Result<Record, CallError> {
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    let fields = chosen(object, wanted)?;
    let mut columns: Vec<String> = Vec::with_capacity(fields.len());
    for field in &fields {
        if field.kind == FieldType::Address {
            let stem = field.name.trim_end_matches("Address");
            let parts = address_parts(object, &field.name);
            columns.extend(parts.iter().map(|part| format!("\"{stem}{part}\"")));
        } else if field.stored() {
            columns.push(format!("\"{}\"", field.name));
        }
    }
    let sql = format!(
        "SELECT {} FROM \"{}\" WHERE Id = ?1",
        columns.join(", "),
        object.name
    );
    let mut statement = org.db.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    let row = rows.next()?.ok_or_else(CallError::not_found)?;
    let url = format!("/services/data/v{version}/sobjects/{}/{id}", object.name);
    let mut record = vec![(
        "attributes".to_owned(),
        to_raw_value(&json!({"type": object.name, "url": url}))?,
    )];
    let mut column = 0;
    for field in fields {
        let value = if field.kind == FieldType::Address {
            let parts = address_parts(object, &field.name);
            let mut address = Vec::with_capacity(parts.len());
            let mut empty = true;
            for part in parts {
                let mut key = part.to_owned();
                key[..1].make_ascii_lowercase();
                let value = row.get_ref(column)?;
                empty &= value == ValueRef::Null;
                // Latitude and longitude are the numbers among them.
                address.push((key, shown(FieldType::Double, value)?));
                column += 1;
            }
            if empty {
                RawValue::NULL.to_owned()
            } else {
                to_raw_value(&Record(address))?
            }
        } else if field.stored() {
            column += 1;
            shown(field.kind, row.get_ref(column - 1)?)?
        } else {
            continue;
        };
        record.push((field.name.clone(), value));
    }
    Ok(Record(record))
}

fn chosen<'a>(object: &'a SObject, wanted: Option<&[String]>) -> Result<Vec<&'a Field>, CallError> {
    let Some(names) = wanted else {
        return Ok(object
            .fields
            .iter()
            .filter(|field| field.visible())
            .collect());
    };
    let mut fields: Vec<&Field> = Vec::with_capacity(names.len() + 1);
    for name in names {
        let field = object.field(name).ok_or_else(|| {
            CallError::bad(
                "INVALID_FIELD",
                format!("No such column '{name}' on sobject of type {}", object.name),
            )
        })?;
        if !fields.iter().any(|known| known.name == field.name) {
            fields.push(field);
        }
    }
    if !fields.iter().any(|field| field.name == "Id") {
        fields.extend(object.field("Id"));
    }
    Ok(fields)
}
