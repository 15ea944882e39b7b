//! Faults that remember rows: locks that somebody else's transaction holds for a while, and the count
//! of the rows that passed.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// Which rows are locked, and for how many tries.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RowLocks {
    /// How often a row is refused before it goes through.
    pub tries: u32,
    /// 1 locks every row, 3 about every third. A row is known by its external id, its id or all
    /// its values, so that it is the same one in every call.
    #[serde(default = "every")]
    pub every_nth: u64,
    /// Only rows whose parent is locked by others of our own: in a Bulk job those whose parent has
    /// rows in more than one internal batch, as batches run side by side there; in a Collections
    /// call those whose parent another call under way at the same time writes to.
    #[serde(default)]
    pub parallel_only: bool,
    /// Tries so far; copies of one armed fault share them.
    #[serde(skip)]
    tried: Arc<Mutex<HashMap<u64, u32>>>,
    /// Parents that calls under way hold, and how many of them; copies share them.
    #[serde(skip)]
    held: Held,
}

type Held = Arc<Mutex<HashMap<String, usize>>>;

/// The parents one call under way holds, until it is dropped.
pub(crate) struct Holding {
    held: Held,
    parents: HashSet<String>,
    /// Those that another call held first.
    pub(crate) contended: HashSet<String>,
}

impl Drop for Holding {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for parent in &self.parents {
            if let Some(count) = held.get_mut(parent) {
                *count = count.saturating_sub(1);
            }
        }
    }
}

fn every() -> u64 {
    1
}

impl PartialEq for RowLocks {
    fn eq(&self, other: &Self) -> bool {
        (self.tries, self.every_nth, self.parallel_only)
            == (other.tries, other.every_nth, other.parallel_only)
    }
}

impl RowLocks {
    /// Locks every row for its first tries.
    pub fn new(tries: u32) -> Self {
        Self {
            tries,
            every_nth: 1,
            parallel_only: false,
            tried: Arc::default(),
            held: Arc::default(),
        }
    }

    /// Only about every n-th row.
    #[must_use]
    pub fn every_nth(mut self, nth: u64) -> Self {
        self.every_nth = nth.max(1);
        self
    }

    /// Only rows that internal batches of a Bulk job, or Collections calls, lock against each other.
    #[must_use]
    pub fn parallel_only(mut self) -> Self {
        self.parallel_only = true;
        self
    }

    /// Takes the parents of a call's rows for as long as the result lives.
    pub(crate) fn hold(&self, parents: HashSet<String>) -> Holding {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut contended = HashSet::new();
        for parent in &parents {
            let count = held.entry(parent.clone()).or_default();
            if *count > 0 {
                contended.insert(parent.clone());
            }
            *count += 1;
        }
        Holding {
            held: Arc::clone(&self.held),
            parents,
            contended,
        }
    }

    /// Counts a try of a row and says whether it is refused.
    pub(crate) fn strikes(&self, row: &str) -> bool {
        let name = row.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        if !(name >> 8).is_multiple_of(self.every_nth.max(1)) {
            return false;
        }
        let mut counts = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = counts.entry(name).or_default();
        *tries = tries.saturating_add(1);
        *tries <= self.tries
    }
}

/// Counts rows; copies count together.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowCount(Arc<AtomicUsize>);

impl RowCount {
    /// Counts one more row and gives its number, from 1.
    pub(crate) fn next(&self) -> usize {
        self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }
}

impl PartialEq for RowCount {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_refused_for_its_first_tries_only() {
        let locks = RowLocks::new(2);
        let copy = locks.clone();
        assert!(locks.strikes("A-1") && copy.strikes("A-1"));
        assert!(!locks.strikes("A-1") && !copy.strikes("A-1"));
        assert!(copy.strikes("A-2"));
    }

    #[test]
    fn some_rows_are_struck_and_always_the_same() {
        let locks = RowLocks::new(1).every_nth(3);
        let again = RowLocks::new(1).every_nth(3);
        let struck = |locks: &RowLocks| -> Vec<u32> {
            (0..300).filter(|n| locks.strikes(&n.to_string())).collect()
        };
        let first = struck(&locks);
        assert!((60..140).contains(&first.len()), "{}", first.len());
        assert_eq!(first, struck(&again));
    }
}
