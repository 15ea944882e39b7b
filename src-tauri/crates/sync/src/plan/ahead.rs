//! Customers chunk by chunk, in three steps that each have a thread: to read them, to read what
//! belongs to them, and to work on both. Each reads or works on one chunk while the next step is at
//! the one before: the three cost about as much as each other, and all are more than waiting.

use std::sync::mpsc;
use std::thread;

use drawbridge_model::{CustomerId, LedgerError};

use crate::Error;

/// Customers handled at a time: enough to make each transaction worth it, few enough to keep
/// memory flat.
pub(crate) const CHUNK: usize = 250;

/// Hands every chunk that `read` gives to `complete`, and what that makes of it to `work`. `read`
/// is told after which customer to go on, and gives nothing once there is none.
pub(crate) fn chunks<T: Send, U: Send>(
    read: impl Fn(Option<&CustomerId>) -> Result<Vec<T>, LedgerError> + Send,
    customer: impl Fn(&T) -> &CustomerId + Send,
    complete: impl Fn(Vec<T>) -> Result<Vec<U>, LedgerError> + Send,
    mut work: impl FnMut(Vec<U>) -> Result<(), Error>,
) -> Result<(), Error> {
    thread::scope(|scope| {
        // None waits in between: a chunk is handed over when the next step is free for it.
        let (read_on, to_complete) = mpsc::sync_channel(0);
        let (hand_over, to_work) = mpsc::sync_channel(0);
        scope.spawn(move || {
            let mut after: Option<CustomerId> = None;
            loop {
                let chunk = read(after.as_ref());
                after = match &chunk {
                    Ok(rows) => rows.last().map(|last| customer(last).clone()),
                    Err(_) => None,
                };
                // Nobody listens any more where the work failed.
                if read_on.send(chunk).is_err() || after.is_none() {
                    return;
                }
            }
        });
        scope.spawn(move || {
            for chunk in to_complete {
                let whole = chunk.and_then(&complete);
                let is_over = whole.is_err();
                if hand_over.send(whole).is_err() || is_over {
                    return;
                }
            }
        });
        for chunk in to_work {
            let rows = chunk?;
            if !rows.is_empty() {
                work(rows)?;
            }
        }
        Ok(())
    })
}
