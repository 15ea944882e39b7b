//! The time of a simulation: the system's clock, read nowhere else, and how far it was moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The present moment of the machine.
#[expect(
    clippy::disallowed_methods,
    reason = "the simulated servers stamp records and tokens as real servers do, by their own clock"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Furthest a clock can be moved, in milliseconds: a hundred years.
const FURTHEST_MS: i64 = 100 * 366 * 24 * 3600 * 1000;

/// The clock all servers of one simulation share: it runs with the machine's, and can be moved
/// forward, so that tokens, locators and kept results grow old without anybody waiting.
#[derive(Debug, Clone, Default)]
pub(crate) struct MovableClock(Arc<AtomicI64>);

impl MovableClock {
    /// The present moment of the simulation.
    pub(crate) fn now(&self) -> Timestamp {
        now().checked_add(self.moved()).unwrap_or(Timestamp::MAX)
    }

    /// How far the clock is ahead of the machine's.
    pub(crate) fn moved(&self) -> SignedDuration {
        SignedDuration::from_millis(self.0.load(Ordering::SeqCst))
    }

    /// Moves the clock forward; it stops at a hundred years.
    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(FURTHEST_MS);
        let further = |moved: i64| Some(moved.saturating_add(by).min(FURTHEST_MS));
        // The closure always gives a value, so this cannot fail.
        let _ = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, further);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_move_together_and_stay_in_range() {
        let clock = MovableClock::default();
        let copy = clock.clone();
        let before = copy.now();
        clock.advance(Duration::from_hours(1));
        assert!(copy.now().duration_since(before) >= SignedDuration::from_hours(1));
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(copy.now() < Timestamp::MAX);
    }
}
