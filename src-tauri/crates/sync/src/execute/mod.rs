//! Doing what an approved plan says, and knowing at any instant what was done.
//!
//! Rows go by calls of sObject Collections ([`Way::Collections`]) or by Bulk jobs ([`Way::Bulk`]).
//! Either way what goes out is checked against the preview (a record that changed since is held
//! back), recorded as an attempt, sent once, and its outcomes recorded together with what was
//! written. An attempt whose answer was lost is read back before anything is sent again; of an
//! attempt that began a Bulk job, Salesforce tells what became of it.

mod agree;
mod batch;
mod bulk;
mod calls;
mod check;
mod control;
mod flight;
mod keep;
mod open;
mod send;
mod settle;
mod slots;
mod verdict;
mod verify;
mod way;

use std::time::Duration;

use drawbridge_model::{
    BulkTarget, Cache, Clock, Counts, CustomerId, Describe, Environment, Event, FieldName, Journal,
    LedgerError, LinkCounts, LinkLedger, Mapping, OrgIdentity, Outcome, Phase, PlanRow, RecordId,
    Reporter, RowOutcome, RunId, RunStatus, SourceLinks, Sync, Target, TargetError, Way, grouped,
};
use jiff::Timestamp;

pub use calls::usable;
pub(crate) use check::who_saved_last;
pub use control::{Control, Wish};
pub use flight::Flight;
pub use way::{BULK_FROM, choose, choose_with_deletions};

use send::Standing;
use slots::Slots;

use crate::undo::Children;
use crate::{Error, writeback};

/// What is to be run.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The run.
    pub run: RunId,
    /// Its sync.
    pub sync: &'a Sync,
    /// How it writes.
    pub way: Way,
    /// The mapping its plan was made with.
    pub mapping: &'a Mapping,
    /// Whether e-mail addresses are written with `.invalid`.
    pub mask_emails: bool,
    /// Everything saved in the org up to here was seen by its plan; by the org's clock.
    pub read_through: Timestamp,
    /// The org its connection is pinned to.
    pub pinned: &'a OrgIdentity,
    /// What the connection's label says the org is.
    pub environment: Environment,
    /// Whether its plan may delete records: that of an undo, where a person wants it.
    pub deletes: bool,
    /// Whether a person wants records saved though a duplicate rule warns. Calls of Collections
    /// alone can say so.
    pub allow_duplicates: bool,
    /// Outcomes the run has so far: those that needed no call, or those before a resume.
    pub counts: Counts,
    /// How often it looks whether the org has calls again, while there are none.
    pub look_for_calls: Duration,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How it stands.
    pub status: RunStatus,
    /// Why, when there is something to say.
    pub reason: Option<String>,
    /// Rows by outcome.
    pub counts: Counts,
    /// Records read back after writing.
    pub verified: u32,
    /// Records that read back differently from what was sent.
    pub differs: u32,
}

/// The parts every step of a run works with.
pub(crate) struct Ports<'a, T, J> {
    pub(crate) input: Input<'a>,
    pub(crate) describe: &'a Describe,
    pub(crate) target: &'a T,
    pub(crate) journal: &'a J,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) reporter: &'a dyn Reporter,
    pub(crate) control: &'a Control,
    under_way: bulk::UnderWay,
    children: Children,
    slots: Slots,
    /// Held while what became of a Bulk job is recorded.
    recording: tokio::sync::Mutex<()>,
}

impl<T, J> Ports<'_, T, J> {
    pub(crate) fn fields_of(rows: &[PlanRow]) -> Vec<FieldName> {
        let mut fields: Vec<FieldName> = Vec::new();
        for change in rows.iter().flat_map(PlanRow::writes) {
            if !fields.contains(&change.field) {
                fields.push(change.field.clone());
            }
        }
        fields
    }
}

impl<T, J: Journal> Ports<'_, T, J> {
    /// Works with the journal on a thread of its own: with the thousands of rows of a Bulk job, or
    /// after them, it takes long enough for the run to go on with its other jobs meanwhile.
    async fn beside<R: Send + 'static>(&self, work: impl FnOnce(&J) -> R + Send + 'static) -> R {
        let journal = self.journal.clone();
        match tokio::task::spawn_blocking(move || work(&journal)).await {
            Ok(done) => done,
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        }
    }
}

impl<T: Target, J> Ports<'_, T, J> {
    fn report_calls(&self) {
        self.reporter.report(Event::ApiCalls {
            used: self.target.calls_made(),
            usage: self.target.usage(),
        });
    }
}

