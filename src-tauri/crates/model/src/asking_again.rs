//! Reads that get no answer and are asked again by the client that makes them: nobody is to think
//! meanwhile that something hangs.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What is over sooner is not told.
const TOLD_AFTER: Duration = Duration::from_secs(1);

/// The reads of one client that are asked again at present.
#[derive(Debug, Default)]
pub struct AskingAgain(Mutex<Option<Unanswered>>);

#[derive(Debug)]
struct Unanswered {
    reads: u32,
    since: Instant,
    why: String,
}

impl AskingAgain {
    /// A read begins. It ends, answered or not, when what this gives is dropped.
    pub fn begin(&self) -> ReadUnderWay<'_> {
        ReadUnderWay {
            of: self,
            again: false,
        }
    }

    /// Why the newest of them is asked again; `None` while every read is answered within a second.
    pub fn why(&self) -> Option<String> {
        let now = self.unanswered();
        let long = now.as_ref().filter(|it| it.since.elapsed() >= TOLD_AFTER);
        long.map(|it| it.why.clone())
    }

    fn unanswered(&self) -> MutexGuard<'_, Option<Unanswered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A read under way.
#[derive(Debug)]
pub struct ReadUnderWay<'a> {
    of: &'a AskingAgain,
    again: bool,
}

impl ReadUnderWay<'_> {
    /// It will be asked again, because of this.
    pub fn again(&mut self, why: String) {
        let mut now = self.of.unanswered();
        match &mut *now {
            Some(it) => {
                it.reads += u32::from(!self.again);
                it.why = why;
            }
            none => {
                *none = Some(Unanswered {
                    reads: 1,
                    since: Instant::now(),
                    why,
                });
            }
        }
        self.again = true;
    }
}

impl Drop for ReadUnderWay<'_> {
    fn drop(&mut self) {
        if !self.again {
            return;
        }
        let mut now = self.of.unanswered();
        if let Some(it) = &mut *now {
            it.reads -= 1;
            if it.reads == 0 {
                *now = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_soon_is_not_told() {
        let asking = AskingAgain::default();
        assert_eq!(asking.why(), None);
        let mut read = asking.begin();
        read.again("busy".to_owned());
        assert_eq!(asking.why(), None);
        drop(read);
        std::thread::sleep(TOLD_AFTER);
        assert_eq!(asking.why(), None);
    }

    #[test]
    fn it_is_told_until_the_last_read_has_ended() {
        let asking = AskingAgain::default();
        let (mut one, mut other) = (asking.begin(), asking.begin());
        one.again("busy".to_owned());
        other.again("away".to_owned());
        one.again("busy".to_owned());
        std::thread::sleep(TOLD_AFTER);
        assert_eq!(asking.why().as_deref(), Some("busy"));
        drop(one);
        assert!(asking.why().is_some());
        drop(other);
        assert_eq!(asking.why(), None);
        drop(asking.begin());
        assert_eq!(asking.why(), None);
    }
}
