//! What an expression rendered, read as its field takes it.

use drawbridge_model::{Field, FieldKind, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use rust_decimal::Decimal;

/// Reads the text for the field. The error is what the field takes, in words.
pub(super) fn read(text: &str, field: &Field) -> Result<Value, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Blank);
    }
    match field.kind {
        FieldKind::Number | FieldKind::Currency => decimal(text)
            .map(Value::Number)
            .ok_or("a number such as 1234.50"),
        FieldKind::Date => day(text)
            .map(Value::Date)
            .ok_or("a date such as 2026-12-31"),
        FieldKind::DateTime => moment(text).ok_or("a date and time such as 2026-12-31T10:00:00Z"),
        FieldKind::Boolean => match text {
            "true" => Ok(Value::Flag(true)),
            "false" => Ok(Value::Flag(false)),
            _ => Err("true or false"),
        },
        _ => Ok(Value::text(text)),
    }
}

/// A plain decimal number: a sign, digits, a point. Every digit counts; one that cannot be kept
/// exactly is no number here.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let framed = digits.starts_with(|it: char| it.is_ascii_digit())
        && digits.ends_with(|it: char| it.is_ascii_digit());
    if !(plain && framed) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

/// A day, or an instant with its offset, in ISO form.
pub(super) fn moment(text: &str) -> Option<Value> {
    if text.len() == "2026-12-31".len() {
        return text.parse::<Date>().ok().map(Value::Date);
    }
    text.parse::<Timestamp>().ok().map(Value::Moment)
}

/// A day; of an instant its day as written, in no other zone.
fn day(text: &str) -> Option<Date> {
    match moment(text)? {
        Value::Date(day) => Some(day),
        Value::Moment(at) => Some(offset(text).to_datetime(at).date()),
        _ => None,
    }
}

/// The offset an instant is written with; UTC where it is `Z`.
pub(super) fn offset(text: &str) -> Offset {
    Pieces::parse(text)
        .ok()
        .and_then(|pieces| pieces.to_numeric_offset())
        .unwrap_or(Offset::UTC)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_plain_numbers_are_numbers() {
        for text in [
            "1e5", "1_000", "1,5", "0x1", "NaN", "", "-", ".", "1.", ".5", "1.2.3", "٣",
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(decimal("-0.10"), Some(Decimal::new(-10, 2)));
        assert_eq!(
            decimal("0.12345678901234567890123456789"),
            None,
            "29 digits"
        );
    }

    proptest! {
        #[test]
        fn every_digit_is_kept(digits in any::<i64>(), scale in 0_u32..18) {
            let number = Decimal::new(digits, scale);
            prop_assert_eq!(decimal(&number.to_string()).map(|it| it.to_string()), Some(number.to_string()));
        }
    }
}
