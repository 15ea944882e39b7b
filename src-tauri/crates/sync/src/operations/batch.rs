//! Carrying a batch of operations out, one after the other: each has its outcome recorded, a person
//! can stop between two, and too many refusals end it.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use drawbridge_model::{
    After, BatchId, Clock, LedgerError, OpenOperation, OperationLedger, OperationOutcome,
    OperationResult, SourceError, grouped,
};

use crate::safety::too_many_rejected;

/// Operations fetched from the journal at a time.
const CHUNK: usize = 50;
/// How often one is sent when reading back shows that nothing arrived.
pub(super) const ROUNDS: u32 = 3;
/// The billing system may still be at work on a call whose connection broke; so long it is given
/// before the second look.
pub(super) const SECOND_LOOK: Duration = Duration::from_secs(2);
/// How often one operation is tried when the billing system is not in a state to do anything.
const PATIENCE: u32 = 3;
/// So many refused in a row for one reason end a batch, whatever went before.
const ALIKE: u32 = 20;

/// How a batch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every operation has its outcome.
    Done,
    /// A person stopped it; the rest stays open.
    Stopped,
    /// Too many were refused, as these words say; the rest stays open.
    Halted(String),
    /// The billing system does not let it go on, for this reason; the rest stays open.
    Interrupted(String),
}

/// How one operation went.
pub(super) enum Step {
    /// It has its outcome: whether it was refused, and for which cause.
    Settled(Option<String>),
    /// It is still open, because of this.
    Trouble(SourceError),
}

/// Sees to one operation after the other.
pub(super) trait Settles: Sync {
    /// Sees to one operation, and records what became of it.
    fn settle(&self, row: &OpenOperation)
    -> impl Future<Output = Result<Step, LedgerError>> + Send;
}

/// Carries out what has no outcome yet. Only the ledger's own errors are errors.
pub(super) async fn carry_out<L: OperationLedger>(
    batch: BatchId,
    ledger: &L,
    stop: &AtomicBool,
    way: &impl Settles,
) -> Result<Ended, LedgerError> {
    let mut loss = StopLoss::default();
    loop {
        let open = ledger.open_operations(batch, CHUNK)?;
        if open.is_empty() {
            return Ok(Ended::Done);
        }
        for mut row in open {
            let mut tries = 1;
            loop {
                if stop.load(Ordering::Relaxed) {
                    return Ok(Ended::Stopped);
                }
                match way.settle(&row).await? {
                    Step::Settled(refused) => {
                        if let Some(reason) = loss.halt(refused) {
                            return Ok(Ended::Halted(reason));
                        }
                        break;
                    }
                    Step::Trouble(error) if tries >= PATIENCE || is_final(&error) => {
                        return Ok(Ended::Interrupted(error.to_string()));
                    }
                    Step::Trouble(_) => {
                        tokio::time::sleep(Duration::from_secs(u64::from(tries))).await;
                        tries += 1;
                        row.begun_at = ledger.begun_at(batch, row.number)?;
                    }
                }
            }
        }
    }
}

/// Whether trying again in a moment is pointless.
fn is_final(error: &SourceError) -> bool {
    matches!(
        error,
        SourceError::KeyRefused { .. } | SourceError::Throttled { .. }
    )
}

/// Counts what is refused in one go.
#[derive(Default)]
struct StopLoss {
    settled: u32,
    refused: u32,
    alike: u32,
    cause: Option<String>,
}

impl StopLoss {
    /// Takes one more into account; gives the reason to halt.
    fn halt(&mut self, refused: Option<String>) -> Option<String> {
        self.settled += 1;
        let Some(cause) = refused else {
            self.alike = 0;
            self.cause = None;
            return None;
        };
        self.refused += 1;
        self.alike = if self.cause.as_ref() == Some(&cause) {
            self.alike + 1
        } else {
            1
        };
        self.cause = Some(cause);
        if self.alike >= ALIKE {
            return Some(format!(
                "{} in a row were refused for the same reason: the rest was not sent.",
                self.alike
            ));
        }
        too_many_rejected(self.refused, self.settled).then(|| {
            format!(
                "{} of {} were refused: the rest was not sent.",
                grouped(self.refused),
                grouped(self.settled)
            )
        })
    }
}

/// An outcome in the making.
pub(super) struct Verdict {
    pub(super) outcome: OperationOutcome,
    pub(super) code: Option<&'static str>,
    pub(super) message: Option<String>,
    pub(super) after: Option<After>,
}

impl Verdict {
    pub(super) fn of(outcome: OperationOutcome, after: Option<After>) -> Self {
        Self {
            outcome,
            code: None,
            message: None,
            after,
        }
    }

    pub(super) fn because(mut self, code: &'static str, message: impl Into<String>) -> Self {
        self.code = Some(code);
        self.message = Some(message.into());
        self
    }

    pub(super) fn rejected(code: &'static str, message: impl Into<String>) -> Self {
        Self::of(OperationOutcome::Rejected, None).because(code, message)
    }
}

/// Where the outcomes of a batch are recorded.
pub(super) struct Entries<'a, L> {
    pub(super) batch: BatchId,
    pub(super) ledger: &'a L,
    pub(super) clock: &'a dyn Clock,
}

impl<L: OperationLedger> Entries<'_, L> {
    /// It stays open. An earlier call that may have arrived stays begun, to be read back.
    pub(super) fn trouble(
        &self,
        row: &OpenOperation,
        begun: bool,
        error: SourceError,
    ) -> Result<Step, LedgerError> {
        if !begun {
            self.ledger
                .end_operation(self.batch, row.number, None, self.clock.now())?;
        }
        Ok(Step::Trouble(error))
    }

    /// It has its outcome.
    pub(super) fn end(&self, row: &OpenOperation, verdict: Verdict) -> Result<Step, LedgerError> {
        let result = OperationResult {
            outcome: verdict.outcome,
            code: verdict.code,
            message: verdict.message,
            after: verdict.after,
        };
        self.ledger
            .end_operation(self.batch, row.number, Some(&result), self.clock.now())?;
        let refused = (result.outcome == OperationOutcome::Rejected).then(|| {
            let words = result.message.unwrap_or_default();
            // The same reason of another record has another name in it.
            let words = words.replace(row.operation.subject(), "");
            format!("{} {words}", result.code.unwrap_or_default())
        });
        Ok(Step::Settled(refused))
    }
}
