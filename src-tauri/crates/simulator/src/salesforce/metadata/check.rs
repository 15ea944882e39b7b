//! The rules a field's metadata must keep (facts/salesforce.md §7.2 "Type rules").

use super::package::CustomField;
use crate::salesforce::schema::{Field, FieldType};

/// Builds the field its metadata describes, or says what is wrong with it.
pub(crate) fn field(metadata: &CustomField) -> Result<Field, String> {
    let name = &metadata.full_name;
    let stem = name
        .strip_suffix("__c")
        .ok_or_else(|| "The name of a custom field must end in __c".to_owned())?;
    let legal = stem.len() <= 40
        && stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && !stem.ends_with('_')
        && !stem.contains("__")
        && stem.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !legal {
        return Err(format!(
            "The Custom Field API Name \"{stem}\" can only contain underscores and alphanumeric characters. It must be unique, begin with a letter, not include spaces, not end with an underscore, not contain two consecutive underscores, and have at most 40 characters."
        ));
    }
    let label = metadata.label.as_deref().unwrap_or_default();
    if label.is_empty() {
        return Err("Required field is missing: label".to_owned());
    }
    if label.chars().count() > 40 {
        return Err("Label: data value too large (max length=40)".to_owned());
    }
    let kind_name = metadata.kind.as_deref().unwrap_or_default();
    let mut field = Field::new(name, label, FieldType::Text);
    field.custom = true;
    field.permissionable = true;
    field.readable = false;
    field.editable = false;
    field.nillable = !metadata.required;
    field.permissionable = !metadata.required;
    field.external_id = metadata.external_id;
    field.id_lookup = metadata.external_id;
    field.unique = metadata.unique;
    field.case_sensitive = metadata.case_sensitive;
    field.description.clone_from(&metadata.description);
    field.help.clone_from(&metadata.inline_help_text);
    field.default_value.clone_from(&metadata.default_value);
    match kind_name {
        "Text" => {
            field.length = length(metadata, 1, 255)?;
        }
        "Email" => (field.kind, field.length) = (FieldType::Email, 80),
        "Url" => (field.kind, field.length) = (FieldType::Url, 255),
        "Phone" => (field.kind, field.length) = (FieldType::Phone, 40),
        "TextArea" => (field.kind, field.length) = (FieldType::Textarea, 255),
        "LongTextArea" => {
            field.kind = FieldType::Textarea;
            field.length = length(metadata, 256, 131_072)?;
            if metadata.visible_lines.is_none() {
                return Err("Required field is missing: visibleLines".to_owned());
            }
            field.extra_type_info = Some("plaintextarea".to_owned());
            (field.filterable, field.sortable, field.groupable) = (false, false, false);
        }
        "Number" | "Currency" | "Percent" => {
            field.kind = match kind_name {
                "Number" => FieldType::Double,
                "Currency" => FieldType::Currency,
                _ => FieldType::Percent,
            };
            let missing = |name: &str| format!("Required field is missing: {name}");
            field.precision = metadata.precision.ok_or_else(|| missing("precision"))?;
            field.scale = metadata.scale.ok_or_else(|| missing("scale"))?;
            if field.precision == 0 || field.precision > 18 || field.scale > field.precision {
                return Err(format!(
                    "Precision must be between 1 and 18 and not smaller than scale (precision {}, scale {})",
                    field.precision, field.scale
                ));
            }
            field.groupable = false;
        }
        "Date" => field.kind = FieldType::Date,
        "DateTime" => (field.kind, field.groupable) = (FieldType::DateTime, false),
        "Checkbox" => {
            field.kind = FieldType::Boolean;
            if metadata.default_value.is_none() {
                return Err(
                    "Must specify 'defaultValue' for a CustomField of type Checkbox".to_owned(),
                );
            }
            field.nillable = false;
            field.permissionable = true;
            field.defaulted_on_create = true;
        }
        "Picklist" => {
            field.kind = FieldType::Picklist;
            field.length = 255;
            let set = metadata.value_set.clone().unwrap_or_default();
            field.restricted_picklist = set.restricted;
            field.picklist = set
                .value_set_definition
                .value
                .into_iter()
                .map(|value| value.full_name)
                .collect();
        }
        "Lookup" => {
            field.kind = FieldType::Reference;
            field.length = 18;
            let target = metadata
                .reference_to
                .clone()
                .ok_or("Required field is missing: referenceTo")?;
            field.reference_to = vec![target];
            field.relationship = Some(format!("{stem}__r"));
        }
        "" => return Err("Required field is missing: type".to_owned()),
        other => {
            return Err(format!(
                "'{other}' is not a valid value for the enum 'FieldType'"
            ));
        }
    }
    if field.external_id
        && !matches!(
            field.kind,
            FieldType::Text | FieldType::Double | FieldType::Email
        )
    {
        return Err(format!(
            "Can not specify 'externalId' for a CustomField of type {kind_name}"
        ));
    }
    if field.unique
        && !matches!(
            field.kind,
            FieldType::Text | FieldType::Double | FieldType::Email
        )
    {
        return Err(format!(
            "Can not specify 'unique' for a CustomField of type {kind_name}"
        ));
    }
    if field.case_sensitive && !(field.unique && field.kind == FieldType::Text) {
        return Err(
            "Can not specify 'caseSensitive' for a CustomField that is not a unique text"
                .to_owned(),
        );
    }
    Ok(field)
}

fn length(metadata: &CustomField, least: usize, most: usize) -> Result<usize, String> {
    match metadata.length {
        None => Err("Required field is missing: length".to_owned()),
        Some(length) if (least..=most).contains(&length) => Ok(length),
        Some(length) => Err(format!(
            "length must be between {least} and {most}, not {length}"
        )),
    }
}
