//! What the columns of an upload mean, and the values of one row (facts/salesforce.md §6).

use csv::StringRecord;
use serde_json::{Map, Value};

use crate::salesforce::clock;
use crate::salesforce::errors::RowError;
use crate::salesforce::schema::{Field, FieldType, SObject, Schema};
use crate::salesforce::write::Values;

/// The word that empties a field; an empty cell leaves it as it is.
const NULL: &str = "#N/A";

#[derive(Debug)]
enum Column {
    /// The record's own id.
    Id,
    Own(Target),
    /// A parent by one of its keys: `Account.Billing_Id__c`.
    Parent {
        relationship: String,
        /// The reference field behind the relationship.
        reference: String,
        key: Target,
    },
}

#[derive(Debug)]
struct Target {
    name: String,
    label: String,
    kind: FieldType,
}

impl From<&Field> for Target {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name.clone(),
            label: field.label.clone(),
            kind: field.kind,
        }
    }
}

/// The columns of an upload, matched with the fields of its sObject.
#[derive(Debug)]
pub(crate) struct Columns(Vec<Column>);

/// One row of an upload.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) id: Option<String>,
    pub(crate) values: Values,
    /// Why the row cannot be written: a value that is not of its field's type.
    pub(crate) refused: Option<RowError>,
}

impl Columns {
    /// Matches a heading line. The error is the job's `errorMessage`; it names the first column
    /// that is not known to, or not seen by, the signed-in user.
    pub(crate) fn resolve(
        schema: &Schema,
        object: &SObject,
        header: &[String],
    ) -> Result<Self, String> {
        let mut columns = Vec::with_capacity(header.len());
        for name in header {
            let column = column(schema, object, name)
                .ok_or_else(|| format!("InvalidBatch : Field name not found : {name}"))?;
            let again = header
                .iter()
                .filter(|other| other.eq_ignore_ascii_case(name));
            if again.count() > 1 {
                return Err(format!(
                    "InvalidBatch : Duplicate field name found : {name}"
                ));
            }
            columns.push(column);
        }
        Ok(Self(columns))
    }

    /// Reads one row.
    pub(crate) fn row(&self, record: &StringRecord) -> Row {
        let mut row = Row::default();
        for (column, cell) in self.0.iter().zip(record) {
            if cell.is_empty() {
                continue;
            }
            match column {
                Column::Id => row.id = (cell != NULL).then(|| cell.to_owned()),
                Column::Own(target) if cell == NULL => {
                    row.values.insert(target.name.clone(), Value::Null);
                }
                Column::Own(target) => {
                    if let Some(value) = row.typed(target, cell) {
                        row.values.insert(target.name.clone(), value);
                    }
                }
                Column::Parent { reference, .. } if cell == NULL => {
                    row.values.insert(reference.clone(), Value::Null);
                }
                Column::Parent {
                    relationship, key, ..
                } => {
                    if let Some(value) = row.typed(key, cell) {
                        let key = Map::from_iter([(key.name.clone(), value)]);
                        row.values.insert(relationship.clone(), Value::Object(key));
                    }
                }
            }
        }
        row
    }

    /// The cells of a row that name a parent, by id or by key.
    pub(crate) fn parents<'a>(&'a self, record: &'a StringRecord) -> impl Iterator<Item = &'a str> {
        let named = |(column, cell): (&'a Column, &'a str)| {
            let parent = match column {
                Column::Parent { .. } => true,
                Column::Own(target) => {
                    target.kind == FieldType::Reference && target.name != "OwnerId"
                }
                Column::Id => false,
            };
            (parent && !cell.is_empty() && cell != NULL).then_some(cell)
        };
        self.0.iter().zip(record).filter_map(named)
    }
}

impl Row {
    fn typed(&mut self, target: &Target, cell: &str) -> Option<Value> {
        let value = typed(target.kind, cell);
        if value.is_none() && self.refused.is_none() {
            self.refused = Some(RowError::new(
                "INVALID_TYPE_ON_FIELD_IN_RECORD",
                format!("{}: value not of required type: {cell}", target.label),
                &[&target.name],
            ));
        }
        value
    }
}

