//! Days that must be written into Date/Time fields.

use drawbridge_model::Value;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The hour of a day, in UTC, that falls on that same day nearly everywhere: from Hawaii (10 hours
/// behind) to New Zealand in summer (13 ahead). Midnight would show the day before in all the
/// Americas.
const HOUR: i8 = 10;

/// The instant that stands for a day in a Date/Time field.
pub(crate) fn instant_of_day(date: Date) -> Value {
    date.at(HOUR, 0, 0, 0)
        .to_zoned(TimeZone::UTC)
        .map_or(Value::Blank, |zoned| Value::Moment(zoned.timestamp()))
}

#[cfg(test)]
mod tests {
    use jiff::tz::{Offset, TimeZone};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_day_shifts_from_hawaii_to_auckland(
            days in 0i32..40_000,
            offset in -10i8..=13,
        ) {
            let date = Date::constant(1970, 1, 1)
                .checked_add(jiff::Span::new().days(days))
                .unwrap();
            let Value::Moment(moment) = instant_of_day(date) else {
                panic!("a day has an instant")
            };
            let zone = TimeZone::fixed(Offset::constant(offset));
            prop_assert_eq!(moment.to_zoned(zone).date(), date);
        }
    }
}
