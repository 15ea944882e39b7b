//! Carrying a batch of operations out, one after the other: what is there is looked at first and
//! kept, each call is recorded before it goes out, and a lost answer is read back before anything is
//! sent again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use drawbridge_model::{
    BatchId, Clock, LedgerError, OpenOperation, Operation, OperationLedger, OperationOutcome,
    OperationResult, Operations, SourceError, SubscriptionEvent,
};

use crate::safety::too_many_rejected;

use super::settle::{Refusal, Seen, Standing, before, missing, refusal, standing};

/// Operations fetched from the journal at a time.
const CHUNK: usize = 50;
/// How often one is sent when reading back shows that nothing arrived.
const ROUNDS: u32 = 3;
/// The billing system may still be at work on a call whose connection broke; so long it is given
/// before the second look.
const SECOND_LOOK: Duration = Duration::from_secs(2);
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

struct Ports<'a, S, L> {
    batch: BatchId,
    source: &'a S,
    ledger: &'a L,
    clock: &'a dyn Clock,
}

/// How one operation went.
enum Step {
    /// It has its outcome: whether it was refused, and for which cause.
    Settled(Option<String>),
    /// It is still open, because of this.
    Trouble(SourceError),
}

/// Carries out what has no outcome yet. Only the ledger's own errors are errors.
pub async fn run<S: Operations, L: OperationLedger>(
    batch: BatchId,
    source: &S,
    ledger: &L,
    clock: &dyn Clock,
    stop: &AtomicBool,
) -> Result<Ended, LedgerError> {
    let ports = Ports {
        batch,
        source,
        ledger,
        clock,
    };
    let mut loss = StopLoss::default();
    loop {
        let open = ledger.open_operations(batch, CHUNK)?;
        if open.is_empty() {
            return Ok(Ended::Done);
        }
        for row in open {
            let mut tries = 1;
            loop {
                if stop.load(Ordering::Relaxed) {
                    return Ok(Ended::Stopped);
                }
                match ports.settle(&row).await? {
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
                self.refused, self.settled
            )
        })
    }
}

/// An outcome in the making.
struct Verdict {
    outcome: OperationOutcome,
    code: Option<&'static str>,
    message: Option<String>,
    after: Option<SubscriptionEvent>,
}

impl Verdict {
    fn of(outcome: OperationOutcome, after: Option<SubscriptionEvent>) -> Self {
        Self {
            outcome,
            code: None,
            message: None,
            after,
        }
    }

    fn because(mut self, code: &'static str, message: impl Into<String>) -> Self {
        self.code = Some(code);
        self.message = Some(message.into());
        self
    }

    fn rejected(code: &'static str, message: impl Into<String>) -> Self {
        Self::of(OperationOutcome::Rejected, None).because(code, message)
    }
}

