//! Named date literals: `TODAY`, `LAST_MONTH`, `NEXT_N_QUARTERS:2`. Each is a run of days in UTC.

use jiff::ToSpan;
use jiff::civil::Date;

/// A unit of the calendar. The fiscal year is the calendar year in these orgs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Which run of units a word means, counted from the unit today lies in: first and last,
/// inclusive.
#[derive(Debug, Clone, Copy)]
enum Run {
    /// Fixed offsets.
    Of(i64, i64),
    /// `LAST_N_…:n`: the `n` whole units before this one. For days, today belongs to it too.
    Last,
    /// `NEXT_N_…:n`: the `n` whole units after this one.
    Next,
    /// `N_…_AGO:n`.
    Ago,
}

/// Every word, with its unit and run.
const WORDS: [(&str, Unit, Run); 41] = [
    ("YESTERDAY", Unit::Day, Run::Of(-1, -1)),
    ("TODAY", Unit::Day, Run::Of(0, 0)),
    ("TOMORROW", Unit::Day, Run::Of(1, 1)),
    ("LAST_WEEK", Unit::Week, Run::Of(-1, -1)),
    ("THIS_WEEK", Unit::Week, Run::Of(0, 0)),
    ("NEXT_WEEK", Unit::Week, Run::Of(1, 1)),
    ("LAST_MONTH", Unit::Month, Run::Of(-1, -1)),
    ("THIS_MONTH", Unit::Month, Run::Of(0, 0)),
    ("NEXT_MONTH", Unit::Month, Run::Of(1, 1)),
    ("LAST_QUARTER", Unit::Quarter, Run::Of(-1, -1)),
    ("THIS_QUARTER", Unit::Quarter, Run::Of(0, 0)),
    ("NEXT_QUARTER", Unit::Quarter, Run::Of(1, 1)),
    ("LAST_YEAR", Unit::Year, Run::Of(-1, -1)),
    ("THIS_YEAR", Unit::Year, Run::Of(0, 0)),
    ("NEXT_YEAR", Unit::Year, Run::Of(1, 1)),
    ("LAST_FISCAL_QUARTER", Unit::Quarter, Run::Of(-1, -1)),
    ("THIS_FISCAL_QUARTER", Unit::Quarter, Run::Of(0, 0)),
    ("NEXT_FISCAL_QUARTER", Unit::Quarter, Run::Of(1, 1)),
    ("LAST_FISCAL_YEAR", Unit::Year, Run::Of(-1, -1)),
    ("THIS_FISCAL_YEAR", Unit::Year, Run::Of(0, 0)),
    ("NEXT_FISCAL_YEAR", Unit::Year, Run::Of(1, 1)),
    ("LAST_90_DAYS", Unit::Day, Run::Of(-90, 0)),
    ("NEXT_90_DAYS", Unit::Day, Run::Of(1, 90)),
    ("LAST_N_DAYS", Unit::Day, Run::Last),
    ("NEXT_N_DAYS", Unit::Day, Run::Next),
    ("N_DAYS_AGO", Unit::Day, Run::Ago),
    ("LAST_N_WEEKS", Unit::Week, Run::Last),
    ("NEXT_N_WEEKS", Unit::Week, Run::Next),
    ("N_WEEKS_AGO", Unit::Week, Run::Ago),
    ("LAST_N_MONTHS", Unit::Month, Run::Last),
    ("NEXT_N_MONTHS", Unit::Month, Run::Next),
    ("N_MONTHS_AGO", Unit::Month, Run::Ago),
    ("LAST_N_QUARTERS", Unit::Quarter, Run::Last),
    ("NEXT_N_QUARTERS", Unit::Quarter, Run::Next),
    ("N_QUARTERS_AGO", Unit::Quarter, Run::Ago),
    ("LAST_N_YEARS", Unit::Year, Run::Last),
    ("NEXT_N_YEARS", Unit::Year, Run::Next),
    ("N_YEARS_AGO", Unit::Year, Run::Ago),
    ("LAST_N_FISCAL_QUARTERS", Unit::Quarter, Run::Last),
    ("LAST_N_FISCAL_YEARS", Unit::Year, Run::Last),
    ("NEXT_N_FISCAL_YEARS", Unit::Year, Run::Next),
];

/// A named date literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    /// Position in [`WORDS`].
    word: usize,
    /// The number after the colon, for those that have one.
    count: Option<u32>,
}

