//! The rules a field's metadata must keep (facts/salesforce.md §7.2 "Type rules"), and the field it
//! becomes.

mod default_value;
mod picklist;
mod relationship;
mod shape;

use super::custom_field::CustomField;
use super::display_format::is_display_format;
use super::reading::Problem;
use crate::salesforce::schema::{Field, SObject, Schema};
pub(super) use default_value::{Constant, constant};
use picklist::values;
use relationship::{reference, summary};
use shape::{Shape, shape};

/// What an attribute may be for a field type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Must,
    May,
    No,
}

fn must(name: &str, kind: &str) -> Problem {
    Problem::new(format!(
        "Must specify '{name}' for a CustomField of type {kind}"
    ))
}

fn must_not(name: &str, kind: &str) -> Problem {
    Problem::new(format!(
        "Can not specify '{name}' for a CustomField of type {kind}"
    ))
}

fn too_long(name: &str, most: usize) -> Problem {
    Problem::new(format!(
        "Value too long for field: {name} maximum length is:{most}"
    ))
}

/// Builds the field its metadata describes, or says what is wrong with it.
pub(crate) fn field(
    metadata: &CustomField,
    object: &SObject,
    schema: &Schema,
) -> Result<Field, Problem> {
    let stem = name(&metadata.full_name, object)?;
    let label = metadata.label.as_deref().unwrap_or_default();
    if label.is_empty() {
        return Err(Problem::new(
            "Must specify a non-empty label for the CustomField",
        ));
    }
    let texts = [
        ("MasterLabel", Some(label), 40),
        ("Description", metadata.description.as_deref(), 1000),
        ("InlineHelpText", metadata.inline_help_text.as_deref(), 510),
    ];
    for (name, text, most) in texts {
        if text.is_some_and(|text| text.chars().count() > most) {
            return Err(too_long(name, most));
        }
    }
    let kind = metadata.kind.as_str();
    if kind.is_empty() {
        return Err(Problem::new("Required field is missing: type"));
    }
    let shape = shape(kind)
        .ok_or_else(|| Problem::new(format!("This simulated org has no fields of type {kind}")))?;
    let mut field = Field::new(&metadata.full_name, label, shape.kind);
    field.custom = true;
    field.readable = false;
    field.editable = false;
    field.description.clone_from(&metadata.description);
    field.help.clone_from(&metadata.inline_help_text);
    if metadata.formula.is_some() {
        formula(metadata, object, &mut field)?;
    } else {
        attributes(metadata, &shape, &mut field)?;
        flags(metadata, &shape, &mut field)?;
    }
    by_type(metadata, stem, object, schema, &mut field)?;
    default_value::check(metadata, &field)?;
    Ok(field)
}

/// The name's form; gives the part before `__c`.
fn name<'a>(full_name: &'a str, object: &SObject) -> Result<&'a str, Problem> {
    let Some(stem) = full_name.strip_suffix("__c") else {
        return Err(Problem::new(format!(
            "Entity of type 'CustomField' named '{}.{full_name}' cannot be found",
            object.name
        )));
    };
    let legal = stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && !stem.ends_with('_')
        && !stem.contains("__")
        && stem.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !legal {
        return Err(Problem::new(format!(
            "The field name you provided \"{stem}\" on object {} can only contain alphanumeric characters, must begin with a letter, cannot end with an underscore or contain two consecutive underscore characters, and must be unique across all {} fields",
            object.label, object.label
        )));
    }
    if stem.len() > 40 {
        return Err(too_long("DeveloperName", 40));
    }
    Ok(stem)
}

