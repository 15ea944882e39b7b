//! One record as JSON, with its compound addresses.

use rusqlite::types::Value as Cell;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};
use crate::salesforce::values::to_json;

/// A record's parts in the order they are shown, `attributes` first.
#[derive(Debug)]
pub(crate) struct Record(Vec<(String, Value)>);

impl Record {
    /// The value of a field that was read.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
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
        json!({"type": object.name, "url": url}),
    )];
    let mut column = 0;
    for field in fields {
        let value = if field.kind == FieldType::Address {
            let parts = address_parts(object, &field.name);
            let mut address = Map::new();
            for part in parts {
                let mut key = part.to_owned();
                key[..1].make_ascii_lowercase();
                address.insert(key, to_json(FieldType::Text, row.get::<_, Cell>(column)?));
                column += 1;
            }
            if address.values().all(Value::is_null) {
                Value::Null
            } else {
                Value::Object(address)
            }
        } else if field.stored() {
            column += 1;
            to_json(field.kind, row.get::<_, Cell>(column - 1)?)
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
