//! Keeps calls under a published limit, so that it is seldom met.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// The way to one account of a billing system: how many calls are under way at a time, and at which
/// pace they start. Clients that share it keep the limit together, whatever each of them does.
pub struct Lane {
    places: Semaphore,
    pace: Option<Pace>,
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").finish_non_exhaustive()
    }
}

impl Lane {
    /// `places` calls at a time, started at this pace where there is one.
    pub(crate) fn new(places: usize, pace: Option<Pace>) -> Self {
        Self {
            places: Semaphore::new(places),
            pace,
        }
    }

    /// Waits for a place; the call keeps it until it is over. Whoever came first has it first.
    pub(crate) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // Never closed.
        self.places.acquire().await.ok()
    }

    /// Waits until a call may start.
    pub(crate) async fn turn(&self) {
        if let Some(pace) = &self.pace {
            pace.wait().await;
        }
    }
}

/// At most so many calls start within any window of time: that many at once, then as the window
/// moves on. (A bucket that refills while it is emptied would let nearly twice as many through.)
pub(crate) struct Pace {
    most: usize,
    window: Duration,
    starts: Mutex<VecDeque<Instant>>,
}

impl Pace {
    /// `most` calls in any `window`.
    pub(crate) fn new(most: usize, window: Duration) -> Self {
        Self {
            most,
            window,
            starts: Mutex::new(VecDeque::with_capacity(most)),
        }
    }

    /// Waits until the next call may start.
    pub(crate) async fn wait(&self) {
        let start = self.reserve(Instant::now());
        sleep_until(start).await;
    }

    /// Books the earliest start from `now` on.
    fn reserve(&self, now: Instant) -> Instant {
        let mut starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut start = starts.back().map_or(now, |last| now.max(*last));
        if starts.len() >= self.most
            && let Some(oldest) = starts.pop_front()
        {
            start = start.max(oldest + self.window);
        }
        starts.push_back(start);
        start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_ever_holds_more_than_the_limit() {
        let pace = Pace::new(25, Duration::from_secs(5));
        let begin = Instant::now();
        let starts: Vec<_> = (0..200u64)
            // Calls come in bursts, and now and then late.
            .map(|n| pace.reserve(begin + Duration::from_millis((n / 40) * 1_700)))
            .collect();
        assert_eq!(starts[24], begin, "a burst of 25 does not wait");
        for pair in starts.windows(26) {
            assert!(pair[25] - pair[0] >= Duration::from_secs(5));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_call_above_the_limit_waits() {
        let pace = Pace::new(2, Duration::from_secs(5));
        let begin = Instant::now();
        pace.wait().await;
        pace.wait().await;
        assert_eq!(begin.elapsed(), Duration::ZERO);
        pace.wait().await;
        assert_eq!(begin.elapsed(), Duration::from_secs(5));
    }
}