/// Length, precision, scale, visible lines: stated where they must be and nowhere else.
fn attributes(metadata: &CustomField, shape: &Shape, field: &mut Field) -> Result<(), Problem> {
    let kind = metadata.kind.as_str();
    match (metadata.length, shape.length) {
        (None, Some(_)) => return Err(must("length", kind)),
        (Some(_), None) => return Err(must_not("length", kind)),
        (Some(length), Some((least, most))) => {
            if !(least..=most).contains(&length) {
                return Err(Problem::new(format!(
                    "Length must be between {least} and {most} for a CustomField of type {kind}: {length}"
                )));
            }
            field.length = length as usize;
        }
        (None, None) => {}
    }
    let scale_alone = kind == "Location";
    let numbers = [
        ("precision", metadata.precision, shape.numeric),
        ("scale", metadata.scale, shape.numeric || scale_alone),
    ];
    for (name, stated, needed) in numbers {
        match (stated, needed) {
            (None, true) => return Err(must(name, kind)),
            (Some(_), false) => return Err(must_not(name, kind)),
            _ => {}
        }
    }
    if shape.numeric {
        field.precision = metadata.precision.unwrap_or_default();
        field.scale = metadata.scale.unwrap_or_default();
        check_digits(field)?;
        field.groupable = false;
    }
    match (metadata.visible_lines, shape.lines) {
        (None, Some(_)) => return Err(must("visibleLines", kind)),
        (Some(_), None) => return Err(must_not("visibleLines", kind)),
        (Some(lines), Some((least, most))) if !(least..=most).contains(&lines) => {
            return Err(Problem::new(format!(
                "Visible lines must be between {least} and {most} for a CustomField of type {kind}: {lines}"
            )));
        }
        _ => {}
    }
    Ok(())
}

/// `externalId`, `unique`, `caseSensitive`, `required`, `defaultValue`.
fn flags(metadata: &CustomField, shape: &Shape, field: &mut Field) -> Result<(), Problem> {
    let kind = metadata.kind.as_str();
    let on = |flag: Option<bool>| flag == Some(true);
    if on(metadata.external_id) && !shape.external_id {
        return Err(must_not("externalId", kind));
    }
    if on(metadata.unique) && !shape.unique {
        return Err(must_not("unique", kind));
    }
    if on(metadata.case_sensitive) && !(kind == "Text" && on(metadata.unique)) {
        return Err(Problem::new(
            "Can not specify 'caseSensitive' for a CustomField that is not a unique field of type Text",
        ));
    }
    if metadata.required() && !shape.required {
        return Err(must_not("required", kind));
    }
    field.external_id = on(metadata.external_id);
    field.id_lookup = field.external_id;
    field.unique = on(metadata.unique);
    field.case_sensitive = on(metadata.case_sensitive);
    field.nillable = !metadata.required();
    field.permissionable = !metadata.required();
    field.default_value.clone_from(&metadata.default_value);
    if metadata.formula_treat_blanks_as.is_some() {
        return Err(must_not("formulaTreatBlanksAs", kind));
    }
    Ok(())
}

fn check_digits(field: &Field) -> Result<(), Problem> {
    if (1..=18).contains(&field.precision) && field.scale <= field.precision {
        return Ok(());
    }
    Err(Problem::new(format!(
        "Invalid precision or scale: precision must be between 1 and 18 and not smaller than scale (precision {}, scale {})",
        field.precision, field.scale
    )))
}

/// A formula: its type says what it gives, and hardly anything else may be stated.
fn formula(metadata: &CustomField, object: &SObject, field: &mut Field) -> Result<(), Problem> {
    let kind = metadata.kind.as_str();
    if !matches!(
        kind,
        "Checkbox" | "Currency" | "Date" | "DateTime" | "Number" | "Percent" | "Text" | "Time"
    ) {
        return Err(must_not("formula", kind));
    }
    let stated = [
        ("length", metadata.length.is_some()),
        ("externalId", metadata.external_id == Some(true)),
        ("unique", metadata.unique == Some(true)),
        ("required", metadata.required()),
        ("defaultValue", metadata.default_value.is_some()),
    ];
    if let Some((name, _)) = stated.iter().find(|(_, stated)| *stated) {
        return Err(must_not(name, "Formula"));
    }
    let text = metadata.formula.as_deref().unwrap_or_default();
    if text.chars().count() > 3900 {
        return Err(too_long("Formula", 3900));
    }
    for name in own_fields(text) {
        if object.any_field(name).is_none() {
            return Err(Problem::new(format!(
                "Field {name} does not exist. Check spelling."
            )));
        }
    }
    match kind {
        "Text" => field.length = 1300,
        "Number" | "Currency" | "Percent" => {
            field.precision = metadata.precision.unwrap_or(18);
            field.scale = metadata.scale.ok_or_else(|| must("scale", "Formula"))?;
            check_digits(field)?;
        }
        _ => {}
    }
    field.permissionable = true;
    field.createable = false;
    field.updateable = false;
    Ok(())
}

