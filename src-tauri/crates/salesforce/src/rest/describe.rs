//! The describe of an sObject, reduced to what Drawbridge acts on.

use drawbridge_model::{Describe, Field, FieldKind, FieldName, SObjectName};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawDescribe {
    name: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    createable: bool,
    #[serde(default)]
    updateable: bool,
    fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the form of Salesforce's answer"
)]
struct RawField {
    name: String,
    #[serde(default)]
    label: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    length: u32,
    #[serde(default)]
    precision: u32,
    #[serde(default)]
    digits: u32,
    #[serde(default)]
    scale: u32,
    #[serde(default)]
    createable: bool,
    #[serde(default)]
    updateable: bool,
    #[serde(default)]
    nillable: bool,
    #[serde(default)]
    defaulted_on_create: bool,
    #[serde(default)]
    external_id: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    case_sensitive: bool,
    #[serde(default)]
    custom: bool,
    #[serde(default)]
    restricted_picklist: bool,
    #[serde(default)]
    picklist_values: Option<Vec<PicklistValue>>,
}

#[derive(Deserialize)]
struct PicklistValue {
    active: bool,
    value: String,
}

/// Reads a describe.
pub(crate) fn read(body: &[u8]) -> Result<Describe, serde_json::Error> {
    let raw: RawDescribe = serde_json::from_slice(body)?;
    Ok(Describe {
        sobject: SObjectName(raw.name),
        label: raw.label,
        createable: raw.createable,
        updateable: raw.updateable,
        fields: raw.fields.into_iter().map(field).collect(),
    })
}

fn field(raw: RawField) -> Field {
    let kind = kind(&raw.kind);
    let restricted_values = raw.restricted_picklist.then(|| {
        raw.picklist_values
            .unwrap_or_default()
            .into_iter()
            .filter(|value| value.active)
            .map(|value| value.value)
            .collect()
    });
    Field {
        name: FieldName(raw.name),
        label: raw.label,
        kind,
        length: raw.length,
        // Whole numbers carry their size in `digits`.
        precision: if raw.precision == 0 {
            raw.digits
        } else {
            raw.precision
        },
        scale: raw.scale,
        createable: raw.createable,
        updateable: raw.updateable,
        nillable: raw.nillable,
        defaulted_on_create: raw.defaulted_on_create,
        external_id: raw.external_id,
        unique: raw.unique,
        case_sensitive: raw.case_sensitive,
        custom: raw.custom,
        restricted_values,
    }
}

/// The kind of a field `type` of describe.
fn kind(word: &str) -> FieldKind {
    match word {
        "string" | "textarea" | "phone" | "combobox" => FieldKind::Text,
        "email" => FieldKind::Email,
        "url" => FieldKind::Url,
        "picklist" => FieldKind::Picklist,
        "int" | "long" | "double" | "percent" => FieldKind::Number,
        "currency" => FieldKind::Currency,
        "date" => FieldKind::Date,
        "datetime" => FieldKind::DateTime,
        "boolean" => FieldKind::Boolean,
        "id" | "reference" => FieldKind::Reference,
        // multipicklist, time, address, location, base64, encryptedstring, anyType, complexvalue
        _ => FieldKind::Other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn fields_as_salesforce_describes_them() {
        let body = serde_json::json!({
            "name": "Account", "label": "Account", "createable": true, "updateable": false,
            "somethingNew": {"a": 1},
            "fields": [
                {"name": "NumberOfEmployees", "label": "Employees", "type": "int", "length": 0,
                 "digits": 8, "precision": 0, "scale": 0, "nillable": true, "picklistValues": []},
                {"name": "Rating", "label": "Rating", "type": "picklist", "length": 255,
                 "restrictedPicklist": true, "picklistValues": [
                    {"active": true, "value": "Hot"}, {"active": false, "value": "Old"}]},
                {"name": "Industry", "label": "Industry", "type": "picklist", "length": 255,
                 "restrictedPicklist": false, "picklistValues": [{"active": true, "value": "A"}]},
                {"name": "MRR__c", "label": "MRR", "type": "currency", "precision": 18, "scale": 2,
                 "custom": true, "createable": true, "nillable": true},
                {"name": "BillingAddress", "label": "Address", "type": "address"},
            ]
        });
        let describe = read(body.to_string().as_bytes()).unwrap();
        let field = |name: &str| describe.field(&FieldName::from(name)).unwrap();
        assert!(describe.createable && !describe.updateable);
        assert_eq!(field("numberofemployees").precision, 8);
        assert_eq!(field("NumberOfEmployees").kind, FieldKind::Number);
        assert_eq!(
            field("Rating").restricted_values.as_deref(),
            Some(&["Hot".to_owned()][..])
        );
        assert_eq!(field("Industry").restricted_values, None);
        assert_eq!(field("MRR__c").kind, FieldKind::Currency);
        assert_eq!(field("BillingAddress").kind, FieldKind::Other);
    }
}
