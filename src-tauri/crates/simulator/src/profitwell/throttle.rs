//! 25 requests in any 5 seconds.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const REQUESTS: usize = 25;
const WINDOW: Duration = Duration::from_secs(5);

/// The requests of the last 5 seconds.
#[derive(Debug, Default)]
pub(crate) struct Throttle(VecDeque<Instant>);

impl Throttle {
    /// Admits a request, or says after how many whole seconds one may come.
    pub(crate) fn admit(&mut self, now: Instant) -> Option<u64> {
        while self
            .0
            .front()
            .is_some_and(|first| now.duration_since(*first) >= WINDOW)
        {
            self.0.pop_front();
        }
        match self.0.front() {
            Some(first) if self.0.len() >= REQUESTS => {
                let left = WINDOW.saturating_sub(now.duration_since(*first));
                Some(left.as_secs() + u64::from(left.subsec_nanos() > 0))
            }
            _ => {
                self.0.push_back(now);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_26th_waits_until_the_first_is_5_seconds_old() {
        let (mut throttle, start) = (Throttle::default(), Instant::now());
        for _ in 0..25 {
            assert_eq!(throttle.admit(start), None);
        }
        assert_eq!(throttle.admit(start + Duration::from_secs(2)), Some(3));
        assert_eq!(throttle.admit(start + Duration::from_secs(5)), None);
    }
}
