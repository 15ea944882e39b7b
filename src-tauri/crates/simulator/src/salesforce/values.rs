//! Values between JSON and the database, under the rules of a field.

use std::borrow::Cow;

use rusqlite::types::{Value as Cell, ValueRef};
use serde_json::Value;

use crate::salesforce::clock;
use crate::salesforce::errors::{CallError, NOWHERE, RowError};
use crate::salesforce::ids;
use crate::salesforce::schema::{Field, FieldType};

/// Why a value is refused: the whole call (it cannot be read) or its row (it breaks a rule).
#[derive(Debug)]
pub(crate) enum Refusal {
    Call(CallError),
    Row(RowError),
}

impl From<RowError> for Refusal {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

/// Turns a JSON value into what is stored.
pub(crate) fn to_cell(field: &Field, value: &Value) -> Result<Cell, Refusal> {
    if value.is_null() {
        if field.kind == FieldType::Boolean {
            return Ok(Cell::Integer(0));
        }
        return Ok(Cell::Null);
    }
    match field.kind {
        kind if kind.is_text() => text(field, value),
        FieldType::Id | FieldType::Reference => reference(field, value),
        FieldType::Boolean => match value {
            Value::Bool(yes) => Ok(Cell::Integer(i64::from(*yes))),
            Value::String(word) if word.eq_ignore_ascii_case("true") => Ok(Cell::Integer(1)),
            Value::String(word) if word.eq_ignore_ascii_case("false") => Ok(Cell::Integer(0)),
            other => Err(unreadable("boolean", other)),
        },
        FieldType::Int => {
            let number = number_of("int", value)?;
            if number.fract() != 0.0 || number.abs() >= 2_147_483_648.0 {
                return Err(out_of_range(field, number).into());
            }
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the range was checked above"
            )]
            let whole = number as i64;
            Ok(Cell::Integer(whole))
        }
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            let number = number_of("double", value)?;
            let digits = i32::try_from(field.precision.saturating_sub(field.scale)).unwrap_or(18);
            if number.abs() >= 10_f64.powi(digits) {
                return Err(out_of_range(field, number).into());
            }
            Ok(Cell::Real(number))
        }
        FieldType::Date => {
            let Value::String(day) = value else {
                return Err(unreadable("date", value));
            };
            if day.is_empty() {
                return Ok(Cell::Null);
            }
            match clock::parse_date(day.get(..10).unwrap_or(day)) {
                Some(day) => Ok(Cell::Text(day.to_string())),
                None => Err(unreadable("date", value)),
            }
        }
        FieldType::DateTime => {
            let Value::String(at) = value else {
                return Err(unreadable("datetime", value));
            };
            if at.is_empty() {
                return Ok(Cell::Null);
            }
            let moment = clock::parse(at).or_else(|| clock::parse_date(at).map(clock::start_of));
            match moment {
                Some(moment) => Ok(Cell::Text(clock::format(moment))),
                None => Err(unreadable("datetime", value)),
            }
        }
        FieldType::Time => time(value),
        _ => Err(RowError::new(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            format!("Unable to create/update fields: {}.", field.name),
            &[&field.name],
        )
        .into()),
    }
}

/// A time of day, `10:15:30.000Z`.
fn time(value: &Value) -> Result<Cell, Refusal> {
    let Value::String(time) = value else {
        return Err(unreadable("time", value));
    };
    if time.is_empty() {
        return Ok(Cell::Null);
    }
    match time.trim_end_matches('Z').parse::<jiff::civil::Time>() {
        Ok(time) => Ok(Cell::Text(clock::show_time(time))),
        Err(_) => Err(unreadable("time", value)),
    }
}

fn text(field: &Field, value: &Value) -> Result<Cell, Refusal> {
    let Value::String(text) = value else {
        return Err(unreadable("string", value));
    };
    let kept = kept_text(field, text)?;
    Ok(kept.map_or(Cell::Null, |text| Cell::Text(text.into_owned())))
}

/// What a text field keeps of a text: nothing of a blank one.
pub(crate) fn kept_text<'a>(
    field: &Field,
    text: &'a str,
) -> Result<Option<Cow<'a, str>>, RowError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if field.length > 0 && text.len() > field.length && text.chars().count() > field.length {
        return Err(RowError::new(
            "STRING_TOO_LONG",
            format!(
                "{}: data value too large: {text} (max length={})",
                field.label, field.length
            ),
            &[&field.name],
        ));
    }
    match field.kind {
        FieldType::Email if !is_email(text) => {
            return Err(RowError::new(
                "INVALID_EMAIL_ADDRESS",
                format!("{}: invalid email address: {text}", field.label),
                &[&field.name],
            ));
        }
        FieldType::Picklist | FieldType::Multipicklist
            if field.restricted_picklist && !allows(field, text) =>
        {
            return Err(RowError::new(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                format!(
                    "{}: bad value for restricted picklist field: {text}",
                    field.label
                ),
                &[&field.name],
            ));
        }
        FieldType::Multipicklist => {
            let values: Vec<&str> = text
                .split(';')
                .map(str::trim)
                .filter(|value| !value.is_empty())
                .collect();
            return Ok(Some(Cow::Owned(values.join(";"))));
        }
        _ => {}
    }
    Ok(Some(Cow::Borrowed(text)))
}

/// Whether a restricted picklist has the value; of several values, joined by `;`, each one.
fn allows(field: &Field, text: &str) -> bool {
    let known = |value: &str| field.picklist.iter().any(|known| known == value);
    if field.kind == FieldType::Multipicklist {
        text.split(';').map(str::trim).all(known)
    } else {
        known(text)
    }
}

