//! Days that must stand where an instant is wanted.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// The hour of a day, in UTC, that falls on that same day nearly everywhere: from 10 hours behind
/// UTC (Hawaii) to less than 14 ahead (New Zealand and the Chatham Islands in summer). Midnight
/// would show the day before in all the Americas. No hour serves all zones, which span 26 hours.
const HOUR: i8 = 10;

/// The instant that stands for a day, such as a plain date in a Date/Time field. `None` beyond the
/// years that can be told.
pub fn instant_of_day(date: Date) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(date.at(HOUR, 0, 0, 0)).ok()
}
