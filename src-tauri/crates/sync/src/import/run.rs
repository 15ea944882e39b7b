//! Making the customers of an import: each Account is looked up by its id first, sent once, and
//! read back by its id where the answer was lost.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use drawbridge_model::{
    Clock, CustomerId, ImportId, ImportLedger, ImportOutcome, ImportResult, LedgerError,
    OpenImport, RecordId, SourceError, SourceImport,
};
use futures::StreamExt;

/// Accounts seen to at the same time.
const AT_A_TIME: usize = 4;
/// Accounts fetched from the journal at a time; a stop waits for these.
const CHUNK: usize = 20;
/// How often one is sent when reading back shows that nothing arrived.
const ROUNDS: u32 = 3;
/// The billing system may still be at work on a call whose connection broke; so long it is given
/// before the second look.
const SECOND_LOOK: Duration = Duration::from_secs(2);
/// So many in a row that fail for a reason which is not their own, and the import stops: nothing is
/// lost, and it can be resumed.
const PATIENCE: u32 = 3;

/// How an import ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every Account has its outcome.
    Done,
    /// A person stopped it; the rest stays open.
    Stopped,
    /// The billing system does not let it go on, for this reason; the rest stays open.
    Interrupted(String),
}

struct Ports<'a, S, L> {
    import: ImportId,
    source: &'a S,
    ledger: &'a L,
    clock: &'a dyn Clock,
    troubles: AtomicU32,
}

/// Makes the customers that have no outcome yet. Only the ledger's own errors are errors.
pub async fn run<S: SourceImport, L: ImportLedger>(
    import: ImportId,
    source: &S,
    ledger: &L,
    clock: &dyn Clock,
    stop: &AtomicBool,
) -> Result<Ended, LedgerError> {
    let ports = Ports {
        import,
        source,
        ledger,
        clock,
        troubles: AtomicU32::new(0),
    };
    loop {
        if stop.load(Ordering::Relaxed) {
            return Ok(Ended::Stopped);
        }
        let open = ledger.open_imports(import, CHUNK)?;
        if open.is_empty() {
            return Ok(Ended::Done);
        }
        let rows: Vec<_> = open.iter().map(|row| ports.settle(row)).collect();
        let mut settled = futures::stream::iter(rows).buffer_unordered(AT_A_TIME);
        // Every answer is waited for: a call under way must be recorded.
        let (mut failed, mut trouble) = (None, None);
        while let Some(result) = settled.next().await {
            match result {
                Ok(reason) => trouble = trouble.or(reason),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some(reason) = trouble {
            return Ok(Ended::Interrupted(reason));
        }
    }
}

impl<S: SourceImport, L: ImportLedger> Ports<'_, S, L> {
    /// Sees to one Account. Gives a reason to stop where the trouble is not the Account's own; it
    /// stays open then.
    async fn settle(&self, open: &OpenImport) -> Result<Option<String>, LedgerError> {
        let record = &open.customer.record;
        if self.troubles.load(Ordering::Relaxed) >= PATIENCE {
            return Ok(None);
        }
        // The billing system knows a call by its key: one that is sent again keeps that of the first,
        // so that both make one customer.
        let mut first = open.begun_at;
        for _ in 0..ROUNDS {
            match self.look(record, first.is_some()).await {
                Ok(Some(customer)) => {
                    // What a call of ours made is ours, whatever became of its answer.
                    let outcome = if first.is_some() {
                        ImportOutcome::Created
                    } else {
                        ImportOutcome::Already
                    };
                    return self.end(record, outcome, Some(customer), None);
                }
                Ok(None) => {}
                Err(error) => return Ok(self.trouble(&error)),
            }
            let was_lost = first.is_some();
            let at = first.unwrap_or_else(|| self.clock.now());
            self.ledger.begin_import(self.import, record, at)?;
            let key = format!(
                "drawbridge-import-{}-{record}-{}",
                self.import,
                at.as_nanosecond()
            );
            match self.source.create_customer(&open.customer, &key).await {
                Ok(customer) => {
                    self.troubles.store(0, Ordering::Relaxed);
                    return self.end(record, ImportOutcome::Created, Some(customer), None);
                }
                Err(SourceError::LostAnswer { .. }) => first = Some(at),
                // The call whose answer was lost is still under way there.
                Err(SourceError::Refused { status: 409, .. }) if was_lost => {}
                Err(SourceError::Refused { message, .. }) => {
                    // Refused because somebody made it meanwhile: that is as good.
                    if let Ok(Some(customer)) = self.source.customer_of(record).await {
                        let outcome = ImportOutcome::Already;
                        return self.end(record, outcome, Some(customer), None);
                    }
                    let words = format!("The billing system refused it: {message}.");
                    let problem = Some(("refused", words));
                    return self.end(record, ImportOutcome::Rejected, None, problem);
                }
                Err(error) => {
                    // Every other error says that nothing was done by this call.
                    if !was_lost {
                        self.ledger.end_import(self.import, record, None)?;
                    }
                    return Ok(self.trouble(&error));
                }
            }
        }
        let words = format!(
            "Sent {ROUNDS} times without an answer, and reading back shows no customer: it is not \
             known what becomes of it."
        );
        self.end(
            record,
            ImportOutcome::Unknown,
            None,
            Some(("answer_lost", words)),
        )
    }

    /// The customer that carries the Account's id. After a call whose answer was lost it is looked
    /// for twice.
    async fn look(
        &self,
        record: &RecordId,
        begun: bool,
    ) -> Result<Option<CustomerId>, SourceError> {
        let found = self.source.customer_of(record).await?;
        if found.is_some() || !begun {
            return Ok(found);
        }
        tokio::time::sleep(SECOND_LOOK).await;
        self.source.customer_of(record).await
    }

    fn trouble(&self, error: &SourceError) -> Option<String> {
        let troubles = self.troubles.fetch_add(1, Ordering::Relaxed) + 1;
        (troubles >= PATIENCE).then(|| error.to_string())
    }

    fn end(
        &self,
        record: &RecordId,
        outcome: ImportOutcome,
        customer: Option<CustomerId>,
        problem: Option<(&'static str, String)>,
    ) -> Result<Option<String>, LedgerError> {
        let (code, message) = problem.unzip();
        let result = ImportResult {
            record: record.clone(),
            outcome,
            customer,
            code,
            message,
        };
        self.ledger.end_import(self.import, record, Some(&result))?;
        Ok(None)
    }
}