fn reference(field: &Field, value: &Value) -> Result<Cell, Refusal> {
    let Value::String(id) = value else {
        return Err(unreadable("ID", value));
    };
    if id.is_empty() {
        return Ok(Cell::Null);
    }
    match ids::canonical(id) {
        Some(id) => Ok(Cell::Text(id)),
        None => Err(RowError::new(
            "MALFORMED_ID",
            format!("{}: id value of incorrect type: {id}", field.label),
            &[&field.name],
        )
        .into()),
    }
}

fn number_of(kind: &str, value: &Value) -> Result<f64, Refusal> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok(),
        _ => None,
    };
    number
        .filter(|number| number.is_finite())
        .ok_or_else(|| unreadable(kind, value))
}

fn out_of_range(field: &Field, number: f64) -> RowError {
    RowError::new(
        "NUMBER_OUTSIDE_VALID_RANGE",
        format!(
            "{}: value outside of valid range on numeric field: {}",
            field.label,
            java_double(number)
        ),
        &[&field.name],
    )
}

fn unreadable(kind: &str, value: &Value) -> Refusal {
    let (token, shown) = match value {
        Value::String(text) => ("VALUE_STRING", text.clone()),
        Value::Number(number) if number.is_f64() => ("VALUE_NUMBER_FLOAT", number.to_string()),
        Value::Number(number) => ("VALUE_NUMBER_INT", number.to_string()),
        Value::Bool(true) => ("VALUE_TRUE", "true".to_owned()),
        Value::Bool(false) => ("VALUE_FALSE", "false".to_owned()),
        Value::Array(_) => ("START_ARRAY", "[".to_owned()),
        Value::Object(_) => ("START_OBJECT", "{".to_owned()),
        Value::Null => ("VALUE_NULL", "null".to_owned()),
    };
    Refusal::Call(CallError::bad(
        "JSON_PARSER_ERROR",
        format!(
            "Cannot deserialize instance of {kind} from {token} value {shown} or request may be missing a required field{NOWHERE}"
        ),
    ))
}

/// Java's `Double.toString`, which Salesforce's texts show: `1.0E20`, `1250.5`.
pub(crate) fn java_double(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-3..1e7).contains(&size) {
        let text = format!("{number:E}");
        return match text.split_once('E') {
            Some((mantissa, exponent)) if !mantissa.contains('.') => {
                format!("{mantissa}.0E{exponent}")
            }
            _ => text,
        };
    }
    format!("{number:?}")
}

/// One `@`, something before it, a dotted name after it, no blanks.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && !domain.contains('@')
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>'))
}

/// A stored value as text, and whether JSON puts it in quotes.
pub(crate) enum Shown<'a> {
    Plain(std::borrow::Cow<'a, str>),
    Quoted(std::borrow::Cow<'a, str>),
}

/// What is stored, as it is shown; none for null.
pub(crate) fn text_of(kind: FieldType, value: ValueRef<'_>) -> Option<Shown<'_>> {
    let plain = |text: String| Some(Shown::Plain(text.into()));
    let flag = |yes: bool| Some(Shown::Plain(if yes { "true" } else { "false" }.into()));
    let is_double = kind.is_number() && kind != FieldType::Int;
    match value {
        ValueRef::Null if kind == FieldType::Boolean => flag(false),
        ValueRef::Null | ValueRef::Blob(_) => None,
        ValueRef::Integer(number) if kind == FieldType::Boolean => flag(number != 0),
        #[expect(
            clippy::cast_precision_loss,
            reason = "doubles are what the field holds"
        )]
        ValueRef::Integer(number) if is_double => plain(java_double(number as f64)),
        ValueRef::Integer(number) => plain(number.to_string()),
        ValueRef::Real(number) if !number.is_finite() => None,
        ValueRef::Real(number) if kind == FieldType::Int && number.fract() == 0.0 => {
            plain(format!("{number:.0}"))
        }
        ValueRef::Real(number) => plain(java_double(number)),
        // These are kept as JSON.
        ValueRef::Text(bytes) if matches!(kind, FieldType::Location | FieldType::Complex) => {
            Some(Shown::Plain(String::from_utf8_lossy(bytes)))
        }
        ValueRef::Text(bytes) => Some(Shown::Quoted(String::from_utf8_lossy(bytes))),
    }
}

/// What is stored as a JSON tree, for those who look in from outside; answers are written by
/// [`text_of`], as a tree would not keep how numbers are written.
pub(crate) fn to_json(kind: FieldType, cell: Cell) -> Value {
    match (kind, cell) {
        (FieldType::Boolean, Cell::Integer(flag)) => Value::Bool(flag != 0),
        (FieldType::Boolean, Cell::Null) => Value::Bool(false),
        (FieldType::Location | FieldType::Complex, Cell::Text(json)) => {
            serde_json::from_str(&json).unwrap_or_default()
        }
        (_, Cell::Integer(number)) => Value::from(number),
        (_, Cell::Real(number)) => Value::from(number),
        (_, Cell::Text(text)) => Value::String(text),
        (_, Cell::Null | Cell::Blob(_)) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn java_numbers() {
        assert_eq!(java_double(1e20), "1.0E20");
        assert_eq!(java_double(1250.5), "1250.5");
        assert_eq!(java_double(15000.0), "15000.0");
    }

    #[test]
    fn email_form() {
        assert!(is_email("o'brien@fern.example"));
        assert!(!is_email("foo"));
        assert!(!is_email("a@b"));
        assert!(!is_email("a b@c.d"));
    }
}
