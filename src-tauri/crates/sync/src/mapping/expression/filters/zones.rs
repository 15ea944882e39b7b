//! Time zones by their names, the same on every machine.

use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

/// The zones that come with the program; those of the system may be of another year.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of an IANA name (`Europe/Berlin`), or of an offset (`Z`, `-08`, `+05:30`, `+0545`).
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    let name = name.trim();
    match name.strip_prefix(['+', '-']) {
        Some(digits) => {
            let seconds = offset(digits)?;
            let signed = if name.starts_with('-') {
                -seconds
            } else {
                seconds
            };
            Offset::from_seconds(signed).ok().map(TimeZone::fixed)
        }
        None if name.eq_ignore_ascii_case("z") => Some(TimeZone::UTC),
        None => ZONES.get(name).ok(),
    }
}

/// Seconds of `05`, `0530` or `05:30`.
fn offset(digits: &str) -> Option<i32> {
    let number = |text: &str| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        4 => digits.split_at_checked(2)?,
        _ => digits.split_once(':')?,
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 18 && minutes < 60).then_some(hours * 3600 + minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_with_their_minutes() {
        for (name, seconds) in [
            ("+05:30", Some(19_800)),
            ("+0545", Some(20_700)),
            ("-09:30", Some(-34_200)),
            ("-08", Some(-28_800)),
            ("+00:00", Some(0)),
            ("+5", None),
            ("+05:3", None),
            ("+05:60", None),
            ("+19:00", None),
            ("+05:30:00", None),
            ("+é3", None),
        ] {
            let zone = zone(name).and_then(|zone| zone.to_fixed_offset().ok());
            assert_eq!(zone.map(Offset::seconds), seconds, "{name}");
        }
        assert!(zone("Asia/Kathmandu").is_some());
        assert!(zone("Mars/Olympus").is_none());
    }
}
