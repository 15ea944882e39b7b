//! Salesforce's times: UTC with milliseconds, `2026-01-31T12:34:56.000+0000`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::now::MovableClock;

/// Formats a moment the way REST answers do.
pub(crate) fn format(at: Timestamp) -> String {
    let civil = jiff::tz::Offset::UTC.to_datetime(at);
    let parts = [
        (i32::from(civil.year()), 4, '-'),
        (i32::from(civil.month()), 2, '-'),
        (i32::from(civil.day()), 2, 'T'),
        (i32::from(civil.hour()), 2, ':'),
        (i32::from(civil.minute()), 2, ':'),
        (i32::from(civil.second()), 2, '.'),
        (i32::from(civil.millisecond()), 3, '+'),
    ];
    // By hand: every record has three, and formatting them takes longer than storing them.
    let mut text = String::with_capacity(28);
    for (number, width, after) in parts {
        for place in (0..width).rev() {
            let digit = u8::try_from(number / 10_i32.pow(place) % 10).unwrap_or_default();
            text.push(char::from(b'0' + digit));
        }
        text.push(after);
    }
    text.push_str("0000");
    text
}

/// Reads an ISO 8601 date-time with `Z` or an offset (with or without a colon), or a plain date.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    // Salesforce's own form has an offset without a colon.
    let bytes = text.as_bytes();
    let length = bytes.len();
    if length > 5 && text.is_ascii() && matches!(bytes[length - 5], b'+' | b'-') {
        let with_colon = format!("{}:{}", &text[..length - 2], &text[length - 2..]);
        return with_colon.parse().ok();
    }
    None
}

/// Reads `YYYY-MM-DD` and nothing else.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    (text.len() == 10)
        .then(|| text.parse::<Date>().ok())
        .flatten()
}

/// A time of day with seconds (`09:30:00`, `09:30:00.5`) in the stored form.
pub(crate) fn time_of_day(text: &str) -> Option<String> {
    let whole = text.get(..8)?.bytes().enumerate();
    let mut whole = whole.map(|(at, b)| {
        if at % 3 == 2 {
            b == b':'
        } else {
            b.is_ascii_digit()
        }
    });
    let time = text.parse::<jiff::civil::Time>().ok()?;
    whole.all(|fits| fits).then(|| show_time(time))
}

/// A time of day as it is stored and answered: `09:30:00.000Z`.
pub(crate) fn show_time(time: jiff::civil::Time) -> String {
    format!(
        "{:02}:{:02}:{:02}.{:03}Z",
        time.hour(),
        time.minute(),
        time.second(),
        time.millisecond()
    )
}

/// The start of a day in UTC.
pub(crate) fn start_of(day: Date) -> Timestamp {
    DateTime::from_parts(day, jiff::civil::Time::midnight())
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map(|zoned| zoned.timestamp())
        .unwrap_or_default()
}

/// An org's clock. Its stamps are strictly rising moments of millisecond precision, so that two
/// changes never share one.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    time: MovableClock,
    last_ms: i64,
}

impl Clock {
    pub(crate) fn new(time: MovableClock) -> Self {
        Self { time, last_ms: 0 }
    }

    /// A new stamp, later than every earlier one.
    pub(crate) fn now(&mut self) -> String {
        self.last_ms = self.moment().as_millisecond().max(self.last_ms + 1);
        format(Timestamp::from_millisecond(self.last_ms).unwrap_or_default())
    }

    /// The present moment, for ages and "today"; it may equal the last one.
    pub(crate) fn moment(&self) -> Timestamp {
        self.time.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_forms() {
        let expected = parse("2026-01-31T12:34:56.789Z");
        assert!(expected.is_some());
        assert_eq!(parse("2026-01-31T12:34:56.789+0000"), expected);
        assert_eq!(parse("2026-01-31T13:34:56.789+01:00"), expected);
        assert_eq!(parse("yesterday"), None);
        assert_eq!(
            expected.map(format).as_deref(),
            Some("2026-01-31T12:34:56.789+0000")
        );
    }

    #[test]
    fn stamps_rise() {
        let mut clock = Clock::default();
        assert!(clock.now() < clock.now());
    }
}
