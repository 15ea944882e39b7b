//! Where a listing goes on: so many rows are passed, and one row that was read stands there.

use serde::Deserialize;

use super::wire;
use crate::lenient;

/// Where a listing goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Rows to pass.
    pub(super) offset: usize,
    /// The row that was read last, and should come first now.
    last: Option<String>,
    /// Whether the page before was read again: then no more is asked of this one, so that a list
    /// that never stands still comes to its end too.
    was_moved: bool,
}

#[derive(Deserialize)]
struct IdRow {
    #[serde(deserialize_with = "lenient::id")]
    id: String,
}

fn ids(page: &wire::Listing) -> impl DoubleEndedIterator<Item = Option<String>> {
    let id = |json: &str| serde_json::from_str(json).ok().map(|row: IdRow| row.id);
    page.data.iter().map(move |row| id(row.get()))
}

impl Place {
    /// After a page of so many rows, which began at `offset`; its last row is to come again, unless
    /// pages have one row.
    pub(super) fn after(offset: usize, page: &wire::Listing, full: usize, moved: bool) -> Self {
        let last = ids(page).next_back().flatten().filter(|_| full > 1);
        Self {
            offset: offset + page.data.len() - usize::from(last.is_some()),
            last,
            was_moved: moved,
        }
    }

    /// How many rows of the page here were read before, and whether some may have slipped through:
    /// the row that should be here is not.
    pub(super) fn read_before(&self, page: &wire::Listing) -> (usize, bool) {
        let Some(last) = &self.last else {
            return (0, false);
        };
        match ids(page).position(|id| id.as_ref() == Some(last)) {
            Some(position) => (position + 1, false),
            None => (0, !self.was_moved),
        }
    }

    pub(super) fn write(&self) -> String {
        let last = self.last.as_deref().unwrap_or_default();
        format!("{}|{}|{last}", self.offset, u8::from(self.was_moved))
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '|');
        let (offset, was_moved, last) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            offset: offset.parse().ok()?,
            last: (!last.is_empty()).then(|| last.to_owned()),
            was_moved: was_moved == "1",
        })
    }
}