fn column(schema: &Schema, object: &SObject, name: &str) -> Option<Column> {
    let Some((path, key)) = name.split_once('.') else {
        let field = object.field(name).filter(|field| field.stored())?;
        return Some(if field.kind == FieldType::Id {
            Column::Id
        } else {
            Column::Own(Target::from(field))
        });
    };
    // `Lead:Who.Email` says which sObject a polymorphic reference means.
    let (kind, relationship) = match path.split_once(':') {
        Some((kind, relationship)) => (Some(kind), relationship),
        None => (None, path),
    };
    let reference = object.relationship(relationship)?;
    let meant = |target: &&String| kind.is_none_or(|kind| target.eq_ignore_ascii_case(kind));
    let target = reference.reference_to.iter().find(meant)?;
    let key = schema
        .object(target)?
        .field(key)
        .filter(|field| field.external_id || field.id_lookup)?;
    Some(Column::Parent {
        relationship: reference.relationship.clone()?,
        reference: reference.name.clone(),
        key: Target::from(key),
    })
}

/// A cell as the JSON a single-record call would carry; `None` when it is not of the field's type.
fn typed(kind: FieldType, cell: &str) -> Option<Value> {
    match kind {
        FieldType::Boolean => match cell {
            "1" => Some(Value::Bool(true)),
            "0" => Some(Value::Bool(false)),
            word if word.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
            word if word.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
            _ => None,
        },
        FieldType::Int | FieldType::Double | FieldType::Currency | FieldType::Percent => {
            let number = cell.parse::<f64>().ok().filter(|number| number.is_finite());
            number.map(|_| Value::from(cell))
        }
        FieldType::Date => {
            let day = cell.strip_suffix('Z').unwrap_or(cell);
            clock::parse_date(day).map(|_| Value::from(day))
        }
        FieldType::DateTime => {
            let known = clock::parse(cell).is_some() || clock::parse_date(cell).is_some();
            known.then(|| Value::from(cell))
        }
        _ => Some(Value::from(cell)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn columns(sobject: &str, header: &[&str]) -> Result<Columns, String> {
        let schema = Schema::standard().unwrap();
        let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
        Columns::resolve(&schema, schema.object(sobject).unwrap(), &header)
    }

    #[test]
    fn headings() {
        assert!(columns("Contact", &["id", "LASTNAME", "ReportsTo.Email"]).is_ok());
        assert!(columns("Contact", &["Contact:ReportsTo.Email"]).is_ok());
        for wrong in [
            "Nmae",
            " Name",
            "",
            "Account.Name",
            "Lead:ReportsTo.Email",
            "Owner.Phone",
            "MailingAddress",
            "\u{FEFF}Id",
        ] {
            let error = columns("Contact", &["LastName", wrong]).unwrap_err();
            assert_eq!(
                error,
                format!("InvalidBatch : Field name not found : {wrong}")
            );
        }
        let error = columns("Contact", &["LastName", "lastname"]).unwrap_err();
        assert!(error.contains("Duplicate"), "{error}");
    }

    #[test]
    fn empty_cells_are_left_out_and_na_empties() {
        let columns = columns("Contact", &["Id", "LastName", "Phone", "ReportsTo.Email"]).unwrap();
        let row = columns.row(&StringRecord::from(vec!["", " Ruiz", NULL, NULL]));
        assert_eq!(row.id, None);
        assert_eq!(
            Value::Object(row.values),
            serde_json::json!({"LastName": " Ruiz", "Phone": null, "ReportsToId": null})
        );
        let row = columns.row(&StringRecord::from(vec!["003", "", "", "a@b.example"]));
        assert_eq!(
            Value::Object(row.values),
            serde_json::json!({"ReportsTo": {"Email": "a@b.example"}})
        );
    }

    #[test]
    fn cells_have_their_types() {
        assert_eq!(typed(FieldType::Boolean, "TRUE"), Some(Value::Bool(true)));
        assert_eq!(typed(FieldType::Boolean, "0"), Some(Value::Bool(false)));
        assert_eq!(typed(FieldType::Boolean, " true"), None);
        assert_eq!(typed(FieldType::Currency, "1,5"), None);
        assert_eq!(typed(FieldType::Currency, "NaN"), None);
        assert_eq!(typed(FieldType::Date, "31.01.2026"), None);
        assert!(typed(FieldType::Date, "2026-01-31").is_some());
        assert!(typed(FieldType::DateTime, "2026-01-31T12:00:00.000+01:00").is_some());
        assert_eq!(typed(FieldType::DateTime, "noon"), None);
    }
}
