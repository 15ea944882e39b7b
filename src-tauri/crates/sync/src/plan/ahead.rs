//! Customers chunk by chunk, each read on a thread of its own while the caller works on the one
//! before: reading costs as much as comparing, and both are more than waiting.

use std::sync::mpsc;
use std::thread;

use drawbridge_model::{Cache, ConnectionId, CustomerBundle, CustomerId, LedgerError};

use crate::Error;

/// Customers handled at a time: enough to make each transaction worth it, few enough to keep
/// memory flat.
const CHUNK: usize = 2_000;

/// Hands every chunk of a source's customers, by id, to `work`, with what `more` reads for it.
pub(super) fn chunks<L: Cache, M: Send>(
    ledger: &L,
    source: ConnectionId,
    more: impl Fn(&[CustomerBundle]) -> Result<Vec<M>, LedgerError> + Sync,
    mut work: impl FnMut(&[CustomerBundle], Vec<M>) -> Result<(), Error>,
) -> Result<(), Error> {
    let read = |after: Option<&CustomerId>| -> Result<_, LedgerError> {
        let chunk = ledger.customers(source, after, CHUNK)?;
        let more = more(&chunk)?;
        Ok((chunk, more))
    };
    thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel(1);
        scope.spawn(move || {
            let mut after: Option<CustomerId> = None;
            loop {
                let chunk = read(after.as_ref());
                after = match &chunk {
                    Ok((customers, _)) => customers.last().map(|last| last.customer.id.clone()),
                    Err(_) => None,
                };
                // Nobody listens any more where the work failed.
                if send.send(chunk).is_err() || after.is_none() {
                    return;
                }
            }
        });
        for chunk in receive {
            let (customers, more) = chunk?;
            if !customers.is_empty() {
                work(&customers, more)?;
            }
        }
        Ok(())
    })
}
