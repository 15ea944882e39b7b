//! How many calls and Bulk jobs there are at each stage.

use std::sync::Arc;

use tokio::sync::watch;

/// How many calls and Bulk jobs Salesforce is at work on. What has been answered and is being
/// recorded does not count: the next may go out.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots(Arc<watch::Sender<Count>>);

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    taken: usize,
    /// Those of them that are not on their way yet.
    going_out: usize,
}

/// The slot of one call or job; free again once this is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Slots,
    going_out: bool,
}

impl Slots {
    /// How many are taken.
    pub(super) fn taken(&self) -> usize {
        self.0.borrow().taken
    }

    /// Takes one for a call or job that is about to go out.
    pub(super) fn take(&self) -> Slot {
        self.0.send_modify(|count| {
            count.taken += 1;
            count.going_out += 1;
        });
        Slot {
            slots: self.clone(),
            going_out: true,
        }
    }

    /// Waits until fewer than so many are taken.
    pub(super) async fn fewer_than(&self, most: usize) {
        self.wait(|count| count.taken < most).await;
    }

    /// Waits until nothing is about to go out.
    pub(super) async fn all_gone_out(&self) {
        self.wait(|count| count.going_out == 0).await;
    }

    async fn wait(&self, until: impl Fn(&Count) -> bool) {
        let mut count = self.0.subscribe();
        // The sender lives as long as the borrow, so waiting cannot fail.
        let _ = count.wait_for(until).await;
    }
}

impl Slot {
    /// It is on its way.
    pub(super) fn gone_out(&mut self) {
        if std::mem::take(&mut self.going_out) {
            self.slots.0.send_modify(|count| count.going_out -= 1);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.gone_out();
        self.slots.0.send_modify(|count| count.taken -= 1);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_slot_counts_until_it_is_dropped_and_goes_out_once() {
        let slots = Slots::default();
        assert!(slots.all_gone_out().now_or_never().is_some());
        let (mut first, second) = (slots.take(), slots.take());
        assert_eq!(slots.taken(), 2);
        assert!(slots.fewer_than(2).now_or_never().is_none());
        first.gone_out();
        first.gone_out();
        assert!(slots.all_gone_out().now_or_never().is_none(), "the second");
        // One that never got to go out makes nobody wait.
        drop(second);
        assert!(slots.all_gone_out().now_or_never().is_some());
        assert!(slots.fewer_than(2).now_or_never().is_some());
        assert_eq!(slots.taken(), 1);
        drop(first);
        assert_eq!(slots.taken(), 0);
    }

    #[tokio::test]
    async fn who_waits_for_a_slot_is_woken() {
        let slots = Slots::default();
        let slot = slots.take();
        let waiting = slots.fewer_than(1);
        let ((), ()) = futures::join!(waiting, async { drop(slot) });
    }
}
