//! The rate limits of facts/profitwell.md §1: each scope admits so many requests in any window.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// What a limit counts; every request counts for `Every` as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Every,
    Plans,
    /// Monthly and daily metrics and the company settings together.
    Figures,
    Exclude,
    Anonymize,
    Traits,
}

/// Scope, requests, window in seconds.
const LIMITS: [(Scope, usize, i64); 6] = [
    (Scope::Every, 25, 5),
    (Scope::Plans, 1000, 24 * 3600),
    (Scope::Figures, 3000, 24 * 3600),
    (Scope::Exclude, 10, 60),
    (Scope::Anonymize, 20, 60),
    (Scope::Traits, 20, 60),
];

/// The admitted requests of each limit's last window.
#[derive(Debug, Default)]
pub(crate) struct Throttle([VecDeque<Timestamp>; LIMITS.len()]);

impl Throttle {
    /// Admits a request, or says after how many whole seconds one may come. A refused request
    /// counts for nothing.
    pub(crate) fn admit(&mut self, scope: Scope, now: Timestamp) -> Option<i64> {
        let mut wait = None;
        for (seen, (limited, requests, seconds)) in self.0.iter_mut().zip(LIMITS) {
            if limited != Scope::Every && limited != scope {
                continue;
            }
            let window = SignedDuration::from_secs(seconds);
            while seen
                .front()
                .is_some_and(|first| now.duration_since(*first) >= window)
            {
                seen.pop_front();
            }
            if let Some(first) = seen.front().filter(|_| seen.len() >= requests) {
                let left = window - now.duration_since(*first);
                let left = left.as_secs() + i64::from(left.subsec_nanos() > 0);
                wait = wait.max(Some(left));
            }
        }
        if wait.is_none() {
            for (seen, (limited, ..)) in self.0.iter_mut().zip(LIMITS) {
                if limited == Scope::Every || limited == scope {
                    seen.push_back(now);
                }
            }
        }
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn the_26th_waits_until_the_first_is_5_seconds_old() {
        let mut throttle = Throttle::default();
        for _ in 0..25 {
            assert_eq!(throttle.admit(Scope::Every, at(0)), None);
        }
        assert_eq!(throttle.admit(Scope::Every, at(2)), Some(3));
        assert_eq!(throttle.admit(Scope::Every, at(5)), None);
    }

    #[test]
    fn scopes_have_windows_of_their_own() {
        let mut throttle = Throttle::default();
        for call in 0..10 {
            assert_eq!(throttle.admit(Scope::Exclude, at(call)), None);
        }
        assert_eq!(throttle.admit(Scope::Exclude, at(20)), Some(40));
        assert_eq!(throttle.admit(Scope::Traits, at(20)), None);
        for call in 0..1000 {
            assert_eq!(throttle.admit(Scope::Plans, at(100 + call)), None);
        }
        assert_eq!(
            throttle.admit(Scope::Plans, at(1200)),
            Some(24 * 3600 - 1100)
        );
        assert_eq!(throttle.admit(Scope::Plans, at(24 * 3600 + 100)), None);
    }
}
