//! Default values: constants must fit their field.

use serde_json::Value;

use super::super::custom_field::CustomField;
use super::super::reading::Problem;
use super::{must_not, too_long};
use crate::salesforce::schema::{Field, FieldType};
use crate::salesforce::values::{Refusal, to_cell};

/// A default value as it is written.
pub(in super::super) enum Constant<'a> {
    Text(&'a str),
    Number(f64),
    Flag(bool),
}

/// The constant a default value is; none for any other formula.
pub(in super::super) fn constant(formula: &str) -> Option<Constant<'_>> {
    let formula = formula.trim();
    for quote in ['"', '\''] {
        let inner = formula.strip_prefix(quote);
        if let Some(inner) = inner.and_then(|text| text.strip_suffix(quote))
            && !inner.contains(quote)
        {
            return Some(Constant::Text(inner));
        }
    }
    match formula.to_ascii_lowercase().as_str() {
        "true" => Some(Constant::Flag(true)),
        "false" => Some(Constant::Flag(false)),
        figure if figure.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
            figure.parse().ok().map(Constant::Number)
        }
        _ => None,
    }
}

/// Refuses a default value the field cannot hold. What is no constant is not looked into.
pub(super) fn check(metadata: &CustomField, field: &Field) -> Result<(), Problem> {
    let Some(formula) = &metadata.default_value else {
        return Ok(());
    };
    let kind = metadata.kind.as_str();
    if matches!(
        kind,
        "AutoNumber" | "Lookup" | "MasterDetail" | "Location" | "Summary"
    ) {
        return Err(must_not("defaultValue", kind));
    }
    if formula.chars().count() > 3900 {
        return Err(too_long("Formula", 3900));
    }
    let Some(constant) = constant(formula) else {
        return Ok(());
    };
    let mixed_up = |given: &str| {
        Problem::new(format!(
            "Default value of {} does not fit its type {kind}: received {given}",
            field.name
        ))
    };
    let value = match constant {
        Constant::Text(text) if field.kind.is_text() => Value::from(text),
        Constant::Number(number) if field.kind.is_number() => Value::from(number),
        Constant::Flag(flag) if field.kind == FieldType::Boolean => Value::from(flag),
        Constant::Text(_) => return Err(mixed_up("Text")),
        Constant::Number(_) => return Err(mixed_up("Number")),
        Constant::Flag(_) => return Err(mixed_up("Boolean")),
    };
    let problem = match to_cell(field, &value) {
        Ok(_) => return Ok(()),
        Err(Refusal::Row(error)) => error.message,
        Err(Refusal::Call(error)) => error.message,
    };
    Err(Problem::new(format!(
        "Default value of {} does not fit: {problem}",
        field.name
    )))
}
