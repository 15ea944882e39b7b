//! Carrying out operations that a history tells of: what is there is looked at first and kept, each
//! call is recorded before it goes out, and a lost answer is read back before anything is sent again.

use std::sync::atomic::AtomicBool;

use drawbridge_model::{
    After, BatchId, Clock, LedgerError, OpenOperation, Operation, OperationLedger,
    OperationOutcome, Operations, SourceError,
};

use super::batch::{Ended, Entries, ROUNDS, SECOND_LOOK, Settles, Step, Verdict, carry_out};
use super::settle::{Refusal, Seen, Standing, before, missing, refusal, standing};

struct Ports<'a, S, L> {
    source: &'a S,
    entries: Entries<'a, L>,
}

/// Carries out what has no outcome yet. Only the ledger's own errors are errors.
pub async fn run<S: Operations, L: OperationLedger>(
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

impl<S: Operations, L: OperationLedger> Settles for Ports<'_, S, L> {
    async fn settle(&self, row: &OpenOperation) -> Result<Step, LedgerError> {
        let mut operation = row.operation.clone();
        if operation.user().is_none() {
            let user = self
                .entries
                .ledger
                .user_of(self.entries.batch, operation.subject())?;
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
                    let (batch, ledger) = (self.entries.batch, self.entries.ledger);
                    ledger.put_before(batch, row.number, &before)?;
                }
                if let Some(verdict) = judged(&operation, &seen, begun) {
                    return self.entries.end(row, verdict);
                }
            }
            let now = self.entries.clock.now();
            self.entries
                .ledger
                .begin_operation(self.entries.batch, row.number, now)?;
            match self.source.carry_out(&operation).await {
                Ok(after) => {
                    return self.entries.end(
                        row,
                        Verdict::of(
                            OperationOutcome::Done,
                            after.map(|it| After::Subscription(Box::new(it))),
                        ),
                    );
                }
                Err(SourceError::LostAnswer { .. }) => begun = true,
                Err(SourceError::Refused {
                    status, message, ..
                }) => {
                    return match self.refused(&operation, begun, status, &message).await {
                        Ok(verdict) => self.entries.end(row, verdict),
                        Err(error) => self.entries.trouble(row, begun, error),
                    };
                }
                // Every other error says that nothing was done.
                Err(error) => return self.entries.trouble(row, begun, error),
            }
        }
        let words = format!(
            "Sent {ROUNDS} times without an answer, and reading back does not show it: it is not known \
             what becomes of it. Look at it in ProfitWell."
        );
        let verdict = Verdict::of(OperationOutcome::Unknown, None).because("answer_lost", words);
        self.entries.end(row, verdict)
    }
}

impl<S: Operations, L: OperationLedger> Ports<'_, S, L> {
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
                    Standing::Done(after) => Verdict::of(so, after.map(After::Subscription)),
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
            Verdict::of(OperationOutcome::Done, after.map(After::Subscription))
                .because("read_back", read_back)
        }
        Standing::Done(after) => {
            Verdict::of(OperationOutcome::Already, after.map(After::Subscription))
                .because("already", "It was so already; nothing was sent.")
        }
        Standing::Missing(words) => Verdict::rejected("not_found", words),
        Standing::Otherwise(words) => Verdict::rejected("otherwise", words),
    };
    Some(verdict)
}