impl<S: Operations, L: OperationLedger> Ports<'_, S, L> {
    async fn settle(&self, row: &OpenOperation) -> Result<Step, LedgerError> {
        let mut operation = row.operation.clone();
        if operation.user().is_none() {
            let user = self.ledger.user_of(self.batch, operation.subject())?;
            operation = operation.of_user(user);
        }
        // A call that was begun and never closed may have arrived.
        let mut begun = row.begun_at.is_some();
        for _ in 0..ROUNDS {
            if begun || looks_first(&operation) {
                let seen = match self.look(&operation, begun).await {
                    Ok(seen) => seen,
                    Err(error) => return Ok(Step::Trouble(error)),
                };
                if !begun && let Some(before) = before(&operation, &seen) {
                    self.ledger.put_before(self.batch, row.number, &before)?;
                }
                if let Some(verdict) = judged(&operation, &seen, begun) {
                    return self.end(row, verdict);
                }
            }
            self.ledger
                .begin_operation(self.batch, row.number, self.clock.now())?;
            match self.source.carry_out(&operation).await {
                Ok(after) => return self.end(row, Verdict::of(OperationOutcome::Done, after)),
                Err(SourceError::LostAnswer { .. }) => begun = true,
                Err(SourceError::Refused {
                    status, message, ..
                }) => {
                    return match self.refused(&operation, begun, status, &message).await {
                        Ok(verdict) => self.end(row, verdict),
                        Err(error) => self.trouble(row, begun, error),
                    };
                }
                // Every other error says that nothing was done.
                Err(error) => return self.trouble(row, begun, error),
            }
        }
        let words = format!(
            "Sent {ROUNDS} times without an answer, and reading back does not show it: it is not known \
             what becomes of it. Look at it in ProfitWell."
        );
        let verdict = Verdict::of(OperationOutcome::Unknown, None).because("answer_lost", words);
        self.end(row, verdict)
    }

    /// Reads what tells about an operation; after a call whose answer was lost twice, where it does
    /// not show at first.
    async fn look(&self, operation: &Operation, begun: bool) -> Result<Seen, SourceError> {
        let seen = self.look_once(operation).await?;
        let settled = matches!(
            standing(operation, &seen),
            Standing::Done(_) | Standing::NotTold
        );
        if settled || !begun {
            return Ok(seen);
        }
        tokio::time::sleep(SECOND_LOOK).await;
        self.look_once(operation).await
    }

    async fn look_once(&self, operation: &Operation) -> Result<Seen, SourceError> {
        match operation {
            Operation::CreatePlan(plan) | Operation::UpdatePlan(plan) => {
                Ok(Seen::Plan(self.source.plan(&plan.id).await?))
            }
            operation => match operation.user() {
                Some(user) => Ok(Seen::History(self.source.history(user).await?)),
                None => Ok(Seen::Nothing),
            },
        }
    }

    /// What a refusal comes to: some say that it is so already.
    async fn refused(
        &self,
        operation: &Operation,
        begun: bool,
        status: u16,
        words: &str,
    ) -> Result<Verdict, SourceError> {
        let so = if begun {
            OperationOutcome::Done
        } else {
            OperationOutcome::Already
        };
        let told = |words: &str| {
            let words = words.trim_end_matches('.');
            format!("ProfitWell refused it: {words}. Nothing was changed.")
        };
        match refusal(status, words) {
            Refusal::NotChurned if matches!(operation, Operation::UnchurnSubscription { .. }) => {
                Ok(Verdict::of(so, None).because("not_churned", "It was not churned."))
            }
            Refusal::Churning if matches!(operation, Operation::ChurnSubscription(_)) => {
                let seen = self.look_once(operation).await?;
                Ok(judged(operation, &seen, begun).unwrap_or_else(|| {
                    Verdict::of(so, None).because(
                        "already_churning",
                        "It is scheduled to churn already; on which day was not told. To move it, \
                         un-churn it first.",
                    )
                }))
            }
            Refusal::Exists => {
                let seen = self.look_once(operation).await?;
                Ok(match standing(operation, &seen) {
                    Standing::Done(after) => Verdict::of(so, after.map(|it| *it)),
                    Standing::Otherwise(words) => Verdict::rejected("exists", words),
                    _ => Verdict::rejected(
                        "exists",
                        format!(
                            "{} “{}” belongs to something else already: choose another.",
                            told(words),
                            operation.subject()
                        ),
                    ),
                })
            }
            Refusal::NotFound if matches!(operation, Operation::DeleteUser { .. }) && begun => {
                Ok(Verdict::of(OperationOutcome::Done, None))
            }
            Refusal::NotFound => {
                let what = match operation {
                    Operation::UpdateUser { user, .. } | Operation::DeleteUser { user } => {
                        format!("user “{user}”")
                    }
                    Operation::CreatePlan(plan) | Operation::UpdatePlan(plan) => {
                        format!("plan “{}”", plan.id)
                    }
                    other => format!("subscription “{}”", other.subject()),
                };
                Ok(Verdict::rejected("not_found", missing(&what)))
            }
            _ => Ok(Verdict::rejected("refused", told(words))),
        }
    }

    /// It stays open. An earlier call that may have arrived stays begun, to be read back.
    fn trouble(
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

    fn end(&self, row: &OpenOperation, verdict: Verdict) -> Result<Step, LedgerError> {
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

/// A creation has nothing to be looked at; its alias says when it is there already.
fn looks_first(operation: &Operation) -> bool {
    !matches!(
        operation,
        Operation::CreateSubscription(_) | Operation::CreatePlan(_)
    )
}

/// The outcome that what was read settles; `None` where it is to be sent.
fn judged(operation: &Operation, seen: &Seen, begun: bool) -> Option<Verdict> {
    let read_back = "The answer was lost; reading back shows that it is done.";
    let verdict = match standing(operation, seen) {
        Standing::NotDone => return None,
        Standing::NotTold if !begun => return None,
        Standing::NotTold => Verdict::of(OperationOutcome::Unknown, None).because(
            "answer_lost",
            "The answer was lost, and whose subscription it is is not known, so it cannot be read \
             back. It was not sent again: look at it in ProfitWell.",
        ),
        Standing::Missing(_) if begun && matches!(operation, Operation::DeleteUser { .. }) => {
            Verdict::of(OperationOutcome::Done, None).because("read_back", read_back)
        }
        Standing::Done(after) if begun => {
            Verdict::of(OperationOutcome::Done, after.map(|it| *it)).because("read_back", read_back)
        }
        Standing::Done(after) => Verdict::of(OperationOutcome::Already, after.map(|it| *it))
            .because("already", "It was so already; nothing was sent."),
        Standing::Missing(words) => Verdict::rejected("not_found", words),
        Standing::Otherwise(words) => Verdict::rejected("otherwise", words),
    };
    Some(verdict)
}
