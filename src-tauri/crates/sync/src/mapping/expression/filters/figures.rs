//! Filters and tests that calculate with figures and dates, exactly.

use drawbridge_model::Value as FieldValue;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use minijinja::{Error, Value};
use rust_decimal::{Decimal, RoundingStrategy};

use super::super::typed;
use super::{refused, text, zones};

/// `None` when the value is blank, or not known.
fn figure(value: &Value) -> Result<Option<Decimal>, Error> {
    let text = text(value)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    typed::decimal(text)
        .map(Some)
        .ok_or_else(|| refused(format!("“{text}” is not a number")))
}

pub(super) fn calculate(
    left: &Value,
    right: &Value,
    operation: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Result<String, Error> {
    match (figure(left)?, figure(right)?) {
        (Some(left), Some(right)) => operation(left, right)
            .map(|result| result.normalize().to_string())
            .ok_or_else(|| refused("the result has more than 28 digits")),
        _ => Ok(String::new()),
    }
}

pub(super) fn compare(
    left: &Value,
    right: &Value,
    holds: fn(Decimal, Decimal) -> bool,
) -> Result<bool, Error> {
    Ok(figure(left)?
        .zip(figure(right)?)
        .is_some_and(|(left, right)| holds(left, right)))
}

/// Rounded half away from zero to so many decimals, 2 when not said.
pub(super) fn money(value: &Value, decimals: Option<u32>) -> Result<String, Error> {
    let decimals = decimals.unwrap_or(2);
    if decimals > 18 {
        return Err(refused("money takes at most 18 decimals"));
    }
    let places = decimals as usize;
    Ok(figure(value)?.map_or_else(String::new, |figure| {
        let strategy = RoundingStrategy::MidpointAwayFromZero;
        format!(
            "{:.places$}",
            figure.round_dp_with_strategy(decimals, strategy)
        )
    }))
}

/// The day, in ISO form or by a pattern such as `%d.%m.%Y`. An instant gives its day as written, in
/// UTC for those of the billing systems, or the day it is in `zone`; a day stays the day it is.
pub(super) fn date(
    value: &Value,
    pattern: Option<&str>,
    zone: Option<&str>,
) -> Result<String, Error> {
    let text = text(value)?;
    let text = text.trim();
    let pattern = pattern.unwrap_or("%Y-%m-%d");
    let zone = zone.map(named_zone).transpose()?;
    if text.is_empty() {
        return Ok(String::new());
    }
    let made = match typed::moment(text) {
        Some(FieldValue::Date(day)) => strtime::format(pattern, day),
        Some(FieldValue::Moment(moment)) => {
            let zone = zone.unwrap_or_else(|| TimeZone::fixed(typed::offset(text)));
            strtime::format(pattern, &moment.to_zoned(zone))
        }
        _ => return Err(refused(format!("“{text}” is not a date"))),
    };
    made.map_err(|_| refused(format!("“{pattern}” is not a pattern for a date")))
}

fn named_zone(name: &str) -> Result<TimeZone, Error> {
    zones::zone(name).ok_or_else(|| {
        refused(format!(
            "“{name}” is not a time zone such as Europe/Berlin or +05:30"
        ))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn money_is_exact_and_rounded_away_from_zero() {
        let made = |text: &str, decimals| money(&Value::from(text), decimals).unwrap();
        assert_eq!(made("0.1", Some(20 - 2)), "0.100000000000000000");
        assert_eq!(made("2.345", None), "2.35");
        assert_eq!(made("-2.345", None), "-2.35");
        assert_eq!(made("12", Some(0)), "12");
        assert_eq!(made("  ", None), "");
        assert!(money(&Value::from("12 EUR"), None).is_err());
        assert!(money(&Value::from("1"), Some(19)).is_err());
    }

    #[test]
    fn a_day_stays_the_day_it_is() {
        let made = |text: &str, pattern: Option<&str>| date(&Value::from(text), pattern, None);
        assert_eq!(made("2026-12-31", None).unwrap(), "2026-12-31");
        assert_eq!(
            made("2026-12-31T23:30:00Z", Some("%d.%m.%Y")).unwrap(),
            "31.12.2026"
        );
        assert!(made("tomorrow", None).is_err());
        assert!(made("2026-12-31", Some("%!")).is_err());
    }
}
