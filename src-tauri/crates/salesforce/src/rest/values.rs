//! Values as Salesforce writes them in JSON, read and written without loss.

use drawbridge_model::{FieldKind, Value};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde_json::value::RawValue;

/// A value of a record. `None` when the text is not of the field's kind.
pub(crate) fn read(raw: &RawValue, kind: FieldKind) -> Option<Value> {
    let json = raw.get().trim();
    if json == "null" {
        return Some(Value::Blank);
    }
    match kind {
        FieldKind::Boolean => match json {
            "true" => Some(Value::Flag(true)),
            "false" => Some(Value::Flag(false)),
            _ => None,
        },
        FieldKind::Number | FieldKind::Currency => number(json).map(Value::Number),
        FieldKind::Date => text(json)?.parse::<Date>().ok().map(Value::Date),
        FieldKind::DateTime => moment(&text(json)?).map(Value::Moment),
        FieldKind::Text
        | FieldKind::Email
        | FieldKind::Url
        | FieldKind::Picklist
        | FieldKind::Reference => text(json).map(Value::text),
        FieldKind::Other => Some(by_form(json)),
    }
}

/// A value of a kind Drawbridge only shows.
fn by_form(json: &str) -> Value {
    match json {
        "true" => Value::Flag(true),
        "false" => Value::Flag(false),
        _ => match text(json) {
            Some(text) => Value::text(text),
            None => number(json).map_or_else(|| Value::Text(json.to_owned()), Value::Number),
        },
    }
}

fn text(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// A JSON number, digit by digit: `15000.0`, `3.5E8`. Trailing zeros say nothing and go.
fn number(json: &str) -> Option<Decimal> {
    let number = if json.contains(['e', 'E']) {
        Decimal::from_scientific(json).ok()?
    } else {
        Decimal::from_str_exact(json).ok()?
    };
    Some(number.normalize())
}

/// `2026-01-31T12:34:56.000+0000`.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// A value as JSON for a write.
pub(crate) fn write(value: &Value) -> Result<Box<RawValue>, serde_json::Error> {
    let json = match value {
        Value::Blank => "null".to_owned(),
        Value::Number(_) | Value::Flag(_) => plain(value),
        Value::Text(_) | Value::Date(_) | Value::Moment(_) => serde_json::to_string(&plain(value))?,
    };
    RawValue::from_string(json)
}

/// A value as bare text, without quotes; blank is empty.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Blank => String::new(),
        Value::Text(text) => text.clone(),
        // A decimal prints without exponent, which is a JSON number as it stands.
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Moment(moment) => moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn values_as_salesforce_writes_them() {
        let number = |text: &str| Some(Value::Number(text.parse().unwrap()));
        let noon = Some(Value::Moment("2026-01-31T12:34:56Z".parse().unwrap()));
        for (json, kind, expected) in [
            ("null", FieldKind::Currency, Some(Value::Blank)),
            ("15000.0", FieldKind::Currency, number("15000")),
            ("3.5E8", FieldKind::Number, number("350000000")),
            ("1.0E-3", FieldKind::Number, number("0.001")),
            ("0.1", FieldKind::Currency, number("0.1")),
            (
                "123456789012345678.91",
                FieldKind::Currency,
                number("123456789012345678.91"),
            ),
            (
                "\"2026-01-31\"",
                FieldKind::Date,
                Some(Value::Date("2026-01-31".parse().unwrap())),
            ),
            (
                "\"2026-01-31T12:34:56.000+0000\"",
                FieldKind::DateTime,
                noon.clone(),
            ),
            ("\"2026-01-31T12:34:56.000Z\"", FieldKind::DateTime, noon),
            ("true", FieldKind::Boolean, Some(Value::Flag(true))),
            ("\"\"", FieldKind::Text, Some(Value::Blank)),
            (
                "\"M\\u00fcller\"",
                FieldKind::Text,
                Some(Value::Text("Müller".to_owned())),
            ),
            ("\"x\"", FieldKind::Number, None),
            ("12", FieldKind::Text, None),
            ("\"31.01.2026\"", FieldKind::Date, None),
            (
                "{\"city\":\"Bern\"}",
                FieldKind::Other,
                Some(Value::Text("{\"city\":\"Bern\"}".to_owned())),
            ),
        ] {
            assert_eq!(read(&raw(json), kind), expected, "{json}");
        }
    }

    #[test]
    fn values_as_they_are_sent() {
        for (value, json) in [
            (Value::Blank, "null"),
            (Value::Text("a\"b".to_owned()), "\"a\\\"b\""),
            (Value::Number("1234.50".parse().unwrap()), "1234.50"),
            (Value::Number("0.0000001".parse().unwrap()), "0.0000001"),
            (Value::Flag(false), "false"),
            (Value::Date("2026-01-31".parse().unwrap()), "\"2026-01-31\""),
            (
                Value::Moment("2026-01-31T12:34:56.7891Z".parse().unwrap()),
                "\"2026-01-31T12:34:56.789Z\"",
            ),
            (
                Value::Moment("2026-01-31T12:34:56Z".parse().unwrap()),
                "\"2026-01-31T12:34:56.000Z\"",
            ),
        ] {
            assert_eq!(write(&value).unwrap().get(), json);
        }
    }

    proptest! {
        #[test]
        fn numbers_come_back_exactly(mantissa in any::<i64>(), scale in 0_u32..18) {
            let value = Value::Number(Decimal::new(mantissa, scale));
            let sent = write(&value).unwrap();
            prop_assert_eq!(read(&sent, FieldKind::Currency), Some(value));
        }
    }
}
