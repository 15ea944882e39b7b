//! Where a listing of customers goes on: from an instant, seldom from a later page of it.
//!
//! Turning pages of a list that changes can skip rows, because a changed row moves to the end.
//! So each full page moves the start to its last change and begins at page 1 again; rows of that
//! very second come twice. Only where that is no step forward, because more rows than fit a page
//! were changed in one second, is the page turned.
//!
//! Those turned pages are then read once more from the last to the first, and only after that does
//! the start leave the second: a row that left makes the others move to earlier pages, never to
//! later ones, so going back meets every row that is still there. One that left has a later second
//! and is met there.

use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, ToSpan, Unit};

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
    /// Whether the pages of the second are gone through again, towards the first.
    pub(super) back: bool,
}

/// What comes after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another one.
    At(Cursor),
    /// Nothing: everything was listed.
    End,
    /// Nothing, though there is more: `ProfitWell` gives no later page.
    OutOfReach,
}

impl Cursor {
    pub(super) const FIRST: Self = Self::at(None);

    const fn at(start: Option<Timestamp>) -> Self {
        Self {
            start,
            page: 1,
            back: false,
        }
    }

    /// From the first change at or after this moment's second.
    pub(super) fn since(at: Timestamp) -> Self {
        Self::at(whole_second(at))
    }

    /// Where to go on after a page with these changes, in their order.
    pub(super) fn after(self, changes: impl IntoIterator<Item = Option<Timestamp>>) -> Next {
        if self.back {
            return self.before_this();
        }
        let (mut rows, mut last) = (0, None);
        for change in changes {
            rows += 1;
            last = last.max(change.and_then(whole_second));
        }
        match (rows >= PER_PAGE, self.page) {
            (false, 1) => Next::End,
            (false, _) => self.before_this(),
            (true, 1) if last > self.start => Next::At(Self::at(last)),
            (true, _) if last > self.start => self.before_this(),
            (true, page) if page < LAST_PAGE => Next::At(Self {
                page: page + 1,
                ..self
            }),
            _ => Next::OutOfReach,
        }
    }

    /// The page before this one, once more; before the first comes what was changed after the
    /// second.
    fn before_this(self) -> Next {
        if self.page > 1 {
            return Next::At(Self {
                page: self.page - 1,
                back: true,
                ..self
            });
        }
        let later = self.start.map(|at| at.checked_add(1.second()));
        match later {
            Some(Ok(later)) => Next::At(Self::at(Some(later))),
            _ => Next::End,
        }
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
        if let Some(start) = self.start {
            write!(f, "{start}")?;
        }
        write!(f, "{}{}", if self.back { '<' } else { '#' }, self.page)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let sign = text.rfind(['#', '<']).ok_or(())?;
        let start = match &text[..sign] {
            "" => None,
            start => Some(start.parse().map_err(|_| ())?),
        };
        let page = text[sign + 1..]
            .parse()
            .ok()
            .filter(|page| (1..=LAST_PAGE).contains(page))
            .ok_or(())?;
        let back = text[sign..].starts_with('<');
        Ok(Self { start, page, back })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "a change may be missing")]
    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    fn cursor(start: Option<Timestamp>, page: u32, back: bool) -> Cursor {
        Cursor { start, page, back }
    }

    /// A full page, whose last change is this.
    fn full(first: Option<Timestamp>, last: Option<Timestamp>) -> Vec<Option<Timestamp>> {
        let mut rows = vec![first; PER_PAGE - 1];
        rows.push(last);
        rows
    }

    #[test]
    fn a_page_moves_the_start_to_its_last_change() {
        let rows = full(at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00.9Z"));
        let next = cursor(at("2026-01-02T00:00:00Z"), 1, false);
        assert_eq!(Cursor::FIRST.after(rows), Next::At(next));
        assert_eq!(Cursor::FIRST.after([None]), Next::End);
    }

    #[test]
    fn a_second_of_several_pages_is_turned_and_then_gone_back_through() {
        let (second, later) = (at("2026-01-02T00:00:00Z"), at("2026-01-05T00:00:00Z"));
        let same = full(at("2026-01-02T00:00:00.1Z"), at("2026-01-02T00:00:00.9Z"));
        let mut here = Cursor::FIRST;
        for next in [
            cursor(second, 1, false),
            cursor(second, 2, false),
            cursor(second, 3, false),
        ] {
            assert_eq!(here.after(same.clone()), Next::At(next));
            here = next;
        }
        for last in [full(second, later), vec![second]] {
            let mut here = here;
            for next in [
                cursor(second, 2, true),
                cursor(second, 1, true),
                cursor(at("2026-01-02T00:00:01Z"), 1, false),
            ] {
                assert_eq!(here.after(last.clone()), Next::At(next));
                here = next;
            }
        }
        assert_eq!(cursor(second, 400, false).after(same), Next::OutOfReach);
    }

    #[test]
    fn a_server_that_ignores_the_start_is_still_left_behind() {
        let here = cursor(at("2026-01-05T00:00:00Z"), 1, false);
        let rows = full(at("2026-01-01T00:00:00Z"), at("2026-01-05T00:00:00Z"));
        let next = cursor(here.start, 2, false);
        assert_eq!(here.after(rows), Next::At(next));
    }

    #[test]
    fn a_cursor_survives_being_written() {
        for cursor in [
            Cursor::FIRST,
            cursor(at("2026-01-02T00:00:00Z"), 7, false),
            cursor(at("2026-01-02T00:00:00Z"), 7, true),
        ] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for text in ["", "7", "#0", "#401", "x#1", "2026-01-02T00:00:00Z", "<0"] {
            assert_eq!(text.parse::<Cursor>(), Err(()), "{text}");
        }
    }
}
