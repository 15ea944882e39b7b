//! Readers for fields that may come in another shape than documented.
//!
//! A field that cannot be read is *not known*: it never costs the row. Numbers are read from
//! their own digits and never pass through a float.

use drawbridge_model::instant_of_day;
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::Offset};
use rust_decimal::Decimal;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

fn read<'de, D, T>(from: D, how: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
{
    let raw = Option::<Box<RawValue>>::deserialize(from)?;
    Ok(raw.and_then(|raw| how(raw.get())))
}

fn as_text(json: &str) -> Option<String> {
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json).ok(),
        b'-' | b'0'..=b'9' => Some(json.to_owned()),
        _ => None,
    }
}

fn as_decimal(json: &str) -> Option<Decimal> {
    let text = as_text(json)?;
    let text = text.trim();
    Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

/// The instant of a text, and what a plain date stands for.
fn as_moment(json: &str, of_day: impl FnOnce(Date) -> Option<Timestamp>) -> Option<Timestamp> {
    let text: String = serde_json::from_str(json).ok()?;
    let text = text.trim();
    if text.len() == "2026-12-31".len() {
        return of_day(text.parse().ok()?);
    }
    let without_offset = || {
        Offset::UTC
            .to_timestamp(text.parse::<DateTime>().ok()?)
            .ok()
    };
    text.parse().ok().or_else(without_offset)
}

/// A text; a number is taken as its digits.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    read(from, as_text)
}

/// An id: a text that is there and not empty. The only reader that fails.
pub(crate) fn id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    text(from)?
        .filter(|id| !id.trim().is_empty())
        .ok_or_else(|| D::Error::custom("an id is missing"))
}

/// A decimal, written as a text or a number.
pub(crate) fn decimal<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    read(from, as_decimal)
}

/// When a row was changed, in RFC 3339; a plain date is its midnight in UTC, which a reading of
/// changes never skips.
pub(crate) fn changed<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let midnight = |day: Date| Offset::UTC.to_timestamp(day.into()).ok();
    read(from, |json| as_moment(json, midnight))
}

/// An instant that people are shown, in RFC 3339; without an offset it is in UTC, and a plain date
/// is the instant that stands for its day.
pub(crate) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    read(from, |json| as_moment(json, instant_of_day))
}

/// A plain date; of an instant its date as written, in no other time zone.
pub(crate) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    read(from, |json| {
        let text: String = serde_json::from_str(json).ok()?;
        text.trim().get(..10)?.parse().ok()
    })
}

/// Anything with a reader of its own; what it cannot read is not known.
pub(crate) fn part<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    read(from, |json| serde_json::from_str(json).ok())
}

/// A list; null and anything else than a list is empty, elements that cannot be read are left out.
pub(crate) fn list<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let rows: Option<Vec<Box<RawValue>>> = part(from)?;
    let rows = rows.unwrap_or_default();
    Ok(rows
        .iter()
        .filter_map(|row| serde_json::from_str(row.get()).ok())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Row {
        #[serde(default, deserialize_with = "decimal")]
        amount: Option<Decimal>,
        #[serde(default, deserialize_with = "moment")]
        at: Option<Timestamp>,
        #[serde(default, deserialize_with = "date")]
        day: Option<Date>,
        #[serde(default, deserialize_with = "text")]
        word: Option<String>,
    }

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn amounts_are_read_digit_for_digit() {
        for (json, want) in [
            (r#""1250.50""#, Some("1250.50")),
            ("0.1", Some("0.1")),
            ("1000000000000.01", Some("1000000000000.01")),
            ("9007199254740993", Some("9007199254740993")),
            ("1e3", Some("1000")),
            (r#"" 7 ""#, Some("7")),
            (r#""""#, None),
            ("null", None),
            ("true", None),
            (r#""12,50""#, None),
        ] {
            let got = row(&format!(r#"{{"amount":{json}}}"#)).amount;
            assert_eq!(
                got.map(|amount| amount.to_string()).as_deref(),
                want,
                "{json}"
            );
        }
    }

    #[test]
    fn days_never_pass_through_a_time_zone() {
        let got = row(r#"{"day":"2027-07-01T23:30:00-08:00","at":"2027-07-01"}"#);
        assert_eq!(got.day.unwrap().to_string(), "2027-07-01");
        assert_eq!(got.at.unwrap().to_string(), "2027-07-01T10:00:00Z");
    }

    #[test]
    fn instants_are_read_with_every_offset_and_without_one() {
        for (text, want) in [
            ("2026-01-31T23:30:00Z", "2026-01-31T23:30:00Z"),
            ("2026-01-31T23:30:00+05:30", "2026-01-31T18:00:00Z"),
            ("2026-02-01T05:15:00+0545", "2026-01-31T23:30:00Z"),
            ("2026-01-31T23:30:00.5-09:30", "2026-02-01T09:00:00.5Z"),
            ("2026-01-31T23:30:00", "2026-01-31T23:30:00Z"),
            ("2026-01-31 23:30:00", "2026-01-31T23:30:00Z"),
        ] {
            let got = row(&format!(r#"{{"at":"{text}"}}"#)).at;
            assert_eq!(got.unwrap().to_string(), want, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        let got = row(r#"{"day":"soon","at":17,"word":{"x":1}}"#);
        assert_eq!(
            got,
            Row {
                amount: None,
                at: None,
                day: None,
                word: None
            }
        );
    }
}
