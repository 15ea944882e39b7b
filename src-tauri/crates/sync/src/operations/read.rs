//! Reading what a person wrote: texts, handles, amounts and moments. Every refusal is a sentence.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

/// Longest alias and id of a user or subscription, in characters (facts/profitwell.md §2.2, §2.7).
pub(super) const LONGEST_ALIAS: usize = 36;
pub(super) const LONGEST_PLAN: usize = 48;
pub(super) const LONGEST_NAME: usize = 75;
pub(super) const LONGEST_EMAIL: usize = 254;
/// The last second of the year 2099: what is later is milliseconds, most likely.
const LAST_SECOND: i64 = 4_102_444_799;
/// 9,999,999,999.99: no price comes near it, and it fits everywhere.
const LARGEST_CENTS: i64 = 999_999_999_999;
/// Its digits before the point.
const LARGEST_DIGITS: usize = 10;
const TOO_LARGE: &str = "It is more than ProfitWell takes (9,999,999,999.99).";

/// A text that is safe to send and to show: not too long, nothing invisible in it.
pub(super) fn text(given: &str, longest: usize) -> Result<String, String> {
    text_for(given, longest, "ProfitWell")
}

/// The same for a system of this name.
pub(super) fn text_for(given: &str, longest: usize, system: &str) -> Result<String, String> {
    if let Some(odd) = given.chars().find(|c| is_invisible(*c)) {
        return Err(format!(
            "It holds an invisible character (U+{:04X}). Type it anew instead of pasting it.",
            u32::from(odd)
        ));
    }
    let length = given.chars().count();
    if length > longest {
        return Err(format!(
            "It has {length} characters; {system} takes {longest} at most."
        ));
    }
    Ok(given.to_owned())
}

/// Control characters, and those that turn or hide what stands around them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

/// An id or alias that stands in an address.
pub(super) fn handle(given: &str, longest: usize) -> Result<String, String> {
    let given = text(given, longest)?;
    if matches!(given.as_str(), "." | "..") {
        return Err(format!("“{given}” cannot be an id or alias."));
    }
    Ok(given)
}

/// An alias for something new: it must not look like one of `ProfitWell`'s own ids.
pub(super) fn alias(given: &str) -> Result<String, String> {
    let given = handle(given, LONGEST_ALIAS)?;
    let lower = given.to_ascii_lowercase();
    if lower.starts_with("pwu_") || lower.starts_with("pws_") {
        return Err(
            "An alias must not begin with pwu_ or pws_: ProfitWell's own ids do.".to_owned(),
        );
    }
    Ok(given)
}

/// A user's id or alias; a subscription's id is told apart.
pub(super) fn user(given: &str) -> Result<String, String> {
    let given = handle(given, LONGEST_ALIAS)?;
    if given.starts_with("pws_") {
        return Err("This is the id of a subscription; a user's begins with pwu_.".to_owned());
    }
    Ok(given)
}

/// A subscription's id or alias; a user's id is told apart.
pub(super) fn subscription(given: &str) -> Result<String, String> {
    let given = handle(given, LONGEST_ALIAS)?;
    if given.starts_with("pwu_") {
        return Err("This is the id of a user; a subscription's begins with pws_.".to_owned());
    }
    Ok(given)
}

/// An amount in major units, with cents at most.
pub(super) fn amount(given: &str) -> Result<Decimal, String> {
    if given.contains(',') {
        return Err(
            "Write it with a point for the cents and without separators, as 1234.50.".to_owned(),
        );
    }
    let digits = given.strip_prefix('-').unwrap_or(given);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let whole = digits.split('.').next().unwrap_or_default();
    if plain && whole.trim_start_matches('0').len() > LARGEST_DIGITS {
        return Err(TOO_LARGE.to_owned());
    }
    let read = plain
        .then(|| Decimal::from_str_exact(given).ok())
        .flatten()
        .ok_or_else(|| "It is no amount. Write it as 49.00, without a currency sign.".to_owned())?;
    if read.is_sign_negative() && !read.is_zero() {
        return Err("A price cannot be below 0.".to_owned());
    }
    let cents = drawbridge_model::to_cents(read)
        .ok_or_else(|| "It has parts of a cent; ProfitWell takes whole cents only.".to_owned())?;
    in_range(cents)?;
    Ok(read.normalize())
}

/// An amount in hundredths.
pub(super) fn cents(given: &str) -> Result<Decimal, String> {
    if given.contains(['.', ',']) {
        return Err("Cents are whole: 4900 for 49.00.".to_owned());
    }
    let read: i64 = given
        .parse()
        .map_err(|_| "It is no whole number of cents, as 4900 for 49.00.".to_owned())?;
    if read < 0 {
        return Err("A price cannot be below 0.".to_owned());
    }
    in_range(read)?;
    Ok(Decimal::new(read, 2).normalize())
}

fn in_range(cents: i64) -> Result<(), String> {
    if cents > LARGEST_CENTS {
        return Err(TOO_LARGE.to_owned());
    }
    Ok(())
}

