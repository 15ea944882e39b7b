//! Customers chunk by chunk, each read on a thread of its own while the caller works on the one
//! before: reading costs as much as comparing, and both are more than waiting.

use std::sync::mpsc;
use std::thread;

use drawbridge_model::{CustomerId, LedgerError};

use crate::Error;

/// Customers handled at a time: enough to make each transaction worth it, few enough to keep
/// memory flat.
pub(super) const CHUNK: usize = 1_000;

/// Hands every chunk that `read` gives to `work`. `read` is told after which customer to go on, and
/// gives nothing once there is none.
pub(super) fn chunks<T: Send>(
    read: impl Fn(Option<&CustomerId>) -> Result<Vec<T>, LedgerError> + Send,
    customer: impl Fn(&T) -> &CustomerId + Send,
    mut work: impl FnMut(Vec<T>) -> Result<(), Error>,
) -> Result<(), Error> {
    thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel(1);
        scope.spawn(move || {
            let mut after: Option<CustomerId> = None;
            loop {
                let chunk = read(after.as_ref());
                after = match &chunk {
                    Ok(rows) => rows.last().map(|last| customer(last).clone()),
                    Err(_) => None,
                };
                // Nobody listens any more where the work failed.
                if send.send(chunk).is_err() || after.is_none() {
                    return;
                }
            }
        });
        for chunk in receive {
            let rows = chunk?;
            if !rows.is_empty() {
                work(rows)?;
            }
        }
        Ok(())
    })
}