/// Runs, or resumes, an approved plan. `control` is looked at between calls. Sets the run's status
/// in the journal, also when it ends with an error. `source` takes the plan's links, if it
/// has any.
pub async fn run<T: BulkTarget, S: SourceLinks, J: Journal + Cache + LinkLedger>(
    input: Input<'_>,
    target: &T,
    source: Option<&S>,
    journal: &J,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
    control: &Control,
) -> Result<Summary, Error> {
    let result = guarded(input, target, source, journal, clock, reporter, control).await;
    reporter.report(Event::ApiCalls {
        used: target.calls_made(),
        usage: target.usage(),
    });
    let (status, reason) = match &result {
        Ok(summary) => (summary.status, summary.reason.clone()),
        Err(error) => (status_after(error), Some(error.to_string())),
    };
    journal.set_run_status(input.run, status, reason.as_deref(), clock.now())?;
    result
}

/// A run that cannot go on can always be resumed: it is halted where a person must act first, and
/// interrupted where waiting may be enough.
fn status_after(error: &Error) -> RunStatus {
    match error {
        Error::Ledger(LedgerError::ReadOnly { .. }) => RunStatus::Halted,
        Error::Target(
            TargetError::Unreachable { .. }
            | TargetError::LostAnswer { .. }
            | TargetError::Busy { .. }
            | TargetError::NotTheApi { .. }
            | TargetError::Incomplete { .. },
        )
        | Error::NoAnswers { .. }
        | Error::RowsLeft { .. }
        | Error::Ledger(_) => RunStatus::Interrupted,
        Error::NotSettled { cause, .. } => status_after(cause),
        _ => RunStatus::Halted,
    }
}

async fn guarded<T: BulkTarget, S: SourceLinks, J: Journal + Cache + LinkLedger>(
    input: Input<'_>,
    target: &T,
    source: Option<&S>,
    journal: &J,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
    control: &Control,
) -> Result<Summary, Error> {
    journal.set_run_status(input.run, RunStatus::Running, None, clock.now())?;
    let found = refuse_other_org(input.pinned, input.environment, target).await?;
    // What was previewed is what the user of then saw and may write.
    if found.user_id != input.pinned.user_id {
        return Err(Error::AnotherUser {
            before: input.pinned.user_name.clone(),
            now: found.user_name,
        });
    }
    let describe = target.describe(&input.mapping.sobject).await?;
    let ports = Ports {
        input,
        describe: &describe,
        target,
        journal,
        clock,
        reporter,
        control,
        under_way: bulk::UnderWay::default(),
        children: Children::default(),
        slots: Slots::default(),
        recording: tokio::sync::Mutex::default(),
    };
    let mut standing = Standing::new(input.counts);
    let mut read_back = verify::ReadBack::default();
    loop {
        let ended = phases(&ports, source, &mut standing, &mut read_back).await;
        // Out of API calls: what is done is recorded, and each phase goes on where it was.
        let out_of_calls = ended.as_ref().err().and_then(calls::used_up);
        match (out_of_calls, ended) {
            (None, ended) => return ended,
            (Some(why), _) => {
                if !calls::wait(&ports, why).await {
                    return Ok(stopped(&standing));
                }
            }
        }
    }
}

/// The phases of a run, each from where it stands.
async fn phases<T: BulkTarget, S: SourceLinks, J: Journal + Cache + LinkLedger>(
    ports: &Ports<'_, T, J>,
    source: Option<&S>,
    standing: &mut Standing,
    read_back: &mut verify::ReadBack,
) -> Result<Summary, Error> {
    if !write(ports, standing).await? {
        return Ok(stopped(standing));
    }
    if !write_back(ports, source, standing).await? {
        return Ok(stopped(standing));
    }
    if !verify::verify(ports, read_back).await? {
        return Ok(stopped(standing));
    }
    Ok(Summary {
        status: RunStatus::Finished,
        reason: None,
        counts: standing.counts,
        verified: read_back.verified,
        differs: read_back.differs,
    })
}

fn stopped(standing: &Standing) -> Summary {
    let reason = match standing.left {
        0 => None,
        1 => Some(
            "A Bulk job is still under way in Salesforce. Resuming takes its results.".to_owned(),
        ),
        jobs => Some(format!(
            "{jobs} Bulk jobs are still under way in Salesforce. Resuming takes their results."
        )),
    };
    Summary {
        status: RunStatus::Stopped,
        reason,
        counts: standing.counts,
        verified: 0,
        differs: 0,
    }
}

