//! Recording the links of a run: each is read first, written once, and read back where its answer
//! was lost.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use drawbridge_model::{
    Clock, CustomerId, CustomerLinks, LedgerError, LinkAttempt, LinkCounts, LinkLedger,
    LinkOutcome, LinkResult, LinkRow, RecordId, Reporter, RunId, SourceError, SourceLinks,
};
use futures::StreamExt;

use crate::execute::Control;

use super::judge::{Verdict, Write, done, judge};

/// Customers seen to at the same time.
const AT_A_TIME: usize = 4;
/// Links fetched from the journal at a time; a stop waits for these.
const CHUNK: usize = 20;
/// How often one link is written when reading back shows that nothing arrived.
const ROUNDS: u32 = 3;
/// The billing system may still be at work on a call whose connection broke; so long it is given
/// before the second look.
const SECOND_LOOK: Duration = Duration::from_secs(2);
/// So many links in a row that fail for a reason which is not their own, and the rest is left.
const PATIENCE: u32 = 3;

/// How recording links ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every link has its outcome.
    Done,
    /// A person stopped it; the rest stays open.
    Stopped,
}

struct Ports<'a, S, L> {
    run: RunId,
    source: &'a S,
    ledger: &'a L,
    clock: &'a dyn Clock,
    /// Links in a row that failed for a reason which is not their own.
    troubles: AtomicU32,
}