/// The custom fields of its own object a formula names: words ending in `__c` without a dot beside.
pub(crate) fn own_fields(formula: &str) -> impl Iterator<Item = &str> {
    formula
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .filter(|word| word.ends_with("__c") && !word.contains('.'))
}

fn by_type(
    metadata: &CustomField,
    stem: &str,
    object: &SObject,
    schema: &Schema,
    field: &mut Field,
) -> Result<(), Problem> {
    let kind = metadata.kind.as_str();
    let need = |name: &str, stated: bool, wanted: Need| match (stated, wanted) {
        (false, Need::Must) => Err(must(name, kind)),
        (true, Need::No) => Err(must_not(name, kind)),
        _ => Ok(()),
    };
    let when = |wanted: bool| if wanted { Need::Must } else { Need::No };
    let is_list = matches!(kind, "Picklist" | "MultiselectPicklist");
    need("valueSet", metadata.value_set.is_some(), when(is_list))?;
    let relates = matches!(kind, "Lookup" | "MasterDetail");
    need(
        "referenceTo",
        metadata.reference_to.is_some(),
        when(relates),
    )?;
    let master = matches!(kind, "MasterDetail");
    let named = match (master, relates) {
        (true, _) => Need::Must,
        (false, true) => Need::May,
        _ => Need::No,
    };
    need(
        "relationshipName",
        metadata.relationship_name.is_some(),
        named,
    )?;
    let location = kind == "Location";
    need(
        "displayLocationInDecimal",
        metadata.display_location_in_decimal.is_some(),
        when(location),
    )?;
    let secret = kind == "EncryptedText";
    need("maskChar", metadata.mask_char.is_some(), when(secret))?;
    need("maskType", metadata.mask_type.is_some(), when(secret))?;
    let counted = kind == "AutoNumber";
    need(
        "displayFormat",
        metadata.display_format.is_some(),
        when(counted),
    )?;
    need(
        "deleteConstraint",
        metadata.delete_constraint.is_some(),
        if kind == "Lookup" {
            Need::May
        } else {
            Need::No
        },
    )?;
    let summed = kind == "Summary";
    need(
        "summaryOperation",
        metadata.summary_operation.is_some(),
        when(summed),
    )?;
    need(
        "summaryForeignKey",
        metadata.summary_foreign_key.is_some(),
        when(summed),
    )?;
    match kind {
        "Email" => field.length = 80,
        "Url" | "TextArea" => field.length = 255,
        "Phone" => field.length = 40,
        "LongTextArea" | "Html" => {
            let extra = if kind == "Html" {
                "richtextarea"
            } else {
                "plaintextarea"
            };
            field.extra_type_info = Some(extra.to_owned());
            (field.filterable, field.sortable, field.groupable) = (false, false, false);
        }
        "EncryptedText" => {
            (field.filterable, field.sortable, field.groupable) = (false, false, false);
        }
        "DateTime" | "Time" => field.groupable = false,
        "Checkbox" if metadata.formula.is_none() => {
            match metadata.default_value.as_deref() {
                None => return Err(must("defaultValue", kind)),
                Some("true" | "false") => {}
                Some(_) => {
                    return Err(Problem::new("Default value must be either true or false"));
                }
            }
            field.nillable = false;
            field.permissionable = true;
            field.defaulted_on_create = true;
        }
        "Picklist" | "MultiselectPicklist" => {
            let set = metadata.value_set.clone().unwrap_or_default();
            values(&set, object, field)?;
            field.length = if kind == "Picklist" { 255 } else { 4099 };
            if kind == "MultiselectPicklist" {
                field.precision = metadata.visible_lines.unwrap_or_default();
                (field.sortable, field.groupable) = (false, false);
            }
        }
        "Location" => {
            if metadata.scale.is_some_and(|scale| scale > 15) {
                return Err(Problem::new(
                    "Scale must be between 0 and 15 for a CustomField of type Location",
                ));
            }
            (field.createable, field.updateable) = (false, false);
            (field.filterable, field.sortable, field.groupable) = (false, false, false);
        }
        "AutoNumber" => {
            let format = metadata.display_format.as_deref().unwrap_or_default();
            if !is_display_format(format) {
                return Err(Problem::new(format!("Invalid display format: {format}")));
            }
            field.length = 30;
            (field.createable, field.updateable) = (false, false);
            field.defaulted_on_create = true;
        }
        "Lookup" | "MasterDetail" => reference(metadata, stem, object, schema, field)?,
        "Summary" => {
            summary(metadata, object, schema)?;
            (field.createable, field.updateable) = (false, false);
            (field.precision, field.scale) = (18, 2);
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::salesforce::schema::FieldType;
    use proptest::prelude::*;

    fn numbers() -> impl Strategy<Value = Option<u32>> {
        prop_oneof![
            Just(None),
            (0_u32..20).prop_map(Some),
            (240_u32..270).prop_map(Some),
            Just(Some(u32::MAX)),
        ]
    }

    fn flags() -> impl Strategy<Value = Option<bool>> {
        prop_oneof![Just(None), any::<bool>().prop_map(Some)]
    }

    proptest! {
        /// Whatever is stated: a field that is let through keeps every limit.
        #[test]
        fn what_is_let_through_keeps_the_limits(
            name in "[A-Za-z_][A-Za-z0-9_]{0,42}(__c)?",
            kind in prop::sample::select(vec![
                "Text", "TextArea", "LongTextArea", "Html", "EncryptedText", "Email", "Phone", "Url",
                "Checkbox", "Number", "Currency", "Percent", "Date", "DateTime", "Time", "Picklist",
                "MultiselectPicklist", "Location", "AutoNumber", "Lookup", "MasterDetail", "Summary",
                "Hierarchy", "",
            ]),
            (length, precision, scale, visible_lines) in (numbers(), numbers(), numbers(), numbers()),
            (external_id, unique, case_sensitive, required) in (flags(), flags(), flags(), flags()),
            label in "\\PC{0,45}",
            formula in prop::option::of("[A-Za-z_.* ]{0,20}"),
            default_value in prop::option::of("true|false|x"),
            reference_to in prop::option::of("Account|account|Nothing__c|User"),
        ) {
            let schema = Schema::standard().unwrap();
            let object = schema.any_object("Account").unwrap();
            let metadata = CustomField {
                full_name: name.clone(),
                kind: kind.to_owned(),
                label: Some(label),
                length, precision, scale, visible_lines,
                external_id, unique, case_sensitive, required,
                formula, default_value, reference_to,
                ..CustomField::default()
            };
            if let Ok(field) = field(&metadata, object, &schema) {
                prop_assert!(name.ends_with("__c") && name.len() <= 43);
                prop_assert!(field.label.chars().count() <= 40 && !field.label.is_empty());
                prop_assert!(field.precision <= 18 && field.length <= 131_072);
                prop_assert!(field.scale <= field.precision || field.kind == FieldType::Location);
                prop_assert!(!field.external_id || matches!(kind, "Text" | "Number" | "Email" | "AutoNumber"));
                prop_assert!(!field.unique || matches!(kind, "Text" | "Number" | "Email"));
                prop_assert!(!field.case_sensitive || (field.unique && kind == "Text"));
                prop_assert!(kind != "MasterDetail", "Account cannot be a detail");
                prop_assert!(field.permissionable || required == Some(true));
            }
        }
    }
}
