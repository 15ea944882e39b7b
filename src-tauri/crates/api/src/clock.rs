//! The one place that asks the system for the time.

use drawbridge_model::Clock;
use jiff::Timestamp;

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "everything else is handed this clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The present instant, where nothing depends on it but what is shown.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}
