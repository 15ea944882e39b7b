//! How values of the model stand in columns: JSON for whole things, small numbers for what is
//! filtered and counted, ISO text for time.

use drawbridge_model::{Action, Outcome, RecordId};
use jiff::Timestamp;
use rusqlite::Row;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Inside, Trouble};

/// Amounts stand in ten-thousandths of the major unit, so that SQL adds them exactly.
pub(crate) const SCALE: u32 = 4;

pub(crate) fn to_json<T: Serialize>(what: &str, value: &T) -> Inside<String> {
    serde_json::to_string(value).map_err(|error| Trouble::unreadable(what, error))
}

pub(crate) fn from_json<T: DeserializeOwned>(
    what: impl FnOnce() -> String,
    text: &str,
) -> Inside<T> {
    serde_json::from_str(text).map_err(|error| Trouble::unreadable(what(), error))
}

/// As [`from_json`], of something that holds on to parts of the text.
pub(crate) fn borrowed<'a, T: Deserialize<'a>>(
    what: impl FnOnce() -> String,
    text: &'a str,
) -> Inside<T> {
    serde_json::from_str(text).map_err(|error| Trouble::unreadable(what(), error))
}

/// As [`from_json`], of the text in a column.
pub(crate) fn from_column<T: DeserializeOwned>(
    what: impl FnOnce() -> String,
    row: &Row<'_>,
    column: usize,
) -> Inside<T> {
    let text = row.get_ref(column)?.as_str();
    from_json(what, text.map_err(rusqlite::Error::from)?)
}

pub(crate) fn record_id(text: &str) -> Inside<RecordId> {
    RecordId::parse(text).map_err(|error| Trouble::unreadable("a record", error))
}

pub(crate) fn optional_record(text: Option<String>) -> Inside<Option<RecordId>> {
    text.map(|text| record_id(&text)).transpose()
}

pub(crate) fn time(text: &str) -> Inside<Timestamp> {
    text.parse()
        .map_err(|error| Trouble::unreadable("a time", error))
}

pub(crate) fn optional_time(text: Option<String>) -> Inside<Option<Timestamp>> {
    text.map(|text| time(&text)).transpose()
}

pub(crate) fn action_code(action: Action) -> u8 {
    match action {
        Action::Create => 0,
        Action::Update => 1,
        Action::Unchanged => 2,
        Action::Skipped => 3,
        Action::Blocked => 4,
        Action::Delete => 5,
    }
}

pub(crate) const OUTCOMES: [Outcome; 9] = [
    Outcome::Created,
    Outcome::Updated,
    Outcome::Unchanged,
    Outcome::Skipped,
    Outcome::Blocked,
    Outcome::Rejected,
    Outcome::Held,
    Outcome::Unknown,
    Outcome::Deleted,
];

pub(crate) fn outcome_code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Created => 0,
        Outcome::Updated => 1,
        Outcome::Unchanged => 2,
        Outcome::Skipped => 3,
        Outcome::Blocked => 4,
        Outcome::Rejected => 5,
        Outcome::Held => 6,
        Outcome::Unknown => 7,
        Outcome::Deleted => 8,
    }
}

pub(crate) fn outcome_of(code: u8) -> Inside<Outcome> {
    OUTCOMES
        .get(usize::from(code))
        .copied()
        .ok_or_else(|| Trouble::unreadable("an outcome", format!("{code} is none")))
}

/// The amount in ten-thousandths; `None` when it does not fit 64 bits.
pub(crate) fn ten_thousandths(amount: Decimal) -> Option<i64> {
    amount
        .round_dp_with_strategy(SCALE, RoundingStrategy::MidpointAwayFromZero)
        .checked_mul(Decimal::from(10_000))?
        .to_i64()
}

/// The amount of so many ten-thousandths, without zeros at its end beyond two decimals.
pub(crate) fn amount(ten_thousandths: i128) -> Option<String> {
    let mut amount = Decimal::try_from_i128_with_scale(ten_thousandths, SCALE)
        .ok()?
        .normalize();
    if amount.scale() < 2 {
        amount.rescale(2);
    }
    Some(amount.to_string())
}

/// Text in the form it is sorted and searched by.
pub(crate) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_of_outcomes_go_both_ways() {
        for outcome in OUTCOMES {
            assert_eq!(outcome_of(outcome_code(outcome)).unwrap(), outcome);
        }
        assert!(outcome_of(9).is_err());
    }

    #[test]
    fn large_amounts_fit_and_larger_ones_are_refused() {
        let trillion = Decimal::new(1_000_000_000_000, 0);
        assert_eq!(ten_thousandths(trillion), Some(10_000_000_000_000_000));
        assert_eq!(ten_thousandths(Decimal::MAX), None);
    }

    proptest! {
        #[test]
        fn no_ten_thousandth_is_lost(number in any::<i64>()) {
            let text = amount(i128::from(number)).unwrap();
            let back: Decimal = text.parse().unwrap();
            prop_assert_eq!(ten_thousandths(back), Some(number));
        }
    }
}