/// A moment: a date (midnight UTC), a date with a time, or unix seconds.
pub fn moment(given: &str) -> Result<Timestamp, String> {
    const FORM: &str = "Write it as 2026-01-31, or with a time as 2026-01-31T12:00:00Z.";
    let digits = given.strip_prefix('-').unwrap_or(given);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        let number: i64 = given
            .parse()
            .map_err(|_| format!("“{given}” is no date. {FORM}"))?;
        if number > LAST_SECOND {
            let seconds = number / 1000;
            let meant = Timestamp::from_second(seconds)
                .ok()
                .filter(|_| (0..=LAST_SECOND).contains(&seconds))
                .map(|at| format!(" {seconds} would be {}.", day(at)))
                .unwrap_or_default();
            return Err(format!(
                "These look like milliseconds; ProfitWell counts seconds.{meant} {FORM}"
            ));
        }
        if number < 100_000_000 {
            return Err(format!("“{given}” is no date. {FORM}"));
        }
        return Timestamp::from_second(number).map_err(|_| format!("“{given}” is no date. {FORM}"));
    }
    let at = given
        .parse::<Date>()
        .ok()
        .filter(|_| given.len() == 10)
        .and_then(|date| date.to_zoned(TimeZone::UTC).ok())
        .map(|zoned| zoned.timestamp())
        .or_else(|| given.parse::<Timestamp>().ok())
        .or_else(|| {
            let civil = given
                .parse::<DateTime>()
                .ok()
                .filter(|_| given.len() > 10)?;
            Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
        })
        .ok_or_else(|| format!("“{given}” is no date. {FORM}"))?;
    // Seconds are what is sent: what is shown must be what is sent.
    let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
    let range = 0..=LAST_SECOND;
    if !range.contains(&at.as_second()) {
        return Err("The year must lie between 1970 and 2099.".to_owned());
    }
    Ok(at)
}

/// A moment as people read it: a date where it is midnight UTC.
pub fn day(at: Timestamp) -> String {
    let text = at.to_string();
    match text.strip_suffix("T00:00:00Z") {
        Some(date) => date.to_owned(),
        None => text.replacen('T', " ", 1).replace('Z', " UTC"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_or_refused_never_bent() {
        for (given, cents) in [
            ("49", Some(4900)),
            ("49.5", Some(4950)),
            ("49.00", Some(4900)),
            ("49.000", Some(4900)),
            ("0", Some(0)),
            ("-0", Some(0)),
            ("9999999999.99", Some(999_999_999_999)),
            ("10000000000", None),
            ("49.001", None),
            ("-1", None),
            ("1,234.50", None),
            ("49,00", None),
            ("$49", None),
            ("1e3", None),
            ("", None),
            (".", None),
            ("NaN", None),
            ("٤٩", None),
        ] {
            let read = amount(given);
            let got = read
                .as_ref()
                .ok()
                .and_then(|it| drawbridge_model::to_cents(*it));
            assert_eq!(got, cents, "{given}: {read:?}");
        }
        assert_eq!(super::cents("4900"), Ok(Decimal::from(49)));
        for given in ["49.00", "-1", "x", "1000000000000", "99999999999999999999"] {
            assert!(super::cents(given).is_err(), "{given}");
        }
    }

    #[test]
    fn moments_are_read_or_refused() {
        for (given, seconds) in [
            ("2018-01-01", Some(1_514_764_800)),
            ("1514764800", Some(1_514_764_800)),
            ("2018-01-01T01:00:00+01:00", Some(1_514_764_800)),
            ("2018-01-01 00:00:00", Some(1_514_764_800)),
            ("2018-01-01T00:00:00.9Z", Some(1_514_764_800)),
            ("1514764800000", None),
            ("01/02/2026", None),
            ("2026-02-30", None),
            ("20260131", None),
            ("2200-01-01", None),
            ("1969-12-31", None),
            ("0", None),
            ("tomorrow", None),
            ("-1514764800", None),
        ] {
            let read = moment(given);
            assert_eq!(
                read.as_ref().ok().map(|at| at.as_second()),
                seconds,
                "{given}: {read:?}"
            );
        }
        let milliseconds = moment("1514764800000").unwrap_err();
        assert!(milliseconds.contains("milliseconds"), "{milliseconds}");
        assert!(milliseconds.contains("2018-01-01"), "{milliseconds}");
    }

    #[test]
    fn hostile_texts_are_refused() {
        for given in ["a\0b", "a\nb", "a\u{202e}b", "\u{feff}a", "a\u{200b}"] {
            assert!(text(given, 99).is_err(), "{given:?}");
        }
        for given in ["..", ".", "pwu_1", "PWS_1", &"x".repeat(37)] {
            assert!(alias(given).is_err(), "{given}");
        }
        for given in [
            "a/b",
            "Zoë & Sons",
            "'; DROP TABLE",
            "<b>",
            "Scale Up",
            &"ä".repeat(36),
        ] {
            assert_eq!(alias(given).as_deref(), Ok(given));
        }
        assert!(user("pws_1").is_err() && subscription("pwu_1").is_err());
    }
}