impl Days {
    /// Reads `TODAY` or `LAST_N_DAYS:30`; none for any other word.
    pub(crate) fn from_word(text: &str) -> Option<Self> {
        let (name, count) = match text.split_once(':') {
            Some((name, count)) => (name, Some(count.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let word = WORDS
            .iter()
            .position(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        let counted = !matches!(WORDS[word].2, Run::Of(..));
        (counted == count.is_some()).then_some(Self { word, count })
    }

    /// The days it covers: the first, and the day after the last. None when they lie outside the
    /// calendar.
    pub(crate) fn range(self, today: Date) -> Option<(Date, Date)> {
        let (_, unit, run) = WORDS[self.word];
        let count = i64::from(self.count.unwrap_or_default());
        let (first, last) = match run {
            Run::Of(first, last) => (first, last),
            Run::Last if unit == Unit::Day => (-count, 0),
            Run::Last => (-count, -1),
            Run::Next => (1, count),
            Run::Ago => (-count, -count),
        };
        let start = unit.start(today)?;
        Some((unit.shift(start, first)?, unit.shift(start, last + 1)?))
    }

    /// All words, each with a count where it takes one.
    #[cfg(test)]
    pub(crate) fn every(count: u32) -> Vec<Self> {
        (0..WORDS.len())
            .map(|word| Self {
                word,
                count: (!matches!(WORDS[word].2, Run::Of(..))).then_some(count),
            })
            .collect()
    }
}

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(WORDS[self.word].0)?;
        match self.count {
            Some(count) => write!(f, ":{count}"),
            None => Ok(()),
        }
    }
}

impl Unit {
    /// The first day of the unit a day lies in. Weeks begin on Sunday, as in the `en_US` locale.
    fn start(self, day: Date) -> Option<Date> {
        match self {
            Self::Day => Some(day),
            Self::Week => {
                let back = i64::from(day.weekday().to_sunday_zero_offset());
                day.checked_sub(back.days()).ok()
            }
            Self::Month => Some(day.first_of_month()),
            Self::Quarter => {
                let month = (day.month() - 1) / 3 * 3 + 1;
                Date::new(day.year(), month, 1).ok()
            }
            Self::Year => Some(day.first_of_year()),
        }
    }

    fn shift(self, day: Date, units: i64) -> Option<Date> {
        let months = match self {
            Self::Day => {
                return day
                    .checked_add(jiff::Span::new().try_days(units).ok()?)
                    .ok();
            }
            Self::Week => {
                return day
                    .checked_add(jiff::Span::new().try_weeks(units).ok()?)
                    .ok();
            }
            Self::Month => units,
            Self::Quarter => units.checked_mul(3)?,
            Self::Year => units.checked_mul(12)?,
        };
        day.checked_add(jiff::Span::new().try_months(months).ok()?)
            .ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use jiff::civil::date;

    fn range(word: &str) -> (Date, Date) {
        // A Saturday.
        Days::from_word(word)
            .unwrap()
            .range(date(2026, 11, 21))
            .unwrap()
    }

    #[test]
    fn words_mean_days() {
        assert_eq!(range("today"), (date(2026, 11, 21), date(2026, 11, 22)));
        assert_eq!(range("THIS_WEEK"), (date(2026, 11, 15), date(2026, 11, 22)));
        assert_eq!(range("LAST_WEEK"), (date(2026, 11, 8), date(2026, 11, 15)));
        assert_eq!(range("LAST_QUARTER"), (date(2026, 7, 1), date(2026, 10, 1)));
        assert_eq!(
            range("NEXT_N_MONTHS:2"),
            (date(2026, 12, 1), date(2027, 2, 1))
        );
        assert_eq!(
            range("LAST_N_DAYS:3"),
            (date(2026, 11, 18), date(2026, 11, 22))
        );
        assert_eq!(
            range("LAST_N_YEARS:2"),
            (date(2024, 1, 1), date(2026, 1, 1))
        );
        assert_eq!(
            range("N_DAYS_AGO:2"),
            (date(2026, 11, 19), date(2026, 11, 20))
        );
    }

    #[test]
    fn every_word_is_read_again_and_no_count_panics() {
        for count in [0, 1, 12, 100_000, u32::MAX] {
            for days in Days::every(count) {
                assert_eq!(Days::from_word(&days.to_string()), Some(days));
                if let Some((first, end)) = days.range(date(2026, 11, 21)) {
                    assert!(first <= end, "{days}");
                }
            }
        }
        assert_eq!(Days::from_word("LAST_N_DAYS"), None);
        assert_eq!(Days::from_word("TODAY:1"), None);
    }
}
