//! Definitions of custom fields and objects that came with the org, rather than by a deploy: made
//! from the schema, so that every custom field has an id and metadata.

use super::custom_field::{
    CustomField, FieldDefinition, PicklistEntry, ValueSet, ValueSetDefinition,
};
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType};

/// Gives a definition to each custom field that has none.
pub(crate) fn complete(org: &mut Org) {
    let needs =
        |field: &Field| field.custom && field.definition.is_none() && !field.name.ends_with("__s");
    if !org
        .schema
        .objects
        .iter()
        .any(|object| object.fields.iter().any(needs))
    {
        return;
    }
    let now = org.clock.now();
    let Org { schema, ids, .. } = org;
    for field in schema
        .objects
        .iter_mut()
        .flat_map(|object| &mut object.fields)
    {
        if needs(field) {
            field.definition = Some(Box::new(FieldDefinition {
                id: ids.next("00N"),
                metadata: metadata_of(field),
                next_number: 1,
                created: now.clone(),
                modified: now.clone(),
            }));
        }
    }
}

/// The metadata a field would have been deployed with.
pub(crate) fn metadata_of(field: &Field) -> CustomField {
    let numeric = matches!(
        field.kind,
        FieldType::Double | FieldType::Currency | FieldType::Percent | FieldType::Int
    );
    let kind = match field.kind {
        FieldType::Textarea if field.length > 255 => "LongTextArea",
        FieldType::Textarea => "TextArea",
        FieldType::Phone => "Phone",
        FieldType::Url => "Url",
        FieldType::Email => "Email",
        FieldType::Picklist => "Picklist",
        FieldType::Multipicklist => "MultiselectPicklist",
        FieldType::Reference => "Lookup",
        FieldType::Boolean => "Checkbox",
        FieldType::Int | FieldType::Double => "Number",
        FieldType::Currency => "Currency",
        FieldType::Percent => "Percent",
        FieldType::Date => "Date",
        FieldType::DateTime => "DateTime",
        FieldType::Time => "Time",
        FieldType::Encrypted => "EncryptedText",
        FieldType::Location => "Location",
        FieldType::Id | FieldType::Text | FieldType::Address | FieldType::Complex => "Text",
    };
    let list = matches!(kind, "Picklist" | "MultiselectPicklist");
    let flag = |on: bool| on.then_some(true);
    CustomField {
        full_name: field.name.clone(),
        label: Some(field.label.clone()),
        kind: kind.to_owned(),
        length: matches!(kind, "Text" | "LongTextArea" | "EncryptedText")
            .then(|| u32::try_from(field.length).unwrap_or_default()),
        precision: numeric.then_some(field.precision),
        scale: numeric.then_some(field.scale),
        visible_lines: matches!(kind, "LongTextArea" | "MultiselectPicklist").then_some(3),
        external_id: flag(field.external_id),
        unique: flag(field.unique),
        case_sensitive: flag(field.case_sensitive),
        required: flag(!field.nillable && field.kind != FieldType::Boolean),
        description: field.description.clone(),
        inline_help_text: field.help.clone(),
        default_value: field
            .default_value
            .clone()
            .or_else(|| (kind == "Checkbox").then(|| "false".to_owned())),
        reference_to: field.reference_to.first().cloned(),
        value_set: list.then(|| ValueSet {
            restricted: flag(field.restricted_picklist),
            value_set_definition: Some(ValueSetDefinition {
                sorted: false,
                value: field
                    .picklist
                    .iter()
                    .map(|value| PicklistEntry {
                        full_name: value.clone(),
                        label: value.clone(),
                        default: false,
                        is_active: true,
                    })
                    .collect(),
            }),
            ..ValueSet::default()
        }),
        ..CustomField::default()
    }
}
