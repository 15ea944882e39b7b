//! Making a value fit its field, or saying exactly why it does not.

use drawbridge_model::{Field, FieldKind, LengthPolicy, Reason, Value, instant_of_day};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::{Decimal, RoundingStrategy};

/// The value as it would stand in the field. Text is trimmed as Salesforce trims it, numbers are
/// rounded half away from zero to the field's scale, instants to the second.
pub fn fit(value: Value, field: &Field, length: LengthPolicy) -> Result<Value, Reason> {
    if value.is_blank() {
        return Ok(Value::Blank);
    }
    match field.kind {
        FieldKind::Text | FieldKind::Email | FieldKind::Url | FieldKind::Picklist => {
            text(&value, field, length)
        }
        FieldKind::Number | FieldKind::Currency => match value {
            Value::Number(number) => in_range(number, field),
            other => Err(wrong_kind(&other, field, "a number")),
        },
        FieldKind::Date => match value {
            Value::Date(date) => Ok(Value::Date(date)),
            // The day as the billing systems write it: their moments are in UTC.
            Value::Moment(moment) => Ok(Value::Date(moment.to_zoned(TimeZone::UTC).date())),
            other => Err(wrong_kind(&other, field, "a date")),
        },
        FieldKind::DateTime => match value {
            Value::Moment(moment) => Ok(Value::Moment(to_second(moment))),
            Value::Date(date) => match instant_of_day(date) {
                Some(moment) => Ok(Value::Moment(moment)),
                None => Err(wrong_kind(&value, field, "a date and time")),
            },
            other => Err(wrong_kind(&other, field, "a date and time")),
        },
        FieldKind::Boolean => match value {
            Value::Flag(flag) => Ok(Value::Flag(flag)),
            other => Err(wrong_kind(&other, field, "true or false")),
        },
        FieldKind::Reference | FieldKind::Other => Err(wrong_kind(
            &value,
            field,
            "a kind of value Drawbridge does not write",
        )),
    }
}

/// Whether two values of one field are the same to Salesforce.
pub fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => left.trim() == right.trim(),
        (Value::Moment(left), Value::Moment(right)) => to_second(*left) == to_second(*right),
        // Salesforce has no null checkbox: unchecked is false.
        (Value::Flag(false), Value::Blank) | (Value::Blank, Value::Flag(false)) => true,
        (left, right) => left == right,
    }
}

fn to_second(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

fn text(value: &Value, field: &Field, policy: LengthPolicy) -> Result<Value, Reason> {
    let text = value.to_string();
    let text = text.trim();
    if field.kind == FieldKind::Email && !looks_like_email(text) {
        return Err(wrong_kind(value, field, "an e-mail address"));
    }
    if let Some(allowed) = &field.restricted_values
        && !allowed.iter().any(|word| word == text)
    {
        return Err(Reason::NotInPicklist {
            field: field.label.clone(),
            value: text.to_owned(),
        });
    }
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if field.length > 0 && length > field.length {
        return match policy {
            LengthPolicy::Block => Err(Reason::TooLong {
                field: field.label.clone(),
                length,
                max: field.length,
            }),
            LengthPolicy::Shorten => {
                let kept: String = text.chars().take(field.length as usize).collect();
                Ok(Value::text(kept.trim_end()))
            }
        };
    }
    Ok(Value::text(text))
}

fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !text.contains(char::is_whitespace)
            && !domain.contains('@')
    })
}

fn in_range(number: Decimal, field: &Field) -> Result<Value, Reason> {
    let rounded = number
        .round_dp_with_strategy(field.scale, RoundingStrategy::MidpointAwayFromZero)
        .normalize();
    let digits = field.precision.saturating_sub(field.scale);
    let limit = 10_i64.checked_pow(digits).map(Decimal::from);
    if limit.is_some_and(|limit| rounded.abs() >= limit) {
        return Err(Reason::OutOfRange {
            field: field.label.clone(),
            value: rounded.to_string(),
            digits,
        });
    }
    Ok(Value::Number(rounded))
}

fn wrong_kind(value: &Value, field: &Field, wants: &str) -> Reason {
    Reason::WrongKind {
        field: field.label.clone(),
        value: value.to_string(),
        wants: wants.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use drawbridge_model::FieldName;
    use proptest::prelude::*;

    use super::*;

    fn field(kind: FieldKind) -> Field {
        Field {
            name: FieldName::from("F__c"),
            label: "F".into(),
            kind,
            length: if matches!(kind, FieldKind::Text | FieldKind::Email) {
                255
            } else {
                0
            },
            precision: 10,
            scale: 2,
            createable: true,
            updateable: true,
            nillable: true,
            defaulted_on_create: false,
            external_id: false,
            unique: false,
            case_sensitive: false,
            custom: true,
            restricted_values: None,
        }
    }

    #[test]
    fn a_long_text_is_blocked_or_visibly_shortened() {
        let long = Value::text("é".repeat(300));
        let field = field(FieldKind::Text);
        assert_eq!(
            fit(long.clone(), &field, LengthPolicy::Block),
            Err(Reason::TooLong {
                field: "F".into(),
                length: 300,
                max: 255
            })
        );
        assert_eq!(
            fit(long, &field, LengthPolicy::Shorten),
            Ok(Value::text("é".repeat(255)))
        );
    }

    #[test]
    fn an_amount_with_too_many_digits_is_blocked() {
        let million_millions = Value::Number(Decimal::from(1_000_000_000_000_i64));
        let reason = fit(
            million_millions,
            &field(FieldKind::Currency),
            LengthPolicy::Block,
        );
        assert!(
            matches!(reason, Err(Reason::OutOfRange { digits: 8, .. })),
            "{reason:?}"
        );
        let most = Value::Number(Decimal::new(9_999_999_999, 2));
        assert_eq!(
            fit(
                most.clone(),
                &field(FieldKind::Currency),
                LengthPolicy::Block
            ),
            Ok(most)
        );
    }

    #[test]
    fn an_address_without_a_domain_is_not_an_email() {
        for text in [
            "ada",
            "ada@",
            "@x.example",
            "a b@x.example",
            "a@b@x.example",
            "a@x.",
        ] {
            let fitted = fit(
                Value::text(text),
                &field(FieldKind::Email),
                LengthPolicy::Block,
            );
            assert!(matches!(fitted, Err(Reason::WrongKind { .. })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_fits_fits_again_unchanged(cents in -9_999_999_999_i64..=9_999_999_999) {
            let field = field(FieldKind::Currency);
            let once = fit(Value::Number(Decimal::new(cents, 2)), &field, LengthPolicy::Block);
            let once = once.unwrap();
            prop_assert_eq!(fit(once.clone(), &field, LengthPolicy::Block), Ok(once.clone()));
            prop_assert!(same(&once, &Value::Number(Decimal::new(cents, 2).normalize())));
        }
    }
}
