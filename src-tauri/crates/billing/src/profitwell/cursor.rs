//! Where a listing of customers goes on: from an instant, seldom from a later page of it.
//!
//! Turning pages of a list that changes can skip rows, because a changed row moves to the end.
//! So each full page moves the start to its last change and begins at page 1 again; rows of that
//! very second come twice. Only where that is no step forward is the page turned.

use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, Unit};

/// Rows a page: the most `ProfitWell` gives.
pub(super) const PER_PAGE: usize = 250;
/// `ProfitWell` gives no page above 100,000 rows.
const LAST_PAGE: u32 = 400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Only customers changed at or after this whole second; all where there is none.
    pub(super) start: Option<Timestamp>,
    /// From 1.
    pub(super) page: u32,
}

impl Cursor {
    pub(super) const FIRST: Self = Self {
        start: None,
        page: 1,
    };

    /// From the first change at or after this moment's second.
    pub(super) fn since(at: Timestamp) -> Self {
        Self {
            start: whole_second(at),
            page: 1,
        }
    }

    /// Where to go on after a full page with these changes, in their order; `None` where there
    /// is no way on.
    pub(super) fn after(
        self,
        changes: impl IntoIterator<Item = Option<Timestamp>>,
    ) -> Option<Self> {
        let seconds: Vec<Timestamp> = changes
            .into_iter()
            .flatten()
            .filter_map(whole_second)
            .collect();
        let (first, last) = (seconds.iter().min().copied(), seconds.iter().max().copied());
        if first != last && last > self.start {
            return Some(Self {
                start: last,
                page: 1,
            });
        }
        let page = self.page + 1;
        (page <= LAST_PAGE).then_some(Self { page, ..self })
    }
}

/// `ProfitWell` documents whole seconds for its parameters; rounding down loses nothing.
fn whole_second(at: Timestamp) -> Option<Timestamp> {
    at.round(
        jiff::TimestampRound::new()
            .smallest(Unit::Second)
            .mode(jiff::RoundMode::Floor),
    )
    .ok()
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.start {
            Some(start) => write!(f, "{start}#{}", self.page),
            None => write!(f, "#{}", self.page),
        }
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (start, page) = text.rsplit_once('#').ok_or(())?;
        let start = match start {
            "" => None,
            start => Some(start.parse().map_err(|_| ())?),
        };
        let page = page
            .parse()
            .ok()
            .filter(|page| (1..=LAST_PAGE).contains(page))
            .ok_or(())?;
        Ok(Self { start, page })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "a change may be missing")]
    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_page_moves_the_start_to_its_last_change() {
        let next = Cursor::FIRST.after([
            at("2026-01-01T00:00:00Z"),
            None,
            at("2026-01-02T00:00:00.9Z"),
        ]);
        assert_eq!(
            next,
            Some(Cursor {
                start: at("2026-01-02T00:00:00Z"),
                page: 1
            })
        );
    }

    #[test]
    fn a_page_of_one_second_is_turned() {
        let same = [at("2026-01-02T00:00:00.1Z"), at("2026-01-02T00:00:00.9Z")];
        for start in [None, at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z")] {
            assert_eq!(
                Cursor { start, page: 3 }.after(same),
                Some(Cursor { start, page: 4 })
            );
        }
        assert_eq!(
            Cursor {
                start: None,
                page: 400
            }
            .after(same),
            None
        );
    }

    #[test]
    fn the_page_after_that_moves_the_start_again() {
        let here = Cursor {
            start: at("2026-01-02T00:00:00Z"),
            page: 4,
        };
        let next = here.after([at("2026-01-02T00:00:00Z"), at("2026-01-05T00:00:00Z")]);
        assert_eq!(
            next,
            Some(Cursor {
                start: at("2026-01-05T00:00:00Z"),
                page: 1
            })
        );
    }

    #[test]
    fn a_server_that_ignores_the_start_is_still_left_behind() {
        let here = Cursor {
            start: at("2026-01-05T00:00:00Z"),
            page: 1,
        };
        let next = here.after([at("2026-01-01T00:00:00Z"), at("2026-01-05T00:00:00Z")]);
        assert_eq!(next.unwrap().page, 2);
    }

    #[test]
    fn a_cursor_survives_being_written() {
        for cursor in [
            Cursor::FIRST,
            Cursor {
                start: at("2026-01-02T00:00:00Z"),
                page: 7,
            },
        ] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for text in ["", "7", "#0", "#401", "x#1", "2026-01-02T00:00:00Z"] {
            assert_eq!(text.parse::<Cursor>(), Err(()), "{text}");
        }
    }
}