/// Records, or takes back, the links of a run that have no outcome yet. `source` is `None` where
/// the billing system may not be written to, or could not be opened: every link fails then. Only the ledger's own errors
/// end it; all others are outcomes. `progress` hears how the links stand now and then.
pub async fn run<S: SourceLinks, L: LinkLedger>(
    run: RunId,
    source: Option<&S>,
    ledger: &L,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
    control: &Control,
    progress: &(dyn Fn(LinkCounts) + Send + Sync),
) -> Result<Ended, LedgerError> {
    let Some(source) = source else {
        let words = "Recording links was switched off since, or the billing system's key is missing \
                     on this computer.";
        leave_unsettled(run, ledger, clock, words)?;
        leave_the_rest(run, ledger, "not_open", words)?;
        return Ok(Ended::Done);
    };
    let ports = Ports {
        run,
        source,
        ledger,
        clock,
        troubles: AtomicU32::new(0),
    };
    for attempt in ledger.open_link_attempts(run)? {
        ports.settle(&attempt).await?;
    }
    let mut after: Option<CustomerId> = None;
    loop {
        if !control.goes_on(reporter).await {
            return Ok(Ended::Stopped);
        }
        let open = ledger.open_links(run, after.as_ref(), CHUNK)?;
        let Some(last) = open.last() else { break };
        after = Some(last.customer.clone());
        let rows: Vec<_> = open.iter().map(|row| ports.settle_row(row)).collect();
        let mut settled = futures::stream::iter(rows).buffer_unordered(AT_A_TIME);
        let mut given_up: Option<String> = None;
        // Every answer is waited for: a call under way must be recorded.
        let mut failed = None;
        while let Some(result) = settled.next().await {
            match result {
                Ok(reason) => given_up = given_up.or(reason),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        drop(settled);
        if let Some(error) = failed {
            return Err(error);
        }
        progress(ledger.link_counts(run)?);
        if let Some(reason) = given_up {
            let words = format!("Not tried, after others failed: {reason}");
            leave_the_rest(run, ledger, "not_tried", &words)?;
            break;
        }
    }
    progress(ledger.link_counts(run)?);
    Ok(Ended::Done)
}

/// Calls whose answers were lost stay unknown where nobody can read back what became of them.
fn leave_unsettled<L: LinkLedger>(
    run: RunId,
    ledger: &L,
    clock: &dyn Clock,
    words: &str,
) -> Result<(), LedgerError> {
    for attempt in ledger.open_link_attempts(run)? {
        let unknown = attempt.row.record.as_ref().map(|record| LinkResult {
            code: Some("answer_lost"),
            message: Some(format!(
                "The answer was lost, and it was not read back whether it is there. {words}"
            )),
            ..result(&attempt.row, record, LinkOutcome::Unknown)
        });
        ledger.end_link_attempt(run, attempt.id, unknown.as_ref(), clock.now())?;
    }
    Ok(())
}

/// Gives all open links the same outcome: not done.
fn leave_the_rest<L: LinkLedger>(
    run: RunId,
    ledger: &L,
    code: &'static str,
    words: &str,
) -> Result<(), LedgerError> {
    loop {
        let open = ledger.open_links(run, None, 500)?;
        let results: Vec<LinkResult> = open
            .iter()
            .filter_map(|row| {
                let record = row.record.as_ref()?;
                Some(failed(row, record, code, words.to_owned()))
            })
            .collect();
        if results.is_empty() {
            return Ok(());
        }
        ledger.put_link_results(run, &results)?;
    }
}

impl<S: SourceLinks, L: LinkLedger> Ports<'_, S, L> {
    /// Sees to one link and records what became of it. Gives a reason to leave the rest when too
    /// many in a row failed for a reason which is not their own.
    async fn settle_row(&self, row: &LinkRow) -> Result<Option<String>, LedgerError> {
        let Some(record) = &row.record else {
            return Ok(None);
        };
        if self.troubles.load(Ordering::Relaxed) >= PATIENCE {
            // Others met the trouble meanwhile; this one is left with the rest.
            return Ok(None);
        }
        let mut trouble: Option<String> = None;
        let mut lost = false;
        for _ in 0..ROUNDS {
            let links = match self.source.links(&row.customer).await {
                Ok(Some(links)) => links,
                Ok(None) => {
                    let words = "The billing system has no such customer any more.".to_owned();
                    self.put(&failed(row, record, "customer_gone", words))?;
                    return Ok(None);
                }
                Err(error) => {
                    trouble = Some(self.give_up_on(row, record, &error)?);
                    break;
                }
            };
            let write = match judge(row, record, &links) {
                // What a lost call of ours did after all is ours.
                Verdict::Already if lost => {
                    self.put(&recorded(row, record, &links))?;
                    return Ok(None);
                }
                Verdict::Already => {
                    self.put(&result(row, record, LinkOutcome::Already))?;
                    return Ok(None);
                }
                Verdict::Conflict(words) => {
                    self.put(&conflict(row, record, "another_record", words))?;
                    return Ok(None);
                }
                Verdict::Send(write) => write,
            };
            match self.send(row, record, &write).await? {
                Sent::Settled => {
                    self.troubles.store(0, Ordering::Relaxed);
                    return Ok(None);
                }
                Sent::NotThere => lost = true,
                Sent::Trouble(reason) => {
                    trouble = Some(reason);
                    break;
                }
            }
        }
        let Some(reason) = trouble else {
            let words = format!(
                "Written {ROUNDS} times, and reading back shows each time that it is not there."
            );
            self.put(&failed(row, record, "not_arrived", words))?;
            return Ok(None);
        };
        let troubles = self.troubles.fetch_add(1, Ordering::Relaxed) + 1;
        Ok((troubles >= PATIENCE).then_some(reason))
    }

    /// Sends one call, recorded before and after.
    async fn send(
        &self,
        row: &LinkRow,
        record: &RecordId,
        write: &Write,
    ) -> Result<Sent, LedgerError> {
        let begun_at = self.clock.now();
        let id = self
            .ledger
            .begin_link_attempt(self.run, &row.customer, begun_at)?;
        let attempt = LinkAttempt {
            id,
            row: row.clone(),
            begun_at,
        };
        let key = key(self.run, &attempt);
        let sent = super::send(self.source, &row.customer, write, &key).await;
        // Whoever wrote the list at the same time may have taken ours away.
        let look_again = matches!(write, Write::Aliases(_));
        let end = |result: Option<&LinkResult>| {
            self.ledger
                .end_link_attempt(self.run, id, result, self.clock.now())
        };
        match sent {
            Ok(connected) => {
                if look_again
                    && let Ok(Some(links)) = self.source.links(&row.customer).await
                    && !done(row, record, &links)
                {
                    end(None)?;
                    return Ok(Sent::NotThere);
                }
                let mut done = result(row, record, LinkOutcome::Recorded);
                done.connected = connected;
                end(Some(&done))?;
                Ok(Sent::Settled)
            }
            Err(SourceError::LostAnswer { .. }) => self.settle(&attempt).await,
            Err(SourceError::Refused {
                status, message, ..
            }) => {
                // Refused because it is there by now: that is as good.
                if let Ok(Some(links)) = self.source.links(&row.customer).await
                    && done(row, record, &links)
                {
                    end(Some(&result(row, record, LinkOutcome::Already)))?;
                    return Ok(Sent::Settled);
                }
                let words = format!("The billing system refused it: {message}.");
                let refused = if status == 409 {
                    conflict(row, record, "refused_as_conflict", words)
                } else {
                    failed(row, record, "refused", words)
                };
                end(Some(&refused))?;
                Ok(Sent::Settled)
            }
            Err(error) => {
                let words = not_done(&error);
                end(Some(&failed(row, record, "not_sent", words.clone())))?;
                Ok(Sent::Trouble(words))
            }
        }
    }

    /// Reads back what became of a call whose answer was lost. What did not arrive stays open.
    async fn settle(&self, attempt: &LinkAttempt) -> Result<Sent, LedgerError> {
        let row = &attempt.row;
        let Some(record) = &row.record else {
            return Ok(Sent::Settled);
        };
        let mut looks = 0;
        let settled = loop {
            looks += 1;
            match self.source.links(&row.customer).await {
                Ok(Some(links)) if done(row, record, &links) => {
                    break Some(recorded(row, record, &links));
                }
                Ok(_) if looks < 2 => tokio::time::sleep(SECOND_LOOK).await,
                Ok(_) => break None,
                Err(error) => {
                    let mut unknown = result(row, record, LinkOutcome::Unknown);
                    unknown.code = Some("answer_lost");
                    unknown.message = Some(format!(
                        "The answer was lost, and reading back failed: {error}. Nothing was sent \
                         again; the next preview reads whether it is there."
                    ));
                    break Some(unknown);
                }
            }
        };
        self.ledger
            .end_link_attempt(self.run, attempt.id, settled.as_ref(), self.clock.now())?;
        Ok(match settled {
            Some(_) => Sent::Settled,
            None => Sent::NotThere,
        })
    }

    fn give_up_on(
        &self,
        row: &LinkRow,
        record: &RecordId,
        error: &SourceError,
    ) -> Result<String, LedgerError> {
        let words = not_done(error);
        self.put(&failed(row, record, "not_sent", words.clone()))?;
        Ok(words)
    }

    fn put(&self, result: &LinkResult) -> Result<(), LedgerError> {
        self.ledger
            .put_link_results(self.run, std::slice::from_ref(result))
    }
}

/// What became of a call.
enum Sent {
    /// Its link has an outcome.
    Settled,
    /// It did not arrive, and may be sent again.
    NotThere,
    /// It failed for a reason that is not its own; its link has an outcome.
    Trouble(String),
}

/// The same for the same attempt, and for no other of any installation.
fn key(run: RunId, attempt: &LinkAttempt) -> String {
    format!(
        "drawbridge-{run}-{}-{}",
        attempt.id.0,
        attempt.begun_at.as_nanosecond()
    )
}

fn not_done(error: &SourceError) -> String {
    format!("{error}. It was not recorded.")
}

fn result(row: &LinkRow, record: &RecordId, outcome: LinkOutcome) -> LinkResult {
    LinkResult {
        customer: row.customer.clone(),
        record: record.clone(),
        outcome,
        connected: None,
        code: None,
        message: None,
    }
}

fn recorded(row: &LinkRow, record: &RecordId, links: &CustomerLinks) -> LinkResult {
    let mut there = links.connected.iter();
    let there = there.find(|it| RecordId::parse(&it.external).is_ok_and(|id| id == *record));
    LinkResult {
        connected: there.map(|it| it.id.clone()),
        ..result(row, record, LinkOutcome::Recorded)
    }
}

fn failed(row: &LinkRow, record: &RecordId, code: &'static str, words: String) -> LinkResult {
    LinkResult {
        code: Some(code),
        message: Some(words),
        ..result(row, record, LinkOutcome::Failed)
    }
}

fn conflict(row: &LinkRow, record: &RecordId, code: &'static str, words: String) -> LinkResult {
    LinkResult {
        code: Some(code),
        message: Some(words),
        ..result(row, record, LinkOutcome::Conflict)
    }
}
