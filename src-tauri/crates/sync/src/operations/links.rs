//! Carrying out what changes the links and aliases of customers: what a customer has is read first
//! and kept, each call is recorded before it goes out, and whether it is done is read back, never
//! believed.

use std::sync::atomic::AtomicBool;

use drawbridge_model::{
    After, BatchId, Before, Clock, CustomerId, CustomerLinks, LedgerError, OpenOperation,
    Operation, OperationLedger, OperationOutcome, SourceError, SourceLinks,
};
use jiff::Timestamp;

use super::batch::{Ended, Entries, ROUNDS, SECOND_LOOK, Settles, Step, Verdict, carry_out};
use crate::writeback::{self, Write};

/// Calls that one operation may take: an Account may be named at a customer more than once.
const CALLS: u32 = 12;

/// What is to be done for an operation by what was just read; `None` where it is none of a link.
pub fn judged(operation: &Operation, links: &CustomerLinks) -> Option<writeback::Verdict> {
    Some(match operation {
        Operation::LinkCustomer { link, place, .. } => writeback::link(place, &link.record, links),
        Operation::UnlinkCustomer { link } => writeback::unlink(&link.record, links),
        Operation::AddAlias(change) => writeback::add_alias(&change.alias, links),
        Operation::RemoveAlias(change) => writeback::remove_alias(&change.alias, links),
        _ => return None,
    })
}

/// What a customer will have once the operation is done, if nothing stands in its way.
pub fn outlook(operation: &Operation, links: &CustomerLinks) -> CustomerLinks {
    let mut then = links.clone();
    for _ in 0..CALLS {
        let Some(writeback::Verdict::Send(write)) = judged(operation, &then) else {
            break;
        };
        then = writeback::after(&write, &then);
    }
    then
}

struct Ports<'a, S, L> {
    source: &'a S,
    entries: Entries<'a, L>,
}

/// Carries out what has no outcome yet. Only the ledger's own errors are errors.
pub async fn run_links<S: SourceLinks, L: OperationLedger>(
    batch: BatchId,
    source: &S,
    ledger: &L,
    clock: &dyn Clock,
    stop: &AtomicBool,
) -> Result<Ended, LedgerError> {
    let entries = Entries {
        batch,
        ledger,
        clock,
    };
    carry_out(batch, ledger, stop, &Ports { source, entries }).await
}

/// How far an operation has come.
#[derive(Clone, Copy, Default)]
struct Way {
    /// A call of it was begun, now or before a crash: what is done may be its doing.
    begun: bool,
    /// The answer of the last call was lost.
    lost: bool,
    /// Some answer was lost.
    ever_lost: bool,
}

impl<S: SourceLinks, L: OperationLedger> Settles for Ports<'_, S, L> {
    async fn settle(&self, row: &OpenOperation) -> Result<Step, LedgerError> {
        let begun = row.begun_at.is_some();
        let mut way = Way {
            begun,
            lost: begun,
            ever_lost: begun,
        };
        let mut not_arrived = 0;
        let customer = CustomerId::from(row.operation.subject());
        for _ in 0..CALLS {
            let links = match self.look(row, &customer, way.lost).await {
                Ok(Some(links)) => links,
                Ok(None) => return self.entries.end(row, missing(&customer)),
                Err(error) => return self.entries.trouble(row, way.begun, error),
            };
            if !way.begun {
                let (batch, ledger) = (self.entries.batch, self.entries.ledger);
                ledger.put_before(batch, row.number, &Before::Links(links.clone()))?;
            }
            let write = match judged(&row.operation, &links) {
                Some(writeback::Verdict::Send(write)) => write,
                Some(writeback::Verdict::Already) => {
                    return self.entries.end(row, settled(way, links));
                }
                Some(writeback::Verdict::Conflict(words)) => {
                    return self.entries.end(row, conflict(&row.operation, &words));
                }
                None => return self.entries.end(row, not_a_link()),
            };
            if way.lost {
                not_arrived += 1;
            }
            if not_arrived >= ROUNDS {
                break;
            }
            match self.send(row, &customer, &write).await? {
                Ok(()) => {
                    way = Way {
                        begun: true,
                        lost: false,
                        ..way
                    }
                }
                Err(SourceError::LostAnswer { .. }) => {
                    way = Way {
                        begun: true,
                        lost: true,
                        ever_lost: true,
                    };
                }
                Err(SourceError::Refused {
                    status, message, ..
                }) => {
                    let verdict = match self.source.links(&customer).await {
                        // Refused because it is there by now: that is as good.
                        Ok(Some(now)) if is_done(&row.operation, &now) => {
                            let done = if way.begun {
                                OperationOutcome::Done
                            } else {
                                OperationOutcome::Already
                            };
                            Verdict::of(done, Some(After::Links(now))).because(
                                "already",
                                "Alguna refused the call, and reading back shows that it is so.",
                            )
                        }
                        _ => refused(status, &message, way.begun),
                    };
                    return self.entries.end(row, verdict);
                }
                // Every other error says that nothing was done by this call.
                Err(error) => return self.entries.trouble(row, way.begun, error),
            }
        }
        let words = "It was sent several times, and reading back shows each time that it is not there. \
                     Somebody else may be changing the same customer: look at it in Alguna.";
        let verdict = Verdict::of(OperationOutcome::Unknown, None).because("not_arrived", words);
        self.entries.end(row, verdict)
    }
}

