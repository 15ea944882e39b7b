//! What a person wants of a run under way.

use std::time::Duration;

use drawbridge_model::{Event, Reporter, Standstill};
use tokio::sync::watch;

/// What a person wants of a run under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It goes on.
    Go,
    /// No further call goes out until it goes on; those under way end and are recorded.
    Pause,
    /// It ends after the calls under way. It cannot be taken back; the run can be resumed.
    Stop,
}

/// Where a person's wish is left, and looked at between calls.
#[derive(Debug)]
pub struct Control(watch::Sender<Wish>);

impl Default for Control {
    fn default() -> Self {
        Self(watch::Sender::new(Wish::Go))
    }
}

impl Control {
    /// Leaves a wish. A run that is to stop stays so.
    pub fn ask(&self, wish: Wish) {
        self.0.send_if_modified(|present| {
            let new = *present != Wish::Stop && *present != wish;
            if new {
                *present = wish;
            }
            new
        });
    }

    /// The present wish.
    pub fn wish(&self) -> Wish {
        *self.0.borrow()
    }

    /// Waits until the wish is another one than this.
    pub(super) async fn other_than(&self, wish: Wish) {
        let mut wishes = self.0.subscribe();
        // The sender lives as long as the borrow, so waiting cannot fail.
        let _ = wishes.wait_for(|present| *present != wish).await;
    }

    /// Waits while the run is paused, and says so. Gives whether it goes on; otherwise it stops.
    pub(crate) async fn goes_on(&self, reporter: &dyn Reporter) -> bool {
        if self.wish() == Wish::Pause {
            reporter.report(Event::Standstill(Some(Standstill::Paused)));
            self.other_than(Wish::Pause).await;
            reporter.report(Event::Standstill(None));
        }
        self.wish() == Wish::Go
    }

    /// Sleeps, unless the run is to stop. Gives whether it may go on.
    pub(super) async fn sleep(&self, time: Duration) -> bool {
        let mut wishes = self.0.subscribe();
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            _ = wishes.wait_for(|wish| *wish == Wish::Stop) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_to_stop_is_not_paused_again() {
        let control = Control::default();
        control.ask(Wish::Pause);
        control.ask(Wish::Go);
        assert_eq!(control.wish(), Wish::Go);
        control.ask(Wish::Stop);
        control.ask(Wish::Pause);
        control.ask(Wish::Go);
        assert_eq!(control.wish(), Wish::Stop);
    }
}