/// Sends every open row. Gives whether it came to its end; otherwise a person stopped it.
async fn write<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    standing: &mut Standing,
) -> Result<bool, Error> {
    ports.reporter.report(Event::PhaseStarted {
        phase: Phase::Write,
        total: None,
    });
    let changes = bulk::Changes::default();
    // A run is never finished while what became of one of its attempts is not known.
    let run = ports.input.run;
    let mut open = u32::MAX;
    let complete = loop {
        if !settle_open_attempts(ports, standing).await? {
            break false;
        }
        if !send::write_open_rows(ports, standing, &changes).await? {
            break false;
        }
        if !ports.journal.open_attempts(run)?.is_empty() {
            continue;
        }
        match ports.journal.count_open(run)? {
            0 => break true,
            left if left >= open => return Err(Error::RowsLeft { rows: left }),
            left => open = left,
        }
    };
    ports.reporter.report(Event::PhaseFinished {
        phase: Phase::Write,
        done: u64::from(standing.counts.sent()),
        detail: None,
    });
    Ok(complete)
}

/// Tells the billing system which records its customers became. Gives whether it came to its end.
async fn write_back<T, S: SourceLinks, J: LinkLedger>(
    ports: &Ports<'_, T, J>,
    source: Option<&S>,
    standing: &Standing,
) -> Result<bool, Error> {
    let sent = u64::from(standing.counts.sent());
    let progress = |links: LinkCounts| {
        if links.to_link > 0 {
            ports.reporter.report(Event::PhaseFinished {
                phase: Phase::Write,
                done: sent,
                detail: Some(format!(
                    "{} of {} links seen to",
                    grouped(links.settled()),
                    grouped(links.to_link)
                )),
            });
        }
    };
    let Ports {
        journal,
        clock,
        reporter,
        control,
        ..
    } = *ports;
    let run = ports.input.run;
    let ended = writeback::run(run, source, journal, clock, reporter, control, &progress).await?;
    Ok(ended == writeback::Ended::Done)
}

/// Finds out what became of attempts that were begun and never closed. Gives whether all are
/// closed now; otherwise the run is to stop, and Bulk jobs are left under way.
async fn settle_open_attempts<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    standing: &mut Standing,
) -> Result<bool, Error> {
    for attempt in ports.journal.open_attempts(ports.input.run)? {
        let mut sent = send::Sent::default();
        let failed = match attempt.way {
            Way::Collections => match settle::settle(ports, &attempt, settle::Lost::Answer).await {
                Ok(outcomes) => {
                    sent.outcomes = outcomes;
                    None
                }
                Err(error) => Some(error),
            },
            Way::Bulk => bulk::conclude(ports, &attempt, &mut sent).await.err(),
        };
        standing.take(ports, sent, failed)?;
    }
    Ok(standing.left == 0)
}

/// Refuses an org that is not the one its connection was made with.
pub async fn refuse_other_org<T: Target>(
    pinned: &OrgIdentity,
    environment: Environment,
    target: &T,
) -> Result<OrgIdentity, Error> {
    let found = target.identity().await?;
    if pinned.was_refreshed_into(&found) {
        return Err(Error::SandboxRefreshed {
            pinned: pinned.org_id.clone(),
            found: found.org_id,
        });
    }
    if found.org_id != pinned.org_id {
        return Err(Error::WrongOrg {
            pinned: pinned.org_id.clone(),
            found: found.org_id,
        });
    }
    if found.is_sandbox != (environment == Environment::Sandbox) {
        return Err(Error::WrongEnvironment {
            label: environment.word(),
            is_sandbox: found.is_sandbox,
        });
    }
    Ok(found)
}

fn tally(counts: &mut Counts, outcomes: &[RowOutcome], reporter: &dyn Reporter) {
    for row in outcomes {
        counts.add(row.outcome);
        reporter.report(Event::Settled {
            outcome: row.outcome,
            problem: row.problem.clone(),
        });
    }
}

pub(crate) fn outcome(
    row: &PlanRow,
    outcome: Outcome,
    record: Option<RecordId>,
    problem: Option<drawbridge_model::Problem>,
) -> RowOutcome {
    RowOutcome {
        customer: row.customer.clone(),
        outcome,
        record,
        problem,
    }
}

pub(crate) fn customers(rows: &[PlanRow]) -> Vec<CustomerId> {
    rows.iter().map(|row| row.customer.clone()).collect()
}