impl<S: SourceLinks, L: OperationLedger> Ports<'_, S, L> {
    /// Reads what a customer has; after a call whose answer was lost twice, where it does not show
    /// at first.
    async fn look(
        &self,
        row: &OpenOperation,
        customer: &CustomerId,
        lost: bool,
    ) -> Result<Option<CustomerLinks>, SourceError> {
        let seen = self.source.links(customer).await?;
        let shows = seen
            .as_ref()
            .is_none_or(|links| is_done(&row.operation, links));
        if shows || !lost {
            return Ok(seen);
        }
        tokio::time::sleep(SECOND_LOOK).await;
        self.source.links(customer).await
    }

    /// Sends one call, recorded before.
    async fn send(
        &self,
        row: &OpenOperation,
        customer: &CustomerId,
        write: &Write,
    ) -> Result<Result<(), SourceError>, LedgerError> {
        let (batch, at) = (self.entries.batch, self.entries.clock.now());
        self.entries.ledger.begin_operation(batch, row.number, at)?;
        let key = key(batch, row.number, at);
        let sent = writeback::send(self.source, customer, write, &key).await;
        Ok(sent.map(|_| ()))
    }
}

/// The same for the same call, and for no other of any installation.
fn key(batch: BatchId, number: u32, at: Timestamp) -> String {
    format!("drawbridge-o{batch}-{number}-{}", at.as_nanosecond())
}

fn is_done(operation: &Operation, links: &CustomerLinks) -> bool {
    judged(operation, links) == Some(writeback::Verdict::Already)
}

/// It is so: by this operation, or already.
fn settled(way: Way, links: CustomerLinks) -> Verdict {
    let after = Some(After::Links(links));
    if !way.begun {
        return Verdict::of(OperationOutcome::Already, after)
            .because("already", "It was so already; nothing was sent.");
    }
    let done = Verdict::of(OperationOutcome::Done, after);
    if way.ever_lost {
        return done.because(
            "read_back",
            "The answer was lost; reading back shows that it is done.",
        );
    }
    done
}

fn missing(customer: &CustomerId) -> Verdict {
    let words = format!("Alguna has no customer “{customer}”. Nothing was changed.");
    Verdict::rejected("not_found", words)
}

fn not_a_link() -> Verdict {
    Verdict::rejected(
        "not_offered",
        "Alguna does not offer this operation. Nothing was sent.",
    )
}

/// Something else stands there: what, and what to do about it.
pub(super) fn conflict(operation: &Operation, words: &str) -> Verdict {
    Verdict::rejected("another_account", format!("{words} {}", way_out(operation)))
}

/// What to do where a customer names another Account.
pub fn way_out(operation: &Operation) -> String {
    format!(
        "Unlink customer “{}” from that Account first, if the other one is right.",
        operation.subject()
    )
}

fn refused(status: u16, words: &str, begun: bool) -> Verdict {
    let words = words.trim_end_matches('.');
    let changed = if begun {
        "A part of it may be done: look at the customer in Alguna."
    } else {
        "Nothing was changed."
    };
    let code = if status == 404 {
        "not_found"
    } else {
        "refused"
    };
    Verdict::rejected(code, format!("Alguna refused it: {words}. {changed}"))
}
